/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which sums are linear combinations of others, found from the sums themselves: the answers to a
 * question and its cases, several answers and each of them, a mean and the shares, money and its
 * parts, a change and the two years.
 *
 *     struct relations *r = relations_new();
 *     int all = relations_column(r), men = relations_column(r), women = relations_column(r);
 *     for (…)
 *         relations_put(r, all, place, number);    // in any order; a place is a group of cases
 *     relations_find(r);
 *     for (int i = 0; i < r->count; i++)
 *         …                                        // sum of coefficients[k] x columns[k] = 0
 *     relations_free(r);
 *
 * A column is a vector of numbers by place, kept as its image under a random linear map to
 * SKETCH_SIZE numbers (each place added to one of them, times a random factor: Charikar, Chen and
 * Farach-Colton 2002, ICALP, 693-703), which has the same linear relations unless the columns are
 * more than that.  Columns are taken in their order: one that those before it determine is a
 * relation where its coefficients are fractions of small whole numbers, as those of relations that
 * hold for every case are, and those of relations between a few groups that happen to hold are not.
 */
#ifndef ESTIMATE_RELATIONS_H
#define ESTIMATE_RELATIONS_H

#include <stdint.h>

enum { SKETCH_SIZE = 1024 };

struct relation {
    int *columns, *coefficients, count;
};
struct relations {
    double (*columns)[SKETCH_SIZE];
    int column_count, column_room;
    struct relation *items;
    int count, room;
};
struct relations *relations_new(void);
void relations_free(struct relations *r);
int relations_column(struct relations *r);
void relations_put(struct relations *r, int column, uint64_t place, double number);
/* Once, when all columns are complete, which it uses up. */
void relations_find(struct relations *r);

#endif
