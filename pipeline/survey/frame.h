/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sampling frame or unit list: which units exist, which were drawn, with what probability.
 * A CSV or xlsx beside the topic; sheet `design` of the topic names its columns.  A topic without
 * a sample, whose sheet `settings` names a unit list (survey/unitlist.h), has the units of that
 * list: all are taken, with probability 1.  With both, the list says which unit of the frame goes
 * by a former name or code.
 */
#ifndef SURVEY_FRAME_H
#define SURVEY_FRAME_H

#include "survey/topic.h"
#include "survey/unitlist.h"
#include "survey/value.h"

struct unit {
    const char *code, *name; /* 411523100201, 姚坡村; of a unit list its key */
    const char *parent;      /* 沙岭镇: township, may precede the name */
    const char *full_name;   /* 沙岭镇姚坡村 */
    const char *county, *county_name, *stratum;
    const char *levels; /* names of the levels drawn from it, "" when it serves all */
    const char *kind;   /* of a unit list, else "" */
    const char *number; /* of a unit list: the code that it has now, else its key */
    double size, p1;    /* second-stage units; first-stage inclusion probability */
    int take;           /* second-stage units drawn */
    bool selected;
    int row; /* in the sheet, for frame_value() */
};

struct frame {
    struct workbook *book;
    const struct wsheet *sheet;
    struct arena arena;
    struct unit *units;
    int count;
    struct map by_code;
    struct map by_name, by_stem; /* county and name of selected units -> index; -2: several */
    struct unit_list *list;      /* or NULL */
    bool of_list;                /* units[i] is unit i of the list */
};

/* NULL after messages; a topic with neither frame nor list (census) gives an empty one. */
struct frame *frame_read(struct topic *t);
/* The same with another file of the same columns; NULL: without a frame. */
struct frame *frame_read_file(struct topic *t, const char *path);
void frame_free(struct frame *f);
const struct unit *frame_unit(const struct frame *f, const char *code); /* or NULL */
/* Whether records of the top level come from this unit: a frame may hold units of several kinds
 * (villages, townships' lists of firms), each for some of the levels. */
bool frame_serves(const struct unit *u, const struct level *l);
/* The unit of the frame that a unit of the list is; NULL when it is not in the frame. */
const struct unit *frame_listed(const struct frame *f, int listed);
/* The answer to the question for the unit's code: the code, or the number where one is asked. */
struct value unit_answer(const struct unit *u, const struct question *q);
/* Any column of the frame for that unit, "" when absent. */
const char *frame_value(const struct frame *f, const struct unit *u, const char *column);

/* The selected unit of a county that a text names: its full name, or its name without the
 * township, with or without the suffixes 村 村委会 行政村 社区 居委会, white space apart.  NULL
 * when none or more than one fits; never by likeness. */
const struct unit *frame_match(const struct frame *f, const char *county, const char *text);

#endif
