/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/indices.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- cells of the sheet -------------------------------------------------------------------------
 */

static int find_word(const char *word, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    return -1;
}

static int read_kind(const struct wsheet *s, int r, struct index *x)
{
    static const char *const words[] = {"score", "topsis", "coupling", "ipa", "theil", NULL};
    x->kind_name = wsheet_get(s, r, "kind");
    int kind = find_word(x->kind_name, words);
    if (kind < 0)
        return error_at(wsheet_place(s, r, "kind"), "只能写 score、topsis、coupling、ipa、theil");
    x->kind = (enum index_kind)kind;
    return 0;
}

static int read_domain(const struct topic *t, const struct wsheet *s, int r, struct index *x)
{
    const char *by = wsheet_get(s, r, "by");
    if (x->kind == INDEX_IPA)
        return *by ? error_at(wsheet_place(s, r, "by"), "ipa 不分组，请空着") : 0;
    x->by = topic_domain(t, by);
    return x->by ? 0 : error_at(wsheet_place(s, r, "by"), "domains 表中没有这个分组");
}

static int check_indicator(const struct index *x, const struct indicator *ind, struct place at)
{
    bool directed = *ind->better != '\0';
    bool is_theil = ind->statistic == STAT_THEIL_T || ind->statistic == STAT_THEIL_L;
    if (x->kind == INDEX_THEIL)
        return is_theil ? 0 : error_at(at, "%s 的统计量要是 theil_t 或 theil_l", ind->name);
    if (x->kind == INDEX_IPA || directed)
        return 0;
    return error_at(at, "指标 %s 没有写方向（indicators 表的 better：high 或 low）", ind->name);
}

static int add_indicator(const struct topic *t, struct index *x, const char *name, struct place at)
{
    const struct indicator *ind = topic_indicator(t, name);
    if (!ind)
        return error_at(at, "indicators 表中没有指标 %s", name);
    for (int i = 0; i < x->count; i++) /* of ipa only the importance may come again */
        if (x->indicators[i] == ind && (x->kind != INDEX_IPA || (x->count % 2 && i % 2)))
            return error_at(at, "指标 %s 写了两次", name);
    x->indicators[x->count] = ind;
    x->system[x->count] = x->system_count;
    x->negative[x->count++] = strcmp(ind->better, "low") == 0;
    return check_indicator(x, ind, at);
}

static int read_members(struct indices *all, const struct topic *t, const struct wsheet *s, int r,
                        struct index *x)
{
    struct place at = wsheet_place(s, r, "indicators");
    char *text = arena_strdup(&all->arena, wsheet_get(s, r, "indicators"));
    size_t most = strlen(text) / 2 + 1;
    x->indicators = arena_alloc(&all->arena, most * sizeof *x->indicators);
    x->system = arena_alloc(&all->arena, most * sizeof *x->system);
    x->negative = arena_alloc(&all->arena, most * sizeof *x->negative);
    int rc = 0;
    for (char *save, *part = strtok_r(text, ";", &save); part; part = strtok_r(NULL, ";", &save)) {
        int before = x->count;
        for (char *inner, *name = strtok_r(part, " ", &inner); name;
             name = strtok_r(NULL, " ", &inner))
            rc |= add_indicator(t, x, name, at);
        if (rc == 0 && x->kind == INDEX_IPA && x->count - before != 2)
            rc = error_at(at, "ipa 每项写一对指标：重要性 表现，项之间用 ; 隔开");
        x->system_count += x->count > before;
    }
    if (rc == 0 && x->count == 0)
        rc = error_at(at, "没有写指标");
    if (rc == 0 && x->kind == INDEX_COUPLING && x->system_count < 2)
        rc = error_at(at, "耦合协调至少要两个系统，系统之间用 ; 隔开");
    if (rc == 0 && x->kind == INDEX_THEIL && x->count != 1)
        rc = error_at(at, "theil 只写一个指标");
    return rc;
}

/* "3", "0.5" or "1/3"; NaN for another text. */
static double read_fraction(const char *text)
{
    char *end;
    double a = strtod(text, &end), b = 1;
    if (end == text)
        return NAN;
    if (*end == '/')
        b = strtod(text = end + 1, &end);
    return *end || end == text || b == 0 ? NAN : a / b;
}

/* Numbers between blanks and `;`; returns how many there are, -1 when one is none. */
static int read_numbers(struct arena *a, const char *text, double **out)
{
    char *copy = arena_strdup(a, text);
    int n = 0;
    *out = arena_alloc(a, (strlen(text) / 2 + 1) * sizeof **out);
    for (char *save, *p = strtok_r(copy, " ;", &save); p; p = strtok_r(NULL, " ;", &save)) {
        (*out)[n] = read_fraction(p);
        if (!isfinite((*out)[n++]))
            return -1;
    }
    return n;
}

