/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Results made up by hand, read back with a topic of the project, for tests of what is printed.
 *
 *     struct store *s = begin_results();
 *     put_estimate(s, (struct madeup){"out_hh", "all", "all", 0.58, 0.02, 0.54, 0.62, "抽样", ""});
 *     return end_results(s, "topics/henan-2025/07/topic.csv");    // a group's setup
 *     … topic, results, macros …
 *     drop_results()                                              // its teardown
 */
#ifndef TESTS_MADEUP_H
#define TESTS_MADEUP_H

#include "output/macro.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* A row of the table `estimate`: 100 cases, 40 degrees of freedom; NaN is nothing. */
struct madeup {
    const char *indicator, *level, *domain;
    double value, se, low, high;
    const char *evidence, *mark;
};

static struct topic *topic;
static struct results *results;
static struct macros macros;
static char messages[4096], results_path[] = "/tmp/test_results_XXXXXX";

static struct store *begin_results(void)
{
    close(mkstemp(results_path));
    return store_create(results_path, &SCHEMA_RESULTS);
}

static inline void put_estimate(struct store *s, struct madeup row)
{
    struct query *q = store_query(
        s, "INSERT INTO estimate(indicator, stat, level, domain, n, df, estimate, se, ci_low, "
           "ci_high, logit_low, logit_high, class, mark) "
           "VALUES (?1, '', ?2, ?3, 100, 40, ?4, ?5, ?6, ?7, 0.005, 0.025, ?8, ?9)");
    query_text_at(q, 1, row.indicator);
    query_text_at(q, 2, row.level);
    query_text_at(q, 3, row.domain);
    query_double_at(q, 4, row.value);
    query_double_at(q, 5, row.se);
    query_double_at(q, 6, row.low);
    query_double_at(q, 7, row.high);
    query_text_at(q, 8, row.evidence);
    query_text_at(q, 9, row.mark);
    query_run(q);
    query_end(q);
}

/* Returns 0, or -1 when the topic cannot be read with them. */
static int end_results(struct store *s, const char *topic_path)
{
    store_commit(s);
    topic = topic_read(topic_path);
    results = topic ? results_read(results_path, topic) : NULL;
    if (!results)
        return -1;
    macros_init(&macros, results);
    return 0;
}

static int drop_results(void **state)
{
    (void)state;
    macros_free(&macros);
    results_free(results);
    topic_free(topic);
    return unlink(results_path);
}

#endif
