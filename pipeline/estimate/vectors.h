/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cases of an analysis of several variables, unit by unit of the sample.
 *
 *     struct collector *c = collector_begin(topic, placing, county, tally);
 *     collector_record(c, record, &at);                // one top-level record with its children
 *     collector_end(c);                                // table vector
 *
 *     struct vectors *v = vectors_open(tallies, analysis);
 *     for (int i = 0; i < v->cluster_count; i++) {
 *         int n;
 *         const double *rows = vectors_rows(v, i, &n);    // n rows of v->width + 2 numbers
 *     }
 *     vectors_close(v);
 *
 * A row is weight, number of cases, then the variables; equal cases are one row, and rows ascend,
 * so that sums over them are the same whatever the order in which the records came.  A record is
 * left out when its universe is false or any variable is unknown or no number.  The last variable
 * of a rank test is the record's place: counties by their codes, records as they came.  Records of
 * weight 0 are rows of rank tests only, where they take a place among equal outcomes.  One
 * cluster's rows are in memory at a time.
 */
#ifndef ESTIMATE_VECTORS_H
#define ESTIMATE_VECTORS_H

#include "estimate/tallies.h"

struct replicates;
struct collector;
struct collector *collector_begin(const struct topic *t, struct placing *placing,
                                  const char *county, struct store *out);
void collector_record(struct collector *c, const struct record *record, const struct placed *at);
void collector_end(struct collector *c);

struct vectors {
    int width, cluster_count;
    const struct sample *sample; /* NULL: every unit was asked */
    /* The replicate whose weights the rows have (estimate/resample.h); NULL: the whole sample. */
    const struct replicates *drawn;
    int replicate;
    /* Where rows come from. */
    const struct tallies *tallies;
    const struct clusters *clusters;
    const struct analysis *analysis;
    struct query **queries;
    double *rows;
    int count, room;
    const double *const *given; /* or these, in memory, count by cluster; without replicates */
    const int *given_count;
};
struct vectors *vectors_open(const struct tallies *t, const struct analysis *a);
/* The rows of a cluster; valid until the next call. */
const double *vectors_rows(struct vectors *v, int cluster, int *count);
void vectors_close(struct vectors *v);

/* Sorts rows of `width` variables and joins equal ones; returns how many are left. */
int vectors_sort(double *rows, int count, int width);

#endif
