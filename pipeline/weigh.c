/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * weigh: the design weights of the counties whose clean shards are given, from the sampling
 * frame and the number of accepted second-stage units in each selected PSU.
 */
#include "base/map.h"
#include "base/message.h"
#include "base/options.h"
#include "base/text.h"
#include "estimate/design.h"
#include "estimate/weights.h"
#include "store/store.h"
#include "survey/frame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *out_path, *topic_path;

static const struct option_row OPTIONS[] = {
    {'t', "文件", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'o', "文件", &out_path, NULL, "输出的 weights.db", true},
    {0},
};
static const struct program ME = {"weigh", "按抽样框和入库户数计算权数",
                                  "-t topic.csv -o weights.db clean.db...", OPTIONS};

/* The counties given and their accepted units by PSU. */
struct given {
    struct topic *topic;
    struct frame *frame;
    const struct level **levels; /* of second-stage units */
    int level_count;
    struct map counties; /* code -> number of accepted units */
    struct map accepted; /* PSU -> number of accepted units */
    struct map told;     /* "domain PSU" -> index in texts, of domains whose source is a level */
    const char **texts;
    int text_room;
    bool simulated;
};

/* The forms whose records are second-stage units.  A PSU has units of one kind: several forms
 * need a frame that says which PSUs are whose. */
static int find_levels(struct given *g)
{
    struct topic *t = g->topic;
    g->levels = arena_alloc(&t->arena, ((size_t)t->level_count + 1) * sizeof(struct level *));
    for (int i = 0; i < g->topic->level_count; i++) {
        const struct level *l = &g->topic->levels[i];
        if (!l->sampled || l->stage != 2 || l->repeat >= 0)
            continue;
        if (g->level_count && !*topic_design(t, "levels"))
            return error("%s：instruments 表中 %s 和 %s 都是第二阶段抽样的问卷。请在 design 表写 "
                         "levels（抽样框中写明各单位用于哪个层次的栏）",
                         t->path, g->levels[0]->name, l->name);
        g->levels[g->level_count++] = l;
    }
    return 0;
}

/* The level whose records come from the PSU; NULL: none, its own record is all.  Two are a
 * mistake of the frame: *several is set. */
static const struct level *level_of(const struct given *g, const struct unit *u, bool *several)
{
    const struct level *found = NULL;
    for (int i = 0; i < g->level_count; i++)
        if (frame_serves(u, g->levels[i])) {
            *several = *several || found;
            found = g->levels[i];
        }
    return found;
}

static int count_accepted(struct given *g, const struct level *l, struct store *clean,
                          const char *county)
{
    struct buf sql = {0};
    char *table = store_quote(l->name);
    buf_printf(&sql, "SELECT \"_psu\", COUNT(*) FROM %s GROUP BY \"_psu\"", table);
    struct query *q = store_query(clean, sql.text);
    int rc = 0;
    long all = 0;
    while (query_next(q)) {
        const char *code = col_text(q, 0);
        const struct unit *u = frame_unit(g->frame, code);
        if (!u || !u->selected)
            rc = error("%s：%s记录的样本单位代码“%s”不是抽样框中的样本单位", store_path(clean),
                       l->label, code);
        map_put(&g->accepted, code, col_long(q, 1) + map_get(&g->accepted, code, 0));
        all += col_long(q, 1);
    }
    map_put(&g->counties, county, all + map_get(&g->counties, county, 0));
    query_end(q);
    buf_free(&sql);
    free(table);
    return rc;
}

static const char *told_key(struct buf *key, const struct domain *d, const char *psu)
{
    buf_clear(key);
    buf_printf(key, "%s %s", d->name, psu);
    return key->text;
}

/* What the records of the PSUs themselves say, for a domain whose source is their level. */
static void read_told(struct given *g, const struct domain *d, struct store *clean)
{
    struct buf sql = {0}, key = {0};
    char *table = store_quote(d->source), *column = store_quote(d->column);
    buf_printf(&sql, "SELECT \"_psu\", %s FROM %s WHERE %s <> '' ORDER BY \"_id\"", column, table,
               column);
    struct query *q = store_query(clean, sql.text);
    while (query_next(q)) {
        if (!map_add(&g->told, told_key(&key, d, col_text(q, 0)), g->told.count))
            continue;
        GROW(g->texts, g->told.count - 1, g->text_room);
        g->texts[g->told.count - 1] = arena_strdup(&g->topic->arena, col_text(q, 1));
    }
    query_end(q);
    buf_free(&sql);
    buf_free(&key);
    free(table);
    free(column);
}

/* The value of a domain in a PSU; NULL: none. */
static const char *psu_value(const struct given *g, const struct domain *d, const struct unit *u)
{
    struct buf key = {0};
    if (!d->of)
        return frame_value(g->frame, u, d->column);
    long at = map_get(&g->told, told_key(&key, d, u->code), -1);
    buf_free(&key);
    return at < 0 ? NULL : g->texts[at];
}

