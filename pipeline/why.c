/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * why: where a number of the report comes from, down to the cells that counties sent.  The
 * estimate is made anew from the clean records and the weights; when it is not the one that was
 * printed, the program fails.
 */
#include "base/message.h"
#include "base/options.h"
#include "estimate/designwords.h"
#include "output/document.h"
#include "output/figurename.h"
#include "output/origin.h"
#include "output/workbook_advice.h"
#include "survey/plain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CASES_SHOWN = 3, EXCLUDED_SHOWN = 5 };

static const char *topic_path, *figure;
static bool verbose;

static const struct option_row OPTIONS[] = {
    {'t', "文件", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'f', "哪个数", &figure, NULL,
     "如 表3.B4、图2.1、svc_train、\"svc_train county=411525\"（指标和分组可写代码或名称）", true},
    {'v', NULL, NULL, &verbose, "列出每一条记录", false},
    {0},
};
static const struct program ME = {
    "why", "说明报告里的一个数是怎么来的",
    "[-v] -t topic.csv -f 哪个数 results.db raw.db clean.db weights.db [raw.db clean.db …]",
    OPTIONS};

/* One county's part. */
struct part {
    char county[32];
    struct account_sums sums;
    double least, most; /* weights */
};

struct job {
    struct topic *topic;
    struct results *results;
    const struct stat_row *estimate;
    const struct indicator *indicator;
    const struct level *level;
    const struct domain *domain; /* NULL: all */
    struct account *account;
    struct part *parts;
    int part_count;
};

/* ---- numbers ------------------------------------------------------------------------------- */

static const char *exact(double value, char *out)
{
    return isnan(value) ? "—" : plain_text(value, out);
}

static void put_pair(const char *head, double value)
{
    char text[PLAIN_TEXT];
    printf("%s%s", head, exact(value, text));
}

/* ---- the estimate -------------------------------------------------------------------------- */

static void put_name(const struct job *j)
{
    const struct indicator *ind = j->indicator;
    printf("%s%s%s", ind->group_label, *ind->group ? "：" : "", ind->label);
    if (j->domain)
        printf("　%s", domain_label(j->topic, j->domain->name, j->estimate->domain));
    printf("　（%s", ind->name);
    if (j->domain)
        printf(" %s=%s", j->domain->name, j->estimate->domain);
    puts("）");
}

static const char *mark_text(char mark)
{
    switch (mark) {
    case 'b':
        return "加括号：误差较大，仅供参考";
    case 'x':
        return "不予公布：样本过少或误差过大。以下只供内部核对，不能引用";
    case 's':
        return "不予公布：可用来推算另一个不公布的数。以下只供内部核对，不能引用";
    case '-':
        return "没有数据";
    default:
        return "照印";
    }
}

static void put_print(const struct job *j)
{
    struct buf b = {0};
    stat_put(&b, j->results, j->indicator, j->estimate, PRINT_VALUE, PRINT_UNIT);
    printf("印出　　%s　（标记：%s）\n", buf_text(&b), mark_text(j->estimate->mark));
    char value[PLAIN_TEXT], scale[PLAIN_TEXT];
    printf("估计值　%s，乘以%s、保留%d位小数后印出；单位 %s\n", exact(j->estimate->value, value),
           exact(j->indicator->scale, scale), j->indicator->decimals, j->indicator->unit);
    buf_free(&b);
}

static void put_definition(const struct job *j)
{
    const struct indicator *ind = j->indicator;
    printf("统计量　%s", statistic_label(ind->statistic));
    if (*ind->definition)
        printf("；%s", ind->definition);
    printf("\n算式　　%s\n", ind->expression_text);
    if (ind->denominator)
        printf("分母　　%s\n", ind->denominator_text);
    printf("范围　　%s\n", ind->universe ? ind->universe_text : "全部记录");
    const struct question *const *q = account_questions(j->account);
    for (int i = 0; q[i]; i++)
        printf("题目　　%s　%s\n", q[i]->name, *q[i]->label ? q[i]->label : question_caption(q[i]));
    printf("资料　　%s，%s\n", j->level->label, j->level->evidence);
}

