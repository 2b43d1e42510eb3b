/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sheet `panel` of a topic: which earlier round, or which other topic, its levels are compared
 * with.
 *
 *     struct topic *t = topic_open("topics/cangzhou-2021/03/topic.csv");
 *     struct panel *p;
 *     int n = panels_read(&arena, t, &p);            // -1 after messages; 0 without the sheet
 *
 * `earlier` is plan/topic/level; a CSV beside the topic; empty for the same topic in the plan of
 * the year before (henan-2025 for henan-2026, or the latest there is); 首轮 for that in the first
 * such plan.  `date` is when that round was; empty for the survey_date of that topic.
 *
 * match (pipeline/match.c) joins the units of both rounds by the unit list, or where `key` names a
 * question, such as a credit code, by what was answered to it in both, and writes
 * questionnaires/<plan>/<file>.csv, one row a unit, where pulldata() of the questionnaires, on
 * phones too, finds what the unit said then:
 *   unit unit_name unit_county   the unit as it is now; by a question: its answer, and no more
 *   match   same, renamed (another name, code, township or key), merged (all that went into it had
 *           answered), merged_part (some had not), split, ended (no unit of now stands for it)
 *   earlier_units                keys of the units of then, separated by blanks
 *   earlier_simulated            1: its answers were simulated
 * and the columns of the earlier records that the sheet names: of merged units the sums of the
 * questions that the sheet lists, and no others; of split and ended units none.
 */
#ifndef SURVEY_PANEL_H
#define SURVEY_PANEL_H

#include "store/store.h"
#include "survey/topic.h"

struct panel {
    const char *level;
    const char *kind, *unit,
        *county;               /* of the level: kind of unit, questions with unit and county */
    bool by_list;              /* units of the unit list; else what was answered to `unit` */
    const char *records;       /* path of the earlier records, a CSV */
    const char *plan, *number; /* of the earlier topic; "" when the CSV is a file of this topic */
    const char *name, *path;   /* last; questionnaires/…/last.csv */
    const char **questions;    /* those that are taken over; none: all */
    int question_count;
    const char **sums; /* questions that add when units are merged */
    int sum_count;
    long then, now; /* days of the two rounds; of by_list */
};

/* Texts live in the arena and the topic, which may be one of topic_open(). */
int panels_read(struct arena *a, const struct topic *t, struct panel **out);

/* The units of one county, this round beside the earlier one. */
struct panel_counts {
    long matched; /* with answers in both rounds that can be compared: same, renamed, merged */
    long renamed, merged, merged_part;
    long fresh;  /* without an earlier record */
    long absent; /* of now with an earlier record, that have not answered */
    long gone;   /* split and ended */
};
/* Counts the accepted records of the panel's level in a clean store, which may be in the making;
 * calls `absent` (may be NULL) with the key and the name of each absent unit.  Nothing is absent
 * where the level has no record yet, or is joined by a question.  Returns 0, or -1 after
 * messages. */
typedef void panel_absent(void *user, const char *key, const char *name);
int panel_count(const struct panel *p, struct store *clean, struct panel_counts *out,
                panel_absent *absent, void *user);
/* The n of a word as `\count{panel:villages:matched}` names it: matched renamed merged merged_part
 * new absent gone.  NULL behind the last. */
const char *panel_count_name(int i, const struct panel_counts *c, long *n);

#endif
