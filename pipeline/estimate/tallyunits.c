/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/tallyunits.h"

#include "base/text.h"
#include "estimate/adjust.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading -----------------------------------------------------------------------------------
 */

static const char *first_stage(struct arena *a, const char *code)
{
    return arena_strndup(a, code, strcspn(code, UNIT_JOINT));
}

static const char *make_key(struct arena *a, struct query *q)
{
    struct buf key = {0};
    for (int c = 2; c < 9; c++)
        buf_printf(&key, "%s\x1e", col_text(q, c));
    const char *text = arena_strdup(a, key.text);
    buf_free(&key);
    return text;
}

static int add_unit(struct tally_units *u, struct query *q, struct map *known)
{
    struct buf where = {0};
    const char *key = make_key(&u->arena, q);
    buf_printf(&where, "%ld%s", col_long(q, 1), key);
    long at = map_get(known, where.text, -1);
    if (at < 0) {
        GROW(u->items, u->count, u->room);
        at = u->count++;
        map_put(known, where.text, at);
        u->items[at] = (struct tally_unit){
            .key = key,
            .respondent = col_long(q, 1),
            .code = arena_strdup(&u->arena, col_text(q, 2)),
            .strata = arena_strdup(&u->arena, col_text(q, 3)),
            .fpc = arena_strdup(&u->arena, col_text(q, 4)),
            .classes = arena_strdup(&u->arena, col_text(q, 5)),
            .numbers = arena_strdup(&u->arena, col_text(q, 6)),
            .replicates = arena_strdup(&u->arena, col_text(q, 7)),
            .psu = first_stage(&u->arena, col_text(q, 2)),
            .factor = 1,
        };
    }
    struct tally_unit *item = &u->items[at];
    item->n += col_long(q, 9);
    sum_add(&item->w, col_double(q, 10));
    sum_add(&item->w, col_double(q, 11));
    buf_free(&where);
    return (int)at;
}

static void read_store(struct tally_units *u, int store, struct store *s, struct map *known)
{
    int room = 0;
    struct query *q =
        store_query(s, "SELECT id, respondent, code, strata, fpc, classes, numbers, replicates,"
                       " weight, n, w, w_lost FROM unit WHERE level = ? ORDER BY id");
    query_text_at(q, 1, u->level->name);
    while (query_next(q)) {
        long id = col_long(q, 0);
        while (u->index_count[store] <= id) {
            GROW(u->index[store], u->index_count[store], room);
            u->index[store][u->index_count[store]++] = -1;
        }
        u->index[store][id] = add_unit(u, q, known);
    }
    query_end(q);
}

/* As svydesign numbers them when its data are sorted: strata as texts, units within as numbers. */
static int compare_units(const void *left, const void *right, void *context)
{
    const struct tally_unit *items = context;
    const struct tally_unit *a = &items[*(const int *)left], *b = &items[*(const int *)right];
    if (a->respondent != b->respondent)
        return a->respondent ? -1 : 1;
    int order = strcmp(a->strata, b->strata);
    if (order == 0)
        order = strverscmp(a->code, b->code);
    return order ? order : strcmp(a->key, b->key);
}

static void sort_units(struct tally_units *u)
{
    size_t n = (size_t)u->count;
    int *order = must_alloc(n * sizeof *order), *place = must_alloc(n * sizeof *place);
    struct tally_unit *sorted = must_alloc(n * sizeof *sorted);
    for (int i = 0; i < u->count; i++)
        order[i] = i;
    if (n)
        qsort_r(order, n, sizeof *order, compare_units, u->items);
    for (int i = 0; i < u->count; i++) {
        sorted[i] = u->items[order[i]];
        place[order[i]] = i;
        u->respondents += sorted[i].respondent;
    }
    for (int s = 0; s < u->store_count; s++)
        for (int i = 0; i < u->index_count[s]; i++)
            if (u->index[s][i] >= 0)
                u->index[s][i] = place[u->index[s][i]];
    free(u->items);
    u->items = sorted;
    free(order);
    free(place);
}

