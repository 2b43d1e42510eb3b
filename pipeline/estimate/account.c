/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/account.h"

#include "base/message.h"
#include "estimate/cells.h"
#include "estimate/inequality.h"
#include "estimate/memo.h"
#include "estimate/place.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EXPRESSION, DENOMINATOR, UNIVERSE, PARTS };

struct account {
    const struct topic *topic;
    const struct indicator *indicator;
    const struct level *level;
    const struct domain *domain;
    const char *value;
    const struct question *by; /* the domain's question; NULL for domains of the frame */
    struct expr *expr[PARTS];
    struct memo memo[PARTS]; /* where there is an expression */
    bool *used;              /* by question index */
    const struct question **questions;
    const struct level *top_level;
    struct design *design;
    bool *read;           /* by question index: used, or of the design */
    struct map factor_of; /* unit's key -> index in factors */
    double *factors;
    /* of the shard at hand */
    struct records *records;
    struct weights *weights;
    struct placing *placing;
    struct placed placed; /* of the top-level record */
    double factor;
    long nth;           /* of it in the shard */
    struct map members; /* clusters that belong to the value of a frame's domain */
    char county[32];
    const struct record *top; /* the record being walked through */
    const struct record **queue;
    int queue_count, queue_room, queue_next;
};

/* ---- the questions ------------------------------------------------------------------------- */

static void use_question(struct account *a, int index);

static void use_references(struct account *a, struct expr *e)
{
    int n = 0;
    const int *refs = e ? expr_references(e, &n) : NULL;
    for (int i = 0; i < n; i++)
        use_question(a, refs[i]);
}

static void use_question(struct account *a, int index)
{
    const struct question *q = &a->level->form->questions[index];
    if (a->used[index])
        return;
    a->used[index] = true;
    use_references(a, q->calculation);
}

static void list_questions(struct account *a)
{
    const struct form *f = a->level->form;
    int n = 0;
    a->questions = must_alloc((size_t)(f->question_count + 1) * sizeof *a->questions);
    for (int i = 0; i < f->question_count; i++)
        if (a->used[i] && question_has_data(&f->questions[i]))
            a->questions[n++] = &f->questions[i];
}

/* ---- the design ---------------------------------------------------------------------------- */

static void read_list(struct account *a, const struct question_list *list)
{
    for (int i = 0; i < list->count; i++)
        if (list->items[i] >= 0)
            a->read[list->items[i]] = true;
}

/* The questions that place a record in the sample are read besides those of the estimate. */
static int read_design(struct account *a)
{
    size_t n = (size_t)a->level->form->question_count;
    struct design_columns c;
    a->read = must_alloc((n + 1) * sizeof *a->read);
    memcpy(a->read, a->used, n * sizeof *a->read);
    a->design = design_read(a->topic);
    if (!a->design)
        return -1;
    if (!a->top_level->sampled)
        return 0;
    if (design_columns(a->design, a->top_level, &c) < 0)
        return -1;
    const struct question_list lists[] = {c.cluster,     c.strata,     c.fpc,     c.weight,
                                          c.probability, c.replicates, c.classes, c.numbers};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        read_list(a, &lists[i]);
    int count = 0;
    const int *asked = c.respondent ? expr_references(c.respondent, &count) : NULL;
    for (int i = 0; i < count; i++)
        a->read[asked[i]] = true;
    expr_free(c.respondent);
    return 0;
}

static void read_factors(struct account *a, struct store *results)
{
    int room = 0;
    struct query *q = store_query(results, "SELECT key, factor FROM unit_factor WHERE level = ?");
    query_text_at(q, 1, a->top_level->name);
    while (query_next(q)) {
        GROW(a->factors, a->factor_of.count, room);
        a->factors[a->factor_of.count] = col_double(q, 1);
        map_put(&a->factor_of, col_text(q, 0), a->factor_of.count);
    }
    query_end(q);
}

