/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Indicators that are a function of the answer to one question: the share of an answer or of
 * several, the mean of a scale.  Whoever has some of them may work out the others.
 *
 *     struct answer_terms a;
 *     if (answer_terms_find(topic, indicator, &a)) …
 *     // cases = sum of cases[i] x (those with answer i); sum of values = sum of values[i] x (…)
 *     answer_terms_free(&a);
 */
#ifndef ESTIMATE_ANSWERS_H
#define ESTIMATE_ANSWERS_H

#include "survey/topic.h"

struct answer_terms {
    const struct question *question;
    int count;   /* its choices, and last no answer where none was wanted */
    int *cases;  /* 1: the indicator counts who gave this answer, 0: it does not */
    int *values; /* times `scale`; 0 where it does not count */
    int scale;   /* a power of ten that makes all values whole */
};

/* False when the indicator is another function, or one of several questions. */
bool answer_terms_find(const struct topic *t, const struct indicator *ind,
                       struct answer_terms *out);
void answer_terms_free(struct answer_terms *a);

#endif
