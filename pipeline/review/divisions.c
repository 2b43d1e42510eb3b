/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/divisions.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/message.h"
#include "survey/workbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE = 6, LONG_CODE = 12 };

/* One name of a code in its time. */
struct span {
    const char *name;
    long from, to; /* valid in from <= month < to */
    int before;    /* an earlier span of the same code, -1 */
};

struct divisions {
    struct workbook *book; /* the names live in it */
    struct span *spans;
    struct map last; /* code -> its last span */
    long state;
};

static long read_month(const struct wsheet *s, int row, const char *head, long otherwise, int *rc)
{
    const char *text = wsheet_get(s, row, head);
    if (!*text)
        return otherwise;
    if (strlen(text) != 6 || strspn(text, "0123456789") != 6)
        *rc = error_at(wsheet_place(s, row, head), "不是年月，应写成 202106");
    return atol(text);
}

static int read_spans(struct divisions *d, const struct wsheet *s)
{
    int rc = 0;
    d->spans = must_alloc((size_t)(s->row_count + 1) * sizeof *d->spans);
    for (int r = 0; r < s->row_count; r++) {
        const char *code = wsheet_get(s, r, "code");
        if (strlen(code) != CODE || strspn(code, "0123456789") != CODE)
            rc = error_at(wsheet_place(s, r, "code"), "代码应是6位数字");
        d->spans[r] = (struct span){.name = wsheet_get(s, r, "name"),
                                    .from = read_month(s, r, "from", 0, &rc),
                                    .to = read_month(s, r, "to", 999999, &rc),
                                    .before = (int)map_get(&d->last, code, -1)};
        map_put(&d->last, code, r);
    }
    return rc;
}

struct divisions *divisions_read(const char *path)
{
    struct divisions *d = must_alloc(sizeof *d);
    d->book = workbook_read(path);
    const struct wsheet *list = d->book ? workbook_sheet(d->book, "divisions") : NULL;
    const struct wsheet *settings = d->book ? workbook_sheet(d->book, "settings") : NULL;
    int rc = d->book ? 0 : -1;
    for (int r = 0; settings && r < settings->row_count; r++)
        if (!strcmp(wsheet_get(settings, r, "name"), "state"))
            d->state = read_month(settings, r, "value", 0, &rc);
    if (d->book && (!list || !d->state))
        rc = error("%s 不是行政区划代码表：要有 divisions 表和 settings 表里的 state", path);
    if (list)
        rc |= read_spans(d, list);
    if (rc < 0) {
        divisions_free(d);
        return NULL;
    }
    return d;
}

void divisions_free(struct divisions *d)
{
    if (!d)
        return;
    workbook_free(d->book);
    map_free(&d->last);
    free(d->spans);
    free(d);
}

/* The spans of the code whose first `digits` are those of `code` and whose others are 0. */
static int last_span(const struct divisions *d, const char *code, int digits)
{
    char key[CODE + 1] = "000000";
    for (int i = 0; i < digits && code[i]; i++)
        key[i] = code[i];
    return (int)map_get(&d->last, key, -1);
}

static const struct span *span_at(const struct divisions *d, const char *code, int digits,
                                  long month)
{
    for (int i = last_span(d, code, digits); i >= 0; i = d->spans[i].before)
        if (d->spans[i].from <= month && month < d->spans[i].to)
            return &d->spans[i];
    return NULL;
}

enum division division_check(const struct divisions *d, const char *code, long month)
{
    size_t n = strlen(code);
    if ((n != CODE && n != LONG_CODE) || strspn(code, "0123456789") != n)
        return DIVISION_WRONG;
    if (span_at(d, code, CODE, month))
        return DIVISION_VALID;
    bool listed = last_span(d, code, CODE) >= 0;
    bool within = span_at(d, code, 4, month) || span_at(d, code, 2, month);
    return !listed && within && month > d->state ? DIVISION_UNKNOWN : DIVISION_WRONG;
}

const char *division_name(const struct divisions *d, const char *code, long month)
{
    if (division_check(d, code, month) != DIVISION_VALID)
        return NULL;
    return span_at(d, code, CODE, month)->name;
}

long divisions_state(const struct divisions *d)
{
    return d->state;
}
