/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A figure that a source prints (sheet `published`) against what the data give.
 *
 *     enum agreement a = published_compare(results, p);
 *     puts(agreement_word(a));         // 一致, 不一致 …
 */
#ifndef OUTPUT_COMPARISON_H
#define OUTPUT_COMPARISON_H

#include "output/results.h"

enum agreement {
    AGREES, /* equal, rounded to the decimals that the source prints */
    DIFFERS,
    FUZZY,       /* printed as 20余项: no value */
    DAMAGED,     /* printed so that it cannot be right: no value, to be asked */
    NOT_COVERED, /* no indicator, or no data, or withheld */
    REHEARSED,   /* the data are simulated: neither */
};

enum agreement published_compare(const struct results *r, const struct published *p);
/* The estimate it is compared with; NULL when there is none. */
const struct stat_row *published_estimate(const struct results *r, const struct published *p);
const char *agreement_word(enum agreement a);
/* What the row is called: its own label, else that of the value of the domain and the indicator. */
void published_label(struct buf *out, const struct topic *t, const struct published *p);
/* How many published figures stand so. */
int published_count(const struct results *r, enum agreement a);

#endif
