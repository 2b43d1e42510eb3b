/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The forms in which counties send their answers: a table of writers' settings.
 */
#ifndef SIMULATE_STYLE_H
#define SIMULATE_STYLE_H

#include "simulate/chance.h"
#include "survey/form.h"

/* How answers without a mistake are shown. */
enum choice_look { CHOICE_CODES, CHOICE_LABELS, CHOICE_MIXED };
enum container { AS_CSV, AS_XLSX, AS_ODK };
enum heads_style {
    HEADS_NAME,
    HEADS_LABEL,
    HEADS_SHORT,
    HEADS_PATH,     /* g_id/hh_no, as KoboToolbox exports */
    HEADS_DASH,     /* g_id-hh_no, as ODK Central exports */
    HEADS_NUMBERED, /* 1、… as 问卷星 exports */
    HEADS_MIXED,    /* every column as somebody liked it */
};
enum repeats_style {
    REPEATS_KEY,   /* tables of their own, with the key of the record above */
    REPEATS_WIDE,  /* side by side in the row of the record above */
    REPEATS_INDEX, /* tables of their own, with the number of the row above */
};
enum wan_style {
    WAN_NOWHERE,
    WAN_HEADS,  /* amounts in 万元, as the heads say */
    WAN_GROUPS, /* as the group heads say */
    WAN_ROW,    /* as the row of units says */
};

struct style {
    const char *name, *help; /* -f name */
    enum container container;
    const char *encoding, *extension; /* iconv's name; with a byte order mark where `mark` */
    bool mark;
    char delimiter;
    const char *line_end;
    enum heads_style heads;
    enum repeats_style repeats;
    enum choice_look choices;
    enum wan_style wan;
    bool calculations;
    const char *between; /* between the labels of a multiple choice where it is not 、, or NULL */
    int titles;          /* rows above the head */
    bool group_row;      /* a row of merged group heads above the head */
    bool unit_row;       /* a row of units below the head */
    bool serial;         /* a column 序号 in front and 备注 behind */
    bool footer;         /* totals, notes and signatures below */
    bool paged;          /* subtotal, blank row and the head again now and then */
    bool unit_sheets;    /* levels of the second stage: a workbook with one sheet a unit */
    bool unit_files;     /* a file for every unit */
    bool cards;          /* top levels with few records: one item a row, one record a column */
    bool flags;          /* 0/1 columns beside multiple choices */
    bool platform;       /* the columns of a platform around the questions */
    bool packed;         /* everything in one zip */
    bool old_names;      /* the zip's names are in GBK */
    bool again_apart;    /* repeated records stand in a further file */
    bool lying;          /* files are named as if they were of another format */
    bool clutter;        /* a note, a lock file, a foreign table, an empty file … */
};

/* A form of the table, with modifiers behind: "xlsx+wide+wanrow"; "any" is one at random.  False
 * after a message. */
bool style_named(const char *name, struct chance *chance, struct style *out);

/* What a question's amounts are multiplied with to be in its unit: 10000 where the style shows
 * 元 in 万元, else 1. */
double style_factor(const struct style *s, const struct question *q);

#endif
