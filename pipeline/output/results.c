/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/results.h"

#include "output/decimal.h"
#include "store/store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *key_of(struct buf *key, const char *a, const char *b, const char *c)
{
    buf_clear(key);
    buf_printf(key, "%s\t%s\t%s", a, b, c);
    return key->text;
}

static long long_or(struct query *q, int column, long otherwise)
{
    return col_is_null(q, column) ? otherwise : col_long(q, column);
}

static void read_estimates(struct results *r, struct store *s)
{
    struct buf key = {0};
    int room = 0;
    struct query *q = store_query(
        s, "SELECT indicator, level, domain, n, n_psu, n_strata, df, estimate, se, ci_low, "
           "ci_high, deff, logit_low, logit_high, class, mark, n_hidden FROM estimate "
           "ORDER BY indicator, level, domain");
    while (query_next(q)) {
        GROW(r->estimates, r->estimate_count, room);
        struct stat_row *e = &r->estimates[r->estimate_count];
        const char *mark = col_text(q, 15);
        *e = (struct stat_row){.indicator = arena_strdup(&r->arena, col_text(q, 0)),
                               .level = arena_strdup(&r->arena, col_text(q, 1)),
                               .domain = arena_strdup(&r->arena, col_text(q, 2)),
                               .n = col_long(q, 3),
                               .n_psu = long_or(q, 4, -1),
                               .n_strata = long_or(q, 5, -1),
                               .df = long_or(q, 6, -1),
                               .value = col_double(q, 7),
                               .se = col_double(q, 8),
                               .low = col_double(q, 9),
                               .high = col_double(q, 10),
                               .deff = col_double(q, 11),
                               .logit_low = col_double(q, 12),
                               .logit_high = col_double(q, 13),
                               .evidence = arena_strdup(&r->arena, col_text(q, 14)),
                               .mark = *mark ? *mark : ' ',
                               .n_hidden = col_long(q, 16) != 0};
        map_put(&r->by_key, key_of(&key, e->indicator, e->level, e->domain), r->estimate_count++);
    }
    query_end(q);
    buf_free(&key);
}

static void read_contrasts(struct results *r, struct store *s)
{
    struct buf key = {0};
    int room = 0;
    struct query *q =
        store_query(s, "SELECT indicator, level, domain_a, domain_b, difference, p FROM contrast");
    while (query_next(q)) {
        GROW(r->contrasts, r->contrast_count, room);
        r->contrasts[r->contrast_count] =
            (struct contrast_row){.difference = col_double(q, 4), .p = col_double(q, 5)};
        buf_clear(&key);
        buf_printf(&key, "%s\t%s\t%s\t%s", col_text(q, 0), col_text(q, 1), col_text(q, 2),
                   col_text(q, 3));
        map_put(&r->by_pair, key.text, r->contrast_count++);
    }
    query_end(q);
    buf_free(&key);
}

/* `sql` selects names, values, marks and kinds. */
static void read_analyses(struct results *r, struct store *s, const char *sheet, const char *sql,
                          int *room)
{
    struct buf key = {0};
    struct query *q = store_query(s, sql);
    while (query_next(q)) {
        char mark = *col_text(q, 2);
        bool shown = !mark || mark == 'b';
        GROW(r->analyses, r->analysis_count, *room);
        r->analyses[r->analysis_count] = (struct analysis_row){
            shown ? col_double(q, 1) : NAN, strcmp(col_text(q, 3), "chisq") == 0};
        buf_clear(&key);
        buf_printf(&key, "%s\t%s", sheet, col_text(q, 0));
        map_put(&r->by_analysis, key.text, r->analysis_count++);
    }
    query_end(q);
    buf_free(&key);
}

/* Counties in the topic's order, others after them. */
static void order_counties(struct results *r)
{
    const struct domain *d = topic_domain(r->topic, "county");
    int done = 0;
    for (int v = 0; d && v < d->value_count; v++)
        for (int i = done; i < r->county_count; i++)
            if (strcmp(r->counties[i], d->values[v].name) == 0) {
                const char *one = r->counties[i];
                memmove(&r->counties[done + 1], &r->counties[done],
                        (size_t)(i - done) * sizeof *r->counties);
                r->counties[done++] = one;
                break;
            }
}

