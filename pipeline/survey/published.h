/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sheet `published` of a topic: figures that a source prints, to stand beside what the data give.
 *
 *     id label text state indicator domain note
 *
 * `text` is the figure as it stands there: 41.2%, 840名, 60多万元, 16414912人.  A number, with
 * nothing behind it but the indicator's unit, is compared with `indicator` (of `domain`, such as
 * county=350424; empty is the whole) to as many decimals as it has.  A text that is no such number,
 * or one that must not be read as such, says so in `state`: 约数 or 残损; it never has a value.
 */
#ifndef SURVEY_PUBLISHED_H
#define SURVEY_PUBLISHED_H

struct topic;
struct indicator;

enum published_state {
    PUBLISHED_NUMBER,
    PUBLISHED_FUZZY,   /* 约数 */
    PUBLISHED_DAMAGED, /* 残损 */
};

struct published {
    const char *id, *label, *text; /* label: "" when the indicator's serves */
    enum published_state state;
    const struct indicator *indicator; /* NULL: nothing to compare with */
    const char *level, *domain;        /* domain name and value; both "all" for the whole */
    double value;                      /* in printed units; NaN unless PUBLISHED_NUMBER */
    int decimals;                      /* of the text */
};

/* Fills topic->published; after the indicators.  -1 after messages. */
int published_read(struct topic *t);
/* NULL when there is none. */
const struct published *topic_published(const struct topic *t, const char *id);

#endif
