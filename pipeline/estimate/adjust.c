/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/adjust.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Piece k of a joined text and its length. */
static const char *piece_at(const char *text, int k, size_t *length)
{
    for (; k > 0 && *text; k--) {
        text += strcspn(text, UNIT_JOINT);
        text += *text != '\0';
    }
    *length = strcspn(text, UNIT_JOINT);
    return text;
}

static double weight_of(const struct tally_unit *u)
{
    return sum_value(&u->w) * u->factor;
}

/* ---- populations and responses ------------------------------------------------------------------
 */

/* Population over sample, at every stage. */
static int weights_from_populations(struct tally_units *u, const struct sample *s)
{
    for (int k = 0; k < s->stage_count; k++)
        for (int i = 0; i < u->respondents; i++) {
            const struct stage *t = &s->stages[k];
            int c = t->cluster[i];
            if (isinf(t->population[c]))
                return error("%s：没有权数，fpc 又是无限的，算不出权数。请写明 weight",
                             u->level->label);
            u->items[i].factor *= t->population[c] / t->drawn[t->stratum[c]];
        }
    return 0;
}

static int position_of(const struct question_list *list, const struct level *l, const char *name)
{
    const struct question *q = form_question(l->form, name);
    for (int i = 0; q && i < list->count; i++)
        if (list->items[i] == q->index)
            return i;
    return -1;
}

/* The answers of the response class, joined. */
static const char *class_text(const struct tally_units *u, const struct tally_unit *item,
                              const struct design *d, const struct design_columns *c,
                              struct buf *out)
{
    buf_clear(out);
    for (int i = 0; i < d->response_class.count; i++) {
        size_t n;
        const char *answer = piece_at(
            item->classes, position_of(&c->classes, u->level, d->response_class.items[i]), &n);
        buf_puts(out, i ? "/" : "");
        buf_put(out, answer, n);
    }
    return buf_text(out);
}

/* All over respondents, by response class.  Classes without a respondent stop the run. */
static int adjust_response(struct tally_units *u, const struct design *d,
                           const struct design_columns *c)
{
    struct map classes = {0};
    struct buf text = {0};
    struct sum *all = must_alloc((size_t)(u->count + 1) * sizeof *all);
    struct sum *in = must_alloc((size_t)(u->count + 1) * sizeof *in);
    int *class = must_alloc((size_t)(u->count + 1) * sizeof *class), rc = 0;
    for (int i = 0; i < u->count; i++) {
        const char *name = class_text(u, &u->items[i], d, c, &text);
        map_add(&classes, name, classes.count);
        class[i] = (int)map_get(&classes, name, 0);
        sum_add(&all[class[i]], weight_of(&u->items[i]));
        if (u->items[i].respondent)
            sum_add(&in[class[i]], weight_of(&u->items[i]));
    }
    for (int k = 0; k < classes.count; k++)
        if (!(sum_value(&in[k]) > 0))
            rc = error("%s：回答类 %s 没有一个回答者，不能调整。请合并回答类（response_class）",
                       u->level->label, classes.entries[k].key);
    for (int i = 0; i < u->respondents && rc == 0; i++)
        u->items[i].factor *= sum_value(&all[class[i]]) / sum_value(&in[class[i]]);
    map_free(&classes);
    buf_free(&text);
    free(all);
    free(in);
    free(class);
    return rc;
}

/* ---- calibration --------------------------------------------------------------------------------
 */

/* The auxiliary values of the units: a row for each different set of answers. */
struct rows {
    struct auxiliaries a;
    int *row;                     /* by unit */
    const struct tally_unit **of; /* a unit of each row */
};

/* Whether the unit's answers are those of the margin. */
static bool is_in(const struct tally_unit *item, const struct margin *m,
                  const struct design_columns *c, const struct level *l)
{
    for (int i = 0; i < m->questions.count; i++) {
        size_t n;
        const char *answer =
            piece_at(item->classes, position_of(&c->classes, l, m->questions.items[i]), &n);
        if (strlen(m->answers.items[i]) != n || strncmp(m->answers.items[i], answer, n) != 0)
            return false;
    }
    return true;
}

static double value_of(const struct tally_unit *item, const struct margin *m,
                       const struct design_columns *c, const struct level *l)
{
    size_t n;
    if (m->answers.count)
        return is_in(item, m, c, l);
    if (m->questions.count == 0)
        return 1;
    return strtod(piece_at(item->numbers, position_of(&c->numbers, l, m->questions.items[0]), &n),
                  NULL);
}

