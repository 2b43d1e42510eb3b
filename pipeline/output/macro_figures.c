/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/comparison.h"
#include "output/decimal.h"
#include "output/latex.h"
#include "output/macro_call.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- options ------------------------------------------------------------------------------- */

static const char *domain_value(const struct domain *d, const char *text)
{
    for (int i = 0; i < d->value_count; i++)
        if (strcmp(d->values[i].name, text) == 0 || strcmp(d->values[i].value, text) == 0)
            return d->values[i].name;
    return NULL;
}

static int option_scale(const struct call *c, const char *value, struct choice_of *o)
{
    if (strcmp(value, "万") != 0 && strcmp(value, "亿") != 0)
        return error_at(c->at, "in= 只能是 万 或 亿");
    o->divisor = strcmp(value, "万") == 0 ? 1e4 : 1e8;
    o->suffix = strcmp(value, "万") == 0 ? "万" : "亿";
    if (o->decimals < 0)
        o->decimals = 1;
    return 0;
}

static int option_pair(const struct macros *m, const struct call *c, const char *name,
                       const char *value, struct choice_of *o)
{
    if (strcmp(name, "in") == 0)
        return option_scale(c, value, o);
    if (strcmp(name, "decimals") == 0) {
        o->decimals = atoi(value);
        return 0;
    }
    const struct domain *d = topic_domain(m->results->topic, name);
    if (!d)
        return error_at(c->at, "课题没有名为 %s 的分组", name);
    o->level = d->name;
    o->domain = domain_value(d, value);
    if (!o->domain)
        return error_at(c->at, "分组 %s（%s）中没有 %s", d->name, d->label, value);
    return 0;
}

static int option_word(const struct macros *m, const struct call *c, const char *word,
                       struct choice_of *o)
{
    const struct domain *d = topic_domain(m->results->topic, word);
    if (strspn(word, "0123456789") == strlen(word))
        o->top = atoi(word);
    else if (strcmp(word, "plain") == 0)
        o->plain = true;
    else if (strcmp(word, "categories") == 0)
        o->by = "categories";
    else if (d)
        o->by = d->name;
    else
        return error_at(c->at, "课题没有名为 %s 的分组", word);
    return 0;
}

int call_options(const struct macros *m, const struct call *c, int which, struct choice_of *o)
{
    *o = (struct choice_of){
        .level = "all", .domain = "all", .by = "", .divisor = 1, .suffix = "", .decimals = -1};
    if (which >= c->option_count)
        return 0;
    char text[CALL_ROOM];
    memcpy(text, c->options[which], sizeof text);
    for (char *save, *p = strtok_r(text, ", ", &save); p; p = strtok_r(NULL, ", ", &save)) {
        char *equals = strchr(p, '=');
        if (equals)
            *equals = '\0';
        if ((equals ? option_pair(m, c, p, equals + 1, o) : option_word(m, c, p, o)) < 0)
            return -1;
    }
    return 0;
}

/* ---- finding the estimate ------------------------------------------------------------------ */

const struct indicator *call_indicator(const struct macros *m, const struct call *c)
{
    const struct topic *t = m->results->topic;
    const struct indicator *ind = topic_indicator(t, c->argument);
    if (ind)
        return ind;
    const char *nearest = "";
    int least = 4;
    for (int i = 0; i < t->indicator_count; i++) {
        int d = text_distance(t->indicators[i].name, c->argument);
        if (d < least) {
            least = d;
            nearest = t->indicators[i].name;
        }
    }
    if (*nearest)
        error_at(c->at, "没有名为 %s 的指标，是不是 %s？", c->argument, nearest);
    else
        error_at(c->at, "没有名为 %s 的指标，见课题工作簿的 indicators 表", c->argument);
    return NULL;
}

int call_withheld(struct macros *m, const struct call *c)
{
    m->withheld++;
    if (m->lenient)
        return -1;
    return error_at(c->at, "这个数样本过少或误差过大，不予公布，报告中不能引用");
}