/* Where the top-level record stands in the sample, and what became of its weight. */
static void place_top(struct account *a)
{
    struct buf text = {0};
    const char *name = record_name(&text, a->top_level, records_key(a->records), a->nth++);
    if (placing_find(a->placing, a->top_level, a->top, records_psu(a->records), name, &a->placed) <
        0)
        die(DATA_FAILED, "记录在样本中的位置不明。请重新运行 make");
    buf_clear(&text);
    placing_key(a->placing, a->placed.unit, &text);
    long at = map_get(&a->factor_of, text.text, -1);
    a->factor = at < 0 ? 1 : a->factors[at];
    buf_free(&text);
}

/* -------------------------------------------------------------------------------------------- */

static const struct level *top_of(const struct topic *t, const struct level *l)
{
    while (l->parent >= 0)
        l = &t->levels[l->parent];
    return l;
}

struct account *account_new(const struct topic *t, const struct indicator *ind,
                            const struct domain *domain, const char *value, struct store *results)
{
    struct account *a = must_alloc(sizeof *a);
    const char *texts[PARTS] = {ind->expression_text, ind->denominator_text, ind->universe_text};
    a->topic = t;
    a->indicator = ind;
    a->level = &t->levels[ind->level];
    a->top_level = top_of(t, a->level);
    a->domain = domain;
    a->value = value;
    a->expr[EXPRESSION] = ind->expression;
    a->expr[DENOMINATOR] = ind->denominator;
    a->expr[UNIVERSE] = ind->universe;
    a->used = must_alloc((size_t)(a->level->form->question_count + 1) * sizeof *a->used);
    for (int i = 0; i < PARTS; i++) {
        use_references(a, a->expr[i]);
        if (a->expr[i])
            memo_begin(&a->memo[i], a->expr[i], texts[i], a->level->form, a->level->repeat);
    }
    if (domain && strcmp(domain->source, "question") == 0) {
        a->by = form_question(a->level->form, domain->column);
        if (a->by)
            use_question(a, a->by->index);
    }
    list_questions(a);
    if (read_design(a) < 0) {
        account_free(a);
        return NULL;
    }
    read_factors(a, results);
    return a;
}

void account_free(struct account *a)
{
    if (!a)
        return;
    for (int i = 0; i < PARTS; i++)
        if (a->expr[i])
            memo_end(&a->memo[i]);
    design_free(a->design);
    map_free(&a->factor_of);
    free(a->factors);
    free(a->read);
    free(a->used);
    free(a->questions);
    free(a->queue);
    free(a);
}

const struct question *const *account_questions(const struct account *a)
{
    return a->questions;
}

/* ---- shards -------------------------------------------------------------------------------- */

/* The clusters of the shard that have the value of a domain of the frame. */
static void read_members(struct account *a, struct store *weights)
{
    if (!a->domain || a->by)
        return;
    struct query *q =
        store_query(weights, "SELECT psu FROM attribute WHERE name = :name AND value = :value");
    query_text(q, ":name", a->domain->name);
    query_text(q, ":value", a->value);
    while (query_next(q))
        map_put(&a->members, col_text(q, 0), 1);
    query_end(q);
}

void account_open(struct account *a, struct store *clean, struct store *weights)
{
    a->records = records_open_some(clean, a->topic, a->level, a->read);
    a->weights = weights_read(weights);
    store_meta(clean, "county", a->county, sizeof a->county);
    a->placing = placing_begin(a->design, a->weights, a->county);
    a->nth = 0;
    read_members(a, weights);
    a->queue_count = a->queue_next = 0;
}

void account_close(struct account *a)
{
    records_close(a->records);
    placing_free(a->placing);
    weights_free(a->weights);
    map_free(&a->members);
    a->records = NULL;
    a->weights = NULL;
}

long account_row(const struct account *a, const struct record *r)
{
    return records_row(a->records, r);
}

/* ---- why a value is missing ---------------------------------------------------------------- */

