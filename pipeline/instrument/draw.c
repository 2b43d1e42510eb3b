/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/draw.h"

#include "base/map.h"
#include "base/text.h"
#include "instrument/selection.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECIMALS = 9 };

struct stratum {
    const char *code;
    int count, wanted;
    double random;
    struct pps_draw draw;
    double total; /* of all sizes */
};

struct draw {
    struct workbook *topic, *list;
    const struct wsheet *design, *units;
    struct arena arena;
    const char *stratum, *size, *selected, *p1, *take, *take_each, *seed;
    struct map codes; /* stratum -> index */
    struct stratum *strata;
    int *of; /* by row: the index of its stratum */
    double *sizes, *p, *sums;
    bool *drawn;
};

static const char *setting(const struct draw *d, const char *name)
{
    for (int i = 0; i < d->design->row_count; i++)
        if (strcmp(wsheet_get(d->design, i, "name"), name) == 0)
            return wsheet_get(d->design, i, "value");
    return "";
}

static int need(const struct draw *d, const char *name, const char *what)
{
    return *setting(d, name) ? 0
                             : error_at((struct place){d->topic->path, "design", 0, NULL, NULL},
                                        "抽样要写明 %s（%s）", name, what);
}

static const char *beside(struct draw *d, const char *name)
{
    const char *path = d->topic->path, *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    return arena_printf(&d->arena, "%.*s%s", folder, path, name);
}

const char *draw_frame_path(const struct draw *d)
{
    return beside((struct draw *)d, setting(d, "frame"));
}

/* ---- reading -----------------------------------------------------------------------------------
 */

static int read_positive(const struct draw *d, int row, const char *column, double *out)
{
    const char *text = wsheet_get(d->units, row, column);
    char *end;
    *out = strtod(text, &end);
    return *text && !*end && *out > 0 && *out < 1e12
               ? 0
               : error_at(wsheet_place(d->units, row, column), "应是大于0的数");
}

/* How many the stratum of a row gets; all its rows must say the same. */
static int read_wanted(const struct draw *d, int row, struct stratum *s)
{
    const char *draw = setting(d, "draw_n");
    char *end;
    double wanted = strtod(draw, &end);
    if (*end && read_positive(d, row, draw, &wanted) < 0)
        return -1;
    if (wanted != floor(wanted) || wanted < 1 || wanted > 1e6)
        return error("%s：design 表的 draw_n 应是大于0的整数，或名单中的一栏", d->topic->path);
    if (s->count && s->wanted != (int)wanted)
        return error_at(wsheet_place(d->units, row, draw), "与同一层前面的行不同");
    s->wanted = (int)wanted;
    return 0;
}

static int read_row(struct draw *d, int row, struct map *seen)
{
    const char *psu = setting(d, "psu"), *code = wsheet_get(d->units, row, psu);
    const char *stratum = *d->stratum ? wsheet_get(d->units, row, d->stratum) : "";
    map_add(&d->codes, stratum, d->codes.count);
    d->of[row] = (int)map_get(&d->codes, stratum, -1);
    struct stratum *s = &d->strata[d->of[row]];
    int rc = read_positive(d, row, d->size, &d->sizes[row]) | read_wanted(d, row, s);
    s->code = stratum;
    s->total += d->sizes[row];
    s->count++;
    if (!*code)
        rc = error_at(wsheet_place(d->units, row, psu), "缺少代码");
    else if (!map_add(seen, code, row))
        rc = error_at(wsheet_place(d->units, row, psu), "代码重复");
    return rc;
}

static int check_columns(const struct draw *d)
{
    const char *draw = setting(d, "draw_n");
    const char *const named[] = {setting(d, "psu"), d->stratum, d->size,
                                 draw[strspn(draw, "0123456789")] ? draw : ""};
    int rc = 0;
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (*named[i] && wsheet_column(d->units, named[i]) < 0)
            rc = error_at((struct place){d->units->path, NULL, d->units->head_no, named[i], NULL},
                          "名单中没有这一栏（%s 的 design 表写了它）", d->topic->path);
    return rc;
}

static int read_units(struct draw *d)
{
    size_t n = (size_t)d->units->row_count + 1;
    d->of = arena_alloc(&d->arena, n * sizeof *d->of);
    d->strata = arena_alloc(&d->arena, n * sizeof *d->strata);
    d->sizes = arena_alloc(&d->arena, n * sizeof *d->sizes);
    d->p = arena_alloc(&d->arena, n * sizeof *d->p);
    d->sums = arena_alloc(&d->arena, n * sizeof *d->sums);
    d->drawn = arena_alloc(&d->arena, n * sizeof *d->drawn);
    struct map seen = {0};
    int rc = 0;
    for (int i = 0; i < d->units->row_count; i++)
        rc |= read_row(d, i, &seen);
    map_free(&seen);
    return rc;
}

static int read_design(struct draw *d)
{
    int rc = need(d, "draw_list", "全部单位的名单文件") | need(d, "frame", "抽好后的抽样框文件") |
             need(d, "psu", "代码栏") | need(d, "size", "规模栏，如村的户数") |
             need(d, "draw_n", "每层抽几个") | need(d, "draw_seed", "随机数种子") |
             need(d, "selected", "样本标志栏") | need(d, "p1", "入样概率栏");
    if (*setting(d, "first_stage") && strcmp(setting(d, "first_stage"), "column") != 0)
        rc = error("%s：抽出的概率写在 p1 栏里，design 表的 first_stage 应空着", d->topic->path);
    d->stratum = setting(d, "stratum");
    d->size = setting(d, "size");
    d->selected = setting(d, "selected");
    d->p1 = setting(d, "p1");
    d->take = setting(d, "take");
    d->take_each = setting(d, "draw_take");
    d->seed = setting(d, "draw_seed");
    return rc;
}