static struct rows make_rows(const struct tally_units *u, const struct design *d,
                             const struct design_columns *c)
{
    struct rows r = {.row = must_alloc((size_t)u->respondents * sizeof *r.row),
                     .of = must_alloc((size_t)u->respondents * sizeof *r.of)};
    struct map known = {0};
    struct buf key = {0};
    for (int i = 0; i < u->respondents; i++) {
        buf_clear(&key);
        buf_printf(&key, "%s\x1e%s", u->items[i].classes, u->items[i].numbers);
        if (map_add(&known, key.text, known.count))
            r.of[known.count - 1] = &u->items[i];
        r.row[i] = (int)map_get(&known, key.text, 0);
    }
    r.a.row_count = known.count;
    r.a.column_count = d->margin_count;
    r.a.margin_count = d->margin_variable_count;
    size_t rows = (size_t)known.count;
    r.a.x = must_alloc(rows * (size_t)d->margin_count * sizeof *r.a.x);
    r.a.category = must_alloc(rows * (size_t)d->margin_variable_count * sizeof *r.a.category);
    r.a.totals = must_alloc((size_t)d->margin_count * sizeof *r.a.totals);
    r.a.names = must_alloc((size_t)d->margin_count * sizeof *r.a.names);
    for (int m = 0; m < d->margin_count; m++) {
        r.a.totals[m] = d->margins[m].total;
        r.a.names[m] = d->margins[m].label;
        for (int k = 0; k < known.count; k++)
            r.a.x[k * d->margin_count + m] = value_of(r.of[k], &d->margins[m], c, u->level);
    }
    map_free(&known);
    buf_free(&key);
    return r;
}

static void rows_free(struct rows *r)
{
    free(r->a.x);
    free(r->a.category);
    free(r->a.totals);
    free(r->a.names);
    free(r->row);
    free(r->of);
}

static bool is_of_variable(const struct margin *m, const struct names *variable)
{
    bool same = m->answers.count && m->questions.count == variable->count;
    for (int i = 0; same && i < variable->count; i++)
        same = strcmp(m->questions.items[i], variable->items[i]) == 0;
    return same;
}

/* Which category of each set of questions the rows are in; all must be in one, unless weights
 * need only reach the totals. */
static int find_categories(struct rows *r, const struct design *d, const struct level *l)
{
    bool all =
        d->calibration.method != CALIBRATE_LINEAR && d->calibration.method != CALIBRATE_LOGIT;
    int rc = 0;
    for (int k = 0; k < r->a.row_count; k++)
        for (int v = 0; v < d->margin_variable_count; v++) {
            int found = -1;
            for (int m = 0, nth = 0; m < d->margin_count; m++) {
                if (!is_of_variable(&d->margins[m], &d->margin_variables[v]))
                    continue;
                if (r->a.x[k * d->margin_count + m] != 0)
                    found = nth;
                nth++;
            }
            r->a.category[k * d->margin_variable_count + v] = found < 0 ? 0 : found;
            if (found < 0 && all)
                rc = error("margins 表：%s的样本中 %s 有表中没有的答案（%s）", l->label,
                           d->margin_variables[v].items[0], r->of[k]->classes);
        }
    return rc;
}

static struct calibration *make_calibration(const struct tally_units *u, const struct rows *r)
{
    size_t n = (size_t)u->respondents;
    double *before = must_alloc(n * sizeof *before);
    long *records = must_alloc(n * sizeof *records);
    for (int i = 0; i < u->respondents; i++) {
        before[i] = weight_of(&u->items[i]);
        records[i] = u->items[i].n;
    }
    struct calibration *c = calibration_new(&r->a, r->row, before, records, u->respondents);
    free(before);
    free(records);
    return c;
}

/* Each replicate reaches the totals too: the ratio of its g to that of the whole. */
static int calibrate_replicates(const struct tally_units *u, const struct design *d,
                                const struct rows *rows, const struct calibration *c,
                                const double *g, struct replicates *r)
{
    size_t count = (size_t)r->count;
    double *before = must_alloc((size_t)u->respondents * sizeof *before);
    double *of_replicate = must_alloc((size_t)rows->a.row_count * sizeof *of_replicate);
    double *ratio = must_alloc((size_t)rows->a.row_count * count * sizeof *ratio);
    int rc = 0;
    for (int k = 0; k < r->count && rc == 0; k++) {
        for (int i = 0; i < u->respondents; i++)
            before[i] = weight_of(&u->items[i]) * replicates_multiplier(r, i, k);
        rc = calibration_solve_for(c, &d->calibration, before, of_replicate);
        if (rc < 0)
            error("第%d个复制样本不能校准到这些总数。请合并人数少的类别", k + 1);
        for (int row = 0; row < rows->a.row_count; row++)
            ratio[(size_t)row * count + (size_t)k] = of_replicate[row] / g[row];
    }
    r->ratio = ratio;
    r->ratio_row = must_alloc((size_t)u->respondents * sizeof *r->ratio_row);
    memcpy(r->ratio_row, rows->row, (size_t)u->respondents * sizeof *r->ratio_row);
    free(before);
    free(of_replicate);
    return rc;
}

