/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How alike two long texts are.
 *
 *     struct bigrams a = bigrams_of("孝敬老人，…"), b = bigrams_of(…);
 *     double d = bigrams_likeness(&a, &b);      // 1: the same pairs of characters; 0: none
 *     bigrams_free(&a);
 *
 * The Sørensen-Dice coefficient of the pairs of neighbouring characters, each counted as often as
 * it occurs (Dice 1945): 2 x pairs in common / all pairs.  Only letters, digits and characters of
 * words count, full-width ones as half-width: blanks, punctuation and line ends do not.
 */
#ifndef SURVEY_LIKENESS_H
#define SURVEY_LIKENESS_H

#include <stdint.h>

struct bigrams {
    uint64_t *pairs; /* in order */
    int count;
};

/* Of a text longer than BIGRAMS_MOST the beginning; one with fewer than BIGRAMS_LEAST may be like
 * another by chance and is not judged. */
enum { BIGRAMS_MOST = 20000, BIGRAMS_LEAST = 30 };
/* From here on two texts count as copies where nothing else is said. */
#define LIKENESS_OF_COPIES 0.9
struct bigrams bigrams_of(const char *text);
void bigrams_free(struct bigrams *b);

/* 0 when either is empty. */
double bigrams_likeness(const struct bigrams *a, const struct bigrams *b);

#endif
