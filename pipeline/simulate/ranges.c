/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/ranges.h"

#include "survey/days.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS_MOST = 256, LITERALS_MOST = 24 };

/* Far ends of the search: numbers, and days of 2000 to 2040. */
static const double NUMBER_LOW = -10, NUMBER_HIGH = 1e7, DAY_LOW = 10957, DAY_HIGH = 25567;
/* The upper end where the constraint sets none. */
static const double UNBOUNDED = 1000;

struct probe {
    const struct question *q;
    const struct record *record;
    double step;
    double points[POINTS_MOST];
    int count;
};

bool constraint_holds(const struct question *q, const struct record *record,
                      const struct value *self)
{
    if (!q->constraint)
        return true;
    struct result r = expr_eval(q->constraint, record, self);
    return !r.unknown && !r.failed && result_true(&r);
}

static bool holds_at(const struct probe *p, double x)
{
    char text[40];
    struct value self = {VALUE_OK, text, x};
    if (p->q->type == Q_DATE) {
        days_to_text(lround(x), text);
    } else {
        snprintf(text, sizeof text, "%.10g", x);
        self.number = strtod(text, NULL); /* 7.3 and not 73 x 0.1 */
    }
    return constraint_holds(p->q, p->record, &self);
}

static void add_point(struct probe *p, double x)
{
    x = round(x / p->step) * p->step;
    if (isfinite(x) && p->count < POINTS_MOST)
        p->points[p->count++] = x;
}

/* ---- where to probe -------------------------------------------------------------------------- */

static int literals(const char *text, double *out)
{
    int n = 0;
    for (const char *s = text; *s && n < LITERALS_MOST;) {
        char *end;
        double day;
        if (*s == '\'') {
            const char *close = strchr(s + 1, '\'');
            char date[DATE_TEXT];
            snprintf(date, sizeof date, "%.*s", close ? (int)(close - s - 1) : 0, s + 1);
            if (days_from_text(date, &day))
                out[n++] = day;
            s = close ? close + 1 : s + 1;
        } else if (*s == '$') {
            s = strchr(s, '}') ? strchr(s, '}') + 1 : s + 1;
        } else if (isdigit((unsigned char)*s)) {
            out[n++] = strtod(s, &end);
            s = end;
        } else {
            s++;
        }
    }
    return n;
}

static const struct value *value_of(const struct record *r, int question)
{
    for (; r; r = r->parent)
        if (r->form->questions[question].repeat == r->repeat)
            return &r->values[question];
    return NULL;
}

static int referenced(const struct probe *p, double *out)
{
    int count, n = 0;
    const int *names = expr_references(p->q->constraint, &count);
    for (int i = 0; i < count && n < LITERALS_MOST; i++) {
        const struct value *v = value_of(p->record, names[i]);
        if (names[i] != p->q->index && v && v->missing == VALUE_OK && *v->text)
            out[n++] = isnan(v->number) ? strtod(v->text, NULL) : v->number;
    }
    return n;
}

static void choose_points(struct probe *p, double low, double high)
{
    double base[2 * LITERALS_MOST];
    int n = literals(expr_text(p->q->constraint), base);
    n += referenced(p, base + n);
    add_point(p, low);
    add_point(p, high);
    for (int i = 0; i < n; i++) {
        add_point(p, base[i]);
        add_point(p, base[i] - p->step);
        add_point(p, base[i] + p->step);
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void sort_points(struct probe *p)
{
    int kept = 0;
    qsort(p->points, (size_t)p->count, sizeof *p->points, by_size);
    for (int i = 0; i < p->count; i++)
        if (kept == 0 || p->points[i] > p->points[kept - 1] + p->step / 2)
            p->points[kept++] = p->points[i];
    p->count = kept;
}

/* Points in the middle of wide gaps. */
static void add_middles(struct probe *p)
{
    int n = p->count;
    for (int i = 0; i + 1 < n; i++)
        if (p->points[i + 1] - p->points[i] > 2 * p->step)
            add_point(p, (p->points[i] + p->points[i + 1]) / 2);
    sort_points(p);
}

/* ---- the answer ------------------------------------------------------------------------------ */

/* The last point from `good` towards `bad` that is allowed. */
static double boundary(const struct probe *p, double good, double bad)
{
    while (fabs(bad - good) > p->step * 1.5) {
        double middle = round((good + bad) / 2 / p->step) * p->step;
        if (holds_at(p, middle))
            good = middle;
        else
            bad = middle;
    }
    return good;
}

static void collect(struct probe *p, struct ranges *out)
{
    bool before = false;
    for (int i = 0; i < p->count; i++) {
        bool now = holds_at(p, p->points[i]);
        if (now && !before) {
            if (out->count == RANGES_MOST)
                return;
            double low = i ? boundary(p, p->points[i], p->points[i - 1]) : p->points[i];
            out->items[out->count++] = (struct span){low, p->points[i]};
        }
        if (now)
            out->items[out->count - 1].high = p->points[i];
        if (!now && before)
            out->items[out->count - 1].high = boundary(p, p->points[i - 1], p->points[i]);
        before = now;
    }
}

void ranges_find(const struct question *q, const struct record *record, struct ranges *out)
{
    bool date = q->type == Q_DATE;
    struct probe p = {.q = q, .record = record, .step = q->type == Q_DECIMAL ? 0.1 : 1};
    *out = (struct ranges){.step = p.step};
    if (!q->constraint) {
        out->items[out->count++] =
            date ? (struct span){DAY_HIGH - 5500, DAY_HIGH - 5400} : (struct span){0, UNBOUNDED};
        return;
    }
    choose_points(&p, date ? DAY_LOW : NUMBER_LOW, date ? DAY_HIGH : NUMBER_HIGH);
    sort_points(&p);
    double highest = p.count > 2 ? p.points[p.count - 2] : 0;
    add_middles(&p);
    collect(&p, out);
    struct span *last = out->count ? &out->items[out->count - 1] : NULL;
    if (last && !date && last->high >= NUMBER_HIGH)
        last->high = fmax(last->low, fmax(highest, UNBOUNDED));
}