const struct stat_row *call_estimate(struct macros *m, const struct call *c,
                                     const struct indicator *ind, const struct choice_of *o)
{
    const struct stat_row *e = results_find(m->results, ind->name, o->level, o->domain);
    if (e)
        return e;
    bool part = strcmp(o->level, "all") != 0 && results_find(m->results, ind->name, "all", "all");
    m->withheld++; /* as withheld: in another round, or when the form comes, there may be some */
    if (!m->lenient && part)
        error_at(c->at, "%s没有数据（可能尚未报送）",
                 domain_label(m->results->topic, o->level, o->domain));
    else if (!m->lenient)
        error_at(c->at, "没有一条记录符合这个指标的条件，没有数可引用。可能没有的，"
                        "这一段开头写 \\optional，没有时就不印");
    return NULL;
}

/* ---- printing ------------------------------------------------------------------------------ */

/* A closing bracket stays outside the link: TeX would end a line between a link that ends with
 * one and the mark that follows. */
void call_link(struct macros *m, struct buf *out, const char *indicator, const char *text)
{
    static const char CLOSING[] = "）";
    struct buf inside = {0};
    bool closed = m->links && ends_with(text, CLOSING);
    buf_put(&inside, text, strlen(text) - (closed ? strlen(CLOSING) : 0));
    if (m->links)
        buf_printf(out, "\\numlink{%s}{", indicator);
    latex_text(out, buf_text(&inside));
    if (m->links)
        buf_putc(out, '}');
    buf_puts(out, closed ? CLOSING : "");
    buf_free(&inside);
}

/* A copy of the indicator as the options want it printed. */
static struct indicator restyled(const struct indicator *ind, const struct choice_of *o)
{
    struct indicator copy = *ind;
    copy.scale /= o->divisor;
    if (o->decimals >= 0)
        copy.decimals = o->decimals;
    return copy;
}

bool call_figure(struct macros *m, struct buf *text, const struct indicator *ind,
                 const struct stat_row *e, enum print what, const struct choice_of *o)
{
    struct indicator style = restyled(ind, o);
    struct stat_row bare = *e;
    bool doubtful = what == PRINT_VALUE && e->mark == 'b';
    if (what == PRINT_VALUE && e->value == 0)
        style.decimals = 0; /* none at all: 0%, where 0.0% could be a little */
    if (doubtful)
        bare.mark = ' ';
    stat_put(text, m->results, &style, &bare, what, o->plain ? 0 : PRINT_UNIT);
    buf_puts(text, what == PRINT_N || what == PRINT_RSE ? "" : o->suffix);
    if (what == PRINT_RSE)
        buf_putc(text, '%');
    return doubtful;
}

static const char *last_of(const char *text, const char *part)
{
    const char *last = NULL;
    while ((text = strstr(text, part)))
        last = text++;
    return last;
}

void call_remark(struct buf *text, const struct buf *before)
{
    enum { LOOK = 300 };
    const char *near = buf_text(before) + (before->len > LOOK ? before->len - LOOK : 0);
    const char *opened = last_of(near, "（"), *closed = last_of(near, "）");
    bool inside = opened && (!closed || closed < opened);
    buf_puts(text, inside ? "，误差较大，仅供参考" : "（误差较大，仅供参考）");
}

static int op_figure(struct macros *m, struct buf *out, const struct call *c)
{
    struct choice_of o;
    const struct indicator *ind = call_indicator(m, c);
    if (!ind || call_options(m, c, 0, &o) < 0)
        return -1;
    const struct stat_row *e = call_estimate(m, c, ind, &o);
    if (!e)
        return -1;
    enum print what = c->operation->what;
    double low, high;
    if (what != PRINT_N && !stat_shown(e))
        return call_withheld(m, c);
    bool interval = what != PRINT_INTERVAL || stat_interval(ind, e, &low, &high);
    if (!interval && strcmp(e->evidence, "抽样") == 0)
        return buf_puts(out, "—"), 0; /* all answers are the same, or one unit alone */
    if (!interval)
        return error_at(c->at, "这个指标没有置信区间（%s资料，或没有抽样误差）", e->evidence);
    if ((what == PRINT_SE || what == PRINT_RSE) && !(e->se > 0))
        return error_at(c->at, "这个指标没有标准误（%s资料，或没有抽样误差）", e->evidence);
    struct buf text = {0};
    if (call_figure(m, &text, ind, e, what, &o))
        call_remark(&text, out);
    call_link(m, out, ind->name, buf_text(&text));
    buf_free(&text);
    return 0;
}

