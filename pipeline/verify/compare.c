/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A draft against a topic's results.
 *
 * Which estimate a number speaks of is told by words: the pairs of characters of an indicator's
 * label (or of its short label) that stand near the number.  Near is what stands between the
 * number before and this one, or, where 的 follows the number, up to the next one; a pair found in
 * the rest of the sentence counts a half.  The score of a label is the part of its pairs found.
 * The unit must be the indicator's.
 *
 *   agrees      one of the labels that score within SPREAD of the best, and ENOUGH, has this value
 *   wrong       the best label scores SURE, no other comes within MARGIN of it, it accounts for
 *               half of the words of the clause, and it has another value; doubtful when the draft
 * itself makes the number right (a share of counts)
 *
 * The value is that of the county or other domain value named nearest before the number in the
 * sentence, or of all.  Other places and other years than the topic's can agree but not be wrong.
 * A number for an estimate that is withheld is doubtful.  Ranges are left alone.
 */
#include "verify/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAIR = 7, PAIRS_MOST = 40, LABEL_LEAST = 2, NEAR_MOST = 150, CANDIDATES_MOST = 12 };
static const double ENOUGH = 0.55, SPREAD = 0.3, SURE = 0.9, MARGIN = 0.25, ACCOUNTED = 0.5;

/* The pairs of characters of a label. */
struct label {
    const struct indicator *ind;
    char pairs[PAIRS_MOST][PAIR + 1];
    int count;
};

struct candidate {
    const struct indicator *ind;
    double score;
};

struct comparison {
    struct check *c;
    struct results *r;
    struct label *labels;
    int label_count;
};

/* ---- labels -------------------------------------------------------------------------------- */

/* Words that say how it is counted, not what. */
static bool is_empty_word(const char *text, size_t i, size_t *n)
{
    static const char *const words[] = {"的", "占", "比例", "比重", "（",
                                        "）", "、", "和",   "与",   NULL};
    const char *word = any_at(text, i, words);
    *n = word ? strlen(word) : 0;
    return word != NULL;
}

static void read_label(struct label *l, const struct indicator *ind, const char *text)
{
    *l = (struct label){.ind = ind};
    for (size_t i = 0; text[i] && l->count < PAIRS_MOST;) {
        size_t n, next = step_on(text, i), end = step_on(text, next);
        if (word_at(text, i, "（"))
            break; /* an explanation */
        if (is_empty_word(text, i, &n)) {
            i += n;
            continue;
        }
        if (text[next] && !is_empty_word(text, next, &n) && end - i < PAIR) {
            memcpy(l->pairs[l->count], text + i, end - i);
            l->pairs[l->count++][end - i] = '\0';
        }
        i = next;
    }
}

static void read_labels(struct comparison *m)
{
    const struct topic *t = m->r->topic;
    m->labels = must_alloc((size_t)(2 * t->indicator_count + 1) * sizeof *m->labels);
    for (int i = 0; i < t->indicator_count; i++) {
        const struct indicator *ind = &t->indicators[i];
        if (!results_find(m->r, ind->name, "all", "all"))
            continue;
        read_label(&m->labels[m->label_count++], ind, ind->label);
        if (strcmp(ind->label, ind->short_label) != 0)
            read_label(&m->labels[m->label_count++], ind, ind->short_label);
    }
}

/* ---- which indicator ----------------------------------------------------------------------- */

struct surroundings {
    struct extent near, far; /* far: from the start of the sentence to near */
};

static struct surroundings around(const struct check *c, int i)
{
    const struct quantity *q = &c->qs.items[i];
    struct surroundings s;
    size_t from = q->sentence, to = q->noun.to;
    if (i > 0 && c->qs.items[i - 1].to > from)
        from = c->qs.items[i - 1].to;
    if (q->from - from > NEAR_MOST)
        from = q->clause > q->from - NEAR_MOST ? q->clause : q->from - NEAR_MOST;
    if (word_at(c->s, q->to, "的")) {
        to = clause_end(c->s, q->to);
        from = from > q->clause ? from : q->clause;
    }
    s.near = (struct extent){from, to};
    s.far = (struct extent){q->sentence, from};
    return s;
}

static double score(const struct check *c, const struct label *l, struct surroundings s)
{
    double found_pairs = 0;
    for (int k = 0; k < l->count; k++) {
        if (find_in(c->s, s.near, l->pairs[k]) != NOWHERE)
            found_pairs += 1;
        else if (find_in(c->s, s.far, l->pairs[k]) != NOWHERE)
            found_pairs += 0.5;
    }
    return l->count >= LABEL_LEAST ? found_pairs / l->count : 0;
}

/* How much of the words of the number's own clause the label accounts for: a label that is a part
 * of what the clause says (公益性岗位 in 受雇、自主经营或在公益性岗位就业的) speaks of something
 * else. */
