/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The forms in which counties send their answers: a table of writers' settings.
 */
#ifndef SIMULATE_STYLE_H
#define SIMULATE_STYLE_H

#include "simulate/plant.h"

enum container { AS_CSV, AS_XLSX, AS_ODK };
enum heads_style { HEADS_NAME, HEADS_LABEL, HEADS_SHORT, HEADS_PATH, HEADS_NUMBERED };
enum repeats_style {
    REPEATS_KEY,   /* tables of their own, with the key of the record above */
    REPEATS_WIDE,  /* side by side in the row of the record above */
    REPEATS_INDEX, /* tables of their own, with the number of the row above */
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
    bool calculations;
    const char *between; /* see struct manner */
    bool in_wan;         /* amounts in 万元, as the heads say */
    int titles;          /* rows above the head */
    bool group_row;      /* a row of merged group heads above the head */
    bool unit_row;       /* a row of units below the head */
    bool serial;         /* a column 序号 in front and 备注 behind */
    bool footer;         /* totals, notes and signatures below */
    bool unit_sheets;    /* levels of the second stage: a workbook with one sheet a unit */
    bool cards;          /* top levels with few records: one item a row, one record a column */
    bool flags;          /* 0/1 columns beside multiple choices */
    bool platform;       /* the columns of a platform around the questions */
    bool packed;         /* ODK: everything in one zip */
    bool clutter;        /* a note, a lock file, a foreign table, an empty file … */
};

const struct style *style_named(const char *name); /* NULL after a message */
/* Lines "  name  help", for -h. */
const char *style_list(void);

#endif
