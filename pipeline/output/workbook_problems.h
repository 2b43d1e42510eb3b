/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A county's problems as the return workbook shows them: what stands in problem.csv, and where
 * each one is to be seen in the workbook.
 *
 *     struct problem_list list = {0};
 *     problems_load(&list, clean);
 *     for (int i = 0; i < list.count; i++)
 *         if (list.items[i].asked) …
 *     problems_free(&list);
 */
#ifndef OUTPUT_WORKBOOK_PROBLEMS_H
#define OUTPUT_WORKBOOK_PROBLEMS_H

#include "base/arena.h"
#include "store/store.h"
#include "review/rules.h"
#include "survey/topic.h"

#include <stdbool.h>

struct problem {
    const char *file, *sheet, *row, *col, *field, *kind, *class_name, *original, *corrected, *key;
    bool asked;     /* class returned, held, soft or file: the county is asked; otherwise it is only
                       told */
    bool personal;  /* original and corrected are not in the clean store */
    long raw_row;   /* row.id in the raw store, 0: none */
    bool explained; /* the county has answered 情况属实 or the like, and was not heard */
    /* Filled by copies_place(): */
    const char *print;               /* first digits of the file's sha256, "" when not known */
    const struct level *level;       /* of the row; NULL: none */
    const struct question *question; /* of `field`; NULL when there is none */
    const char *shown;               /* what stands in that cell, "" */
    bool scaled;  /* the column's head names another unit than the questionnaire */
    int copy;     /* sheet of the workbook that shows it, -1: none */
    long at_row;  /* 0-based row there */
    int at_col;   /* 0-based column there, -1: the whole record */
};

struct problem_list {
    struct arena arena;
    struct problem *items; /* in the order of problems.csv */
    int count, room, asked;
};

void problems_load(struct problem_list *list, struct store *clean);
void problems_free(struct problem_list *list);
/* Personal texts from the county's own raw store, as the review read them: with the county's
 * corrections, and what a repair made of them. */
void problems_personal(struct problem_list *list, const char *raw_path, const struct topic *t,
                       const struct rules *rules);
/* Forget where they were placed. */
void problems_unplace(struct problem_list *list);

/* Marks the problems that the county has explained and that stand nevertheless. */
void problems_explained(struct problem_list *list, struct store *raw);

#endif