const struct record *account_holder(const struct record *r, const struct question *q)
{
    while (r && r->repeat != q->repeat)
        r = r->parent;
    return r;
}

/* Which values are looked for. */
typedef bool missing_test(const struct value *v);

static bool is_unknown(const struct value *v)
{
    return value_unknown(v);
}

static bool is_left_empty(const struct value *v)
{
    return v->missing == OPTIONAL;
}

static bool is_missing(const struct value *v)
{
    return v->missing != VALUE_OK;
}

/* Looks at the question in the records of a repeat below. */
static bool missing_below(const struct record *r, const struct question *q, missing_test *test,
                          struct account_case *c)
{
    for (int i = 0; i < r->child_count; i++) {
        const struct record *child = r->children[i];
        if (child->repeat == q->repeat && test(&child->values[q->index])) {
            c->question = q;
            c->missing = child->values[q->index].missing;
            return true;
        }
        if (missing_below(child, q, test, c))
            return true;
    }
    return false;
}

/* The first question of the expression whose value is missing as the test has it; what a
 * calculation lacks rather than the calculation. */
static bool find_missing(const struct record *r, struct expr *e, missing_test *test,
                         struct account_case *c)
{
    int n = 0;
    const int *refs = e ? expr_references(e, &n) : NULL;
    for (int i = 0; i < n; i++) {
        const struct question *q = &r->form->questions[refs[i]];
        const struct record *holder = account_holder(r, q);
        const struct value *v = holder ? &holder->values[q->index] : NULL;
        if (!v && missing_below(r, q, test, c))
            return true;
        if (!v || !test(v))
            continue;
        if (v->missing == NOT_COMPUTED && find_missing(holder, q->calculation, test, c))
            return true;
        c->question = q;
        c->missing = v->missing;
        return true;
    }
    return false;
}

/* ---- one record ---------------------------------------------------------------------------- */

static bool answer_has(const struct question *q, const struct value *v, const char *code)
{
    if (v->missing != VALUE_OK)
        return false;
    if (q->type != Q_SELECT_MULTIPLE)
        return strcmp(v->text, code) == 0;
    size_t n = strlen(code);
    for (const char *p = v->text; *p; p += strcspn(p, " "), p += *p == ' ')
        if (strcspn(p, " ") == n && strncmp(p, code, n) == 0)
            return true;
    return false;
}

static bool in_domain(const struct account *a, struct account_case *c)
{
    if (!a->domain)
        return true;
    if (!a->by)
        return map_has(&a->members, a->level->sampled ? c->psu : a->county);
    const struct record *holder = account_holder(c->record, a->by);
    const struct value *v = holder ? &holder->values[a->by->index] : NULL;
    if (v && value_unknown(v)) {
        c->question = a->by;
        c->missing = v->missing;
    }
    return v && answer_has(a->by, v, a->value);
}

static struct outcome evaluate(struct account *a, int part, const struct record *r)
{
    return memo_eval(&a->memo[part], r);
}

static enum case_fate fate_of(struct account *a, struct account_case *c)
{
    const struct record *r = c->record;
    if (!a->placed.respondent)
        return CASE_OUTSIDE;
    if (!in_domain(a, c))
        return CASE_ELSEWHERE;
    if (a->expr[UNIVERSE]) {
        struct outcome u = evaluate(a, UNIVERSE, r);
        if (u.unknown)
            return find_missing(r, a->expr[UNIVERSE], is_unknown, c), CASE_UNKNOWN;
        if (!u.truth)
            return CASE_OUTSIDE;
    }
    struct outcome e = evaluate(a, EXPRESSION, r);
    if (e.unknown)
        return find_missing(r, a->expr[EXPRESSION], is_unknown, c), CASE_UNKNOWN;
    bool share = a->indicator->statistic == STAT_SHARE;
    if (share && e.blank)
        return find_missing(r, a->expr[EXPRESSION], is_left_empty, c), CASE_UNKNOWN;
    struct outcome d = {.number = 1};
    if (a->expr[DENOMINATOR])
        d = evaluate(a, DENOMINATOR, r);
    if (d.unknown)
        return find_missing(r, a->expr[DENOMINATOR], is_unknown, c), CASE_UNKNOWN;
    c->y = share ? e.truth : e.number;
    c->x = d.number;
    if (isfinite(c->y) && isfinite(c->x))
        return CASE_COUNTS;
    find_missing(r, a->expr[isfinite(c->y) ? DENOMINATOR : EXPRESSION], is_missing, c);
    return CASE_NO_NUMBER;
}

