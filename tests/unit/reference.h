/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tables of tests/reference: plain CSV that R wrote, without quotes.
 *
 *     struct table t = table_read("tests/reference/api-values.csv");
 *     for (int r = 0; r < t.rows; r++)
 *         double se = table_number(&t, r, "se");     // NaN when empty
 *     table_free(&t);
 */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include "estimate/quantile.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TABLE_COLUMNS = 32 };
struct table {
    char *text;
    char *head[TABLE_COLUMNS];
    char *(*cell)[TABLE_COLUMNS];
    int columns, rows;
};

static inline int table_split(char *line, char **cells)
{
    int n = 0;
    for (char *p = line; p && n < TABLE_COLUMNS;) {
        cells[n++] = p;
        p = strchr(p, ',');
        if (p)
            *p++ = '\0';
    }
    return n;
}

static inline struct table table_read(const char *path)
{
    struct table t = {0};
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("cannot open %s", path);
    fseek(f, 0, SEEK_END);
    size_t size = (size_t)ftell(f);
    rewind(f);
    t.text = calloc(size + 1, 1);
    if (fread(t.text, 1, size, f) != size)
        fail_msg("cannot read %s", path);
    fclose(f);
    char *save, *line = strtok_r(t.text, "\r\n", &save);
    t.columns = table_split(line, t.head);
    while ((line = strtok_r(NULL, "\r\n", &save))) {
        t.cell = realloc(t.cell, (size_t)(t.rows + 1) * sizeof *t.cell);
        table_split(line, t.cell[t.rows++]);
    }
    return t;
}

static inline void table_free(struct table *t)
{
    free(t->cell);
    free(t->text);
}

static inline const char *table_text(const struct table *t, int row, const char *head)
{
    for (int c = 0; c < t->columns; c++)
        if (strcmp(t->head[c], head) == 0)
            return t->cell[row][c];
    fail_msg("no column %s", head);
    return "";
}

static inline double table_number(const struct table *t, int row, const char *head)
{
    const char *text = table_text(t, row, head);
    return *text ? strtod(text, NULL) : NAN;
}

/* Both NaN, or equal to `tolerance` relative. */
static inline int same_number(double ours, double theirs, double tolerance)
{
    if (isnan(ours) || isnan(theirs))
        return isnan(ours) && isnan(theirs);
    return fabs(ours - theirs) <= tolerance * fabs(theirs) + 1e-300;
}

/* ---- the samples of tests/reference/api.R ------------------------------------------------ */

struct api {
    struct table records;
    int *psu; /* of each record; records stand in the order of their PSUs */
    struct sample *sample;
};

static inline int index_of(const char **names, int *count, const char *name)
{
    for (int i = 0; i < *count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    names[*count] = name;
    return (*count)++;
}

static inline struct api api_read(const char *name, bool fpc, int lonely)
{
    char path[100];
    snprintf(path, sizeof path, "tests/reference/%s.csv", name);
    struct api a = {.records = table_read(path)};
    size_t n = (size_t)a.records.rows;
    const char **psus = calloc(n, sizeof *psus), **strata = calloc(n, sizeof *strata);
    int *stratum = calloc(n, sizeof *stratum), psu_count = 0, stratum_count = 0;
    double *population = calloc(n, sizeof *population);
    a.psu = calloc(n, sizeof *a.psu);
    for (int r = 0; r < a.records.rows; r++) {
        a.psu[r] = index_of(psus, &psu_count, table_text(&a.records, r, "psu"));
        int h = index_of(strata, &stratum_count, table_text(&a.records, r, "stratum"));
        stratum[a.psu[r]] = h;
        population[h] = table_number(&a.records, r, "fpc");
    }
    a.sample =
        sample_new(stratum, psu_count, stratum_count, fpc ? population : NULL, (enum lonely)lonely);
    free(psus);
    free(strata);
    free(stratum);
    free(population);
    return a;
}

static inline void api_free(struct api *a)
{
    free(a->psu);
    sample_free(a->sample);
    table_free(&a->records);
}

static inline bool api_in_domain(const struct api *a, int r, const char *domain, const char *value)
{
    return strcmp(value, "all") == 0 || strcmp(table_text(&a->records, r, domain), value) == 0;
}

/* A record's value: a number, 1 or 0 for Yes and No of a share, NaN when missing. */
static inline double api_value(const struct api *a, int r, const char *stat, const char *y)
{
    const char *text = table_text(&a->records, r, y);
    if (strcmp(stat, "prop") == 0)
        return *text ? strcmp(text, "Yes") == 0 : NAN;
    return table_number(&a->records, r, y);
}

/* The caller frees with cell_sums_free(). */
static inline struct cell_sums api_cells(const struct api *a, const char *stat, const char *y,
                                         const char *x, const char *domain, const char *value)
{
    struct cell_sums cells = cell_sums_new(*x ? SUMS_RATIO : SUMS_VALUE, a->sample->unit_count);
    for (int r = 0; r < a->records.rows; r++) {
        double v = api_value(a, r, stat, y);
        double d = *x ? table_number(&a->records, r, x) : 1;
        if (api_in_domain(a, r, domain, value) && !isnan(v) && !isnan(d))
            cell_sums_add(&cells, a->psu[r], table_number(&a->records, r, "pw"), v, d);
    }
    return cells;
}

static inline enum linear_statistic linear_by_name(const char *stat)
{
    return strcmp(stat, "total") == 0      ? LINEAR_TOTAL
           : strcmp(stat, "ratio") == 0    ? LINEAR_RATIO
           : strcmp(stat, "variance") == 0 ? LINEAR_VARIANCE
                                           : LINEAR_MEAN;
}

#endif