static void read_counts(struct results *r, struct store *s)
{
    struct buf key = {0};
    int room = 0;
    struct query *q =
        store_query(s, "SELECT county, what, n FROM county_count ORDER BY county, what");
    while (query_next(q)) {
        const char *county = col_text(q, 0);
        buf_clear(&key);
        buf_printf(&key, "%s\t%s", county, col_text(q, 1));
        map_put(&r->counts, key.text, col_long(q, 2));
        if (r->county_count && strcmp(r->counties[r->county_count - 1], county) == 0)
            continue;
        GROW(r->counties, r->county_count, room);
        r->counties[r->county_count++] = arena_strdup(&r->arena, county);
    }
    query_end(q);
    buf_free(&key);
    order_counties(r);
}

static void read_psus(struct results *r, struct store *s)
{
    int room = 0;
    struct query *q = store_query(s, "SELECT code, name, county, n_sample, n_accepted, weight "
                                     "FROM psu ORDER BY code");
    while (query_next(q)) {
        GROW(r->psus, r->psu_count, room);
        r->psus[r->psu_count++] = (struct sampled_psu){arena_strdup(&r->arena, col_text(q, 0)),
                                                       arena_strdup(&r->arena, col_text(q, 1)),
                                                       arena_strdup(&r->arena, col_text(q, 2)),
                                                       col_long(q, 3),
                                                       col_long(q, 4),
                                                       col_double(q, 5)};
    }
    query_end(q);
}

/* A score would give away the one withheld figure among those that it is made of. */
static void hide_scores(struct results *r)
{
    for (int i = 0; i < r->rankings.count; i++) {
        struct ranking *k = &r->rankings.items[i];
        for (int u = 0; u < k->count; u++)
            for (int n = 0; n < k->indicator_count; n++) {
                const struct stat_row *e =
                    results_find(r, k->indicators[n]->name, k->by->name, k->units[u].unit);
                if (e && !stat_shown(e))
                    k->units[u].score = NAN;
            }
    }
}

/* A results file of another topic would put its numbers under this one's titles. */
static int check_topic(struct store *s, const struct topic *t)
{
    char plan[200], number[200];
    store_meta(s, "plan", plan, sizeof plan);
    store_meta(s, "topic", number, sizeof number);
    if ((*plan && strcmp(plan, t->plan) != 0) || (*number && strcmp(number, t->number) != 0))
        return error("%s 是 %s 课题%s的结果，不是 %s 课题%s的。请检查 -t", store_path(s), plan,
                     number, t->plan, t->number);
    return 0;
}

struct results *results_read(const char *path, const struct topic *t)
{
    struct store *s = store_open(path, &SCHEMA_RESULTS);
    if (check_topic(s, t) < 0) {
        store_close(s);
        return NULL;
    }
    struct results *r = must_alloc(sizeof *r);
    char simulated[8], fingerprint[100];
    r->topic = t;
    r->path = arena_strdup(&r->arena, path);
    r->simulated = strcmp(store_meta(s, "simulated", simulated, sizeof simulated), "1") == 0;
    r->frame_simulated =
        strcmp(store_meta(s, "frame_simulated", simulated, sizeof simulated), "1") == 0;
    r->fingerprint =
        arena_strdup(&r->arena, store_meta(s, "fingerprint", fingerprint, sizeof fingerprint));
    r->rounding = strcmp(topic_rule(t, "rounding"), "四舍五入") == 0 ? DECIMAL_HALF_UP : 0;
    read_estimates(r, s);
    read_contrasts(r, s);
    int room = 0;
    read_analyses(r, s, "tests", "SELECT name, p, mark, kind FROM test", &room);
    read_analyses(r, s, "scales", "SELECT name, estimate, mark, kind FROM scale", &room);
    rankings_read(&r->rankings, &r->arena, t, s);
    hide_scores(r);
    read_counts(r, s);
    read_psus(r, s);
    store_close(s);
    return r;
}