static int read_matrix(struct indices *all, const struct wsheet *s, int r, struct index *x)
{
    struct place at = wsheet_place(s, r, "matrix");
    double *matrix;
    int n = read_numbers(&all->arena, wsheet_get(s, r, "matrix"), &matrix);
    if (n != x->count * x->count)
        return error_at(at, "判断矩阵要有%d行%d列的数，行之间用 ; 隔开", x->count, x->count);
    x->given = arena_alloc(&all->arena, (size_t)x->count * sizeof *x->given);
    if (ahp_weights(matrix, x->count, x->given, &x->consistency) < 0)
        return error_at(at, "判断矩阵要是正的、互反的（a和1/a成对），不超过%d阶", AHP_MOST);
    x->ahp = true;
    if (x->consistency.cr >= 0.1)
        return error_at(at, "判断矩阵的一致性比率 CR=%.4f，不小于0.1，判断前后矛盾，请修改",
                        x->consistency.cr);
    return 0;
}

static int read_weights(struct indices *all, const struct wsheet *s, int r, struct index *x)
{
    const char *text = wsheet_get(s, r, "weights");
    struct place at = wsheet_place(s, r, "weights");
    x->method = strcmp(text, "equal") == 0 ? WEIGHTS_EQUAL : WEIGHTS_ENTROPY;
    if (!*text || strcmp(text, "equal") == 0 || strcmp(text, "entropy") == 0)
        return 0;
    x->method = WEIGHTS_GIVEN;
    if (strcmp(text, "ahp") == 0)
        return read_matrix(all, s, r, x);
    if (read_numbers(&all->arena, text, &x->given) != x->count)
        return error_at(at, "写 entropy、equal、ahp，或每个指标一个权数，用空格隔开");
    for (int i = 0; i < x->count; i++)
        if (!(x->given[i] > 0))
            return error_at(at, "权数要大于0");
    return 0;
}

static int read_base(struct indices *all, const struct wsheet *s, int r, struct index *x)
{
    char *text = arena_strdup(&all->arena, wsheet_get(s, r, "base"));
    struct place at = wsheet_place(s, r, "base");
    int n = 0;
    x->base = arena_alloc(&all->arena, 2 * (size_t)x->count * sizeof *x->base);
    for (int i = 0; i < 2 * x->count; i++)
        x->base[i] = NAN;
    for (char *save, *p = strtok_r(text, " ;", &save); p; p = strtok_r(NULL, " ;", &save), n++) {
        char *colon = strchr(p, ':');
        if (n >= x->count || (!colon && strcmp(p, "-") != 0))
            return error_at(at, "每个指标写 下限:上限，或 -（用样本的最小最大值）");
        if (!colon)
            continue;
        *colon = '\0';
        x->base[2 * n] = read_fraction(p);
        x->base[2 * n + 1] = read_fraction(colon + 1);
        if (!(x->base[2 * n] < x->base[2 * n + 1]))
            return error_at(at, "下限要小于上限");
    }
    return n && n != x->count ? error_at(at, "有%d个指标，这里写了%d个", x->count, n) : 0;
}

static int read_index(struct indices *all, const struct topic *t, const struct wsheet *s, int r)
{
    struct index *x = &all->items[all->count++];
    *x = (struct index){.name = wsheet_get(s, r, "name")};
    for (int i = 0; i < all->count - 1; i++)
        if (strcmp(all->items[i].name, x->name) == 0)
            return error_at(wsheet_place(s, r, "name"), "名称重复");
    if (read_kind(s, r, x) < 0 || read_domain(t, s, r, x) < 0 ||
        read_members(all, t, s, r, x) < 0 || read_base(all, s, r, x) < 0)
        return -1;
    return read_weights(all, s, r, x);
}

struct indices *indices_read(const struct topic *t)
{
    static const char *const heads[] = {"name",    "label",  "kind", "by",   "indicators",
                                        "weights", "matrix", "base", "note", NULL};
    struct indices *all = must_alloc(sizeof *all);
    const struct wsheet *s = workbook_sheet(t->book, "indices");
    int rc = 0;
    if (s) {
        wsheet_check_heads(s, heads);
        all->items = arena_alloc(&all->arena, (size_t)s->row_count * sizeof *all->items);
    }
    for (int r = 0; s && r < s->row_count; r++)
        rc |= read_index(all, t, s, r);
    if (rc == 0)
        return all;
    indices_free(all);
    return NULL;
}

void indices_free(struct indices *all)
{
    if (!all)
        return;
    arena_free(&all->arena);
    free(all);
}

/* ---- scores -----------------------------------------------------------------------------------
 */

