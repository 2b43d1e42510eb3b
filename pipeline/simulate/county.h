/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A county's whole upload: records of every level, mistakes of cells and of rows.
 */
#ifndef SIMULATE_COUNTY_H
#define SIMULATE_COUNTY_H

#include "simulate/upload.h"

struct simulation {
    const struct world *world;
    const struct style *style;
    long rows;           /* per unit; 0: as many as the frame says */
    double rate;         /* mistakes per cell, and per row */
    const char *folder;  /* new or empty */
    const char *answers; /* prefix of the files with what is true */
};

/* Returns 0, or -1 after messages. */
int simulate_county(const struct simulation *s);

#endif
