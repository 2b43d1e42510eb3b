/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/headmatrix.h"

#include "base/arena.h"
#include "intake/headtext.h"

#include <stdlib.h>
#include <string.h>

/* A head taken apart: matrix and row, in their plain form; row is NULL when it has none. */
struct part {
    char *matrix, *row;
};

static struct part take_apart(const char *text)
{
    struct headtext h = {0};
    headtext_set(&h, text ? text : "");
    char *plain = must_strdup(headtext_plain(&h));
    headtext_free(&h);
    size_t n = strlen(plain);
    if (n && plain[n - 1] == ')')
        plain[n - 1] = '\0';
    char *cut = NULL;
    for (char *p = plain; *p; p++)
        if (strchr(n && plain[n - 1] == '\0' ? "(" : ":-_", *p))
            cut = p;
    if (!cut || cut == plain || utf8_length(cut + 1) < 2)
        return (struct part){plain, NULL};
    *cut = '\0';
    return (struct part){plain, cut + 1};
}

/* The questions of a level that a matrix may hold, in their order. */
static int list_questions(const struct level *l, const struct question **out)
{
    int n = 0;
    for (int i = 0; i < l->form->question_count; i++) {
        const struct question *q = &l->form->questions[i];
        if (q->repeat == l->repeat && question_has_data(q) && q->type == Q_SELECT_ONE)
            out[n++] = q;
    }
    return n;
}

static bool is_taken(const struct column *columns, int count, const struct question *q)
{
    for (int i = 0; i < count; i++)
        if (columns[i].question == q)
            return true;
    return false;
}

static bool holds(const struct question *q, const char *row)
{
    struct headtext h = {0};
    headtext_set(&h, q->label);
    bool found = strstr(headtext_plain(&h), row) != NULL;
    headtext_free(&h);
    return found;
}

/* Whether the rows fit these questions, each its own and no other. */
static bool fits(const struct question *const *questions, const struct part *parts, int n)
{
    for (int q = 0; q < n; q++) {
        if (questions[q]->list != questions[0]->list ||
            questions[q]->index != questions[0]->index + q)
            return false;
        for (int r = 0; r < n; r++)
            if (holds(questions[q], parts[r].row) != (q == r))
                return false;
    }
    return true;
}

/* The one run of n questions that the rows fit, or NULL. */
static const struct question *const *find_run(const struct question *const *all, int count,
                                              const struct part *parts, int n)
{
    const struct question *const *found = NULL;
    for (int i = 0; i + n <= count; i++) {
        if (!holds(all[i], parts[0].row) || !fits(all + i, parts, n))
            continue;
        if (found)
            return NULL;
        found = all + i;
    }
    return found;
}

static void match_group(const struct topic *t, int level, const struct part *parts, int n,
                        struct column *columns, int first, int count)
{
    const struct level *l = &t->levels[level];
    const struct question **all = must_alloc((size_t)(l->form->question_count + 1) * sizeof *all);
    const struct question *const *run = find_run(all, list_questions(l, all), parts, n);
    bool free_ones = run != NULL;
    for (int i = 0; i < n && free_ones; i++)
        free_ones = !is_taken(columns, count, run[i]);
    for (int i = 0; i < n && free_ones; i++)
        columns[first + i] = (struct column){COLUMN_QUESTION, run[i], NULL, level, 0};
    free(all);
}

void headmatrix_match(const struct topic *t, int level, const char *const *texts, int count,
                      struct column *columns)
{
    enum { MOST = 64 }; /* rows of a matrix */
    for (int i = 0; i + 1 < count; i++) {
        struct part parts[MOST];
        int n = 0;
        while (n < MOST && i + n < count && columns[i + n].role == COLUMN_EXTRA) {
            parts[n] = take_apart(texts[i + n]);
            bool same = parts[n].row && (n == 0 || !strcmp(parts[n].matrix, parts[0].matrix));
            if (!same) {
                free(parts[n].matrix);
                break;
            }
            n++;
        }
        if (n > 1)
            match_group(t, level, parts, n, columns, i, count);
        for (int k = 0; k < n; k++)
            free(parts[k].matrix);
        i += n > 0 ? n - 1 : 0;
    }
}
