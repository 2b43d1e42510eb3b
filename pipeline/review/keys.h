/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which unit of the frame and which top-level record a row belongs to.
 *
 *     struct keyring ring = {topic, &rules, frame, parser, "411523"};
 *     struct record_key key = {0};
 *     key_read(&ring, top_level, &row, &key);
 *     if (key.state == KEY_WHOLE)
 *         puts(key.text.text);                  // 411523100201-29
 *     record_key_free(&key);
 *
 * The unit's code counts when it is that of a selected unit of the county.  Where it is blank,
 * damaged or a name, the unit's name decides (the code's cell, the name's cell, or the name of
 * the sheet), and only when it fits one unit.  A level without a key tells its rows by where they
 * stand.
 *
 * With a unit list (survey/unitlist.h) a text is the unit that it names on the record's day; a
 * former name or code and another writing count and are listed, a unit that has ended counts for
 * its successor only where the rules say so, and the key has the unit's own key.  The code goes
 * before the name; where they are those of two units, neither counts.
 */
#ifndef REVIEW_KEYS_H
#define REVIEW_KEYS_H

#include "review/parse.h"
#include "review/rawread.h"
#include "survey/frame.h"
#include "survey/privacy.h"

struct keyring {
    const struct topic *topic;
    const struct rules *rules;
    const struct frame *frame;
    struct parser *parser;
    const char *county;            /* code of the county whose files these are */
    const struct privacy *privacy; /* personal parts of a key are their hash; NULL: as they are */
};

enum key_state {
    KEY_WHOLE,
    KEY_PART,         /* a question of the key has no value: the record stands for itself */
    KEY_UNIT_UNKNOWN, /* no selected unit of the county for certain */
    KEY_NONE,         /* the table has no column for the unit at all */
    KEY_UNIT_SEVERAL, /* units of the list that the text may mean, in `found` */
    KEY_UNIT_ENDED,   /* the unit had ended, or did not exist yet */
    KEY_UNIT_NOT_LISTED,
};

struct record_key {
    enum key_state state;
    const struct unit *unit; /* NULL when the level has no units, or the topic no frame */
    struct buf text;         /* the key; what is known of it when it is not whole */
    struct buf psu;          /* the unit's code, "" without one */
    bool by_name, by_sheet;  /* how the unit was found, when not by its code */
    unsigned repairs;        /* enum repair of the code's cell */
    const char *how;         /* the repair by which a unit of the list was found, or NULL */
    bool name_differs;       /* found by its code; the list does not have the name */
    struct unit_found found; /* of a unit list */
    long day;                /* of the record, where there is a unit list */
    struct parsed parsed;    /* private */
    char hash[PRIVACY_TEXT]; /* private */
};

/* The key of the record of level `top` that the row is (row of that level) or belongs to (row of
 * a level below it).  `out` is reused from call to call. */
void key_read(const struct keyring *ring, const struct level *top, const struct raw_row *row,
              struct record_key *out);
void record_key_free(struct record_key *key);

/* The unit of the list that an answer names, first among those of the county, then anywhere; NULL
 * with out->state and out->found telling why.  Fills out->how too. */
const struct listed_unit *key_named(const struct keyring *ring, const char *kind, const char *text,
                                    long day, struct record_key *out);

/* In words, what is known of a unit of the list that was not found for certain, appended. */
void key_about(const struct keyring *ring, const struct record_key *key, struct buf *out);

/* The county of a list that a text names, by a name or code of any time; "" when none. */
const char *key_county(const struct keyring *ring, const char *text);

/* The top level of the form that a level belongs to. */
const struct level *top_level(const struct topic *t, const struct level *l);

#endif