static int read_shard(struct given *g, const char *path)
{
    struct store *clean = store_open(path, &SCHEMA_CLEAN);
    char county[32], flag[8];
    store_meta(clean, "county", county, sizeof county);
    g->simulated |= strcmp(store_meta(clean, "simulated", flag, sizeof flag), "1") == 0;
    map_add(&g->counties, county, 0);
    int rc = 0;
    for (int i = 0; i < g->level_count; i++)
        rc |= count_accepted(g, g->levels[i], clean, county);
    for (int d = 0; d < g->topic->domain_count; d++)
        if (g->topic->domains[d].of)
            read_told(g, &g->topic->domains[d], clean);
    store_close(clean);
    return rc;
}

/* A stratum of the frame: its PSUs, those selected, and second-stage units. */
struct stratum {
    int psus, selected;
    double size;
};

static struct stratum stratum_of(const struct frame *f, const struct unit *u)
{
    struct stratum s = {0};
    for (int i = 0; i < f->count; i++)
        if (strcmp(f->units[i].stratum, u->stratum) == 0) {
            s.psus++;
            s.selected += f->units[i].selected;
            s.size += f->units[i].size;
        }
    return s;
}

/* First-stage probability: the frame's column, or under first_stage = pps n size / sum size of
 * the stratum to all digits, which the frame's column, if there is one, has rounded.  Negative
 * after a message. */
static double first_probability(const struct given *g, const struct unit *u,
                                const struct stratum *s)
{
    const double rounded = 1e-6; /* of a column with at least 7 decimals */
    const char *method = topic_design(g->topic, "first_stage");
    bool pps = strcmp(method, "pps") == 0;
    if (!pps && *method && strcmp(method, "column") != 0)
        return error("%s：design 表的 first_stage 是“%s”，只能写 column（用抽样框的概率栏）或 "
                     "pps（按规模计算）",
                     g->topic->path, method);
    double p = pps ? s->selected * u->size / s->size : u->p1;
    if (!(p > 0 && p <= 1))
        return error("抽样框中样本单位 %s（%s）的入样概率是%g，应大于0、不大于1", u->full_name,
                     u->code, p);
    if (pps && *topic_design(g->topic, "p1") && fabs(p - u->p1) > rounded)
        return error("抽样框中样本单位 %s（%s）的入样概率是%.10g，按规模计算应为%.10g，请核对",
                     u->full_name, u->code, u->p1, p);
    return p;
}

/* How variances are corrected for the PSUs drawn; -1 after a message.  The correction is that of
 * the first stage only, as svydesign(ids = ~psu, fpc = ~N): what the second stage adds is then too
 * small by that share, so it suits PSUs taken whole. */
enum correction { CORRECT_NONE, CORRECT_COUNT, CORRECT_BREWER };
static int wants_correction(const struct topic *t)
{
    static const char *const words[] = {"with_replacement", "without_replacement", "brewer"};
    const char *variance = topic_design(t, "variance");
    for (int i = CORRECT_NONE; i <= CORRECT_BREWER; i++)
        if (strcmp(variance, *variance ? words[i] : "") == 0)
            return i;
    return error("%s：design 表的 variance 是“%s”，只能写 with_replacement（有放回）、"
                 "without_replacement（按个数作有限总体校正）或 brewer（按入样概率作有限总体校正）",
                 t->path, variance);
}

/* What stands for the PSUs of the stratum: their number, or under brewer that which makes 1 - n/N
 * one less the unit's probability, as svydesign(fpc = ~p, pps = "brewer"). */
static double population_of(int correct, const struct stratum *s, double p1)
{
    if (correct == CORRECT_NONE)
        return NAN;
    return correct == CORRECT_BREWER ? s->selected / p1 : s->psus;
}

static void put_attributes(const struct given *g, struct store *out, const struct unit *u)
{
    struct query *q = store_query(out, "INSERT INTO attribute(psu, name, value) VALUES (?, ?, ?)");
    for (int d = 0; d < g->topic->domain_count; d++) {
        const struct domain *domain = &g->topic->domains[d];
        const char *value = domain_of_psu(domain) ? psu_value(g, domain, u) : NULL;
        if (!value)
            continue;
        query_text_at(q, 1, u->code);
        query_text_at(q, 2, domain->name);
        query_text_at(q, 3, value);
        query_run(q);
    }
    query_end(q);
}

static void put_psu(struct query *q, const struct unit *u, double p1, long accepted, double weight,
                    double stratum_psus)
{
    query_text_at(q, 1, u->code);
    query_text_at(q, 2, *u->full_name ? u->full_name : u->name);
    query_text_at(q, 3, u->county);
    query_text_at(q, 4, u->stratum);
    query_double_at(q, 5, u->size);
    query_double_at(q, 6, p1);
    query_long_at(q, 7, u->take);
    query_long_at(q, 8, accepted);
    query_double_at(q, 9, weight);
    query_double_at(q, 10, stratum_psus);
    query_run(q);
}