static double accounted(const struct check *c, const struct indicator *ind, int i)
{
    struct surroundings s = around(c, i);
    const struct quantity *q = &c->qs.items[i];
    struct extent e = {s.near.from > q->clause ? s.near.from : q->clause, s.near.to};
    int all = 0, known = 0;
    for (size_t k = e.from; k < e.to; k = step_on(c->s, k)) {
        size_t n, next = step_on(c->s, k), end = step_on(c->s, next);
        if (k == q->from) {
            next = k = q->to;
            end = step_on(c->s, next);
        }
        if (end > e.to || !is_han(sign_at(c->s, k)) || !is_han(sign_at(c->s, next)) ||
            is_empty_word(c->s, k, &n) || is_empty_word(c->s, next, &n))
            continue;
        char pair[PAIR + 1] = {0};
        memcpy(pair, c->s + k, end - k < PAIR ? end - k : PAIR);
        all++;
        known += strstr(ind->label, pair) || strstr(ind->short_label, pair) ||
                 strstr(ind->group_label, pair);
    }
    return all ? (double)known / all : 1;
}

/* A unit text with its scale: 万元 is 10000 of 元. */
static double unit_factor(const char *unit, const char **base)
{
    bool ten_thousand = starts_with(unit, "万") && strcmp(unit, "万") != 0;
    *base = ten_thousand ? unit + strlen("万") : unit;
    return ten_thousand ? 1e4 : 1;
}

static bool fits_unit(const struct quantity *q, const struct indicator *ind)
{
    const char *base;
    unit_factor(ind->unit, &base);
    if (!q->measure)
        return q->dim == DIM_PERCENT && unit_is_percent(ind);
    if (strcmp(base, "%") == 0)
        return q->dim == DIM_PERCENT;
    const struct measure *m = measure_at(base, 0, true);
    if (!m || m->dim != q->dim)
        return false;
    return m->dim == DIM_PERSON || m->dim == DIM_MONEY || !strcmp(m->text, q->measure->text);
}

/* The best labels of quantity i, best first; indicators once. */
static int candidates(const struct comparison *m, int i, struct candidate *out)
{
    int n = 0;
    struct surroundings s = around(m->c, i);
    for (int k = 0; k < m->label_count; k++) {
        const struct label *l = &m->labels[k];
        double points = fits_unit(&m->c->qs.items[i], l->ind) ? score(m->c, l, s) : 0;
        if (points < ENOUGH)
            continue;
        int at = 0;
        while (at < n && out[at].ind != l->ind)
            at++;
        if (at < n && out[at].score >= points)
            continue;
        if (at == n && n == CANDIDATES_MOST)
            at = n - 1;
        else if (at == n)
            n++;
        while (at > 0 && out[at - 1].score < points) {
            out[at] = out[at - 1];
            at--;
        }
        out[at] = (struct candidate){l->ind, points};
    }
    return n;
}

/* ---- of whom ------------------------------------------------------------------------------- */

struct whom {
    const char *level, *domain, *label;
    bool foreign; /* another place or year than the topic's */
};

/* The last occurrence before `to` of a domain value's label that is no part of `label`. */
static struct whom named(const struct comparison *m, size_t from, size_t to, const char *label)
{
    const struct topic *t = m->r->topic;
    struct whom w = {"all", "all", "", false};
    size_t best = 0;
    for (int d = 0; d < t->domain_count; d++)
        for (int v = 0; v < t->domains[d].value_count; v++) {
            const struct setting *value = &t->domains[d].values[v];
            if (strlen(value->value) < 6 || strstr(label, value->value))
                continue;
            size_t at = find_last_in(m->c->s, (struct extent){from, to}, value->value);
            if (at != NOWHERE && at + 1 > best) {
                best = at + 1;
                w = (struct whom){t->domains[d].name, value->name, value->value, false};
            }
        }
    return w;
}

static bool names_others(const struct comparison *m, const struct quantity *q)
{
    static const char *const words[] = {"全国", "全省", "我省", "河南省", "全市", "去年",
                                        "上年", "同期", "目标", "计划",   NULL};
    size_t at;
    return any_in(m->c->s, (struct extent){q->sentence, q->from}, words, &at) != NULL;
}

static struct whom of_whom(const struct comparison *m, const struct quantity *q, const char *label)
{
    size_t end = word_at(m->c->s, q->to, "的") ? clause_end(m->c->s, q->to) : q->from;
    struct whom w = named(m, q->sentence, end, label);
    w.foreign = names_others(m, q);
    return w;
}

/* ---- verdicts ------------------------------------------------------------------------------ */

static const struct stat_row *row_for(const struct comparison *m, const struct indicator *ind,
                                      const struct whom *w)
{
    return results_find(m->r, ind->name, w->level, w->domain);
}

