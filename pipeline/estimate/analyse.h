/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tests, models and scales of a topic into the results' tables test, coefficient and scale.
 *
 *     analyse_all(topic, tallies, &quality, 0.95, results);
 */
#ifndef ESTIMATE_ANALYSE_H
#define ESTIMATE_ANALYSE_H

#include "estimate/quality.h"
#include "estimate/tallies.h"

/* Marks: '-' not estimable; 'x' fewer cases than the topic's n_withhold; '' else (scales as any
 * estimate, quality.h). */
void analyse_all(const struct topic *t, const struct tallies *tallies, const struct quality *q,
                 double level, struct store *results);

#endif