static void warn_empty(const struct given *g, const struct unit *u)
{
    bool several = false;
    const struct level *l = level_of(g, u, &several);
    if (l && map_get(&g->counties, u->county, 0) > 0)
        warning("%s%s（%s）没有入库的%s，该%s不进入估计，总量会偏低。请催报", u->county_name,
                u->full_name, u->code, l->label, l->unit);
}

static int check_kind(const struct given *g, const struct unit *u)
{
    bool several = false;
    level_of(g, u, &several);
    return several ? error("抽样框中 %s（%s）用于几个第二阶段抽样的层次，只能用于一个",
                           u->full_name, u->code)
                   : 0;
}

static int put_units(const struct given *g, struct store *out)
{
    int correct = wants_correction(g->topic);
    int nonresponse = nonresponse_by_name(topic_design(g->topic, "nonresponse"));
    if (nonresponse < 0)
        return error("%s：design 表的 nonresponse 只能写 psu（按样本单位调整）或 none（不调整）",
                     g->topic->path);
    struct query *q = store_query(out, "INSERT INTO psu(code, name, county, stratum, size, p1,"
                                       " n_sample, n_accepted, weight, stratum_psus)"
                                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (int i = 0; correct >= 0 && i < g->frame->count; i++) {
        const struct unit *u = &g->frame->units[i];
        if (!u->selected || !map_has(&g->counties, u->county))
            continue;
        long accepted = map_get(&g->accepted, u->code, 0);
        struct stratum s = stratum_of(g->frame, u);
        double p1 = first_probability(g, u, &s);
        if (p1 < 0 || check_kind(g, u) < 0)
            correct = -1;
        double w = unit_weight(p1, u->size, u->take, accepted, (enum nonresponse)nonresponse);
        put_psu(q, u, p1, accepted, w, population_of(correct, &s, p1));
        put_attributes(g, out, u);
        if (accepted == 0)
            warn_empty(g, u);
    }
    query_end(q);
    return correct < 0 ? -1 : 0;
}

/* The value of a column that all units of a county share; NULL when they differ. */
static const char *county_value(const struct frame *f, const char *county, const char *column)
{
    const char *value = NULL;
    for (int i = 0; i < f->count; i++) {
        if (strcmp(f->units[i].county, county) != 0)
            continue;
        const char *one = frame_value(f, &f->units[i], column);
        if (value && strcmp(value, one) != 0)
            return NULL;
        value = one;
    }
    return value;
}

static void put_counties(const struct given *g, struct store *out)
{
    struct query *q = store_query(out, "INSERT INTO attribute(psu, name, value) VALUES (?, ?, ?)");
    for (int c = 0; c < g->counties.count; c++)
        for (int d = 0; d < g->topic->domain_count; d++) {
            const struct domain *domain = &g->topic->domains[d];
            const char *county = g->counties.entries[c].key;
            const char *value = strcmp(domain->source, "frame") == 0
                                    ? county_value(g->frame, county, domain->column)
                                    : NULL;
            if (!value)
                continue;
            query_text_at(q, 1, county);
            query_text_at(q, 2, domain->name);
            query_text_at(q, 3, value);
            query_run(q);
        }
    query_end(q);
}

/* A frame with a file SIMULATED beside it is not a real one. */
static bool frame_is_simulated(struct topic *t)
{
    const char *frame = topic_design(t, "frame");
    const char *slash = strrchr(frame, '/');
    const char *mark =
        arena_printf(&t->arena, "%.*sSIMULATED", slash ? (int)(slash + 1 - frame) : 0, frame);
    return *frame && access(topic_file(t, mark), F_OK) == 0;
}

static int write_weights(const struct given *g)
{
    struct store *out = store_create(out_path, &SCHEMA_WEIGHTS);
    store_set_meta(out, "program", ME.name);
    store_set_meta(out, "plan", g->topic->plan);
    store_set_meta(out, "topic", g->topic->number);
    store_set_meta(out, "simulated", g->simulated ? "1" : "0");
    store_set_meta(out, "frame_simulated", frame_is_simulated(g->topic) ? "1" : "0");
    if (g->counties.count == 1)
        store_set_meta(out, "county", g->counties.entries[0].key);
    if (put_units(g, out) < 0)
        return -1;
    put_counties(g, out);
    store_commit(out);
    return 0;
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, -1);
    struct given g = {.topic = topic_read(topic_path)};
    struct design *design = g.topic ? design_read(g.topic) : NULL;
    if (!design || find_levels(&g) < 0 || !(g.frame = frame_read(g.topic))) {
        design_free(design);
        topic_free(g.topic);
        return DATA_FAILED;
    }
    int rc = 0;
    for (int i = first; i < argc; i++)
        rc |= read_shard(&g, argv[i]);
    if (rc < 0 || write_weights(&g) < 0)
        die(DATA_FAILED, "没有算出权数");
    map_free(&g.counties);
    map_free(&g.accepted);
    map_free(&g.told);
    free(g.texts);
    frame_free(g.frame);
    design_free(design);
    topic_free(g.topic);
    return DONE;
}
