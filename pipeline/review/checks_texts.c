/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/checks_private.h"

#include "base/arena.h"
#include "base/text.h"
#include "survey/likeness.h"
#include "survey/plain.h"

#include <math.h>
#include <stdlib.h>

/* A county's texts, and for each the one that is most like it. */
struct text {
    long row;
    int no;
    char *key;
    struct bigrams pairs;
    double best;
    int like;
};
struct texts {
    struct text *items;
    int count, room;
};

static void read_texts(struct checking *g, const struct check *c, struct texts *all)
{
    struct buf sql = {0};
    char *table = store_quote(c->level->name), *column = store_quote(c->field->name);
    buf_printf(&sql,
               "SELECT \"_row\", \"_no\", \"_key\", %s FROM %s WHERE %s IS NOT NULL"
               " ORDER BY \"_id\"",
               column, table, column);
    struct query *q = store_query(g->clean, sql.text);
    while (query_next(q)) {
        struct bigrams pairs = bigrams_of(col_text(q, 3));
        if (pairs.count < BIGRAMS_LEAST) {
            bigrams_free(&pairs);
            continue;
        }
        GROW(all->items, all->count, all->room);
        all->items[all->count++] = (struct text){.row = col_long(q, 0),
                                                 .no = (int)col_long(q, 1),
                                                 .key = must_strdup(col_text(q, 2)),
                                                 .pairs = pairs,
                                                 .like = -1};
    }
    query_end(q);
    buf_free(&sql);
    free(table);
    free(column);
}

static void find_likest(struct texts *all)
{
    for (int i = 0; i < all->count; i++)
        for (int j = 0; j < i; j++) {
            struct text *a = &all->items[i], *b = &all->items[j];
            double d = bigrams_likeness(&a->pairs, &b->pairs);
            if (d > a->best)
                a->best = d, a->like = j;
            if (d > b->best)
                b->best = d, b->like = i;
        }
}

void check_similar_texts(struct checking *g, const struct check *c)
{
    struct texts all = {0};
    double least = isnan(c->tolerance) ? LIKENESS_OF_COPIES : c->tolerance;
    read_texts(g, c, &all);
    find_likest(&all);
    for (int i = 0; i < all.count; i++) {
        const struct text *t = &all.items[i];
        struct buf found = {0};
        char percent[PLAIN_TEXT];
        if (t->like < 0 || t->best < least)
            continue;
        buf_printf(&found, "与 %s 的文字有%s%%相同", all.items[t->like].key,
                   plain_text(floor(1000 * t->best) / 10, percent));
        check_report(g, c, NULL, t->row, t->no, t->key, found.text);
        buf_free(&found);
    }
    for (int i = 0; i < all.count; i++) {
        bigrams_free(&all.items[i].pairs);
        free(all.items[i].key);
    }
    free(all.items);
}
