/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a record's answers are shown in an upload, with mistakes planted at a rate, and what a
 * cleaning by the office's rules must make of them.
 *
 * Questions are gone through in the order of the questionnaire, as a reviewer does: what a
 * mistake does to an answer is known when later skips, constraints and calculations refer to it.
 */
#ifndef SIMULATE_PLANT_H
#define SIMULATE_PLANT_H

#include "simulate/made.h"
#include "simulate/mistakes.h"
#include "simulate/style.h"

/* How answers are shown. */
struct manner {
    const struct style *style;
    bool unit_column;   /* there is a column with the unit's code */
    unsigned abilities; /* enum ability */
    double rate;        /* mistakes per cell */
};

/* Fills shown, final and planted of the record and all below it. */
void plant_record(const struct world *w, struct arena *a, const struct manner *how, struct made *m);

/* The link cells (unit and number of the record above) of a row below, anew: in m->shown. */
void plant_link(const struct world *w, struct arena *a, const struct manner *how, struct made *m);

#endif
