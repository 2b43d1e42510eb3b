/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/chance.h"

#include "base/arena.h"
#include "base/message.h"

#include <gsl/gsl_rng.h>
#include <stdlib.h>

struct chance {
    gsl_rng *generator;
};

struct chance *chance_new(unsigned long seed, unsigned long stream)
{
    struct chance *c = must_alloc(sizeof *c);
    c->generator = gsl_rng_alloc(gsl_rng_mt19937);
    if (!c->generator)
        die(CANNOT, "内存不足");
    /* mt19937 takes 32 bits; 2654435761 spreads neighbouring numbers (Knuth 6.4). */
    gsl_rng_set(c->generator, (seed + 1) * 2654435761ul ^ stream * 40503ul);
    return c;
}

void chance_free(struct chance *c)
{
    if (!c)
        return;
    gsl_rng_free(c->generator);
    free(c);
}

long chance_below(struct chance *c, long n)
{
    return (long)gsl_rng_uniform_int(c->generator, (unsigned long)n);
}

long chance_between(struct chance *c, long a, long b)
{
    return a + chance_below(c, b - a + 1);
}

double chance_unit(struct chance *c)
{
    return gsl_rng_uniform(c->generator);
}

bool chance_hits(struct chance *c, double probability)
{
    return chance_unit(c) < probability;
}