static void put_errors(const struct job *j)
{
    const struct stat_row *e = j->estimate;
    printf("样本量　%ld%s\n", e->n, j->level->unit);
    if (!j->level->sampled || e->df < 0)
        return;
    put_pair("误差　　标准误 ", e->se);
    put_pair("，95%置信区间 ", e->low);
    put_pair("～", e->high);
    if (j->indicator->statistic == STAT_SHARE) {
        put_pair("（logit等法 ", e->logit_low);
        put_pair("～", e->logit_high);
        printf("）");
    }
    printf("，自由度 %ld（%ld个群，%ld层）", e->df, e->n_psu, e->n_strata);
    put_pair("，设计效应 ", e->deff);
    putchar('\n');
}

/* The design in one line: with a frame as Stata's svyset says it, else as R's svydesign(). */
static void put_design(const struct job *j)
{
    const struct topic *t = j->topic;
    const struct level *top = j->level;
    if (!j->level->sampled) {
        puts("设计　　不是抽样：每条记录权数为1，汇总填报数");
        return;
    }
    while (top->parent >= 0)
        top = &t->levels[top->parent];
    struct design *d = design_read(t);
    struct buf text = {0};
    if (d && d->plain) {
        design_in_r(&text, d);
        buf_puts(&text, text.len ? "；" : "");
    } else if (d) {
        buf_printf(&text, "svyset %s [pweight=weight], strata(%s)；", top->psu,
                   *top->county ? top->county : topic_design(t, "stratum"));
    }
    if (d)
        design_words(&text, d);
    printf("设计　　%s\n", buf_text(&text));
    buf_free(&text);
    design_free(d);
}

static void put_head(const struct job *j)
{
    put_name(j);
    put_print(j);
    put_definition(j);
    put_errors(j);
    put_design(j);
}

/* ---- what does not count ------------------------------------------------------------------- */

/* Why a record is left out, as a phrase; "" for one that counts. */
static void put_reason(struct buf *out, const struct job *j, struct origin *o,
                       const struct account_case *c)
{
    if (c->fate == CASE_ELSEWHERE)
        buf_puts(out, "不在这一组");
    else if (c->fate == CASE_OUTSIDE)
        buf_puts(out, "不在计算范围");
    else if (!c->question)
        buf_puts(out, "算不出数");
    if (!c->question)
        return;
    buf_printf(out, "%s%s %s", c->fate == CASE_ELSEWHERE ? "：分组题 " : "", c->question->name,
               missing_word(c->missing));
    const char *kind =
        c->missing == RETURNED || c->missing == BLANK ? origin_returned(o, j->account, c) : "";
    if (!*kind)
        return;
    buf_puts(out, "：");
    advice_wrong(out, &(struct problem){.kind = kind});
    buf_printf(out, "（%s）", kind);
}

/* Rows that never became records of the level. */
static void put_turned_away(const struct job *j, struct store *clean)
{
    struct query *q = store_query(clean, "SELECT fate, SUM(n) FROM fate WHERE level = :level"
                                         " AND fate <> 'accepted' GROUP BY fate ORDER BY fate");
    query_text(q, ":level", j->level->name);
    while (query_next(q)) {
        struct buf wrong = {0};
        advice_wrong(&wrong, &(struct problem){.kind = col_text(q, 0)});
        printf("  没有入库：%s（%s）%ld%s\n", buf_text(&wrong), col_text(q, 0), col_long(q, 1),
               j->level->unit);
        buf_free(&wrong);
    }
    query_end(q);
}

static void put_reasons(const struct job *j, const struct part *p, const struct map *reasons)
{
    long total = 0;
    for (int f = 0; f < CASE_FATES; f++)
        total += p->sums.fates[f];
    printf("  入库%ld%s：计入%ld，不计入%ld\n", total, j->level->unit, p->sums.fates[CASE_COUNTS],
           total - p->sums.fates[CASE_COUNTS]);
    for (int i = 0; i < reasons->count; i++)
        printf("  不计入：%s，%ld%s\n", reasons->entries[i].key, reasons->entries[i].value,
               j->level->unit);
}

/* ---- a county ------------------------------------------------------------------------------ */

/* What is shown of single records, and how many were. */
struct shown {
    struct buf text;
    long counted, excluded;
};

static void put_key(struct buf *out, const struct job *j, const struct account_case *c)
{
    buf_printf(out, "%s", c->key);
    if (c->record->repeat >= 0)
        buf_printf(out, "，第%d%s", c->record->position, j->level->unit);
}

