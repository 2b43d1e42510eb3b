/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/place.h"

#include "base/text.h"
#include "estimate/moments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Everything that is the same for the records of a unit, as texts joined by UNIT_JOINT. */
enum part { CODE, STRATA, FPC, CLASSES, NUMBERS, REPLICATES, WEIGHT, PART_COUNT };

struct unit_of_sample {
    const struct level *top;
    const char *parts[PART_COUNT];
    bool respondent;
    const struct psu *psu; /* of the frame, or NULL */
    long n;
    struct sum w;
};

struct placing {
    struct design *design;
    const struct weights *weights;
    const char *county;
    struct arena arena;
    struct design_columns *columns; /* by level of the topic; those of sampled top levels */
    struct unit_of_sample *units;
    int count, room, last;
    struct map by_key;
    struct buf key;
    int rc;
};

struct placing *placing_begin(struct design *d, const struct weights *w, const char *county)
{
    const struct topic *t = d->topic;
    struct placing *p = must_alloc(sizeof *p);
    p->design = d;
    p->weights = w;
    p->last = -1;
    p->county = arena_strdup(&p->arena, county);
    p->columns = arena_alloc(&p->arena, (size_t)t->level_count * sizeof *p->columns);
    for (int l = 0; l < t->level_count; l++)
        if (t->levels[l].sampled && t->levels[l].parent < 0)
            p->rc |= design_columns(d, &t->levels[l], &p->columns[l]);
    return p;
}

void placing_free(struct placing *p)
{
    if (!p)
        return;
    for (int l = 0; l < p->design->topic->level_count; l++)
        expr_free(p->columns[l].respondent);
    free(p->units);
    map_free(&p->by_key);
    buf_free(&p->key);
    arena_free(&p->arena);
    free(p);
}

/* ---- the key of a record ------------------------------------------------------------------------
 */

/* The key of a record that cannot be placed, where records have keys. */
static const char *known_name(const struct level *top, const char *name)
{
    return top->key_count ? name : "";
}

static int lacks(const struct level *top, const char *name, const char *what,
                 const struct question *q)
{
    return error("%s记录%s：没有%s。%s 空着，或因不合要求退回（见 problems.csv）", top->label,
                 known_name(top, name), what, q->name);
}

/* Appends the answers, joined; none may be missing, unless `what` is NULL. */
static int put_answers(struct buf *key, const struct level *top, const struct question_list *list,
                       const struct record *r, const char *name, const char *what)
{
    for (int i = 0; i < list->count; i++) {
        if (i)
            buf_puts(key, UNIT_JOINT);
        if (list->items[i] < 0) {
            buf_puts(key, name);
            continue;
        }
        const struct value *v = &r->values[list->items[i]];
        if (!*v->text && what)
            return lacks(top, name, what, &top->form->questions[list->items[i]]);
        buf_puts(key, v->text);
    }
    return 0;
}

static void put_joined(struct buf *key, size_t from[PART_COUNT], enum part part)
{
    if (part > CODE)
        buf_putc(key, '\0');
    from[part] = key->len;
}

/* Cluster codes of the stages that matter; without any question every record is a cluster. */
static int put_code(struct placing *p, const struct level *top, const struct design_columns *c,
                    const struct record *r, const char *psu, const char *name)
{
    struct question_list stages = c->cluster;
    if (!p->design->plain) {
        buf_puts(&p->key, psu);
        return 0;
    }
    if (c->replicates.count)
        return 0;
    if (stages.count > design_stages(p->design))
        stages.count = design_stages(p->design);
    if (stages.count == 0 || stages.items[0] < 0)
        buf_printf(&p->key, "%s/", p->county);
    if (stages.count == 0)
        buf_puts(&p->key, name);
    return put_answers(&p->key, top, &stages, r, name, "样本单位代码");
}

static int make_key(struct placing *p, const struct level *top, const struct design_columns *c,
                    const struct record *r, const char *psu, const char *name, bool respondent,
                    size_t from[PART_COUNT])
{
    struct buf *key = &p->key;
    struct question_list weight = {0}, fpc = c->fpc;
    if (c->weight_matters && p->design->plain)
        weight = c->weight.count ? c->weight : c->probability;
    buf_clear(key);
    from[CODE] = 0;
    if (put_code(p, top, c, r, psu, name) < 0)
        return -1;
    put_joined(key, from, STRATA);
    int rc = put_answers(key, top, &c->strata, r, name, "层");
    put_joined(key, from, FPC);
    rc |= put_answers(key, top, &fpc, r, name, "总体单位数");
    put_joined(key, from, CLASSES);
    rc |= put_answers(key, top, &c->classes, r, name, respondent ? "校准用的答案" : NULL);
    put_joined(key, from, NUMBERS);
    rc |= put_answers(key, top, &c->numbers, r, name, respondent ? "校准用的数" : NULL);
    put_joined(key, from, REPLICATES);
    rc |= put_answers(key, top, &c->replicates, r, name, "复制权数");
    put_joined(key, from, WEIGHT);
    rc |= put_answers(key, top, &weight, r, name, "权数");
    return rc;
}

/* ---- weights ------------------------------------------------------------------------------------
 */

/* The product of the weights, or one over that of the probabilities; 1 without either: fpc gives
 * the weights, when all shards are known. */
static int record_weight(const struct level *top, const struct design_columns *c,
                         const struct record *r, const char *name, double *weight)
{
    const struct question_list *list = c->weight.count ? &c->weight : &c->probability;
    *weight = 1;
    for (int i = 0; i < list->count; i++) {
        const struct question *q = &top->form->questions[list->items[i]];
        double number = r->values[q->index].number;
        if (isnan(number))
            return lacks(top, name, list == &c->weight ? "权数" : "入样概率", q);
        bool good = list == &c->weight ? number >= 0 : number > 0 && number <= 1;
        if (!good)
            return error("%s记录%s：%s 是%g，%s", top->label, known_name(top, name), q->name,
                         number, list == &c->weight ? "权数不能小于0" : "入样概率应大于0、不大于1");
        *weight *= list == &c->weight ? number : 1 / number;
    }
    return 0;
}

