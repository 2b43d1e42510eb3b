/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A questionnaire: XLSForm, read and checked.
 *
 *     struct form *f = form_read("questionnaires/henan-2025/07-household.csv");
 *     const struct question *q = form_question(f, "m_wage");
 *     form_free(f);
 *
 * Extra columns of ours in `survey`, which other XLSForm tools ignore:
 *   short     short head that counties use (工资性收入)
 *   alias     further heads, separated by |
 *   unit      unit of the answer (元, 万元, 亩, %)
 *   personal  yes: a direct identifier; never leaves the raw and clean shard
 *   soft      yes: the constraint may be true to life; the county may confirm it
 */
#ifndef SURVEY_FORM_H
#define SURVEY_FORM_H

#include "base/arena.h"
#include "base/map.h"
#include "base/message.h"

#include <stdbool.h>

struct expr;
struct secondary;
struct lookups;
struct workbook;
struct wsheet;

enum question_type {
    Q_TEXT,
    Q_INTEGER,
    Q_DECIMAL,
    Q_DATE,
    Q_TIME,
    Q_DATETIME,
    Q_SELECT_ONE,
    Q_SELECT_MULTIPLE,
    Q_CALCULATE,
    Q_NOTE,  /* shown only; holds no data */
    Q_META,  /* start, end, deviceid, audit … ; holds no answer */
    Q_OTHER, /* geopoint, image … ; kept as text */
};

struct choice {
    const char *name, *label;
    const char **filters; /* one per filter head of the list */
};
struct choice_list {
    const char *name;
    struct choice *choices;
    int count;
    const char **filter_heads; /* further columns of the sheet, for choice_filter */
    int filter_count;
};

struct question {
    int index; /* in form->questions */
    enum question_type type;
    const char *type_text; /* as written: "select_one county" */
    const char *name, *label, *hint;
    const char *short_label, *unit; /* "" when absent */
    const char **aliases;
    int alias_count;
    const char *group; /* "" or path of enclosing groups, "g_id/g_sub"; repeats are not in it */
    int repeat;        /* index in form->repeats, -1 at the top level */
    const struct choice_list *list; /* select_* */
    struct expr *relevant;          /* own and enclosing groups' and'ed; NULL: always */
    struct expr *required;          /* NULL: not required */
    struct expr *constraint, *calculation, *choice_filter;
    const char *constraint_message;
    bool personal, soft;
    bool phone_only; /* its calculation (random() …) cannot be recomputed: it stays as sent */
    long row;        /* in the survey sheet */
    /* The text question that `or_other` adds after this one; its row is that one's. */
    const struct question *other_of;
};

struct repeat {
    const char *name, *label;
    const char *group;          /* enclosing groups */
    int parent;                 /* enclosing repeat, -1 */
    struct expr *count;         /* repeat_count, or NULL */
    const char *count_question; /* name when repeat_count is plain ${name}, else NULL */
};

struct form {
    struct arena arena;
    struct workbook *book; /* its cells are the texts here */
    const char *path;
    const char *id, *title, *version; /* settings */
    const char *instance_name;        /* expression text, "" when absent */
    struct question *questions;       /* all rows that make a node, in order; notes too */
    int question_count;
    struct repeat *repeats;
    int repeat_count;
    struct choice_list *lists; /* those of the choices sheet, then those of CSV files */
    int list_count;
    int sheet_list_count;
    const char *language; /* whose texts are in label, hint …: default_language, else Chinese, else
                             the first; "" when the sheets have no translations */
    struct map names;     /* name -> index in questions */
    struct lookups *lookups;     /* files of pulldata() and instance() */
    struct secondary *secondary; /* lists of instance() */
};

/* Reads .xlsx or one-file CSV; prints every mistake with sheet, row and column (unknown type,
 * duplicate name, missing list, unbalanced group, undefined or cyclic reference, expression that
 * does not compile); NULL if there was one. */
struct form *form_read(const char *path);
void form_free(struct form *f);

const struct question *form_question(const struct form *f, const char *name); /* or NULL */
int form_repeat(const struct form *f, const char *name);                      /* or -1 */
const struct choice *list_choice(const struct choice_list *l, const char *name);
/* Cell under a head that may be translated (label, label::中文 (zh)) in form->language; when that
 * is empty, the plain column or any other language; "" when all are. */
const char *form_text(const struct form *f, const struct wsheet *s, int row, const char *head);
/* yes, true, true() … as pyxform takes them. */
bool cell_is_yes(const char *text);
bool cell_is_no(const char *text);
/* Cells of `parameters`: "start=0 end=10".  Keys are in lower case, values too but those of label
 * and value.  Returns how many there are, -1 when the text has not that form. */
enum { PARAMETERS_MOST = 16 };
struct parameter {
    char key[48], value[128];
};
int parameters_read(const char *text, struct parameter *out, int most);
const char *parameter_get(const struct parameter *parameters, int count, const char *key);

/* The parameters of a `range` question; absent ones are 1, 10 and 1. */
struct range {
    double start, end, step;
    double low, high; /* the lesser and the greater of start and end */
    bool whole;       /* all are whole numbers: the answer is an integer */
};
/* NULL, or what is wrong. */
const char *range_read(const char *parameters, struct range *r);

/* Whether a cell of `default` is an expression and not a value. */
bool form_default_is_computed(const struct question *q, const char *text);
/* Whether a text can be the name of an XML element (without a prefix). */
bool is_xml_name(const char *text);

/* Whether the question holds data that records keep (not Q_NOTE, not Q_META). */
bool question_has_data(const struct question *q);
/* Label for tables: short_label, else label, else name. */
const char *question_caption(const struct question *q);

#endif