static int calibrate(struct tally_units *u, const struct design *d,
                     const struct design_columns *columns, struct sample *s)
{
    struct rows rows = make_rows(u, d, columns);
    struct calibration *c = NULL;
    double *g = must_alloc((size_t)rows.a.row_count * sizeof *g);
    int rc = find_categories(&rows, d, u->level);
    if (rc == 0) {
        c = make_calibration(u, &rows);
        rc = calibration_solve(c, &d->calibration, g);
    }
    if (rc == 0 && s->replicates)
        rc = calibrate_replicates(u, d, &rows, c, g, s->replicates);
    for (int i = 0; i < u->respondents && rc == 0; i++)
        u->items[i].factor *= g[rows.row[i]];
    if (rc == 0 && !s->replicates)
        s->calibration = c;
    else
        calibration_free(c);
    free(g);
    rows_free(&rows);
    return rc;
}

/* ---- trimming -----------------------------------------------------------------------------------
 */

static double kept_of(const struct design *d, double w)
{
    return fmax(d->trim_low, fmin(d->trim_high, w));
}

/* One round of trimWeights(); whether weights were beyond the limits. */
static bool trim_once(struct tally_units *u, const struct design *d)
{
    struct sum cut = {0};
    double inside = 0;
    bool any = false;
    for (int i = 0; i < u->respondents; i++) {
        double n = (double)u->items[i].n, w = weight_of(&u->items[i]) / n, kept = kept_of(d, w);
        sum_add(&cut, (w - kept) * n);
        inside += kept == w ? n : 0;
        any |= kept != w;
    }
    double share = inside > 0 ? sum_value(&cut) / inside : 0;
    for (int i = 0; any && i < u->respondents; i++) {
        struct tally_unit *item = &u->items[i];
        double n = (double)item->n, w = weight_of(item) / n, kept = kept_of(d, w);
        if (sum_value(&item->w) != 0)
            item->factor = (kept == w ? w + share : kept) * n / sum_value(&item->w);
    }
    return any;
}

static int trim(struct tally_units *u, const struct design *d, const struct sample *s)
{
    enum { ROUNDS_MOST = 1000 };
    if (!isfinite(d->trim_low) && !isfinite(d->trim_high))
        return 0;
    if (s->replicates)
        return error("%s：design 表的 trim 不能和复制权数同用", d->topic->path);
    for (int round = 0; trim_once(u, d) && d->trim_strict; round++)
        if (round == ROUNDS_MOST)
            return error("%s：权数不能都截到界限以内，design 表的 trim 界限太窄", d->topic->path);
    return 0;
}

/* ---- replicates ---------------------------------------------------------------------------------
 */

/* Multipliers of the weights as tallied, from the texts of table unit. */
static int read_multipliers(const struct tally_units *u, const struct design *d, int count,
                            double *multiplier)
{
    for (int i = 0; i < u->respondents; i++) {
        const char *p = u->items[i].replicates;
        double w = d->combined ? sum_value(&u->items[i].w) / (double)u->items[i].n : 1;
        for (int k = 0; k < count; k++) {
            double number = strtod(p, NULL);
            p += strcspn(p, UNIT_JOINT);
            p += *p != '\0';
            if (w == 0 && number != 0)
                return error("%s：有记录权数是0，复制权数却不是0", u->level->label);
            multiplier[(size_t)i * (size_t)count + (size_t)k] = w == 0 ? 0 : number / w;
        }
    }
    return 0;
}

static int add_replicates(struct tally_units *u, const struct design *d,
                          const struct design_columns *columns, struct sample *s)
{
    int count = columns->replicates.count;
    if (d->replicates.type == REPLICATE_NONE)
        return 0;
    if (count) {
        double *multiplier =
            must_alloc((size_t)u->respondents * (size_t)count * sizeof *multiplier);
        if (read_multipliers(u, d, count, multiplier) < 0) {
            free(multiplier);
            return -1;
        }
        s->replicates = replicates_given(multiplier, u->respondents, count, &d->replicates);
    } else {
        s->replicates = replicates_make(s, &d->replicates);
    }
    return s->replicates ? 0 : -1;
}

int adjust_weights(struct tally_units *u, struct design *d, const struct design_columns *columns,
                   struct sample *s)
{
    int rc = 0;
    if (d->plain && !columns->weight.count && !columns->probability.count)
        rc = weights_from_populations(u, s);
    if (rc == 0 && u->respondents < u->count)
        rc = adjust_response(u, d, columns);
    if (rc == 0)
        rc = add_replicates(u, d, columns, s);
    if (rc == 0 && columns->calibrated)
        rc = calibrate(u, d, columns, s);
    if (rc == 0)
        rc = trim(u, d, s);
    for (int i = 0; rc == 0 && s->replicates && i < u->respondents; i++)
        s->replicates->weight[i] = weight_of(&u->items[i]);
    return rc;
}
