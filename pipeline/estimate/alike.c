/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/alike.h"

#include "base/text.h"
#include "survey/likeness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BANDS = 32,
    ROWS = 4, /* hashes of a band, which must all be equal */
    HASHES = BANDS * ROWS,
    NEIGHBOURS = 20, /* texts of one band's value that each is compared with at most */
};

/* A row of the topic's sheet `checks`, which review/checks.h has checked. */
struct texts_check {
    const char *name, *level, *question;
    double least;
};

static bool next_check(const struct topic *t, int *row, struct texts_check *c)
{
    const struct wsheet *s = workbook_sheet(t->book, "checks");
    while (s && *row < s->row_count) {
        int r = (*row)++;
        const char *tolerance = wsheet_get(s, r, "tolerance");
        if (strcmp(wsheet_get(s, r, "kind"), "similar_texts") != 0)
            continue;
        *c = (struct texts_check){wsheet_get(s, r, "name"), wsheet_get(s, r, "level"),
                                  wsheet_get(s, r, "left"),
                                  *tolerance ? strtod(tolerance, NULL) : LIKENESS_OF_COPIES};
        return true;
    }
    return false;
}

/* ---- a county ---------------------------------------------------------------------------------
 */

static void put_texts(const struct texts_check *c, struct store *clean, struct store *tally)
{
    struct buf sql = {0};
    char *table = store_quote(c->level), *column = store_quote(c->question);
    buf_printf(&sql, "SELECT \"_key\", %s FROM %s WHERE %s <> '' ORDER BY \"_id\"", column, table,
               column);
    struct query *from = store_query(clean, sql.text);
    struct query *to = store_query(tally, "INSERT INTO text VALUES (?, ?, ?)");
    while (query_next(from)) {
        struct bigrams pairs = bigrams_of(col_text(from, 1));
        if (pairs.count >= BIGRAMS_LEAST) {
            query_text_at(to, 1, c->name);
            query_text_at(to, 2, col_text(from, 0));
            query_blob_at(to, 3, pairs.pairs, (size_t)pairs.count * sizeof *pairs.pairs);
            query_run(to);
        }
        bigrams_free(&pairs);
    }
    query_end(from);
    query_end(to);
    buf_free(&sql);
    free(table);
    free(column);
}

void alike_put(const struct topic *t, struct store *clean, struct store *tally)
{
    struct texts_check c;
    for (int row = 0; next_check(t, &row, &c);)
        put_texts(&c, clean, tally);
}

/* ---- all counties -----------------------------------------------------------------------------
 */

struct text {
    int shard;
    long id; /* in the shard's table */
    const char *county, *key;
    uint32_t least[HASHES]; /* the signature */
    int leader;             /* of its group, by way of others: the text itself where it has none */
    double likeness;
};

struct texts {
    struct text *items;
    int count, room;
    struct query **pairs; /* by shard: those of one text */
    struct arena arena;
    const struct texts_check *check;
};