void results_free(struct results *r)
{
    if (!r)
        return;
    map_free(&r->by_key);
    map_free(&r->by_pair);
    free(r->contrasts);
    map_free(&r->by_analysis);
    rankings_free(&r->rankings);
    free(r->analyses);
    map_free(&r->counts);
    free(r->estimates);
    free(r->counties);
    free(r->psus);
    arena_free(&r->arena);
    free(r);
}

/* ---- looking up ---------------------------------------------------------------------------- */

const struct stat_row *results_find(const struct results *r, const char *indicator,
                                    const char *level, const char *domain)
{
    struct buf key = {0};
    long i = map_get(&r->by_key, key_of(&key, indicator, level, domain), -1);
    buf_free(&key);
    return i < 0 ? NULL : &r->estimates[i];
}

const struct contrast_row *results_contrast(const struct results *r, const char *indicator,
                                            const char *level, const char *a, const char *b)
{
    struct buf key = {0};
    buf_printf(&key, "%s\t%s\t%s\t%s", indicator, level, a, b);
    long i = map_get(&r->by_pair, key.text, -1);
    if (i < 0) {
        buf_clear(&key);
        buf_printf(&key, "%s\t%s\t%s\t%s", indicator, level, b, a);
        i = map_get(&r->by_pair, key.text, -1);
    }
    buf_free(&key);
    return i < 0 ? NULL : &r->contrasts[i];
}

const struct analysis_row *results_analysis(const struct results *r, const char *sheet,
                                            const char *name)
{
    struct buf key = {0};
    buf_printf(&key, "%s\t%s", sheet, name);
    long i = map_get(&r->by_analysis, key.text, -1);
    buf_free(&key);
    return i < 0 ? NULL : &r->analyses[i];
}

long results_count(const struct results *r, const char *county, const char *what)
{
    struct buf key = {0};
    long sum = 0;
    for (int i = 0; i < r->county_count; i++) {
        if (county && strcmp(county, r->counties[i]) != 0)
            continue;
        buf_clear(&key);
        buf_printf(&key, "%s\t%s", r->counties[i], what);
        sum += map_get(&r->counts, key.text, 0);
    }
    buf_free(&key);
    return sum;
}

int results_counties_asked(const struct results *r)
{
    const struct domain *d = topic_domain(r->topic, "county");
    return d ? d->value_count : 0;
}

void results_scope(struct buf *out, const struct results *r)
{
    const struct domain *d = topic_domain(r->topic, "county");
    const char *kind = d ? d->label : "单位";
    if (d && r->county_count >= d->value_count)
        buf_printf(out, "%d个%s", r->county_count, kind);
    else
        buf_printf(out, "已报送的%d个%s", r->county_count, kind);
}

static bool has_rows(const struct results *r, const char *domain, const char *value,
                     const char *const *indicators, int n)
{
    for (int i = 0; i < n; i++)
        if (results_find(r, indicators[i], domain, value))
            return true;
    return false;
}

/* Values in the results that the topic's list lacks: rows of text questions. */
static int unlisted_values(struct results *r, const struct domain *d, const char *indicator,
                           struct setting *values, int n)
{
    for (int i = 0; i < r->estimate_count; i++) {
        const struct stat_row *e = &r->estimates[i];
        if (strcmp(e->indicator, indicator) != 0 || strcmp(e->level, d->name) != 0)
            continue;
        bool known = false;
        for (int v = 0; v < n && !known; v++)
            known = strcmp(values[v].name, e->domain) == 0;
        if (!known)
            values[n++] = (struct setting){e->domain, e->domain};
    }
    return n;
}

int results_domain_values(struct results *r, const char *domain, const char *const *indicators,
                          int indicator_count, struct setting **values)
{
    const struct domain *d = topic_domain(r->topic, domain);
    *values = NULL;
    if (!d)
        return 0;
    int n = 0;
    size_t room = (size_t)(d->value_count + r->estimate_count);
    struct setting *all = arena_alloc(&r->arena, room * sizeof *all);
    for (int i = 0; i < d->value_count; i++)
        if (has_rows(r, domain, d->values[i].name, indicators, indicator_count))
            all[n++] = d->values[i];
    for (int i = 0; i < indicator_count; i++)
        n = unlisted_values(r, d, indicators[i], all, n);
    *values = all;
    return n;
}

