/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the questionnaire reader share: form_choices.c reads the option lists,
 * form_survey.c the rows of `survey`, form_check.c compiles and checks the expressions,
 * form_cells.c checks what XLSForm asks of single cells.
 */
#ifndef SURVEY_FORM_PRIVATE_H
#define SURVEY_FORM_PRIVATE_H

#include "survey/form.h"
#include "survey/workbook.h"

/* A group or repeat of the survey sheet. */
struct container {
    const char *name;
    bool is_repeat;
    int row;              /* in the sheet, from 0 */
    int parent;           /* in reading->containers, -1 */
    int repeat;           /* index of this repeat, or of the one around this group */
    const char *relevant; /* expression that holds for all inside, parents' included; "" */
    bool broken;          /* its relevant does not compile */
};

/* A questionnaire being read. */
struct reading {
    struct form *form;
    const struct wsheet *survey;
    struct container *containers;
    int container_count;
    int open;             /* innermost open container, -1 */
    int *question_row;    /* by question: row in the sheet, from 0 */
    int *question_inside; /* by question: container, -1 */
    int *repeat_row;      /* by repeat */
    struct map seen;      /* names in lower case -> row number in the file */
    bool or_other;        /* the type just read ends in or_other */
    bool wrong;           /* a mistake was reported */
};

void choose_language(struct form *f);
void read_choices(struct reading *r);
/* The list of a CSV file beside the questionnaire; NULL after a message. */
struct choice_list *read_choice_file(struct reading *r, int row, const char *file);
/* Adds the choice `other`, unless the list has it. */
void add_other_choice(struct form *f, struct choice_list *l);
struct choice_list *find_list(const struct form *f, const char *name);
void read_survey(struct reading *r);
void compile_expressions(struct reading *r);
/* Rules of single cells: parameters, triggers, names in use (form_cells.c). */
void check_cells(struct reading *r);
void check_cycles(struct reading *r);

#endif
