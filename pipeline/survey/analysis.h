/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a topic asks of several variables at once: sheets tests, models and scales.
 *
 *     tests    name label kind level row column coefficients universe note
 *              chisq ttest wilcoxon vanderwaerden median kruskal contrast: row is the outcome of
 *              all but chisq, column the groups; a contrast has coefficients of the groups' means,
 *              "1=1 2=-0.5 3=-0.5"; paired: row before and column after, both numbers of one record
 *     models   name label family level outcome terms universe note
 *              gaussian, binomial
 *     scales   name label kind level items universe note
 *              alpha (3 items or more), kappa (two)
 *
 * A variable is a question's name or an expression; several stand between blanks, or between ';'
 * when one is an expression.  A select_one question that makes groups (row and column of chisq,
 * column, items of kappa, terms) counts as categories; any other variable as a number; the outcome
 * of a binomial model as a condition; an item of alpha with '-' in front is reversed.
 */
#ifndef SURVEY_ANALYSIS_H
#define SURVEY_ANALYSIS_H

#include <stdbool.h>

struct topic;
struct expr;
struct question;

enum analysis_kind {
    TEST_CHISQ,
    TEST_T,
    TEST_WILCOXON,
    TEST_VANDERWAERDEN,
    TEST_MEDIAN,
    TEST_KRUSKAL,
    TEST_PAIRED,
    TEST_CONTRAST,
    MODEL_GAUSSIAN,
    MODEL_BINOMIAL,
    SCALE_ALPHA,
    SCALE_KAPPA,
};

struct variable {
    const char *name;                /* as written, without '-' */
    const struct question *question; /* of categories: values are places in its list, from 1 */
    struct expr *expression;         /* of numbers; neither: the record's place, for ranks */
    bool truth, reversed;
};

struct analysis {
    const char *name, *label, *kind_name;
    enum analysis_kind kind;
    int level;
    struct variable *variables; /* row, column; outcome, terms; items */
    int variable_count;
    double *coefficients; /* of a contrast: of each choice of variable 1 */
    const char *universe_text;
    struct expr *universe; /* NULL: all records */
};

/* Fills topic->analyses from the three sheets; -1 after messages. */
int analyses_read(struct topic *t);
void analyses_free(struct topic *t);

bool is_model(enum analysis_kind k);
bool is_scale(enum analysis_kind k);
bool is_rank_test(enum analysis_kind k);

#endif
