/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The unit list: counties, townships, villages, firms, associations, with a key that is never
 * given away again, their names and codes in time, and what became of them.
 *
 *     struct unit_list *l = unit_list_read("topics/cangzhou-2021/units.csv");
 *     struct unit_query q = {.kind = "村", .county = "130921", .text = "东伍姓村", .day = 19000};
 *     struct unit_found f;
 *     unit_list_find(l, &q, &f);             // f.state, f.unit, f.candidates
 *     unit_list_free(l);
 *
 * One sheet, a row for each name (or code, or parent) of a unit in its time:
 *   key        the unit, for ever
 *   kind       县, 村, 企业 … as the topic's sheet `instruments` names it
 *   name code  as used from `from` to `to`; code may be blank
 *   alias      other writings of that name, separated by |
 *   parent     key of the unit above it, or the 6 digits of a county that the list does not have
 *   from to    first and last day, YYYY-MM-DD; blank: always, still
 *   successor  keys of the units that took its place when it ended, separated by blanks
 * Other columns are the topic's own.  Rows of one unit stand from the latest to the earliest, so
 * that pulldata() and other readers that take the first row get what holds now.
 *
 * Several units with the same one successor were merged; one with several was split.  A village
 * that changes its name, its code, its township or its county (撤县设区) keeps its key.
 */
#ifndef SURVEY_UNITLIST_H
#define SURVEY_UNITLIST_H

#include "base/map.h"
#include "base/text.h"
#include "survey/workbook.h"

/* A row: what the unit was called in a time. */
struct unit_spell {
    const char *name, *code, *parent;
    const char **aliases;
    int alias_count;
    long from, to; /* days, both included */
    int unit;      /* index */
    int earlier;   /* spell before this one, -1 */
    int row;       /* in the sheet */
};
struct listed_unit {
    const char *key, *kind;
    int spell; /* the latest */
    int *successors;
    int successor_count, predecessor_count;
};
struct unit_list {
    struct workbook *book;
    const struct wsheet *sheet;
    struct arena arena;
    struct listed_unit *units;
    int unit_count;
    struct unit_spell *spells;
    int spell_count;
    struct map by_key;
    struct map by_text, by_stem; /* folded writing -> first of its entries */
    struct unit_writing *writings;
    int writing_count, writing_room;
};

/* NULL after messages: missing or doubtful dates, rows out of order or overlapping, unknown
 * parents and successors, circles, two units of one name or code under one parent at one time. */
struct unit_list *unit_list_read(const char *path);
void unit_list_free(struct unit_list *l); /* NULL is allowed */

int unit_list_key(const struct unit_list *l, const char *key); /* index, -1 */
/* The latest spell of a unit, and the one that holds on a day (the nearest, when none does). */
const struct unit_spell *unit_spell_last(const struct unit_list *l, int unit);
const struct unit_spell *unit_spell_at(const struct unit_list *l, int unit, long day);
bool unit_list_exists(const struct unit_list *l, int unit, long day);
/* Its county: the code of the first of it and those above it that has one of 6 digits, and that
 * one's name, "" when the list does not have it. */
const char *unit_list_county(const struct unit_list *l, int unit, const char **name);
/* Its name as it is now, behind that of its township. */
void unit_list_put_name(const struct unit_list *l, int unit, struct buf *out);
bool unit_list_in_county(const struct unit_list *l, int unit, const char *county);

/* ---- which unit a text names ------------------------------------------------------------------
 */

enum unit_state {
    UNIT_NONE,    /* none; candidates are those of nearly that name */
    UNIT_NOW,     /* by its key, or a name or code that holds on the day */
    UNIT_FORMER,  /* by a name or code of another time */
    UNIT_ALIAS,   /* by another writing */
    UNIT_ENDED,   /* it had ended by then */
    UNIT_LATER,   /* it did not exist yet */
    UNIT_SEVERAL, /* candidates: none of them for certain */
};
enum { UNIT_CANDIDATES = 6 };

struct unit_query {
    const char *kind;   /* "": any */
    const char *county; /* code, of any time; "": any */
    const char *text;
    long day;
};
struct unit_found {
    enum unit_state state;
    int unit; /* index, -1 */
    int candidates[UNIT_CANDIDATES];
    int candidate_count;
};

/* Names are compared as survey/unitname.h folds them, alone or behind the names of the units above
 * (马湾镇孙营村, 嵩县马湾镇孙营村).  A name that holds on the day goes before those of other times
 * and before other writings; otherwise two units for one text are UNIT_SEVERAL.  Never by
 * likeness. */
void unit_list_find(const struct unit_list *l, const struct unit_query *q, struct unit_found *out);

/* The one unit that stands for a unit on a day: itself while it exists, then its successor, and
 * that one's.  -1 when it was split or ended for good; `*merged` tells whether others go into the
 * same one. */
int unit_list_successor(const struct unit_list *l, int unit, long day, bool *merged);

#endif
