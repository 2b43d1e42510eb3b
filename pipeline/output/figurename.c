/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/figurename.h"

#include "formats/sheets.h"
#include "output/figure.h"
#include "output/tabular.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NEARBY_MOST = 12, COLUMNS_MOST = 16384, ROWS_MOST = 1048576 };

/* ---- cells --------------------------------------------------------------------------------- */

/* Letters and digits, nothing after them; false otherwise. */
static bool parse_cell(const char *p, struct cell_name *name)
{
    long column = 0, row = 0;
    while (isalpha((unsigned char)*p) && column <= COLUMNS_MOST)
        column = column * 26 + toupper((unsigned char)*p++) - 'A' + 1;
    bool letters = column > 0;
    while (isdigit((unsigned char)*p) && row <= ROWS_MOST)
        row = row * 10 + *p++ - '0';
    if (!letters || *p || row < 1 || column > COLUMNS_MOST || row > ROWS_MOST)
        return false;
    name->column = (int)column - 1;
    name->row = (int)row - 1;
    return true;
}

/* The table's number or id into name; what follows it, or NULL. */
static const char *parse_table(const char *p, struct cell_name *name)
{
    bool marked = starts_with(p, "表");
    p += marked ? strlen("表") : 0;
    while (*p == ' ')
        p++;
    size_t n = strcspn(p, ".! ");
    size_t digits = strspn(p, "0123456789");
    if (n == 0 || n >= sizeof name->id || (!marked && digits == n))
        return NULL;
    if (digits == n && n < 6)
        name->table = atoi(p);
    else
        memcpy(name->id, p, n);
    p += n;
    return *p || marked ? p : NULL;
}

bool cell_name_parse(const char *text, struct cell_name *name)
{
    struct buf half = {0};
    *name = (struct cell_name){.column = -1, .row = -1};
    text_halfwidth(&half, text);
    size_t n = 0;
    const char *p = parse_table(text_trim(buf_text(&half), &n), name);
    bool found = p != NULL;
    while (p && *p && strchr(".! ", *p))
        p++;
    if (p && *p) {
        struct buf cell = {0};
        p = text_trim(p, &n);
        buf_put(&cell, p, n);
        found = n > 0 && parse_cell(buf_text(&cell), name);
        buf_free(&cell);
    }
    buf_free(&half);
    return found;
}

/* ---- what there is ------------------------------------------------------------------------- */

static void list_tables(struct buf *nearby, const struct macros *m)
{
    const struct topic *t = m->results->topic;
    for (int number = 1; number <= t->table_count; number++)
        for (int i = 0; i < t->table_count; i++)
            if (m->table_numbers[i] == number)
                buf_printf(nearby, "  表%d　%s（%s）\n", number, t->tables[i].title,
                           t->tables[i].id);
}

/* The table with the names of its cells. */
static void list_cells(struct buf *nearby, const struct grid *g, int number)
{
    char letters[16];
    buf_printf(nearby, "表%d　%s\n", number, g->title);
    for (int r = -1; r < g->row_count; r++) {
        buf_printf(nearby, "%4d", r + 2);
        for (int c = 0; c < g->columns; c++) {
            column_letters(c, letters);
            buf_printf(nearby, "　%s=%s", letters, r < 0 ? g->heads[c] : g->rows[r].cells[c]);
        }
        buf_puts(nearby, "\n");
    }
}

static void put_indicator(struct buf *nearby, const struct indicator *ind)
{
    buf_printf(nearby, "  %s　%s%s%s\n", ind->name, ind->group_label, *ind->group ? "：" : "",
               ind->label);
}

/* Indicators whose name or label holds the text, or whose name is nearly it. */
static void list_indicators(struct buf *nearby, const struct topic *t, const char *text)
{
    int n = 0;
    for (int i = 0; i < t->indicator_count && n < NEARBY_MOST; i++) {
        const struct indicator *ind = &t->indicators[i];
        if (strstr(ind->name, text) || strstr(ind->label, text) || strstr(ind->group_label, text) ||
            text_distance(ind->name, text) < 4) {
            put_indicator(nearby, ind);
            n++;
        }
    }
    if (n == 0)
        buf_puts(nearby, "  指标名见课题工作簿的 indicators 表，或 results.csv\n");
}

/* ---- tables -------------------------------------------------------------------------------- */

static const struct exhibit *find_table(const struct macros *m, const struct cell_name *name)
{
    const struct topic *t = m->results->topic;
    for (int i = 0; i < t->table_count; i++)
        if (name->table ? m->table_numbers[i] == name->table
                        : strcmp(t->tables[i].id, name->id) == 0)
            return &t->tables[i];
    return NULL;
}