static void index_ids(struct tally_units *u)
{
    u->ids = must_alloc((size_t)u->store_count * sizeof *u->ids);
    for (int s = 0; s < u->store_count; s++) {
        u->ids[s] = must_alloc((size_t)u->count * sizeof **u->ids);
        for (int i = 0; i < u->count; i++)
            u->ids[s][i] = -1;
        for (int id = 0; id < u->index_count[s]; id++)
            if (u->index[s][id] >= 0)
                u->ids[s][u->index[s][id]] = id;
    }
}

struct tally_units *tally_units_read(struct store **stores, int store_count,
                                     const struct level *level)
{
    struct tally_units *u = must_alloc(sizeof *u);
    struct map known = {0};
    u->level = level;
    u->store_count = store_count;
    u->index = must_alloc((size_t)store_count * sizeof *u->index);
    u->index_count = must_alloc((size_t)store_count * sizeof *u->index_count);
    for (int s = 0; s < store_count; s++)
        read_store(u, s, stores[s], &known);
    map_free(&known);
    sort_units(u);
    index_ids(u);
    return u;
}

void tally_units_free(struct tally_units *u)
{
    if (!u)
        return;
    for (int s = 0; s < u->store_count; s++) {
        free(u->index[s]);
        free(u->ids[s]);
    }
    free(u->ids);
    free(u->index);
    free(u->index_count);
    free(u->items);
    free(u->strata);
    arena_free(&u->arena);
    free(u);
}

int tally_units_index(const struct tally_units *u, int store, long id)
{
    int i = id >= 0 && id < u->index_count[store] ? u->index[store][id] : -1;
    return i < u->respondents ? i : -1;
}

int tally_units_id(const struct tally_units *u, int store, int i)
{
    return u->ids[store][i];
}

/* ---- stages ------------------------------------------------------------------------------------
 */

/* Piece k of a joined text; "" when there is none. */
static const char *piece_of(struct buf *out, const char *text, int k)
{
    for (; k > 0 && *text; k--) {
        text += strcspn(text, UNIT_JOINT);
        text += *text != '\0';
    }
    buf_clear(out);
    buf_put(out, text, strcspn(text, UNIT_JOINT));
    return buf_text(out);
}

/* One stage being numbered. */
struct numbering {
    struct map clusters, strata;
    int *cluster, *stratum, *parent; /* by unit; by cluster; by stratum */
    double *population;              /* by cluster, as given */
    const int *above;                /* clusters of the stage before, by unit; NULL: none */
};

static struct numbering numbering_new(int units, const int *above)
{
    size_t n = (size_t)units;
    return (struct numbering){.cluster = must_alloc(n * sizeof(int)),
                              .stratum = must_alloc(n * sizeof(int)),
                              .parent = must_alloc(n * sizeof(int)),
                              .population = must_alloc(n * sizeof(double)),
                              .above = above};
}

static void numbering_free(struct numbering *n)
{
    map_free(&n->clusters);
    map_free(&n->strata);
    free(n->cluster);
    free(n->stratum);
    free(n->parent);
    free(n->population);
}

/* A number of table unit: "Inf" is none. */
static double population_of(const char *text)
{
    return *text ? strtod(text, NULL) : INFINITY;
}

static const char *readable(struct arena *a, const char *text)
{
    char *copy = arena_strdup(a, text);
    for (char *p = copy; *p; p++)
        if (*p == *UNIT_JOINT)
            *p = '/';
    return copy;
}

/* Cluster and stratum of unit i at stage k of the plain route.  Strata of later stages lie within
 * a cluster of the one before; a design with fewer strata than stages has one there. */
