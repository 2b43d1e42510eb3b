/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/rankings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void read_indicators(struct ranking *k, struct arena *a, const struct topic *t,
                            const char *text)
{
    char *words = arena_strdup(a, text);
    k->indicators = arena_alloc(a, (strlen(text) / 2 + 1) * sizeof *k->indicators);
    for (char *save, *p = strtok_r(words, " ;", &save); p; p = strtok_r(NULL, " ;", &save)) {
        const struct indicator *ind = topic_indicator(t, p);
        if (ind)
            k->indicators[k->indicator_count++] = ind;
    }
}

static struct ranked_unit read_unit(struct query *q, struct arena *a)
{
    struct ranked_unit u = {.unit = arena_strdup(a, col_text(q, 0)),
                            .score = col_double(q, 1),
                            .place = (int)col_long(q, 2),
                            .low = (int)col_long(q, 3),
                            .high = (int)col_long(q, 4),
                            .drop_low = (int)col_long(q, 5),
                            .drop_high = (int)col_long(q, 6),
                            .other = (int)col_long(q, 7),
                            .alike = col_long(q, 8) == 1 || col_long(q, 9) == 1};
    return u;
}

static void read_units(struct ranking *k, struct arena *a, struct store *s)
{
    struct query *q =
        store_query(s, "SELECT domain, score, rank, rank_low, rank_high, drop_low, drop_high, "
                       "other_rank, same_as_next, drop_turned FROM ranking WHERE name = ? "
                       "ORDER BY rank IS NULL, rank, domain");
    struct ranked_unit *units = NULL;
    int room = 0;
    query_text_at(q, 1, k->name);
    while (query_next(q)) {
        GROW(units, k->count, room);
        struct ranked_unit *u = &units[k->count++];
        *u = read_unit(q, a);
        k->placed += u->place > 0;
        k->sampled |= u->low > 0;
        k->others |= u->other > 0;
        if (k->count > 1 && u->place > 0 && u[-1].place == u->place)
            u[-1].alike = true;
    }
    query_end(q);
    k->units = arena_alloc(a, (size_t)(k->count + 1) * sizeof *k->units);
    if (k->count)
        memcpy(k->units, units, (size_t)k->count * sizeof *units);
    free(units);
}

static void read_figures(struct rankings *all, struct arena *a, struct store *s)
{
    struct buf key = {0};
    int room = 0;
    struct query *q = store_query(s, "SELECT name, domain, part, value, text FROM index_part");
    while (query_next(q)) {
        GROW(all->figures, all->figure_count, room);
        all->figures[all->figure_count] =
            (struct index_figure){col_double(q, 3), arena_strdup(a, col_text(q, 4))};
        buf_clear(&key);
        buf_printf(&key, "%s\t%s\t%s", col_text(q, 0), col_text(q, 1), col_text(q, 2));
        map_put(&all->by_part, key.text, all->figure_count++);
    }
    query_end(q);
    buf_free(&key);
}

void rankings_read(struct rankings *all, struct arena *a, const struct topic *t, struct store *s)
{
    const struct wsheet *sheet = workbook_sheet(t->book, "indices");
    *all = (struct rankings){0};
    if (!sheet)
        return;
    all->items = arena_alloc(a, (size_t)(sheet->row_count + 1) * sizeof *all->items);
    for (int r = 0; r < sheet->row_count; r++) {
        struct ranking *k = &all->items[all->count++];
        *k = (struct ranking){.name = arena_strdup(a, wsheet_get(sheet, r, "name")),
                              .label = arena_strdup(a, wsheet_get(sheet, r, "label")),
                              .kind = arena_strdup(a, wsheet_get(sheet, r, "kind")),
                              .weights = arena_strdup(a, wsheet_get(sheet, r, "weights")),
                              .by = topic_domain(t, wsheet_get(sheet, r, "by"))};
        read_indicators(k, a, t, wsheet_get(sheet, r, "indicators"));
        read_units(k, a, s);
    }
    read_figures(all, a, s);
}

void rankings_free(struct rankings *all)
{
    map_free(&all->by_part);
    free(all->figures);
    *all = (struct rankings){0};
}

const struct ranking *rankings_find(const struct rankings *all, const char *name)
{
    for (int i = 0; i < all->count; i++)
        if (strcmp(all->items[i].name, name) == 0)
            return &all->items[i];
    return NULL;
}

const struct ranked_unit *ranking_unit(const struct ranking *k, const char *unit)
{
    for (int i = 0; i < k->count; i++)
        if (strcmp(k->units[i].unit, unit) == 0)
            return &k->units[i];
    return NULL;
}

const struct index_figure *rankings_figure(const struct rankings *all, const char *name,
                                           const char *unit, const char *part)
{
    struct buf key = {0};
    buf_printf(&key, "%s\t%s\t%s", name, unit, part);
    long i = map_get(&all->by_part, key.text, -1);
    buf_free(&key);
    return i < 0 ? NULL : &all->figures[i];
}