/* ---- drawing -----------------------------------------------------------------------------------
 */

/* The units of a stratum stand anywhere in the list: they are gathered, drawn and put back. */
static void draw_stratum(struct draw *d, int stratum)
{
    struct stratum *s = &d->strata[stratum];
    size_t n = (size_t)s->count;
    double *sizes = arena_alloc(&d->arena, n * sizeof *sizes);
    double *p = arena_alloc(&d->arena, n * sizeof *p);
    bool *drawn = arena_alloc(&d->arena, n * sizeof *drawn);
    int *rows = arena_alloc(&d->arena, n * sizeof *rows), count = 0;
    for (int i = 0; i < d->units->row_count; i++)
        if (d->of[i] == stratum) {
            sizes[count] = d->sizes[i];
            rows[count++] = i;
        }
    pps_probabilities(sizes, count, s->wanted, p);
    s->random = selection_random(d->seed, s->code, DECIMALS);
    s->draw = pps_systematic(sizes, p, count, s->wanted, s->random, drawn);
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += p[i] < 1 ? sizes[i] : 0;
        d->p[rows[i]] = p[i];
        d->sums[rows[i]] = p[i] < 1 ? sum : NAN;
        d->drawn[rows[i]] = drawn[i];
    }
}

struct draw *draw_read(const char *topic_path)
{
    struct draw *d = must_alloc(sizeof *d);
    d->topic = workbook_read(topic_path);
    d->design = d->topic ? workbook_sheet(d->topic, "design") : NULL;
    int rc = d->topic && !d->design ? error("%s：没有 design 表", topic_path) : d->design ? 0 : -1;
    if (rc == 0 && (rc = read_design(d)) == 0)
        rc = (d->list = workbook_read(beside(d, setting(d, "draw_list")))) ? 0 : -1;
    if (rc == 0 && !d->list->sheet_count)
        rc = error_at((struct place){.file = d->list->path}, "名单是空的");
    if (rc == 0) {
        d->units = &d->list->sheets[0];
        rc = check_columns(d) < 0 || read_units(d) < 0 ? -1 : 0;
    }
    for (int i = 0; rc == 0 && i < d->codes.count; i++)
        draw_stratum(d, i);
    if (rc == 0)
        return d;
    draw_free(d);
    return NULL;
}

void draw_free(struct draw *d)
{
    if (!d)
        return;
    map_free(&d->codes);
    workbook_free(d->topic);
    workbook_free(d->list);
    arena_free(&d->arena);
    free(d);
}

/* ---- writing -----------------------------------------------------------------------------------
 */

static bool is_written(const struct draw *d, const char *head)
{
    static const char *const ours[] = {"draw_size", "draw_interval", "draw_random", "draw_start"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strcmp(head, ours[i]) == 0)
            return true;
    return !strcmp(head, d->selected) || !strcmp(head, d->p1) ||
           (*d->take && *d->take_each && !strcmp(head, d->take));
}

static void write_heads(const struct draw *d, struct csvout *out)
{
    for (int i = 0; i < d->units->head_count; i++)
        if (!is_written(d, d->units->heads[i]))
            csv_field(out, d->units->heads[i]);
    csv_field(out, d->selected);
    csv_field(out, d->p1);
    if (*d->take && *d->take_each)
        csv_field(out, d->take);
    csv_field(out, "draw_size");
    csv_field(out, "draw_interval");
    csv_field(out, "draw_random");
    csv_field(out, "draw_start");
    csv_end(out);
}

void draw_write(const struct draw *d, struct csvout *out)
{
    write_heads(d, out);
    for (int row = 0; row < d->units->row_count; row++) {
        const struct stratum *s = &d->strata[d->of[row]];
        for (int i = 0; i < d->units->head_count; i++)
            if (!is_written(d, d->units->heads[i]))
                csv_field(out, d->units->rows[row].cells[i]);
        csv_field(out, d->drawn[row] ? "1" : "0");
        csv_number(out, d->p[row]);
        if (*d->take && *d->take_each)
            csv_field(out, d->drawn[row] ? d->take_each : "");
        csv_number(out, d->sums[row]);
        csv_number(out, s->draw.interval);
        csv_number(out, s->random);
        csv_number(out, s->draw.start);
        csv_end(out);
    }
}

void draw_print(const struct draw *d)
{
    printf("种子 %s；随机数由“种子:层”的 SHA-256 算出\n", d->seed);
    for (int i = 0; i < d->codes.count; i++) {
        const struct stratum *s = &d->strata[i];
        printf("层 %s：%d个，规模合计%.15g，抽%d个", *s->code ? s->code : "（不分层）", s->count,
               s->total, s->draw.drawn);
        if (s->draw.certain)
            printf("（其中%d个规模大，必选）", s->draw.certain);
        if (s->draw.interval > 0)
            printf("，随机数%.9f，间隔%.15g，起点%.15g", s->random, s->draw.interval,
                   s->draw.start);
        printf("\n");
    }
}