/* The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit of x counts for every bit. */
static uint64_t mixed(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

/* The n-th time that a pair occurs is an element of its own, as in the likeness. */
static void sign_text(const uint64_t *pairs, size_t count, uint32_t least[HASHES])
{
    uint64_t odd[HASHES];
    memset(least, 0xFF, HASHES * sizeof *least);
    for (int h = 0; h < HASHES; h++)
        odd[h] = 2 * mixed((uint64_t)h) + 1;
    for (size_t i = 0, nth = 0; i < count; i++) {
        nth = i > 0 && pairs[i] == pairs[i - 1] ? nth + 1 : 0;
        uint64_t element = mixed(pairs[i] ^ (uint64_t)nth << 21);
        for (int h = 0; h < HASHES; h++) {
            uint32_t value = (uint32_t)((element * odd[h]) >> 32);
            if (value < least[h])
                least[h] = value;
        }
    }
}

static void read_shard(struct texts *all, const struct tallies *t, int shard)
{
    struct query *q = store_query(
        t->stores[shard], "SELECT rowid, key, pairs FROM text WHERE name = ? ORDER BY rowid");
    query_text_at(q, 1, all->check->name);
    while (query_next(q)) {
        size_t bytes;
        const uint64_t *pairs = col_blob(q, 2, &bytes);
        GROW(all->items, all->count, all->room);
        struct text *x = &all->items[all->count++];
        *x = (struct text){.shard = shard,
                           .id = col_long(q, 0),
                           .county = t->counties[shard],
                           .key = arena_strdup(&all->arena, col_text(q, 1))};
        sign_text(pairs, bytes / sizeof *pairs, x->least);
    }
    query_end(q);
}

static int by_place(const void *left, const void *right)
{
    const struct text *a = left, *b = right;
    int order = strcmp(a->county, b->county);
    order = order ? order : strcmp(a->key, b->key);
    return order ? order : (a->id > b->id) - (a->id < b->id);
}

static struct bigrams pairs_of(const struct texts *all, int text)
{
    const struct text *x = &all->items[text];
    struct query *q = all->pairs[x->shard];
    struct bigrams b = {0};
    size_t bytes;
    query_long_at(q, 1, x->id);
    if (query_next(q)) {
        const void *blob = col_blob(q, 0, &bytes);
        b.pairs = must_alloc(bytes + 1);
        memcpy(b.pairs, blob, bytes);
        b.count = (int)(bytes / sizeof *b.pairs);
    }
    query_reset(q);
    return b;
}

/* ---- groups ---------------------------------------------------------------------------------- */

static int leader_of(struct texts *all, int text)
{
    while (all->items[text].leader != text)
        text = all->items[text].leader = all->items[all->items[text].leader].leader;
    return text;
}

/* Whether the signatures leave it possible that two texts are alike: the share of equal hashes
 * estimates the Jaccard coefficient J = D/(2 - D), here as low as five standard errors below. */
static bool may_be_alike(const struct texts *all, int left, int right)
{
    double d = all->check->least, jaccard = d / (2 - d);
    double least = jaccard - 5 * sqrt(jaccard * (1 - jaccard) / HASHES);
    int equal = 0;
    for (int h = 0; h < HASHES; h++)
        equal += all->items[left].least[h] == all->items[right].least[h];
    return equal >= least * HASHES;
}

static void compare(struct texts *all, int left, int right)
{
    int a = leader_of(all, left), b = leader_of(all, right);
    if (a == b || !may_be_alike(all, left, right))
        return;
    struct bigrams x = pairs_of(all, left), y = pairs_of(all, right);
    double d = bigrams_likeness(&x, &y);
    bigrams_free(&x);
    bigrams_free(&y);
    if (d < all->check->least)
        return;
    struct text *one = &all->items[left], *other = &all->items[right];
    one->likeness = d > one->likeness ? d : one->likeness;
    other->likeness = d > other->likeness ? d : other->likeness;
    all->items[a > b ? a : b].leader = a > b ? b : a;
}

struct hashed {
    uint64_t hash;
    int text;
};

static int by_hash(const void *left, const void *right)
{
    const struct hashed *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->text > b->text) - (a->text < b->text);
}

static void compare_band(struct texts *all, int band, struct hashed *room)
{
    for (int i = 0; i < all->count; i++) {
        room[i] = (struct hashed){0, i};
        for (int r = 0; r < ROWS; r++)
            room[i].hash = mixed(room[i].hash ^ all->items[i].least[band * ROWS + r]);
    }
    qsort(room, (size_t)all->count, sizeof *room, by_hash);
    for (int i = 0; i < all->count; i++)
        for (int k = i + 1; k < all->count && k <= i + NEIGHBOURS; k++) {
            if (room[k].hash != room[i].hash)
                break;
            compare(all, room[i].text, room[k].text);
        }
}

/* ---- what is found --------------------------------------------------------------------------- */