static const struct stat_row *estimate_of_cell(const struct grid *g, const struct cell_name *name)
{
    int r = name->row - 1;
    if (name->column < 0 || name->column >= g->columns || r < 0 || r >= g->row_count)
        return NULL;
    return g->rows[r].from[name->column];
}

/* A place or score of a ranking is made of estimates: each can be asked for by itself. */
static void list_parts(struct buf *nearby, const struct macros *m, const struct ranking *k, int row)
{
    const struct ranked_unit *u = &k->units[row];
    buf_printf(nearby, "%s：由下列指标的估计值算出（%s），可以逐个查：\n", k->label, k->kind);
    for (int i = 0; i < k->indicator_count; i++) {
        const struct indicator *ind = k->indicators[i];
        const struct stat_row *e = results_find(m->results, ind->name, k->by->name, u->unit);
        buf_printf(nearby, "  figure=\"%s %s=%s\"　%s　", ind->name, k->by->name, u->unit,
                   ind->label);
        if (e)
            stat_put(nearby, m->results, ind, e, PRINT_VALUE, PRINT_UNIT);
        buf_puts(nearby, "\n");
    }
}

static const struct stat_row *find_cell(struct macros *m, const struct exhibit *x,
                                        const struct cell_name *name, struct buf *nearby)
{
    struct grid g = {0};
    const struct stat_row *e = NULL;
    int number = m->table_numbers[x - m->results->topic->tables];
    if (grid_build(&g, m, x) == 0) {
        e = estimate_of_cell(&g, name);
        if (!e) {
            error("%s", name->column < 0
                            ? "请写明是哪一格，如 表3.B4"
                            : "这一格不是一个指标的数（是表头、名称、样本量、名次或空格）");
            const struct ranking *k = rankings_find(&m->results->rankings, x->ranking);
            if (k && k->by && name->row > 0 && name->row <= k->count)
                list_parts(nearby, m, k, name->row - 1);
            else
                list_cells(nearby, &g, number);
        }
    }
    grid_free(&g);
    return e;
}

/* ---- charts -------------------------------------------------------------------------------- */

/* 图2, 图2.3, out-county.3: the chart and which of its numbers from 1, 0 for none; NULL when the
 * text names no chart. */
static const struct exhibit *parse_chart(const struct macros *m, const char *text, long *which)
{
    const struct topic *t = m->results->topic;
    struct buf half = {0};
    text_halfwidth(&half, text);
    size_t n = 0, length;
    const char *p = text_trim(buf_text(&half), &length);
    bool marked = starts_with(p, "图");
    p += marked ? strlen("图") : 0;
    p += strspn(p, " ");
    n = strcspn(p, ".! ");
    const char *rest = p + n + strspn(p + n, ".! ");
    bool numbered = n > 0 && n < 6 && strspn(p, "0123456789") >= n;
    char *end = (char *)rest;
    *which = *rest ? strtol(rest, &end, 10) : 0;
    const struct exhibit *found = NULL;
    for (int i = 0; i < t->chart_count && (marked || !numbered); i++)
        if (numbered ? m->chart_numbers[i] == atoi(p)
                     : strlen(t->charts[i].id) == n && strncmp(t->charts[i].id, p, n) == 0)
            found = &t->charts[i];
    if (*which < 0 || strspn(end, " ") != strlen(end))
        found = NULL;
    buf_free(&half);
    return found;
}

static void list_charts(struct buf *nearby, const struct macros *m)
{
    const struct topic *t = m->results->topic;
    for (int number = 1; number <= t->chart_count; number++)
        for (int i = 0; i < t->chart_count; i++)
            if (m->chart_numbers[i] == number)
                buf_printf(nearby, "  图%d　%s（%s）\n", number, t->charts[i].title,
                           t->charts[i].id);
}

static const struct stat_row *find_point(struct macros *m, const struct exhibit *x, long which,
                                         struct buf *nearby)
{
    struct figure f;
    int number = m->chart_numbers[x - m->results->topic->charts];
    const struct stat_row *e = NULL;
    if (figure_read(m, x, &f) == 0) {
        e = which > 0 && which <= f.count ? f.points[which - 1].e : NULL;
        if (!e)
            error(which > f.count ? "图里没有这么多个数" : "请写明是图里第几个数，如 图%d.1",
                  number);
        for (int i = 0; !e && i < f.count; i++) {
            buf_printf(nearby, "  图%d.%d　%s　", number, i + 1, f.points[i].label);
            stat_put(nearby, m->results, f.points[i].ind, f.points[i].e, PRINT_VALUE, PRINT_UNIT);
            buf_puts(nearby, "\n");
        }
    }
    figure_free(&f);
    return e;
}

/* ---- indicators ---------------------------------------------------------------------------- */