static double weight_of(const struct account *a)
{
    int stage = a->level->sampled ? a->level->stage : 0;
    return placing_weight(a->placing, &a->placed, stage) * a->factor;
}

/* The records of the level within a top-level record, in order. */
static void queue_level(struct account *a, const struct record *r)
{
    if (r->repeat == a->level->repeat) {
        GROW(a->queue, a->queue_count, a->queue_room);
        a->queue[a->queue_count++] = r;
        return;
    }
    for (int i = 0; i < r->child_count; i++)
        queue_level(a, r->children[i]);
}

bool account_next(struct account *a, struct account_case *c)
{
    while (a->queue_next == a->queue_count) {
        a->queue_next = a->queue_count = 0;
        a->top = records_next(a->records);
        if (!a->top)
            return false;
        queue_level(a, a->top);
        place_top(a);
    }
    *c = (struct account_case){.record = a->queue[a->queue_next++],
                               .key = records_key(a->records),
                               .psu = records_psu(a->records),
                               .missing = VALUE_OK};
    c->row = account_row(a, c->record);
    c->fate = fate_of(a, c);
    if (c->fate == CASE_COUNTS && (c->w = weight_of(a)) == 0)
        c->fate = CASE_OUTSIDE; /* a weight of 0 says so */
    return true;
}

/* ---- sums ---------------------------------------------------------------------------------- */

void account_add(const struct account *a, struct account_sums *s, const struct account_case *c)
{
    enum statistic statistic = a->indicator->statistic;
    struct sums one[SUMS_LINES_MOST];
    s->fates[c->fate]++;
    if (c->fate != CASE_COUNTS)
        return;
    if (sums_of_case(a->indicator, c->w, c->y, c->x, one))
        sums_merge(indicator_sums(a->indicator), s->sums, one);
    if (statistic_needs_values(statistic))
        points_add(&s->points, c->y, c->w);
    sum_add(&s->wy, c->w * c->y);
    sum_add(&s->wx, c->w * c->x);
}

void account_sums_free(struct account_sums *s)
{
    points_free(&s->points);
}

static enum linear_statistic linear_of(enum statistic s)
{
    return s == STAT_TOTAL      ? LINEAR_TOTAL
           : s == STAT_RATIO    ? LINEAR_RATIO
           : s == STAT_VARIANCE ? LINEAR_VARIANCE
                                : LINEAR_MEAN;
}

struct estimate account_estimate(const struct account *a, struct account_sums *shards, int count)
{
    const struct indicator *ind = a->indicator;
    struct cell_sums sums = cell_sums_new(indicator_sums(ind), count);
    struct points *p = must_alloc((size_t)(count + 1) * sizeof *p);
    for (int i = 0; i < count; i++) {
        points_sort(&shards[i].points);
        sums_merge(sums.kind, cell_sums_at(&sums, i), shards[i].sums);
        p[i] = shards[i].points;
    }
    struct estimate e =
        is_inequality(ind->statistic)
            ? estimate_inequality(ind->statistic, ind->quantile, NULL, &sums, p, 0.95)
        : ind->statistic == STAT_MEDIAN || ind->statistic == STAT_QUANTILE
            ? estimate_quantile_census(p, count, ind->quantile)
            : estimate_census(linear_of(ind->statistic), &sums);
    cell_sums_free(&sums);
    free(p);
    return e;
}
