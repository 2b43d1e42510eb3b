/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The workbook that a county fills in: how to fill it, a sheet per level of the topic with lists
 * to choose from and checks in Chinese, the county's sample villages entered beforehand.  Filled
 * in without mistakes it comes through ingest and clean without a message.
 */
#ifndef INSTRUMENT_COUNTYBOOK_H
#define INSTRUMENT_COUNTYBOOK_H

#include "survey/frame.h"
#include "survey/topic.h"

/* Writes the .xlsx `path` for a county code, or for any county when it is "".  Returns 0, or -1
 * after a message (the code is in no list of counties; the file cannot be written). */
int countybook_write(const struct topic *t, const struct frame *f, const char *county,
                     const char *path);

#endif