static void show_case(struct shown *s, const struct job *j, struct origin *o,
                      const struct account_case *c, const char *reason)
{
    char y[PLAIN_TEXT], x[PLAIN_TEXT], w[PLAIN_TEXT];
    bool counts = c->fate == CASE_COUNTS;
    bool detail = counts || c->fate == CASE_UNKNOWN || c->fate == CASE_NO_NUMBER;
    if (!verbose &&
        (!detail || (counts ? s->counted >= CASES_SHOWN : s->excluded >= EXCLUDED_SHOWN)))
        return;
    counts ? s->counted++ : s->excluded++;
    buf_puts(&s->text, counts ? "    计入 " : "    不计入 ");
    put_key(&s->text, j, c);
    if (counts) {
        buf_printf(&s->text, "：值 %s", exact(c->y, y));
        if (j->indicator->denominator)
            buf_printf(&s->text, "，分母 %s", exact(c->x, x));
        buf_printf(&s->text, "，权数 %s\n", exact(c->w, w));
    } else {
        buf_printf(&s->text, "：%s\n", reason);
    }
    if (detail)
        origin_put_record(&s->text, o, j->account, c, counts ? NULL : c->question);
    if (verbose) {
        fwrite(s->text.text, 1, s->text.len, stdout);
        buf_clear(&s->text);
    }
}

/* Walks through the records of a shard. */
static void take_records(struct job *j, struct part *p, struct origin *o, struct map *reasons,
                         struct shown *s)
{
    struct account_case c;
    struct buf reason = {0};
    long done = 0;
    while (account_next(j->account, &c)) {
        account_add(j->account, &p->sums, &c);
        buf_clear(&reason);
        if (c.fate == CASE_COUNTS) {
            p->least = fmin(p->least, c.w);
            p->most = fmax(p->most, c.w);
        } else {
            put_reason(&reason, j, o, &c);
            map_put(reasons, buf_text(&reason), map_get(reasons, buf_text(&reason), 0) + 1);
        }
        show_case(s, j, o, &c, buf_text(&reason));
        progress("核对", ++done);
    }
    progress_end();
    buf_free(&reason);
}

/* Weight of the cases up to the estimate: what a county adds to a quantile. */
static double weight_up_to(const struct points *p, double value)
{
    struct sum w = {0};
    for (int i = 0; i < p->count; i++)
        if (p->items[i].value <= value)
            sum_add(&w, p->items[i].w);
    return sum_value(&w);
}

static bool is_quantile(const struct job *j)
{
    return j->indicator->statistic == STAT_MEDIAN || j->indicator->statistic == STAT_QUANTILE;
}

static void put_sums(const struct job *j, double below, double wy, double wx)
{
    if (is_quantile(j))
        put_pair("，其中值不大于估计值的 ", below);
    else
        put_pair("，加权分子 ", wy);
    if (j->indicator->denominator)
        put_pair("，加权分母 ", wx);
}

static void put_contribution(const struct job *j, const struct part *p)
{
    const struct account_sums *s = &p->sums;
    struct sum w = sum_of(s->sums, SUM_W);
    put_pair("  贡献：权数合计 ", sum_value(&w));
    put_pair("（每条 ", p->least);
    put_pair("～", p->most);
    printf("）");
    put_sums(j, weight_up_to(&s->points, j->estimate->value), sum_value(&s->wy), sum_value(&s->wx));
    putchar('\n');
}

static void explain_county(struct job *j, struct part *p, char **paths)
{
    struct store *clean = store_open(paths[1], &SCHEMA_CLEAN);
    struct store *weights = store_open(paths[2], &SCHEMA_WEIGHTS);
    struct origin *o =
        origin_open(paths[0], clean, j->topic, j->level, account_questions(j->account));
    struct map reasons = {0};
    struct shown shown = {0};
    *p = (struct part){.least = INFINITY, .most = -INFINITY};
    store_meta(clean, "county", p->county, sizeof p->county);
    printf("\n%s %s\n", p->county, domain_label(j->topic, "county", p->county));
    account_open(j->account, clean, weights);
    take_records(j, p, o, &reasons, &shown);
    put_reasons(j, p, &reasons);
    if (p->sums.fates[CASE_COUNTS] || p->sums.fates[CASE_UNKNOWN]) {
        struct buf text = {0};
        put_turned_away(j, clean);
        if (p->sums.fates[CASE_COUNTS])
            put_contribution(j, p);
        origin_put_edits(&text, o);
        origin_put_files(&text, o);
        printf("%s%s%s", buf_text(&text), shown.text.len ? "  记录举例：\n" : "",
               buf_text(&shown.text));
        buf_free(&text);
    }
    account_close(j->account);
    buf_free(&shown.text);
    map_free(&reasons);
    origin_close(o);
    store_close(weights);
    store_close(clean);
}

