/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Replicates that we draw ourselves: the Rao-Wu bootstrap by its properties.  What is made of
 * replicates is compared with R in e2e/designs.
 */
#include "reference.h"

#include "estimate/replicates.h"

static const int STRATUM[] = {0, 0, 0, 1, 1, 1, 1, 1, 2, 2};
enum { UNITS = 10, STRATA = 3 };

static struct replicates *draw(const struct sample *s, int count, unsigned long seed,
                               const char *generator)
{
    struct replicate_plan plan = {.type = REPLICATE_BOOTSTRAP,
                                  .count = count,
                                  .seed = seed,
                                  .generator = generator,
                                  .scale = NAN};
    return replicates_make(s, &plan);
}

static double sum_of_stratum(const struct replicates *r, int stratum, int replicate)
{
    double sum = 0;
    for (int i = 0; i < UNITS; i++)
        if (STRATUM[i] == stratum)
            sum += replicates_multiplier(r, i, replicate);
    return sum;
}

/* n-1 draws from n, each worth n/(n-1): the multipliers of a stratum add up to n. */
static void bootstrap_multipliers(void **state)
{
    (void)state;
    static const int psus[] = {3, 5, 2};
    struct sample *s = sample_new(STRATUM, UNITS, STRATA, NULL, LONELY_FAIL);
    struct replicates *r = draw(s, 50, 7, "mt19937");
    assert_int_equal(r->count, 50);
    for (int k = 0; k < 50; k++) {
        for (int h = 0; h < STRATA; h++)
            assert_float_equal(sum_of_stratum(r, h, k), psus[h], 1e-12);
        for (int i = 0; i < UNITS; i++) {
            int n = psus[STRATUM[i]];
            double times = replicates_multiplier(r, i, k) * (n - 1) / n;
            assert_float_equal(times, round(times), 1e-12);
            assert_true(times >= 0);
        }
    }
    replicates_free(r);
    sample_free(s);
}

static bool same(const struct replicates *a, const struct replicates *b)
{
    for (int i = 0; i < UNITS; i++)
        for (int k = 0; k < a->count; k++)
            if (replicates_multiplier(a, i, k) != replicates_multiplier(b, i, k))
                return false;
    return true;
}

static void bootstrap_depends_on_seed_and_generator(void **state)
{
    (void)state;
    struct sample *s = sample_new(STRATUM, UNITS, STRATA, NULL, LONELY_FAIL);
    struct replicates *r[] = {draw(s, 40, 7, "mt19937"), draw(s, 40, 7, "mt19937"),
                              draw(s, 40, 8, "mt19937"), draw(s, 40, 7, "taus2")};
    assert_true(same(r[0], r[1]));
    assert_false(same(r[0], r[2]));
    assert_false(same(r[0], r[3]));
    for (int i = 0; i < 4; i++)
        replicates_free(r[i]);
    assert_null(draw(s, 40, 7, "no such generator"));
    sample_free(s);
}

/* Of a total the bootstrap's variance is the linearised one but for the draws: a relative error of
 * about sqrt(2/replicates), here 0.016; six times that never happens with a fixed seed. */
static void bootstrap_variance_of_a_total(void **state)
{
    (void)state;
    const double z[UNITS] = {3, 8, -2, 10, 4, 4, 7, 1, 5, 12};
    bool active[UNITS];
    for (int i = 0; i < UNITS; i++)
        active[i] = true;
    struct sample *s = sample_new(STRATUM, UNITS, STRATA, NULL, LONELY_FAIL);
    double exact = sample_variance(s, z, active);
    struct replicates *r = draw(s, 8000, 1, "mt19937");
    assert_float_equal(replicates_total_variance(r, z) / exact, 1, 0.1);
    replicates_free(r);
    sample_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bootstrap_multipliers),
        cmocka_unit_test(bootstrap_depends_on_seed_and_generator),
        cmocka_unit_test(bootstrap_variance_of_a_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
