/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The clean records of a level for researchers, as a data file of SPSS or Stata.
 *
 * Variables: the key; every question that is not personal, under its name and with its text; PSU,
 * stratum and weight of a sample; file, sheet and row of the county.  A choice whose codes are
 * whole numbers is a labelled number, another one its code as text; of several choices each is a
 * variable question_code with 1 chosen and 0 not.  Dates are dates.  Missing numbers keep their
 * reason; missing texts are empty.  What a cell says of a person is left out, as everywhere.
 */
#ifndef OUTPUT_LABELLED_H
#define OUTPUT_LABELLED_H

#include "output/statfile.h"
#include "survey/topic.h"

/* Writes `path` from stores in pairs, clean and weights of each county: `count` paths.  Returns 0,
 * or -1 after a message. */
int labelled_write(const struct topic *t, const struct level *l, enum stat_program program,
                   const char *path, char **paths, int count);

#endif