double placing_weight(const struct placing *p, const struct placed *at, int stage)
{
    const struct psu *psu = p->units[at->unit].psu;
    if (!psu || stage == 0)
        return at->weight;
    return stage == 1 ? psu->first_weight : psu->weight;
}

/* ---- units --------------------------------------------------------------------------------------
 */

static int add_unit(struct placing *p, const struct level *top, const size_t from[PART_COUNT],
                    bool respondent, const struct psu *psu)
{
    GROW(p->units, p->count, p->room);
    struct unit_of_sample *u = &p->units[p->count];
    *u = (struct unit_of_sample){.top = top, .respondent = respondent, .psu = psu};
    for (int k = 0; k < PART_COUNT; k++)
        u->parts[k] = arena_strdup(&p->arena, p->key.text + from[k]);
    return p->count++;
}

/* The map's keys are texts: the key's NULs are replaced. */
static int unit_of_key(struct placing *p, const struct level *top, const size_t from[PART_COUNT],
                       bool respondent, const struct psu *psu)
{
    struct buf text = {0};
    buf_printf(&text, "%s%s%d", top->name, UNIT_JOINT, respondent);
    for (int k = 0; k < PART_COUNT; k++)
        buf_printf(&text, "\x1e%s", p->key.text + from[k]);
    long known = map_get(&p->by_key, text.text, -1);
    if (known < 0) {
        known = add_unit(p, top, from, respondent, psu);
        map_put(&p->by_key, text.text, known);
    }
    buf_free(&text);
    return (int)known;
}

/* Most records follow one of the same unit. */
static bool is_last(const struct placing *p, const struct level *top, const size_t from[PART_COUNT],
                    bool respondent)
{
    const struct unit_of_sample *u = p->last < 0 ? NULL : &p->units[p->last];
    if (!u || u->top != top || u->respondent != respondent)
        return false;
    for (int k = 0; k < PART_COUNT; k++)
        if (strcmp(u->parts[k], p->key.text + from[k]) != 0)
            return false;
    return true;
}

static int county_unit(struct placing *p, const struct level *top, struct placed *out)
{
    size_t from[PART_COUNT] = {0};
    buf_clear(&p->key);
    buf_puts(&p->key, p->county);
    for (int k = STRATA; k < PART_COUNT; k++)
        from[k] = p->key.len;
    *out = (struct placed){.weight = 1, .respondent = true};
    out->unit = is_last(p, top, from, true) ? p->last : unit_of_key(p, top, from, true, NULL);
    return 0;
}

static bool responded(const struct design_columns *c, const struct record *record)
{
    if (!c->respondent)
        return true;
    struct result r = expr_eval(c->respondent, record, NULL);
    return !r.unknown && !r.failed && result_true(&r);
}

static int sampled_unit(struct placing *p, const struct level *top, const struct record *record,
                        const char *psu, const char *name, struct placed *out)
{
    const struct design_columns *c = &p->columns[top - p->design->topic->levels];
    const struct psu *of_frame = NULL;
    size_t from[PART_COUNT] = {0};
    if (!p->design->plain && !(of_frame = weights_psu(p->weights, psu)))
        return error("%s记录的样本单位“%s”没有权数。请重新运行 make", top->label, psu);
    out->respondent = responded(c, record);
    if (make_key(p, top, c, record, psu, name, out->respondent, from) < 0 ||
        record_weight(top, c, record, name, &out->weight) < 0)
        return -1;
    if (of_frame)
        out->weight = top->stage == 1 ? of_frame->first_weight : of_frame->weight;
    out->unit = is_last(p, top, from, out->respondent)
                    ? p->last
                    : unit_of_key(p, top, from, out->respondent, of_frame);
    return 0;
}

const char *record_name(struct buf *out, const struct level *top, const char *key, long nth)
{
    buf_clear(out);
    if (top->key_count && *key)
        buf_puts(out, key);
    else
        buf_printf(out, "%09ld", nth);
    return out->text;
}

int placing_find(struct placing *p, const struct level *top, const struct record *record,
                 const char *psu, const char *name, struct placed *out)
{
    int rc = p->rc < 0      ? -1
             : top->sampled ? sampled_unit(p, top, record, psu, name, out)
                            : county_unit(p, top, out);
    if (rc < 0)
        return -1;
    p->last = out->unit;
    p->units[out->unit].n++;
    sum_add(&p->units[out->unit].w, out->weight);
    return 0;
}

void placing_key(const struct placing *p, int unit, struct buf *out)
{
    for (int k = 0; k < PART_COUNT; k++)
        buf_printf(out, "%s\x1e", p->units[unit].parts[k]);
}

void placing_write(const struct placing *p, struct store *out)
{
    struct query *q = store_query(out, "INSERT INTO unit VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
    for (int i = 0; i < p->count; i++) {
        const struct unit_of_sample *u = &p->units[i];
        query_long_at(q, 1, i);
        query_text_at(q, 2, u->top->name);
        query_long_at(q, 3, u->respondent);
        for (int k = 0; k < PART_COUNT; k++)
            query_text_at(q, 4 + k, u->parts[k]);
        query_long_at(q, 11, u->n);
        query_double_at(q, 12, u->w.value);
        query_double_at(q, 13, u->w.lost);
        query_run(q);
    }
    query_end(q);
}
