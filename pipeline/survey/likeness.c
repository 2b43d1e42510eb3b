/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/likeness.h"

#include "base/arena.h"
#include "base/text.h"
#include "survey/halftext.h"

#include <ctype.h>
#include <stdlib.h>

static bool counts(uint32_t c)
{
    return is_han(c) || (c < 0x80 && isalnum((int)c)) || (c >= 0xC0 && c < 0x2000);
}

static int compare_pairs(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

struct bigrams bigrams_of(const char *text)
{
    struct buf half = {0};
    half_text(&half, text);
    struct bigrams b = {must_alloc((half.len + 1) * sizeof *b.pairs), 0};
    const char *p = buf_text(&half);
    uint32_t before = 0;
    for (uint32_t c; (c = utf8_next(&p)) && b.count < BIGRAMS_MOST;) {
        if (!counts(c))
            continue;
        if (before)
            b.pairs[b.count++] = (uint64_t)before << 32 | c;
        before = c;
    }
    if (b.count)
        qsort(b.pairs, (size_t)b.count, sizeof *b.pairs, compare_pairs);
    buf_free(&half);
    return b;
}

void bigrams_free(struct bigrams *b)
{
    free(b->pairs);
    *b = (struct bigrams){0};
}

double bigrams_likeness(const struct bigrams *a, const struct bigrams *b)
{
    int common = 0;
    for (int i = 0, j = 0; i < a->count && j < b->count;) {
        int order = compare_pairs(&a->pairs[i], &b->pairs[j]);
        common += order == 0;
        i += order <= 0;
        j += order >= 0;
    }
    return a->count && b->count ? 2.0 * common / (a->count + b->count) : 0;
}