const char *domain_label(const struct topic *t, const char *domain, const char *value)
{
    const struct domain *d = topic_domain(t, domain);
    for (int i = 0; d && i < d->value_count; i++)
        if (strcmp(d->values[i].name, value) == 0)
            return d->values[i].value;
    return value;
}

/* ---- printing ------------------------------------------------------------------------------ */

bool unit_is_percent(const struct indicator *ind)
{
    return strcmp(ind->unit, "%") == 0;
}

bool stat_shown(const struct stat_row *e)
{
    return e && !strchr("xs-", e->mark) && isfinite(e->value);
}

bool stat_withheld(const struct stat_row *e)
{
    return e && e->mark && strchr("xs", e->mark);
}

bool stat_n_shown(const struct stat_row *e)
{
    return !e->n_hidden;
}

double stat_printed(const struct results *r, const struct indicator *ind, const struct stat_row *e)
{
    if (!stat_shown(e))
        return NAN;
    return decimal_rounded(e->value * ind->scale, ind->decimals, r->rounding);
}

bool stat_interval(const struct indicator *ind, const struct stat_row *e, double *low, double *high)
{
    if (!stat_shown(e) || !isfinite(e->low) || !isfinite(e->high) || e->se == 0)
        return false;
    bool logit = ind->statistic == STAT_SHARE && (e->low < 0 || e->high > 1) &&
                 isfinite(e->logit_low) && isfinite(e->logit_high);
    *low = (logit ? e->logit_low : e->low) * ind->scale;
    *high = (logit ? e->logit_high : e->high) * ind->scale;
    return true;
}

static void put_value(struct buf *out, const struct results *r, const struct indicator *ind,
                      double value, int flags)
{
    decimal_put(out, value, ind->decimals,
                r->rounding | (flags & PRINT_NO_GROUP ? 0 : DECIMAL_GROUP));
    if ((flags & PRINT_UNIT) && unit_is_percent(ind) && isfinite(value))
        buf_putc(out, '%');
}

static void put_estimate(struct buf *out, const struct results *r, const struct indicator *ind,
                         const struct stat_row *e, int flags)
{
    if (e->mark == 'b')
        buf_putc(out, '(');
    put_value(out, r, ind, e->value * ind->scale, flags);
    if (e->mark == 'b')
        buf_putc(out, ')');
}

static void put_interval(struct buf *out, const struct results *r, const struct indicator *ind,
                         const struct stat_row *e, int flags)
{
    double low, high;
    if (!stat_interval(ind, e, &low, &high)) {
        buf_puts(out, "—");
        return;
    }
    put_value(out, r, ind, low, flags);
    buf_puts(out, "～");
    put_value(out, r, ind, high, flags);
}

static void put_count(struct buf *out, long n, int flags)
{
    if (n < 0)
        buf_puts(out, "—");
    else
        decimal_put(out, (double)n, 0, flags & PRINT_NO_GROUP ? 0 : DECIMAL_GROUP);
}

/* Relative standard error in per cent; NaN without one. */
static double relative_error(const struct stat_row *e)
{
    return e->value != 0 && e->se > 0 ? 100 * e->se / fabs(e->value) : NAN;
}

void stat_put(struct buf *out, const struct results *r, const struct indicator *ind,
              const struct stat_row *e, enum print what, int flags)
{
    if (e && what == PRINT_N && stat_n_shown(e))
        put_count(out, e->n, flags);
    else if (stat_withheld(e))
        buf_puts(out, "※");
    else if (!stat_shown(e))
        buf_puts(out, "—");
    else if (what == PRINT_VALUE)
        put_estimate(out, r, ind, e, flags);
    else if (what == PRINT_SE)
        decimal_put(out, e->se > 0 ? e->se * ind->scale : NAN, ind->decimals + 1,
                    r->rounding | DECIMAL_GROUP);
    else if (what == PRINT_INTERVAL)
        put_interval(out, r, ind, e, flags);
    else if (what == PRINT_RSE)
        decimal_put(out, relative_error(e), 1, r->rounding);
    else if (what == PRINT_DEFF)
        decimal_put(out, e->deff, 2, r->rounding);
    else
        put_count(out, e->df, flags);
}
