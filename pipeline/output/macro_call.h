/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the macros share: macro.c reads calls and drives; macro_figures.c,
 * macro_orders.c, macro_words.c, macro_published.c, macro_analyses.c and macro_rankings.c do what
 * each call asks.
 */
#ifndef OUTPUT_MACRO_CALL_H
#define OUTPUT_MACRO_CALL_H

#include "output/macro.h"

enum { OPTIONS_MAX = 2, CALL_ROOM = 200 };

/* One macro met in the text. */
struct call {
    const struct operation *operation;
    char options[OPTIONS_MAX][CALL_ROOM]; /* between [ and ] */
    int option_count;
    char argument[CALL_ROOM]; /* between { and } */
    struct place at;
    char text[3 * CALL_ROOM]; /* the whole call, for messages */
};

struct operation {
    const char *name;
    int (*run)(struct macros *m, struct buf *out, const struct call *c);
    int options;     /* how many [] it takes at most */
    enum print what; /* for the ones that print one figure */
};

/* Text being read. */
struct scan {
    const char *p, *file;
    long line;
};
/* Copies text up to the next call and reads that; false at the end. */
bool next_call(struct scan *s, struct call *c, struct buf *copy);

/* The operation of that name, or NULL. */
const struct operation *operation_named(const char *name, size_t n);

/* Whether the operation places a table or chart; of those and of references, whether it is about
 * charts. */
bool call_shows(const struct call *c);
bool call_is_chart(const struct call *c);
/* Index in the topic of the table or chart that the call names, or -1 after a message. */
int call_exhibit(const struct macros *m, const struct call *c);
/* The table or chart itself; NULL when the call is of another sort or names none. */
const struct exhibit *call_exhibit_of(const struct topic *t, const struct call *c);

/* The number a call stands for in a condition; NaN when withheld.  -1 after a message. */
int call_number(struct macros *m, const struct call *c, double *value);

/* ---- for what calls ask -------------------------------------------------------------------- */

/* What the options of one [] say. */
struct choice_of {
    const char *level, *domain; /* "all" unless name=value named a domain */
    const char *by;             /* a bare domain name, or "categories" */
    int top;                    /* a bare number */
    double divisor;
    const char *suffix; /* 万, 亿 or "" */
    int decimals;       /* -1: the indicator's own */
    bool plain;
};
/* Those of the call's nth []; none when it has no such.  -1 after a message. */
int call_options(const struct macros *m, const struct call *c, int which, struct choice_of *o);
/* The indicator that the argument names; NULL after a message. */
const struct indicator *call_indicator(const struct macros *m, const struct call *c);
/* Its estimate; NULL where nothing was sent yet, which counts as a withheld number. */
const struct stat_row *call_estimate(struct macros *m, const struct call *c,
                                     const struct indicator *ind, const struct choice_of *o);
/* Cases that were chosen on purpose have no better and worse: -1 after a message. */
int call_comparable(const struct macros *m, const struct call *c, const struct indicator *ind);
/* Counts a withheld number; returns -1, after a message unless that is allowed. */
int call_withheld(struct macros *m, const struct call *c);
/* What counts of the data quality link to: their annex. */
#define COUNTS_TARGET "annex.quality"
/* Appends plain text as LaTeX, linked to the indicator's definition. */
void call_link(struct macros *m, struct buf *out, const char *indicator, const char *text);

/* Appends a figure as plain text; returns whether a remark on its error must follow. */
bool call_figure(struct macros *m, struct buf *text, const struct indicator *ind,
                 const struct stat_row *e, enum print what, const struct choice_of *o);
/* That remark, in brackets of its own unless the text before the figure has opened some. */
void call_remark(struct buf *text, const struct buf *before);

/* The level below which a test tells two apart: 1 - `confidence` of the design. */
double significance(const struct topic *t);

/* macro_orders.c */
int op_extreme(struct macros *m, struct buf *out, const struct call *c);
int op_top(struct macros *m, struct buf *out, const struct call *c);
int op_distinct(struct macros *m, struct buf *out, const struct call *c);
int op_rank(struct macros *m, struct buf *out, const struct call *c);

/* macro_words.c */
int op_compare(struct macros *m, struct buf *out, const struct call *c);
int op_versus(struct macros *m, struct buf *out, const struct call *c);
int op_about(struct macros *m, struct buf *out, const struct call *c);
int op_ofwhich(struct macros *m, struct buf *out, const struct call *c);
int op_change(struct macros *m, struct buf *out, const struct call *c);

/* \pvalue and \scale, and their number in a condition (NaN when withheld). */
int op_analysis(struct macros *m, struct buf *out, const struct call *c);
int analysis_number(const struct macros *m, const struct call *c, double *value);
/* \tested: the test's outcome in words. */
int op_tested(struct macros *m, struct buf *out, const struct call *c);

/* macro_rankings.c */
int op_place(struct macros *m, struct buf *out, const struct call *c);
int op_alike(struct macros *m, struct buf *out, const struct call *c);
int op_coupling(struct macros *m, struct buf *out, const struct call *c);
int op_consistency(struct macros *m, struct buf *out, const struct call *c);

/* \published and \differences, and the number the first stands for in a condition (NaN for a text
 * that is none). */
int op_published(struct macros *m, struct buf *out, const struct call *c);
int op_differences(struct macros *m, struct buf *out, const struct call *c);
int published_number(const struct macros *m, const struct call *c, double *value);

#endif