static bool has_value(const struct quantity *q, const struct indicator *ind,
                      const struct stat_row *e, double printed)
{
    const char *base;
    double factor = unit_factor(ind->unit, &base);
    double half = 0.5 * pow(10, -ind->decimals) * factor;
    double own = q->decimals ? q->half : 0.5 * q->unit;
    if (q->kind == KIND_FUZZY)
        return overlap((struct interval){q->low, q->high},
                       (struct interval){printed * factor - half, printed * factor + half});
    double raw = e->value * ind->scale * factor;
    return fabs(raw - q->value) <= own * (1 + 1e-9) ||
           fabs(printed * factor - q->value) <= 1e-9 * (1 + fabs(q->value));
}

/* AGREES, WRONG, or DOUBT for a withheld estimate; UNCHECKED when there is none. */
static enum verdict against(const struct comparison *m, int i, const struct indicator *ind,
                            const struct whom *w)
{
    const struct stat_row *e = row_for(m, ind, w);
    if (!e)
        return UNCHECKED;
    double printed = stat_printed(m->r, ind, e);
    if (!isfinite(printed))
        return DOUBT;
    return has_value(&m->c->qs.items[i], ind, e, printed) ? AGREES : WRONG;
}

static const char *title_of(struct check *c, const struct indicator *ind, const struct whom *w)
{
    return arena_printf(&c->arena, "“%s%s%s%s%s”（%s）", w->label, *w->label ? "：" : "",
                        ind->group_label, *ind->group ? "：" : "", ind->label, ind->name);
}

static void tell(struct comparison *m, int i, const struct indicator *ind, const struct whom *w,
                 enum verdict v)
{
    struct check *c = m->c;
    const struct quantity *q = &c->qs.items[i];
    struct buf value = {0};
    stat_put(&value, m->r, ind, row_for(m, ind, w), PRINT_VALUE, PRINT_UNIT);
    const char *title = title_of(c, ind, w);
    size_t from = q->clause < q->from ? q->clause : around(c, i).near.from;
    while (from < q->from && ends_clause(c->s, from))
        from++;
    bool right_itself = v == WRONG && c->covered[i];
    if (v == DOUBT)
        found(c, DOUBT, from, q->to, "%s样本太少或含有可识别的数，结果中不公布，请不要引用", title);
    else if (right_itself)
        found(c, DOUBT, from, q->to, "与结果%s%s%s不同，请核对口径", title, buf_text(&value),
              unit_is_percent(ind) ? "" : ind->unit);
    else
        found(c, v, from, q->to, "结果%s%s%s%s", title, v == WRONG ? "是" : "", buf_text(&value),
              unit_is_percent(ind) ? "" : ind->unit);
    cover(c, i);
    buf_free(&value);
}

/* Whether another candidate than the first is as likely to be meant. */
static bool has_rival(const struct candidate *all, int n)
{
    return n > 1 && all[0].score - all[1].score < MARGIN;
}

static void compare_number(struct comparison *m, int i)
{
    const struct quantity *q = &m->c->qs.items[i];
    struct candidate all[CANDIDATES_MOST];
    int n = candidates(m, i, all);
    for (int k = 0; k < n && all[k].score >= all[0].score - SPREAD; k++) {
        struct whom w = of_whom(m, q, all[k].ind->label), whole = {"all", "all", "", false};
        if (against(m, i, all[k].ind, &w) == AGREES)
            return tell(m, i, all[k].ind, &w, AGREES);
        if (strcmp(w.level, "all") != 0 && against(m, i, all[k].ind, &whole) == AGREES)
            return tell(m, i, all[k].ind, &whole, AGREES);
    }
    if (n == 0 || all[0].score < SURE || has_rival(all, n) ||
        accounted(m->c, all[0].ind, i) < ACCOUNTED)
        return;
    struct whom w = of_whom(m, q, all[0].ind->label);
    enum verdict v = against(m, i, all[0].ind, &w);
    if (v != UNCHECKED && !(v == WRONG && w.foreign))
        tell(m, i, all[0].ind, &w, v);
}

static bool is_range(const char *s, const struct quantity *q)
{
    static const char *const joins[] = {"-", "~", "至", "到", NULL};
    size_t at;
    return any_in(s, (struct extent){q->from, q->to}, joins, &at) != NULL;
}

void rule_results(struct check *c, struct results *r)
{
    struct comparison m = {.c = c, .r = r};
    read_labels(&m);
    for (int i = 0; i < c->qs.count; i++) {
        const struct quantity *q = &c->qs.items[i];
        if (is_number(q) && q->dim != DIM_NONE && !is_range(c->s, q))
            compare_number(&m, i);
    }
    free(m.labels);
}
