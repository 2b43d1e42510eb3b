/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A draft against results: topic 7 with a handful of estimates made up here.
 */
#include "output/results.h"
#include "verify/check.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static struct topic *topic;

static const struct stat_row ROWS[] = {
    {.indicator = "hh_size", .level = "all", .domain = "all", .value = 3.8791, .mark = ' '},
    {.indicator = "labour_mean", .level = "all", .domain = "all", .value = 2.6213, .mark = ' '},
    {.indicator = "svc_used", .level = "all", .domain = "all", .value = 0.47304, .mark = ' '},
    {.indicator = "svc_used", .level = "county", .domain = "411523", .value = 0.5126, .mark = ' '},
    {.indicator = "wage_mean", .level = "all", .domain = "all", .value = 4457.2, .mark = ' '},
    {.indicator = "wage_median", .level = "all", .domain = "all", .value = 4200, .mark = ' '},
    {.indicator = "out_total", .level = "all", .domain = "all", .value = 1030702.7, .mark = ' '},
    {.indicator = "contract", .level = "all", .domain = "all", .value = 0.429, .mark = 'x'},
};

static void make_results(struct results *r, struct stat_row *rows)
{
    struct buf key = {0};
    *r = (struct results){.topic = topic, .estimates = rows};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        rows[i] = ROWS[i];
        buf_clear(&key);
        buf_printf(&key, "%s\t%s\t%s", rows[i].indicator, rows[i].level, rows[i].domain);
        map_put(&r->by_key, key.text, r->estimate_count++);
    }
    buf_free(&key);
}

/* The most serious verdict in the sentence must be `wanted`, with `words` in its reason. */
static void expect(const char *sentence, enum verdict wanted, const char *words)
{
    struct stat_row rows[sizeof ROWS / sizeof *ROWS];
    struct results r;
    struct draft d;
    struct check c;
    make_results(&r, rows);
    draft_from_text(&d, sentence);
    check_open(&c, &d);
    check_rules(&c, &r);
    static const int weight[VERDICTS] = {[UNCHECKED] = 1, [AGREES] = 2,  [OFFER] = 3,   [DOUBT] = 4,
                                         [WRONG] = 5,     [DAMAGED] = 6, [CONFLICT] = 7};
    const struct claim *worst = NULL;
    for (int i = 0; i < c.count; i++)
        if (!worst || weight[c.claims[i].verdict] > weight[worst->verdict])
            worst = &c.claims[i];
    if (!worst || worst->verdict != wanted || !strstr(worst->reason, words))
        fail_msg("%s: got %s %s", sentence, worst ? VERDICT_NAMES[worst->verdict] : "nothing",
                 worst ? worst->reason : "");
    check_close(&c);
    draft_free(&d);
    map_free(&r.by_key);
    arena_free(&r.arena);
}

static void test_agreeing(void **state)
{
    (void)state;
    expect("农户户均户籍人口3.88人。", AGREES, "hh_size");
    expect("农户户均户籍人口3.88人、劳动力2.62人。", AGREES, "");
    expect("享受公共就业服务的户占47.3%。", AGREES, "svc_used");
    expect("47.3%的户享受公共就业服务。", AGREES, "svc_used");
    expect("享受公共就业服务的户占四成七。", AGREES, "svc_used");
    expect("受雇务工者月均工资4457元。", AGREES, "wage_mean");
    expect("受雇务工者月均工资4457元，中位数4200元。", AGREES, "");
    expect("受雇务工者月均工资0.45万元。", AGREES, "wage_mean");
    expect("县外务工人数103.1万人。", AGREES, "out_total");
    expect("县外务工人数1,030,703人。", AGREES, "out_total");
}

static void test_disagreeing(void **state)
{
    (void)state;
    expect("农户户均户籍人口3.98人。", WRONG, "3.88人");
    expect("享受公共就业服务的户占57.3%。", WRONG, "47.3%");
    expect("受雇务工者月均工资5447元。", WRONG, "4457元");
    expect("县外务工人数130.1万人。", WRONG, "1,030,703");
}

static void test_counties(void **state)
{
    (void)state;
    expect("新县享受公共就业服务的户占51.3%。", AGREES, "新县");
    expect("新县享受公共就业服务的户占41.2%。", WRONG, "51.3%");
}

/* Other places and years are not the results'; a withheld figure is not to be quoted; a phrase
 * that says more than the label is something else. */
static void test_uncertain(void **state)
{
    (void)state;
    expect("全国受雇务工者月均工资5000元。", UNCHECKED, "");
    expect("去年受雇务工者月均工资5000元。", UNCHECKED, "");
    expect("受雇务工者签订书面合同的比例为42.9%。", DOUBT, "不公布");
    expect("县城商场受雇女性导购人员春节期间月均工资5000元。", UNCHECKED, "");
    expect("本次调查满意率为47.3%。", UNCHECKED, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agreeing), cmocka_unit_test(test_disagreeing),
        cmocka_unit_test(test_counties), cmocka_unit_test(test_uncertain)};
    topic = topic_read("topics/henan-2025/07/topic.csv");
    if (!topic)
        return 1;
    int code = cmocka_run_group_tests(tests, NULL, NULL);
    topic_free(topic);
    return code;
}