/* Of each group, at its leader's place; all 0 elsewhere. */
struct group {
    int number, texts, counties;
    const char *last; /* county */
};

static struct group *make_groups(struct texts *all)
{
    struct group *g = must_alloc((size_t)(all->count + 1) * sizeof *g);
    for (int i = 0; i < all->count; i++) {
        struct group *own = &g[leader_of(all, i)];
        const char *county = all->items[i].county;
        own->texts++;
        own->counties += !own->last || strcmp(own->last, county) != 0;
        own->last = county;
    }
    for (int i = 0, number = 0; i < all->count; i++)
        g[i].number = g[i].texts > 1 ? ++number : 0;
    return g;
}

static void put_alike(struct texts *all, const struct group *groups, struct store *results)
{
    struct query *q = store_query(results, "INSERT INTO alike VALUES (?, ?, ?, ?, ?, ?, ?)");
    for (int i = 0; i < all->count; i++) {
        const struct group *g = &groups[leader_of(all, i)];
        if (g->texts < 2)
            continue;
        query_text_at(q, 1, all->check->name);
        query_long_at(q, 2, g->number);
        query_long_at(q, 3, g->texts);
        query_long_at(q, 4, g->counties);
        query_text_at(q, 5, all->items[i].county);
        query_text_at(q, 6, all->items[i].key);
        query_double_at(q, 7, all->items[i].likeness);
        query_run(q);
    }
    query_end(q);
}

static void put_count(struct query *q, const char *county, const char *what, const char *check,
                      long n)
{
    struct buf name = {0};
    buf_printf(&name, "%s:%s", what, check);
    query_text_at(q, 1, county);
    query_text_at(q, 2, name.text);
    query_long_at(q, 3, n);
    query_run(q);
    buf_free(&name);
}

static void put_counts(struct texts *all, const struct group *groups, struct store *results)
{
    struct query *q = store_query(results, "INSERT INTO county_count VALUES (?, ?, ?)");
    long compared = 0, alike = 0, elsewhere = 0;
    for (int i = 0; i < all->count; i++) {
        const struct group *g = &groups[leader_of(all, i)];
        const char *county = all->items[i].county;
        compared++;
        alike += g->texts > 1;
        elsewhere += g->counties > 1;
        if (i + 1 < all->count && strcmp(all->items[i + 1].county, county) == 0)
            continue;
        put_count(q, county, "compared", all->check->name, compared);
        put_count(q, county, "alike", all->check->name, alike);
        put_count(q, county, "alike-elsewhere", all->check->name, elsewhere);
        compared = alike = elsewhere = 0;
    }
    query_end(q);
}

static void find_groups(struct texts *all)
{
    struct hashed *room = must_alloc((size_t)(all->count + 1) * sizeof *room);
    for (int i = 0; i < all->count; i++)
        all->items[i].leader = i;
    for (int band = 0; band < BANDS; band++)
        compare_band(all, band, room);
    free(room);
}

static void find_for(const struct texts_check *c, const struct tallies *t, struct store *results)
{
    struct texts all = {.check = c};
    all.pairs = must_alloc((size_t)(t->count + 1) * sizeof(struct query *));
    for (int s = 0; s < t->count; s++) {
        all.pairs[s] = store_query(t->stores[s], "SELECT pairs FROM text WHERE rowid = ?");
        read_shard(&all, t, s);
    }
    if (all.count)
        qsort(all.items, (size_t)all.count, sizeof *all.items, by_place);
    find_groups(&all);
    struct group *groups = make_groups(&all);
    put_alike(&all, groups, results);
    put_counts(&all, groups, results);
    for (int s = 0; s < t->count; s++)
        query_end(all.pairs[s]);
    free(all.pairs);
    free(all.items);
    free(groups);
    arena_free(&all.arena);
}

void alike_find(const struct topic *t, const struct tallies *tallies, struct store *results)
{
    struct texts_check c;
    for (int row = 0; next_check(t, &row, &c);)
        find_for(&c, tallies, results);
}
