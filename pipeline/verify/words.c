/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/words.h"

#include "base/text.h"

#include <string.h>

bool word_at(const char *text, size_t i, const char *word)
{
    return strncmp(text + i, word, strlen(word)) == 0;
}

bool word_before(const char *text, size_t i, const char *word)
{
    size_t n = strlen(word);
    return n <= i && memcmp(text + i - n, word, n) == 0;
}

const char *any_at(const char *text, size_t i, const char *const *words)
{
    const char *best = NULL;
    for (; *words; words++)
        if (word_at(text, i, *words) && (!best || strlen(*words) > strlen(best)))
            best = *words;
    return best;
}

const char *any_before(const char *text, size_t i, const char *const *words)
{
    const char *best = NULL;
    for (; *words; words++)
        if (word_before(text, i, *words) && (!best || strlen(*words) > strlen(best)))
            best = *words;
    return best;
}

size_t find_in(const char *text, struct extent in, const char *word)
{
    if (in.from >= in.to)
        return NOWHERE;
    const char *p = memmem(text + in.from, in.to - in.from, word, strlen(word));
    return p ? (size_t)(p - text) : NOWHERE;
}

size_t find_last_in(const char *text, struct extent in, const char *word)
{
    size_t last = NOWHERE, at;
    while ((at = find_in(text, in, word)) != NOWHERE) {
        last = at;
        in.from = at + 1;
    }
    return last;
}

const char *any_in(const char *text, struct extent in, const char *const *words, size_t *at)
{
    const char *found = NULL;
    *at = NOWHERE;
    for (; *words; words++) {
        size_t i = find_in(text, in, *words);
        if (i != NOWHERE && (!found || i < *at)) {
            found = *words;
            *at = i;
        }
    }
    return found;
}

size_t step_back(const char *text, size_t i)
{
    if (i == 0)
        return 0;
    i--;
    for (int n = 0; n < 3 && i > 0 && ((unsigned char)text[i] & 0xC0) == 0x80; n++)
        i--;
    return i;
}

uint32_t sign_at(const char *text, size_t i)
{
    const char *p = text + i;
    return utf8_next(&p);
}

uint32_t sign_before(const char *text, size_t i)
{
    return i ? sign_at(text, step_back(text, i)) : 0;
}

size_t step_on(const char *text, size_t i)
{
    const char *p = text + i;
    utf8_next(&p);
    return (size_t)(p - text);
}

struct extent han_at(const char *text, size_t i, int most)
{
    struct extent e = {i, i};
    while (most-- > 0 && is_han(sign_at(text, e.to)))
        e.to = step_on(text, e.to);
    return e;
}

struct extent han_before(const char *text, size_t i, int most)
{
    struct extent e = {i, i};
    while (most-- > 0 && e.from > 0 && is_han(sign_before(text, e.from)))
        e.from = step_back(text, e.from);
    return e;
}

int extent_length(const char *text, struct extent e)
{
    int n = 0;
    for (size_t i = e.from; i < e.to && text[i]; i = step_on(text, i))
        n++;
    return n;
}

bool enclosed(const char *text, size_t i, const char *open, const char *close, size_t most,
              struct extent *inner)
{
    size_t from = i;
    while (!word_before(text, from, open)) {
        if (from == 0 || i - from > most || text[from - 1] == '\n' ||
            word_before(text, from, close))
            return false;
        from = step_back(text, from);
    }
    size_t to = i;
    while (!word_at(text, to, close)) {
        if (!text[to] || text[to] == '\n' || to - from > most || word_at(text, to, open))
            return false;
        to = step_on(text, to);
    }
    *inner = (struct extent){from, to};
    return true;
}