/* ---- the check ----------------------------------------------------------------------------- */

static bool agree(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b));
}

/* The sums of all counties, and whether they make the printed estimate.  0 or -1. */
static int put_total(const struct job *j)
{
    struct account_sums *all = must_alloc((size_t)j->part_count * sizeof *all);
    struct sum w = {0}, wy = {0}, wx = {0}, below = {0};
    long n = 0;
    for (int i = 0; i < j->part_count; i++) {
        all[i] = j->parts[i].sums;
        n += all[i].fates[CASE_COUNTS];
        w = sum_plus(w, sum_of(all[i].sums, SUM_W));
        sum_add(&wy, sum_value(&all[i].wy));
        sum_add(&wx, sum_value(&all[i].wx));
        sum_add(&below, weight_up_to(&all[i].points, j->estimate->value));
    }
    struct estimate e = account_estimate(j->account, all, j->part_count);
    for (int i = 0; i < j->part_count; i++)
        j->parts[i].sums.points = all[i].points;
    free(all);
    printf("\n合计　　%ld%s", n, j->level->unit);
    put_pair("，权数合计 ", sum_value(&w));
    put_sums(j, sum_value(&below), sum_value(&wy), sum_value(&wx));
    put_pair("；由记录重算 ", e.value);
    putchar('\n');
    if (agree(e.value, j->estimate->value) && e.n == j->estimate->n) {
        puts("核对　　各县之和与结果库一致");
        return 0;
    }
    char own[PLAIN_TEXT], printed[PLAIN_TEXT];
    return error("各县记录重算得 %s（n=%ld），结果库 %s 是 %s（n=%ld），两者不一致。"
                 "请重新运行 make；仍不一致的是程序有误，这个数不能用",
                 exact(e.value, own), e.n, j->results->path, exact(j->estimate->value, printed),
                 j->estimate->n);
}

/* ------------------------------------------------------------------------------------------- */

/* Numbers the tables as in the report; without a narrative, in the topic's order. */
static int number_tables(struct job *j, struct macros *m)
{
    const char *narrative = topic_file(j->topic, "report.tex");
    if (access(narrative, F_OK) == 0)
        return document_number(m, narrative);
    macros_number_rest(m);
    return 0;
}

static const struct stat_row *find_figure(struct job *j)
{
    struct macros m;
    struct buf nearby = {0};
    macros_init(&m, j->results);
    const struct stat_row *e = number_tables(j, &m) < 0 ? NULL : figure_find(&m, figure, &nearby);
    fputs(buf_text(&nearby), stderr);
    buf_free(&nearby);
    macros_free(&m);
    return e;
}

static int explain(struct job *j, char **shards)
{
    j->indicator = topic_indicator(j->topic, j->estimate->indicator);
    j->level = &j->topic->levels[j->indicator->level];
    j->domain = topic_domain(j->topic, j->estimate->level);
    struct store *results = store_open(j->results->path, &SCHEMA_RESULTS);
    j->account = account_new(j->topic, j->indicator, j->domain, j->estimate->domain, results);
    store_close(results);
    if (!j->account)
        return -1;
    j->parts = must_alloc((size_t)j->part_count * sizeof *j->parts);
    put_head(j);
    for (int i = 0; i < j->part_count; i++)
        explain_county(j, &j->parts[i], shards + 3 * i);
    int rc = put_total(j);
    if (j->results->simulated)
        puts("注意　　以上含模拟资料，仅供演练");
    for (int i = 0; i < j->part_count; i++)
        account_sums_free(&j->parts[i].sums);
    free(j->parts);
    account_free(j->account);
    return rc;
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 4, -1);
    if ((argc - first) % 3 != 1)
        die(MISUSE, "要给出 results.db，和各县的 raw.db clean.db weights.db");
    struct job j = {.topic = topic_read(topic_path), .part_count = (argc - first - 1) / 3};
    j.results = j.topic ? results_read(argv[first], j.topic) : NULL;
    j.estimate = j.results ? find_figure(&j) : NULL;
    int rc = j.estimate ? explain(&j, argv + first + 1) : -1;
    results_free(j.results);
    topic_free(j.topic);
    if (fflush(stdout))
        return CANNOT;
    return rc < 0 ? DATA_FAILED : DONE;
}