/* Weights over the indicators for which skip is false; those of coupling sum to 1 in each
 * system. */
static void make_weights(const struct index *x, const double *scaled, int n, const bool *skip,
                         double *entropy, double *weights)
{
    int m = x->count;
    bool *outside = must_alloc((size_t)m * sizeof *outside);
    double *part = must_alloc((size_t)m * sizeof *part), *e = must_alloc((size_t)m * sizeof *e);
    bool systems = x->kind == INDEX_COUPLING;
    for (int s = 0; s < (systems ? x->system_count : 1); s++) {
        for (int j = 0; j < m; j++) {
            outside[j] = skip[j] || (systems && x->system[j] != s);
            part[j] = x->method == WEIGHTS_GIVEN ? x->given[j] : 1;
        }
        if (x->method == WEIGHTS_ENTROPY)
            entropy_weights(scaled, n, m, outside, e, part);
        else
            normalize_weights(part, m, outside);
        for (int j = 0; j < m; j++)
            if (!outside[j]) {
                weights[j] = part[j];
                entropy[j] = x->method == WEIGHTS_ENTROPY ? e[j] : NAN;
            }
    }
    free(outside);
    free(part);
    free(e);
}

static void couple(const struct index *x, const double *scaled, int n, const bool *skip,
                   const double *weights, double *scores, const struct index_details *details)
{
    int k = x->system_count;
    double *u = must_alloc((size_t)k * sizeof *u), *alpha = must_alloc((size_t)k * sizeof *alpha);
    for (int i = 0; i < n; i++) {
        memset(u, 0, (size_t)k * sizeof *u);
        memset(alpha, 0, (size_t)k * sizeof *alpha);
        for (int j = 0; j < x->count; j++)
            if (!skip[j]) {
                u[x->system[j]] += weights[j] * scaled[i * x->count + j];
                alpha[x->system[j]] = 1.0 / k;
            }
        struct coupling c = coupling_of(u, alpha, k);
        scores[i] = c.d;
        if (details) {
            details->coupling[i] = c;
            memcpy(details->systems + (size_t)i * (size_t)k, u, (size_t)k * sizeof *u);
        }
    }
    free(u);
    free(alpha);
}

/* Whether every system keeps an indicator. */
static bool is_complete(const struct index *x, const bool *skip)
{
    for (int s = 0; s < x->system_count; s++) {
        bool has = false;
        for (int j = 0; j < x->count; j++)
            has |= x->system[j] == s && !skip[j];
        if (!has)
            return false;
    }
    return true;
}

static void put_details(const struct index *x, const struct index_details *details,
                        const double *weights, const double *entropy, const bool *constant)
{
    memcpy(details->weights, weights, (size_t)x->count * sizeof *weights);
    memcpy(details->entropy, entropy, (size_t)x->count * sizeof *entropy);
    memcpy(details->constant, constant, (size_t)x->count * sizeof *constant);
}

int index_scores(const struct index *x, const double *values, int n, int drop, double *scores,
                 const struct index_details *details)
{
    size_t m = (size_t)x->count;
    double *scaled = must_alloc((size_t)n * m * sizeof *scaled);
    double *weights = must_alloc(m * sizeof *weights), *entropy = must_alloc(m * sizeof *entropy);
    double *other = must_alloc((size_t)n * sizeof *other);
    bool *skip = must_alloc(m * sizeof *skip);
    int rc = 0;
    minmax(values, n, x->count, x->negative, x->base, scaled, skip);
    for (size_t j = 0; j < m; j++)
        entropy[j] = NAN;
    if (details)
        put_details(x, details, weights, entropy, skip);
    if (drop >= 0)
        skip[drop] = true;
    if (!is_complete(x, skip)) {
        rc = -1;
    } else {
        make_weights(x, scaled, n, skip, entropy, weights);
        if (details) {
            memcpy(details->weights, weights, m * sizeof *weights);
            memcpy(details->entropy, entropy, m * sizeof *entropy);
        }
        if (x->kind == INDEX_COUPLING) {
            couple(x, scaled, n, skip, weights, scores, details);
        } else {
            int close = topsis(values, n, x->count, x->negative, skip, weights, other);
            weighted_scores(scaled, n, x->count, weights, scores);
            for (int i = 0; i < n; i++) {
                double first = x->kind == INDEX_TOPSIS ? other[i] : scores[i];
                if (details)
                    details->other[i] = x->kind == INDEX_TOPSIS ? scores[i]
                                        : close < 0             ? NAN
                                                                : other[i];
                scores[i] = first;
            }
            rc = x->kind == INDEX_TOPSIS ? close : 0;
        }
    }
    free(scaled);
    free(weights);
    free(entropy);
    free(other);
    free(skip);
    return rc;
}
