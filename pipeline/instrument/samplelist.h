/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sampling list of a county: which households of each sample village are visited.
 *
 * A workbook to print: a sheet on how the villages and households were drawn, and a sheet for each
 * village with the numbers, in the village's register of households, of those to visit and of the
 * reserves in their order (instrument/selection.h).  The village enters the true length of its
 * register and the numbers follow it; the rule stands there for those who count by hand.
 *
 * So for every list in which second-stage units are drawn (licences of a township, households
 * linked to a project); design row draw_levels names the levels that have one, where not all have;
 * draw_show names further columns of the frame for the account ("class=类别 value=原值（万元）").
 * Topics that visit the same households in one interview draw one list: the same frame codes and
 * draw_seed, share_take the column of its length, share_part that of the topic's part ("1/2": every
 * second household from the first on, "2/2": from the second on).
 */
#ifndef INSTRUMENT_SAMPLELIST_H
#define INSTRUMENT_SAMPLELIST_H

#include "survey/frame.h"
#include "survey/topic.h"

/* Whether the topic's design has what a list needs: frame, selected and draw_seed. */
bool samplelist_possible(const struct topic *t);

/* Writes the .xlsx `path` for a county's selected units: all in the account of the sample, a list
 * for those that have a size and a number of units to take.  Returns 0, or -1 after a message (no
 * such unit; a shared list that does not fit; the file cannot be written). */
int samplelist_write(const struct topic *t, const struct frame *f, const char *county,
                     const char *path);

#endif
