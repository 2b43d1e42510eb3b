/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The results file in memory, with the topic it belongs to, and how one estimate is printed.
 *
 *     struct results *r = results_read("results.db", topic);
 *     const struct stat_row *e = results_find(r, "svc_used", "county", "411525");
 *     stat_put(&out, r, ind, e, PRINT_VALUE);       // 45.3
 *     results_free(r);
 *
 * Printed values are estimates times the indicator's scale, rounded to its decimals.
 */
#ifndef OUTPUT_RESULTS_H
#define OUTPUT_RESULTS_H

#include "base/map.h"
#include "base/text.h"
#include "output/rankings.h"
#include "survey/topic.h"

/* One row of results.db; NaN and -1 stand for NULL. */
struct stat_row {
    const char *indicator, *level, *domain;
    long n, n_psu, n_strata, df;
    double value, se, low, high, deff; /* not scaled; NaN when not estimable */
    double logit_low, logit_high;
    const char *evidence; /* 抽样, 普查, 部门, 典型 */
    char mark;            /* ' ' print, 'b' in brackets, 'x' and 's' withhold, '-' none */
    bool n_hidden;        /* too few cases, or they would give others away */
};

/* A design-based test between two values of a domain; b may be "all". */
struct contrast_row {
    double difference, p; /* a - b, not scaled; p NaN when not estimable */
};

/* The p of a test, or the alpha or kappa of a scale. */
struct analysis_row {
    double value;     /* NaN: not estimable, or withheld */
    bool association; /* of a test: of two questions, not of a difference between groups */
};

/* One PSU of the sample. */
struct sampled_psu {
    const char *code, *name, *county;
    long drawn, accepted;
    double weight;
};

struct results {
    struct arena arena;
    const struct topic *topic;
    const char *path;
    struct stat_row *estimates;
    int estimate_count;
    struct map by_key;     /* indicator TAB level TAB domain -> index in estimates */
    struct map counts;     /* county TAB what -> number; county TAB -> 1 for each county */
    const char **counties; /* codes that sent anything, sorted */
    int county_count;
    struct contrast_row *contrasts;
    int contrast_count;
    struct map by_pair; /* indicator TAB level TAB a TAB b -> index in contrasts */
    struct analysis_row *analyses;
    int analysis_count;
    struct map by_analysis; /* tests or scales TAB name -> index in analyses */
    struct rankings rankings;
    struct sampled_psu *psus;
    int psu_count;
    bool simulated;          /* the answers are */
    bool frame_simulated;    /* the sampling frame is */
    const char *fingerprint; /* of the results, for the print; "" when unknown */
    int rounding;            /* DECIMAL_HALF_UP or 0, from the topic's rule `rounding` */
};

/* NULL after a message when the file belongs to another topic. */
struct results *results_read(const char *path, const struct topic *t);
void results_free(struct results *r);

/* NULL when there is no such row.  level and domain are both "all" for the whole. */
const struct stat_row *results_find(const struct results *r, const char *indicator,
                                    const char *level, const char *domain);

/* The test of a against b in either order; NULL when there was none. */
const struct contrast_row *results_contrast(const struct results *r, const char *indicator,
                                            const char *level, const char *a, const char *b);

/* `sheet` is tests or scales; NULL when it has no such. */
const struct analysis_row *results_analysis(const struct results *r, const char *sheet,
                                            const char *name);

/* A count of the data-quality table (store/schema.c, county_count); county NULL sums them. */
long results_count(const struct results *r, const char *county, const char *what);

/* How many counties the topic asks: the values of its domain `county`; 0 when it has none. */
int results_counties_asked(const struct results *r);

/* 已报送的8个县（市） while some have not reported, 14个县（市） when all have. */
void results_scope(struct buf *out, const struct results *r);

/* The values of a domain that have rows in the results: those of the topic in its order, then
 * others sorted.  Returns their number; the array is arena-owned.  `label` is the printed name,
 * which is the value itself where the topic knows none. */
int results_domain_values(struct results *r, const char *domain, const char *const *indicators,
                          int indicator_count, struct setting **values);

/* Printed name of a value of a domain: its label, or the value itself. */
const char *domain_label(const struct topic *t, const char *domain, const char *value);

enum print {
    PRINT_VALUE,    /* 45.3 */
    PRINT_SE,       /* 1.2, in the unit of the value */
    PRINT_INTERVAL, /* 43.0～47.6 */
    PRINT_RSE,      /* 2.7: relative standard error in per cent */
    PRINT_N,        /* 874 */
    PRINT_DEFF,     /* 1.04 */
    PRINT_DF,
};

enum { PRINT_UNIT = 1, PRINT_NO_GROUP = 2 }; /* % after per cents; no thousands separator */

/* The text of one figure; e may be NULL.  Withheld: ※; missing or without meaning: —; brackets
 * around an unreliable value.  Never LaTeX-escaped: it is plain text. */
void stat_put(struct buf *out, const struct results *r, const struct indicator *ind,
              const struct stat_row *e, enum print what, int flags);

/* Whether the estimate may be shown at all. */
bool stat_shown(const struct stat_row *e);
/* Whether there is one that may not. */
bool stat_withheld(const struct stat_row *e);
/* Whether its number of cases may be: not where they are too few, or would give others away. */
bool stat_n_shown(const struct stat_row *e);
/* Value in printed units, rounded as printed; NaN when not shown. */
double stat_printed(const struct results *r, const struct indicator *ind, const struct stat_row *e);
/* Ends of the 95% interval in printed units.  A share whose symmetric interval leaves 0..100%
 * gets its logit interval.  False when there is none (census, withheld). */
bool stat_interval(const struct indicator *ind, const struct stat_row *e, double *low,
                   double *high);
bool unit_is_percent(const struct indicator *ind);

#endif
