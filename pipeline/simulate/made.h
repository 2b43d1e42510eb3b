/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A simulated record: what is true, how it is shown in the upload, what a cleaning by the office's
 * rules must make of it, and which problems it must list.  Everything lives in an arena.
 */
#ifndef SIMULATE_MADE_H
#define SIMULATE_MADE_H

#include "base/arena.h"
#include "base/text.h"
#include "review/rules.h"
#include "survey/frame.h"
#include "survey/topic.h"

#include "simulate/chance.h"

enum look {
    LOOK_NONE, /* an empty cell */
    LOOK_TEXT,
    LOOK_NUMBER,  /* a number cell where the format has such; text is its digits */
    LOOK_FORMULA, /* a formula with its result, as LOOK_NUMBER */
    LOOK_DATE,    /* a true date cell where the format has such; text is YYYY-MM-DD */
};

/* One answer as the upload shows it. */
struct shown {
    enum look look;
    const char *text;    /* with ␀ (U+2400) for NUL when `nul` */
    const char *choices; /* codes that the 0/1 columns of a multiple choice hold, NULL: blank */
    bool nul;
};

/* A problem that the cleaning must list for an answer of a record. */
struct planted {
    const struct question *question;
    const char *kind, *class, *original, *corrected;
};

struct made {
    const struct level *level;
    const struct unit *unit; /* NULL where there is no frame */
    const char *county, *key;
    struct record truth, final;
    struct shown *shown; /* by question index; in tables of their own, also the link to the top */
    struct made *parent, **children;
    int child_count;
    struct planted *planted;
    int planted_count, planted_room;
    const char *fate, *fate_class;     /* NULL: accepted; else kind and class of its line */
    long index;                        /* number of its row, for the rows below */
    const char *instance, *deprecated; /* of a phone's submission: its name, that it replaces */
};

struct likely;

/* What everything here needs; nothing in it is owned. */
struct world {
    struct topic *topic;
    const struct rules *rules;
    const struct frame *frame;
    const struct likely *likely; /* NULL: nothing is likelier */
    struct chance *chance;
    const char *county, *county_name;
};

#endif
