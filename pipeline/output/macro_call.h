/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the two halves of the macros share: macro.c reads calls and drives, macro_figures.c
 * does what each call asks.
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

/* The operation of that name, or NULL. */
const struct operation *operation_named(const char *name, size_t n);

/* Whether the operation places a table or chart; of those and of references, whether it is about
 * charts. */
bool call_shows(const struct call *c);
bool call_is_chart(const struct call *c);
/* Index in the topic of the table or chart that the call names, or -1 after a message. */
int call_exhibit(const struct macros *m, const struct call *c);

/* The number a call stands for in a condition; NaN when withheld.  -1 after a message. */
int call_number(struct macros *m, const struct call *c, double *value);

/* \published and \differences, and the number the first stands for in a condition (NaN for a text
 * that is none). */
int op_published(struct macros *m, struct buf *out, const struct call *c);
int op_differences(struct macros *m, struct buf *out, const struct call *c);
int published_number(const struct macros *m, const struct call *c, double *value);

#endif
