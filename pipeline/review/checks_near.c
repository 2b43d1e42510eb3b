/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/checks_private.h"

#include "base/arena.h"
#include "base/text.h"
#include "survey/plain.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    COMPARED_LEAST = 10, /* answers; fewer may be equal by chance */
    KEPT_MOST = 1000,    /* records of a group that a record is compared with */
};
static const double SHARE = 0.95;

/* The last records of the group at hand, as hashes of their answers. */
struct seen {
    uint64_t *answers[KEPT_MOST]; /* 0: no answer */
    char *keys[KEPT_MOST];
    long count; /* of the group so far; record i stands at i % KEPT_MOST */
    char *group;
};

/* FNV-1a, which is enough to tell answers of a question apart; never 0. */
static uint64_t hash_of(const char *text)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001b3u;
    return h ? h : 1;
}

static struct query *query_answers(struct checking *g, const struct check *c)
{
    struct buf sql = {0};
    char *table = store_quote(c->level->name);
    char *group = c->group ? store_quote(c->group->name) : must_strdup("\"_psu\"");
    buf_printf(&sql, "SELECT COALESCE(%s, ''), \"_row\", \"_no\", \"_key\"", group);
    for (int i = 0; i < c->compared_count; i++) {
        char *name = store_quote(c->compared[i]->name);
        buf_printf(&sql, ", %s", name);
        free(name);
    }
    buf_printf(&sql, " FROM %s ORDER BY 1, \"_id\"", table);
    struct query *q = store_query(g->clean, sql.text);
    buf_free(&sql);
    free(table);
    free(group);
    return q;
}

/* Answers that both have and that are equal, and those that one of them has. */
static void compare(const uint64_t *a, const uint64_t *b, int n, int *equal, int *all)
{
    *equal = *all = 0;
    for (int i = 0; i < n; i++) {
        *all += a[i] || b[i];
        *equal += a[i] && a[i] == b[i];
    }
}

static void compare_with_seen(struct checking *g, const struct check *c, struct seen *s,
                              const uint64_t *answers, struct query *q)
{
    enum { ROW = 1, NO = 2, KEY = 3 };
    double least = isnan(c->tolerance) ? SHARE : c->tolerance, best = 0;
    const char *like = NULL;
    int kept = s->count < KEPT_MOST ? (int)s->count : KEPT_MOST;
    for (int i = 0; i < kept; i++) {
        int equal, all;
        compare(answers, s->answers[i], c->compared_count, &equal, &all);
        double share = all >= COMPARED_LEAST ? (double)equal / all : 0;
        if (share >= least && share > best) {
            best = share;
            like = s->keys[i];
        }
    }
    if (!like)
        return;
    struct buf found = {0};
    char percent[PLAIN_TEXT];
    buf_printf(&found, "与 %s 的答案有%s%%相同", like,
               plain_text(floor(1000 * best) / 10, percent));
    check_report(g, c, NULL, col_long(q, ROW), (int)col_long(q, NO), col_text(q, KEY), found.text);
    buf_free(&found);
}

static void forget(struct seen *s)
{
    for (int i = 0; i < KEPT_MOST; i++) {
        free(s->answers[i]);
        free(s->keys[i]);
    }
    free(s->group);
    *s = (struct seen){0};
}

/* The question's answers of the row that the query stands on. */
static uint64_t *read_answers(struct query *q, int n)
{
    enum { FIRST = 4 };
    uint64_t *answers = must_alloc((size_t)(n + 1) * sizeof *answers);
    for (int i = 0; i < n; i++)
        answers[i] = col_is_null(q, FIRST + i) ? 0 : hash_of(col_text(q, FIRST + i));
    return answers;
}

void check_near_duplicates(struct checking *g, const struct check *c)
{
    struct seen *s = must_alloc(sizeof *s);
    struct query *q = query_answers(g, c);
    while (query_next(q)) {
        if (!s->group || strcmp(s->group, col_text(q, 0)) != 0) {
            forget(s);
            s->group = must_strdup(col_text(q, 0));
        }
        uint64_t *answers = read_answers(q, c->compared_count);
        char *key = must_strdup(col_text(q, 3));
        compare_with_seen(g, c, s, answers, q);
        int at = (int)(s->count++ % KEPT_MOST);
        free(s->answers[at]);
        free(s->keys[at]);
        s->answers[at] = answers;
        s->keys[at] = key;
    }
    query_end(q);
    forget(s);
    free(s);
}
