/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drawing the villages of a topic: from the list of all units to the frame that `weigh` reads.
 *
 * Sheet `design` of the topic says how: draw_list (file beside the topic, all units), draw_n (how
 * many a stratum gets: a number, or a column of the list), draw_seed, draw_take (households that
 * each village gives), and as for every frame the columns psu, stratum and size; selected, p1 and
 * take name the columns that are written.
 */
#ifndef INSTRUMENT_DRAW_H
#define INSTRUMENT_DRAW_H

#include "base/csvout.h"
#include "survey/workbook.h"

struct draw;

/* Reads the design of the topic at `topic_path` and its list and draws, stratum by stratum in the
 * order of the list (pps_systematic(); the random number of a stratum is that of the seed and the
 * stratum's code, nine digits).  NULL after messages with sheet, row and column.  draw_free() frees
 * it. */
struct draw *draw_read(const char *topic_path);
void draw_free(struct draw *d);

const char *draw_frame_path(const struct draw *d); /* the topic's frame */

/* The list with what was drawn: all its columns, then selected, p1 (to all digits), take, and of
 * the draw: draw_size (sum of the sizes up to the unit, within its stratum, without certain
 * units), draw_interval, draw_random, draw_start. */
void draw_write(const struct draw *d, struct csvout *out);

/* One line a stratum for people: units, sum of sizes, how many were drawn, how many with certainty,
 * random number, interval. */
void draw_print(const struct draw *d);

#endif