/* ---- counts, settings, exhibits ------------------------------------------------------------ */

static int count_of(const struct macros *m, const struct call *c, long *n)
{
    struct choice_of o;
    const struct results *r = m->results;
    if (call_options(m, c, 0, &o) < 0)
        return -1;
    if (strcmp(o.level, "all") != 0 && strcmp(o.level, "county") != 0)
        return error_at(c->at, "计数只能按 county 分组");
    if (strcmp(c->argument, "counties") == 0)
        *n = r->county_count;
    else if (strcmp(c->argument, "counties-asked") == 0)
        *n = results_counties_asked(r);
    else if (strcmp(c->argument, "psus") == 0) {
        *n = 0;
        for (int i = 0; i < r->psu_count; i++)
            *n += r->psus[i].accepted > 0;
    } else if (strcmp(c->argument, "published-agree") == 0)
        *n = published_count(r, AGREES);
    else if (strcmp(c->argument, "published-differ") == 0)
        *n = published_count(r, DIFFERS);
    else
        *n = results_count(r, strcmp(o.level, "all") == 0 ? NULL : o.domain, c->argument);
    return 0;
}

static int op_count(struct macros *m, struct buf *out, const struct call *c)
{
    long n;
    if (count_of(m, c, &n) < 0)
        return -1;
    struct buf text = {0};
    decimal_put(&text, (double)n, 0, DECIMAL_GROUP);
    call_link(m, out, COUNTS_TARGET, text.text);
    buf_free(&text);
    return 0;
}

static int op_scope(struct macros *m, struct buf *out, const struct call *c)
{
    (void)c;
    struct buf text = {0};
    results_scope(&text, m->results);
    call_link(m, out, COUNTS_TARGET, text.text);
    buf_free(&text);
    return 0;
}

static int op_setting(struct macros *m, struct buf *out, const struct call *c)
{
    const char *value = topic_setting(m->results->topic, c->argument);
    if (!*value)
        return error_at(c->at, "课题工作簿的 settings 表中没有 %s", c->argument);
    latex_text(out, value);
    return 0;
}

bool call_is_chart(const struct call *c)
{
    return strcmp(c->operation->name, "showchart") == 0 ||
           strcmp(c->operation->name, "figref") == 0;
}

const struct exhibit *call_exhibit_of(const struct topic *t, const struct call *c)
{
    bool chart = call_is_chart(c), table = strcmp(c->operation->name, "showtable") == 0 ||
                                           strcmp(c->operation->name, "tableref") == 0;
    int n = chart ? t->chart_count : table ? t->table_count : 0;
    const struct exhibit *all = chart ? t->charts : t->tables;
    for (int i = 0; i < n; i++)
        if (strcmp(all[i].id, c->argument) == 0)
            return &all[i];
    return NULL;
}

int call_exhibit(const struct macros *m, const struct call *c)
{
    const struct topic *t = m->results->topic;
    bool chart = call_is_chart(c);
    const struct exhibit *x = call_exhibit_of(t, c);
    if (!x)
        return error_at(c->at, "课题工作簿的 %s 表中没有 %s", chart ? "charts" : "tables",
                        c->argument);
    return (int)(x - (chart ? t->charts : t->tables));
}

static int op_show(struct macros *m, struct buf *out, const struct call *c)
{
    bool chart = call_is_chart(c);
    int i = call_exhibit(m, c);
    if (i < 0)
        return -1;
    if (!m->show)
        return error_at(c->at, "图表只能放在正文（report.tex）里");
    const struct topic *t = m->results->topic;
    return m->show(out, m, chart ? &t->charts[i] : &t->tables[i], chart);
}