static int number_unit(struct tally_units *u, const struct design *d, struct numbering *n, int k,
                       int i)
{
    const struct tally_unit *item = &u->items[i];
    struct buf cluster = {0}, stratum = {0}, piece = {0};
    if (d->strata.count)
        piece_of(&stratum, item->strata, k < d->strata.count ? k : d->strata.count - 1);
    if (n->above)
        buf_printf(&stratum, "\x1e%d", n->above[i]);
    if (d->nest || n->above)
        buf_printf(&cluster, "%s\x1e", buf_text(&stratum));
    if (d->replicate_weights.count)
        buf_printf(&cluster, "%d", i);
    else
        buf_puts(&cluster, piece_of(&piece, item->code, k));
    map_add(&n->strata, buf_text(&stratum), n->strata.count);
    int h = (int)map_get(&n->strata, buf_text(&stratum), 0), rc = 0;
    double population = population_of(piece_of(&piece, item->fpc, k));
    if (map_add(&n->clusters, buf_text(&cluster), n->clusters.count)) {
        int c = n->clusters.count - 1;
        n->stratum[c] = h;
        n->parent[h] = n->above ? n->above[i] : 0;
        n->population[c] = population;
    }
    int c = n->cluster[i] = (int)map_get(&n->clusters, buf_text(&cluster), 0);
    if (n->stratum[c] != h)
        rc = error("%s：样本单位 %s 在两个层中都有。各层单位的代码若是分别编的，请在 design 表写 "
                   "nest 为 yes",
                   u->level->label, readable(&u->arena, item->code));
    else if (n->population[c] != population)
        rc = error("%s：样本单位 %s 的总体单位数（fpc）有两个不同的值", u->level->label,
                   readable(&u->arena, item->code));
    buf_free(&cluster);
    buf_free(&stratum);
    buf_free(&piece);
    return rc;
}

/* " 名称 " of a stratum of the first stage; "" where strata have no names. */
static const char *stratum_name(struct tally_units *u, const struct numbering *n, int h, int stage)
{
    const char *key = n->strata.entries[h].key;
    return stage == 1 && *key ? arena_printf(&u->arena, " %s ", readable(&u->arena, key)) : "";
}

/* Strata have one population at each stage, as in R; with pps each unit has its own. */
static int check_populations(struct tally_units *u, const struct numbering *n, int stage)
{
    double *of = must_alloc((size_t)n->strata.count * sizeof *of);
    int rc = 0;
    for (int c = 0; c < n->clusters.count && rc == 0; c++) {
        double p = n->population[c], *first = &of[n->stratum[c]];
        if (*first == 0)
            *first = p;
        if (*first != p)
            rc = error("%s：第%d阶段同一层%s的 fpc 有 %g 和 %g 两个值，应当相同。不等概率、无放回的"
                       "抽样在 design 表写 pps 为 brewer",
                       u->level->label, stage, stratum_name(u, n, n->stratum[c], stage), *first, p);
    }
    free(of);
    return rc;
}

/* Populations given as shares become numbers; svydesign takes all below 1 as shares. */
static int settle_populations(struct tally_units *u, const struct design *d,
                              struct numbering *stages, int count)
{
    bool sizes = false, shares = false;
    for (int k = 0; k < count; k++)
        for (int c = 0; c < stages[k].clusters.count; c++) {
            double p = stages[k].population[c];
            sizes |= isfinite(p) && p > 1;
            shares |= p < 1;
            if (!(p > 0))
                return error("%s：fpc 有不大于0的值", u->level->label);
        }
    if (sizes && shares)
        return error("%s：fpc 要么全部是总体单位数，要么全部是不大于1的抽样比", u->level->label);
    for (int k = 0; k < count && !d->brewer; k++)
        if (check_populations(u, &stages[k], k + 1) < 0)
            return -1;
    if (sizes && d->brewer)
        return error("%s：pps 为 brewer 时，fpc 要写入样概率", u->level->label);
    int rc = 0;
    for (int k = 0; k < count; k++) {
        struct numbering *n = &stages[k];
        int *drawn = must_alloc((size_t)n->strata.count * sizeof *drawn);
        for (int c = 0; c < n->clusters.count; c++)
            drawn[n->stratum[c]]++;
        for (int c = 0; c < n->clusters.count && rc == 0; c++) {
            double in = drawn[n->stratum[c]];
            if (!sizes && isfinite(n->population[c]))
                n->population[c] = in / n->population[c];
            if (n->population[c] < in * (1 - 1e-12))
                rc = error("%s：第%d阶段的 fpc 是%g，样本中却有%g个单位", u->level->label, k + 1,
                           n->population[c], in);
        }
        free(drawn);
        if (rc < 0)
            break;
    }
    return rc;
}

