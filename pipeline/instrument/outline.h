/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A questionnaire as the tree of its rows: groups, repeats and questions in order.
 *
 *     struct outline *o = outline_read(form);
 *     for (const struct node *n = o->root->first; n; n = n->next)
 *         puts(node_text(o, n, "label"));
 *     outline_free(o);
 */
#ifndef INSTRUMENT_OUTLINE_H
#define INSTRUMENT_OUTLINE_H

#include "base/arena.h"
#include "base/map.h"
#include "survey/form.h"
#include "survey/workbook.h"

enum node_kind { NODE_FORM, NODE_GROUP, NODE_REPEAT, NODE_QUESTION };

enum { OUTLINE_DEPTH = 40 }; /* groups within groups; more is refused */

struct node {
    enum node_kind kind;
    const char *name;
    int row;                         /* in the survey sheet from 0; -1: made from another row */
    const struct question *question; /* of NODE_QUESTION */
    const struct repeat *repeat;     /* of NODE_REPEAT */
    const char *calculation;         /* of a node with row -1: its calculation, or NULL */
    struct node *parent, *first, *last, *next;
};

struct outline {
    struct arena arena;
    const struct form *form;
    const struct wsheet *survey;
    struct node *root;
    struct node **nodes; /* all but the root, in order */
    int count;
    struct map names; /* name -> index in nodes */
};

/* The tree, which points into the form; NULL after a message. */
struct outline *outline_read(const struct form *form);
void outline_free(struct outline *o);

const struct node *outline_find(const struct outline *o, const char *name); /* or NULL */
/* A cell of the node's row; "" when it has no row of its own. */
const char *node_cell(const struct outline *o, const struct node *n, const char *head);
/* The same for a head that may be translated: the text in the form's language. */
const char *node_text(const struct outline *o, const struct node *n, const char *head);
struct place node_place(const struct outline *o, const struct node *n, const char *head);
/* The first word of the type: "select_one", "range", "calculate". */
bool node_has_type(const struct node *n, const char *type);

#endif