static int op_reference(struct macros *m, struct buf *out, const struct call *c)
{
    bool chart = call_is_chart(c);
    int i = call_exhibit(m, c);
    if (i < 0)
        return -1;
    int number = chart ? m->chart_numbers[i] : m->table_numbers[i];
    const char *kind = chart ? "图" : "表", *anchor = chart ? "fig" : "tab";
    if (m->links)
        buf_printf(out, "\\exhibitlink{%s:%s}{%s%d}", anchor, c->argument, kind, number);
    else
        buf_printf(out, "%s%d", kind, number);
    return 0;
}

static const struct operation OPERATIONS[] = {
    {"est", op_figure, 1, PRINT_VALUE},
    {"ci", op_figure, 1, PRINT_INTERVAL},
    {"se", op_figure, 1, PRINT_SE},
    {"rse", op_figure, 1, PRINT_RSE},
    {"n", op_figure, 1, PRINT_N},
    {"max", op_extreme, 1, 0},
    {"min", op_extreme, 1, 0},
    {"maxest", op_extreme, 1, 0},
    {"minest", op_extreme, 1, 0},
    {"rank", op_rank, 1, 0},
    {"top", op_top, 1, 0},
    {"distinct", op_distinct, 1, 0},
    {"compare", op_compare, 2, 0},
    {"versus", op_versus, 2, 0},
    {"about", op_about, 1, 0},
    {"ofwhich", op_ofwhich, 1, 0},
    {"change", op_change, 1, 0},
    {"count", op_count, 1, 0},
    {"scope", op_scope, 0, 0},
    {"pvalue", op_analysis, 0, 0},
    {"scale", op_analysis, 0, 0},
    {"tested", op_tested, 0, 0},
    {"place", op_place, 1, 0},
    {"alike", op_alike, 0, 0},
    {"coupling", op_coupling, 1, 0},
    {"consistency", op_consistency, 0, 0},
    {"setting", op_setting, 0, 0},
    {"published", op_published, 0, 0},
    {"differences", op_differences, 0, 0},
    {"showtable", op_show, 0, 0},
    {"showchart", op_show, 0, 0},
    {"tableref", op_reference, 0, 0},
    {"figref", op_reference, 0, 0},
    {NULL, NULL, 0, 0},
};

const struct operation *operation_named(const char *name, size_t n)
{
    for (int i = 0; OPERATIONS[i].name; i++)
        if (strlen(OPERATIONS[i].name) == n && strncmp(OPERATIONS[i].name, name, n) == 0)
            return &OPERATIONS[i];
    return NULL;
}

bool call_shows(const struct call *c)
{
    return c->operation->run == op_show;
}

int call_number(struct macros *m, const struct call *c, double *value)
{
    struct choice_of o;
    long n;
    if (c->operation->run == op_count) {
        int rc = count_of(m, c, &n);
        *value = rc < 0 ? NAN : (double)n;
        return rc;
    }
    if (c->operation->run == op_published)
        return published_number(m, c, value);
    if (c->operation->run == op_analysis)
        return analysis_number(m, c, value);
    enum print what = c->operation->what;
    if (c->operation->run != op_figure || what == PRINT_INTERVAL)
        return error_at(c->at,
                        "条件中只能用 \\est \\n \\se \\rse \\count \\published \\pvalue \\scale");
    const struct indicator *ind = call_indicator(m, c);
    if (!ind || call_options(m, c, 0, &o) < 0)
        return -1;
    const struct stat_row *e = call_estimate(m, c, ind, &o);
    *value = NAN;
    if (!e)
        return m->lenient ? 0 : -1;
    struct indicator style = restyled(ind, &o);
    if (what == PRINT_N)
        *value = (double)e->n;
    else if (what == PRINT_VALUE || !stat_shown(e))
        *value = stat_printed(m->results, &style, e);
    else
        *value = what == PRINT_SE ? e->se * style.scale : 100 * e->se / fabs(e->value);
    return 0;
}