static void note_strata(struct tally_units *u, const struct map *strata)
{
    free(u->strata);
    u->strata = must_alloc((size_t)strata->count * sizeof *u->strata);
    for (int h = 0; h < strata->count; h++)
        u->strata[h] = readable(&u->arena, strata->entries[h].key);
}

static struct sample *plain_sample(struct tally_units *u, const struct design *d)
{
    int stages = design_stages(d), rc = 0;
    struct numbering n[STAGES_MOST] = {0};
    for (int k = 0; k < stages && rc == 0; k++) {
        n[k] = numbering_new(u->respondents, k ? n[k - 1].cluster : NULL);
        for (int i = 0; i < u->respondents && rc == 0; i++)
            rc = number_unit(u, d, &n[k], k, i);
    }
    if (rc == 0)
        rc = settle_populations(u, d, n, stages);
    struct sample *s = rc == 0 ? sample_begin(u->respondents, d->lonely) : NULL;
    for (int k = 0; s && k < stages; k++)
        sample_add_stage(s, n[k].cluster, n[k].clusters.count, n[k].stratum, n[k].strata.count,
                         n[k].above ? n[k].parent : NULL, n[k].population);
    if (s)
        note_strata(u, &n[0].strata);
    for (int k = 0; k < stages; k++)
        numbering_free(&n[k]);
    return s;
}

/* PSUs, strata and populations of the frame. */
static struct sample *frame_sample(struct tally_units *u, const struct design *d,
                                   const struct weights *frame)
{
    struct numbering n = numbering_new(u->respondents, NULL);
    struct sample *s = NULL;
    int rc = 0;
    for (int i = 0; i < u->respondents && rc == 0; i++) {
        const struct psu *p = weights_psu(frame, u->items[i].psu);
        if (!p) {
            rc = error("汇总中的样本单位 %s 没有权数。请重新运行 make", u->items[i].psu);
            break;
        }
        map_add(&n.strata, p->stratum, n.strata.count);
        if (map_add(&n.clusters, p->code, n.clusters.count)) {
            int c = n.clusters.count - 1;
            n.stratum[c] = (int)map_get(&n.strata, p->stratum, 0);
            n.population[c] = isnan(p->stratum_psus) ? INFINITY : p->stratum_psus;
        }
        n.cluster[i] = (int)map_get(&n.clusters, p->code, 0);
    }
    if (rc == 0) {
        s = sample_begin(u->respondents, d->lonely);
        sample_add_stage(s, n.cluster, n.clusters.count, n.stratum, n.strata.count, NULL,
                         n.population);
        note_strata(u, &n.strata);
    }
    numbering_free(&n);
    return s;
}

/* Whether a stratum of one PSU was taken whole, so that it adds no variance. */
static bool taken_whole(const struct stage *t, int stratum)
{
    for (int c = 0; c < t->cluster_count; c++)
        if (t->stratum[c] == stratum)
            return t->population[c] <= t->drawn[stratum];
    return false;
}

static void warn_lonely(struct tally_units *u, const struct sample *s)
{
    const struct stage *t = &s->stages[0];
    for (int h = 0; h < t->stratum_count; h++)
        if (t->drawn[h] == 1 && s->lonely == LONELY_FAIL && !s->replicates && !taken_whole(t, h))
            warning("%s：%s%s只有一个样本单位有记录，含%s的抽样误差不能估计（见 design 表的 "
                    "lonely_psu）",
                    u->level->label, *u->strata[h] ? "层 " : "全部样本",
                    *u->strata[h] ? arena_printf(&u->arena, "%s ", u->strata[h]) : "",
                    *u->strata[h] ? "该层" : "它");
}

struct sample *tally_units_sample(struct tally_units *u, struct design *d,
                                  const struct weights *frame)
{
    struct design_columns columns;
    if (design_columns(d, u->level, &columns) < 0)
        return NULL;
    expr_free(columns.respondent);
    struct sample *s = d->plain ? plain_sample(u, d) : frame_sample(u, d, frame);
    if (s && adjust_weights(u, d, &columns, s) < 0) {
        sample_free(s);
        s = NULL;
    }
    if (s)
        warn_lonely(u, s);
    return s;
}
