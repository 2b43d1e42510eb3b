/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tables of type `ranking` (tabular.h), and how places are put into words.
 */
#ifndef OUTPUT_TABULAR_RANKING_H
#define OUTPUT_TABULAR_RANKING_H

#include "output/tabular.h"

enum { SCORE_DECIMALS = 3 };

/* Fills an empty grid; `how` says what its columns mean (arena-owned, LaTeX).  Returns 0, or -1
 * after a message when nothing was ranked. */
int grid_ranking(struct grid *g, const struct results *r, const struct exhibit *x, struct place at,
                 const char **how);

#endif