/* By name, else by printed name where only one has it; NULL after a message. */
static const struct indicator *find_indicator(const struct topic *t, const char *text,
                                              struct buf *nearby)
{
    const struct indicator *found = topic_indicator(t, text);
    int count = 0;
    if (found)
        return found;
    for (int i = 0; i < t->indicator_count; i++) {
        const struct indicator *ind = &t->indicators[i];
        if (strcmp(ind->label, text) != 0 && strcmp(ind->short_label, text) != 0)
            continue;
        put_indicator(nearby, ind);
        found = ind;
        count++;
    }
    if (count == 1) {
        buf_clear(nearby);
        return found;
    }
    if (count > 1)
        error("有%d个指标都叫“%s”，请写指标名：", count, text);
    else
        error("没有指标“%s”。相近的有：", text);
    if (count == 0)
        list_indicators(nearby, t, text);
    return NULL;
}

static const struct domain *find_domain(const struct topic *t, const char *text)
{
    for (int i = 0; i < t->domain_count; i++)
        if (strcmp(t->domains[i].name, text) == 0 || strcmp(t->domains[i].label, text) == 0)
            return &t->domains[i];
    return NULL;
}

/* The results' own spelling of a domain's value; the text itself when the domain knows none. */
static const char *value_of(const struct domain *d, const char *text)
{
    for (int i = 0; i < d->value_count; i++)
        if (strcmp(d->values[i].name, text) == 0 || strcmp(d->values[i].value, text) == 0)
            return d->values[i].name;
    return text;
}

static void list_domains(struct buf *nearby, const struct topic *t)
{
    for (int i = 0; i < t->domain_count; i++)
        buf_printf(nearby, "  %s　%s\n", t->domains[i].name, t->domains[i].label);
}

static const struct stat_row *find_in_domain(struct macros *m, const struct indicator *ind,
                                             const char *level, const char *value,
                                             struct buf *nearby)
{
    const struct topic *t = m->results->topic;
    const struct domain *d = find_domain(t, level);
    if (!d) {
        error("课题没有分组“%s”", level);
        list_domains(nearby, t);
        return NULL;
    }
    const struct stat_row *e = results_find(m->results, ind->name, d->name, value_of(d, value));
    if (e)
        return e;
    struct setting *values;
    int n = results_domain_values(m->results, d->name, &ind->name, 1, &values);
    error("指标 %s 没有%s“%s”的数%s", ind->name, d->label, value, n ? "，有的是：" : "");
    for (int i = 0; i < n; i++)
        buf_printf(nearby, "  %s=%s　%s\n", d->name, values[i].name, values[i].value);
    return NULL;
}

/* Cuts "name level=value" in place; level and value are NULL without one. */
static void cut_domain(char *text, char **level, char **value)
{
    char *equals = strrchr(text, '=');
    *level = *value = NULL;
    if (!equals)
        return;
    *equals = '\0';
    *value = equals + 1;
    char *blank = strrchr(text, ' ');
    *level = blank ? blank + 1 : equals;
    if (blank)
        *blank = '\0';
}

static const struct stat_row *find_by_name(struct macros *m, const char *text, struct buf *nearby)
{
    size_t n;
    const char *start = text_trim(text, &n);
    struct buf copy = {0};
    buf_put(&copy, start, n);
    buf_put(&copy, "", 1);
    char *level, *value;
    cut_domain(copy.text, &level, &value);
    struct buf name = {0};
    start = text_trim(copy.text, &n);
    buf_put(&name, start, n);
    const struct stat_row *e = NULL;
    const struct indicator *ind = find_indicator(m->results->topic, buf_text(&name), nearby);
    if (ind && level)
        e = find_in_domain(m, ind, level, value, nearby);
    else if (ind && !(e = results_find(m->results, ind->name, "all", "all")))
        error("结果库 %s 中没有指标 %s。请重新运行 make", m->results->path, ind->name);
    buf_free(&name);
    buf_free(&copy);
    return e;
}

const struct stat_row *figure_find(struct macros *m, const char *text, struct buf *nearby)
{
    struct cell_name name;
    long which = 0;
    const struct exhibit *chart = strchr(text, '=') || topic_indicator(m->results->topic, text)
                                      ? NULL
                                      : parse_chart(m, text, &which);
    if (chart)
        return find_point(m, chart, which, nearby);
    if (starts_with(text, "图")) {
        error("报告里没有“%s”这张图，有的是：", text);
        list_charts(nearby, m);
        return NULL;
    }
    if (strchr(text, '=') || !cell_name_parse(text, &name))
        return find_by_name(m, text, nearby);
    const struct exhibit *x = find_table(m, &name);
    if (x)
        return find_cell(m, x, &name, nearby);
    if (!name.table && name.column >= 0 && !strstr(text, "表"))
        return find_by_name(m, text, nearby);
    error("报告里没有“%s”这张表，有的是：", text);
    list_tables(nearby, m);
    return NULL;
}
