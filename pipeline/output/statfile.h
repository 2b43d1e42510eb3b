/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A data file of a statistics program: SPSS (.sav) or Stata 14 and later (.dta), with the labels of
 * variables and values and the reasons of missing values.  ReadStat writes it.
 *
 *     struct statfile *f = statfile_create(SPSS, "住户");
 *     statfile_code(f, list, 1, "脱贫户");                     // list = statfile_list(f)
 *     int v = statfile_variable(f, "hh_type", "农户类型", (struct stat_type){.list = list});
 *     if (statfile_begin(f, path, rows) == 0)
 *         … statfile_number(f, v, 1); statfile_end_row(f); …
 *     code = statfile_close(f);                                // 0, or -1 after a message
 *
 * The same calls give the same bytes.  Missing numbers keep their reason (survey/value.h): in Stata
 * as the extended missing value of its letter (.s not asked, .r sent back …), in SPSS as one of the
 * numbers from STAT_MISSING_FIRST on, declared missing; both are labelled.
 */
#ifndef OUTPUT_STATFILE_H
#define OUTPUT_STATFILE_H

#include "survey/value.h"

#include <stdbool.h>
#include <stddef.h>

enum stat_program { SPSS, STATA };
/* SPSS only; -999999991 is the first reason, the next one follows below it. */
#define STAT_MISSING_FIRST (-999999991.0)

struct stat_type {
    enum { STAT_NUMBER, STAT_DATE, STAT_TEXT } kind; /* dates: days since 1970-01-01 */
    int decimals;                                    /* shown of a number */
    size_t width;                                    /* of a text: bytes of the longest */
    int list; /* of codes; 0: of the reasons of missing values alone; -1: none of either */
};

struct statfile;
struct statfile *statfile_create(enum stat_program program, const char *title);

/* A list of codes with their labels, to be shared by variables. */
int statfile_list(struct statfile *f);
void statfile_code(struct statfile *f, int list, double code, const char *label);

/* Adds a variable and returns its number.  A name that the programs do not take (other signs than
 * letters, digits and _, reserved words, longer than 32, taken) is changed to one that they do. */
int statfile_variable(struct statfile *f, const char *name, const char *label,
                      struct stat_type type);

/* After the variables, before the rows.  Returns 0, or -1 after a message. */
int statfile_begin(struct statfile *f, const char *path, long rows);

/* One value of the current row; every variable gets one, in order.  A number that is NaN is missing
 * without a reason.  Texts of more than 2045 bytes are cut, and it is said at the end. */
void statfile_number(struct statfile *f, int variable, double value);
void statfile_missing(struct statfile *f, int variable, enum missing reason);
void statfile_text(struct statfile *f, int variable, const char *text);
void statfile_end_row(struct statfile *f);

/* Ends the file and frees; -1 after a message when anything went wrong since statfile_create(). */
int statfile_close(struct statfile *f);

#endif
