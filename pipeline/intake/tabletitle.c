/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The village that a table is of, where no column of it says so: a title above it, as in
 * 村名：东庙镇郑营村, or the name of the sheet.
 */
#include "intake/tables_private.h"

#include <string.h>

static const struct level *top_of(const struct tables *t, int level)
{
    while (t->topic->levels[level].parent >= 0)
        level = t->topic->levels[level].parent;
    return &t->topic->levels[level];
}

/* Whether a text of n bytes is a head of the village's code or name. */
static bool is_village_head(struct tables *t, const char *text, size_t n)
{
    char copy[100];
    if (n == 0 || n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    for (int l = 0; l < t->topic->level_count; l++) {
        const struct level *level = &t->topic->levels[l];
        const struct question *q =
            level->parent < 0 && *level->psu ? heads_question(t->heads, l, copy) : NULL;
        if (q && (!strcmp(q->name, level->psu) || !strcmp(q->name, level->psu_name)))
            return true;
    }
    return false;
}

/* The next colon, of either width; *n gets its bytes. */
static const char *find_colon(const char *text, size_t *n)
{
    const char *narrow = strchr(text, ':'), *wide = strstr(text, "：");
    bool first = narrow && (!wide || narrow < wide);
    *n = first ? 1 : strlen("：");
    return first ? narrow : wide;
}

/* The last white space before `end`, or NULL. */
static const char *last_space(const char *text, const char *end)
{
    const char *last = NULL;
    for (const char *p = text, *at = p; p < end; at = p)
        if (is_space_char(utf8_next(&p)))
            last = at;
    return last;
}

/* Put what stands behind "村名：", up to the next "…：", into t->village. */
static bool take_inline(struct tables *t, const char *text)
{
    size_t n, colon;
    const char *start = text_trim(text, &n), *at;
    while ((at = find_colon(start, &colon))) {
        const char *value = at + colon, *next = find_colon(value, &n);
        const char *end = next ? last_space(value, next) : value + strlen(value);
        const char *head = last_space(start, at);
        head = text_trim(head ? head : start, &n);
        n = head < at ? (size_t)(at - head) : 0;
        if (end && end > value && is_village_head(t, head, n)) {
            buf_clear(&t->village);
            buf_put(&t->village, value, (size_t)(end - value));
            const char *trimmed = text_trim(t->village.text, &n);
            memmove(t->village.text, trimmed, n);
            t->village.text[t->village.len = n] = '\0';
            return n > 0;
        }
        if (!end)
            return false;
        start = end;
    }
    return false;
}

bool names_village(struct tables *t, const struct cell *cells, int count)
{
    for (int i = 0; i < count; i++) {
        if (cells[i].kind != CELL_TEXT || !is_filled(&cells[i]) || cells[i].len >= 1000)
            continue;
        if (take_inline(t, cells[i].text))
            return true;
        if (!is_village_head(t, cells[i].text, cells[i].len))
            continue;
        int value = i + 1; /* 村名 | 东庙镇郑营村 */
        while (value < count && !is_filled(&cells[value]))
            value++;
        if (value == count || heads_known(t->heads, cells[value].text))
            return false;
        buf_clear(&t->village);
        buf_puts(&t->village, cells[value].text);
        return true;
    }
    return false;
}

const char *village_of_table(struct tables *t, int level, const struct column *columns, int count,
                             int rows)
{
    const char *psu = top_of(t, level)->psu;
    if (!*psu || (t->above && t->topic->levels[level].parent == t->above_level))
        return "";
    for (int i = 0; i < count; i++)
        if (columns[i].role == COLUMN_PARENT ||
            (columns[i].question && !strcmp(columns[i].question->name, psu)))
            return "";
    for (int r = rows; r-- > 0;)
        if (names_village(t, t->kept[r].cells.items, t->kept[r].cells.count))
            return t->village.text;
    return t->sheet_name ? t->sheet_name : "";
}
