/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * match: what the units of a topic said in an earlier round or another topic, by the unit list or a
 * question that both have: one CSV beside the questionnaires for each row of the topic's sheet
 * `panel` (survey/panel.h).
 */
#include "base/arena.h"
#include "base/csvout.h"
#include "base/map.h"
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "base/text.h"
#include "survey/panel.h"
#include "survey/unitlist.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *topic_path;
static bool list_only;

static const struct option_row OPTIONS[] = {
    {'t', "文件", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'l', NULL, NULL, &list_only, "只列出要用哪些上一轮的记录：文件 计划 编号，是否已做", false},
    {0},
};
static const struct program ME = {"match", "按单位名单，把上一轮的记录对到这一轮的单位",
                                  "[-l] -t topic.csv", OPTIONS};

/* The earlier round by units of the list. */
struct matching {
    const struct panel *panel;
    const struct unit_list *list;
    const struct wsheet *records;
    const char *simulated;
    int *row;    /* of a unit then: its row in the records, -1 */
    int *now;    /* of a unit then: the unit that stands for it, -1: none; -2: it did not exist */
    int *member; /* of a unit now: the first unit then, -1 */
    int *next;   /* the next unit then with the same unit now, -1 */
};
enum { NOT_THEN = -2 };

/* ---- the earlier records ----------------------------------------------------------------------
 */

static int place_row(struct matching *m, int r)
{
    const struct panel *p = m->panel;
    struct unit_query q = {p->kind, wsheet_get(m->records, r, p->county),
                           wsheet_get(m->records, r, p->unit), p->then};
    struct unit_found f;
    unit_list_find(m->list, &q, &f);
    struct place at = wsheet_place(m->records, r, p->unit);
    if (f.unit < 0) {
        warning_at(at, "上一轮的这条记录在单位名单里对不上%s，没有用",
                   f.state == UNIT_SEVERAL ? "（不止一个）" : "");
        return 0;
    }
    if (m->now[f.unit] == NOT_THEN) {
        warning_at(at, "单位名单上，这个单位在上一轮（date）时还没有或已停用，没有用");
        return 0;
    }
    if (m->row[f.unit] >= 0)
        return error_at(at, "与第%ld行是同一个单位", m->records->rows[m->row[f.unit]].no);
    m->row[f.unit] = r;
    return 0;
}

/* The earlier records must have the columns that the panel names. */
static int check_column(const struct matching *m, const char *name)
{
    const struct wsheet *s = m->records;
    return wsheet_column(s, name) >= 0
               ? 0
               : error_at((struct place){s->path, NULL, s->head_no, name, NULL},
                          "上一轮的记录里没有这一栏");
}

static int check_columns(const struct matching *m)
{
    int rc = check_column(m, m->panel->unit);
    for (int i = 0; i < m->panel->question_count; i++)
        rc |= check_column(m, m->panel->questions[i]);
    for (int i = 0; i < m->panel->sum_count; i++)
        rc |= check_column(m, m->panel->sums[i]);
    return rc;
}

static int place_rows(struct matching *m)
{
    int rc = 0;
    if (check_columns(m) < 0)
        return -1;
    for (int r = 0; r < m->records->row_count; r++)
        rc |= place_row(m, r);
    return rc;
}

/* ---- who stands for whom ----------------------------------------------------------------------
 */

static void follow_units(struct matching *m)
{
    bool merged;
    for (int u = m->list->unit_count - 1; u >= 0; u--) {
        m->row[u] = m->member[u] = m->next[u] = -1;
        m->now[u] = unit_list_exists(m->list, u, m->panel->then)
                        ? unit_list_successor(m->list, u, m->panel->now, &merged)
                        : NOT_THEN;
    }
    for (int u = m->list->unit_count - 1; u >= 0; u--)
        if (m->now[u] >= 0) {
            m->next[u] = m->member[m->now[u]];
            m->member[m->now[u]] = u;
        }
}

static const char *match_of(const struct matching *m, int unit)
{
    int then = 0, known = 0, first = m->member[unit];
    for (int u = first; u >= 0; u = m->next[u]) {
        then++;
        known += m->row[u] >= 0;
    }
    if (!known)
        return NULL;
    if (then > 1)
        return known == then ? "merged" : "merged_part";
    const struct unit_spell *a = unit_spell_at(m->list, first, m->panel->then),
                            *b = unit_spell_at(m->list, unit, m->panel->now);
    bool same = first == unit && !strcmp(a->name, b->name) && !strcmp(a->code, b->code) &&
                !strcmp(a->parent, b->parent);
    return same ? "same" : "renamed";
}

/* ---- writing ----------------------------------------------------------------------------------
 */

static const char *const OWN[] = {"unit",  "unit_name",     "unit_county",
                                  "match", "earlier_units", "earlier_simulated"};
enum { OWN_COUNT = sizeof OWN / sizeof *OWN };

static bool has(const char *const *words, int count, const char *word)
{
    for (int i = 0; i < count; i++)
        if (!strcmp(words[i], word))
            return true;
    return false;
}

/* Whether a column is taken over; never what export puts beside the answers. */
static bool is_answer(const struct panel *p, const char *head)
{
    if (p->question_count)
        return has(p->questions, p->question_count, head);
    return *head && strcmp(head, "weight") != 0 && !starts_with(head, "src_");
}

static int put_heads(const struct matching *m, struct csvout *csv)
{
    const struct wsheet *s = m->records;
    for (int i = 0; i < OWN_COUNT; i++) {
        if (wsheet_column(s, OWN[i]) >= 0)
            return error_at((struct place){s->path, NULL, s->head_no, OWN[i], NULL},
                            "上一轮的记录里不能有这个栏名，它由程序写");
        csv_field(csv, OWN[i]);
    }
    for (int c = 0; c < s->head_count; c++)
        if (is_answer(m->panel, s->heads[c]))
            csv_field(csv, s->heads[c]);
    csv_end(csv);
    return 0;
}

/* The sum over the units that were merged, when all are numbers. */
static void put_sum(const struct matching *m, struct csvout *csv, int unit, const char *head)
{
    double sum = 0;
    for (int u = m->member[unit]; u >= 0; u = m->next[u]) {
        char *end;
        const char *text = wsheet_get(m->records, m->row[u], head);
        sum += strtod(text, &end);
        if (!*text || *end) {
            csv_field(csv, "");
            return;
        }
    }
    csv_number(csv, sum);
}

static void put_listed(const struct matching *m, struct csvout *csv, int unit, const char *match,
                       int first)
{
    struct buf units = {0}, name = {0};
    const char *ignored;
    unit_list_put_name(m->list, unit, &name);
    for (int u = first; u >= 0; u = m->next[u])
        buf_printf(&units, "%s%s", units.len ? " " : "", m->list->units[u].key);
    const char *own[] = {m->list->units[unit].key,
                         name.text,
                         unit_list_county(m->list, unit, &ignored),
                         match,
                         units.text,
                         m->simulated};
    for (int i = 0; i < OWN_COUNT; i++)
        csv_field(csv, own[i]);
    buf_free(&units);
    buf_free(&name);
}

static void put_unit(const struct matching *m, struct csvout *csv, int unit)
{
    const struct wsheet *s = m->records;
    const char *match = match_of(m, unit);
    if (!match)
        return;
    bool merged = starts_with(match, "merged");
    put_listed(m, csv, unit, match, m->member[unit]);
    for (int c = 0; c < s->head_count; c++) {
        if (!is_answer(m->panel, s->heads[c]))
            continue;
        if (!merged)
            csv_field(csv, s->rows[m->row[m->member[unit]]].cells[c]);
        else if (!strcmp(match, "merged") && has(m->panel->sums, m->panel->sum_count, s->heads[c]))
            put_sum(m, csv, unit, s->heads[c]);
        else
            csv_field(csv, "");
    }
    csv_end(csv);
}

/* A unit of then for which none of now stands. */
static void put_gone(const struct matching *m, struct csvout *csv, int unit)
{
    if (m->row[unit] < 0 || m->now[unit] != -1)
        return;
    put_listed(m, csv, unit, m->list->units[unit].successor_count ? "split" : "ended", unit);
    for (int c = 0; c < m->records->head_count; c++)
        if (is_answer(m->panel, m->records->heads[c]))
            csv_field(csv, "");
    csv_end(csv);
}

static void put_units(const struct matching *m, struct csvout *csv)
{
    for (int u = 0; u < m->list->unit_count; u++)
        put_unit(m, csv, u);
    for (int u = 0; u < m->list->unit_count; u++)
        put_gone(m, csv, u);
}

/* Without the list: each record under its answer to the question. */
static int put_answered(const struct matching *m, struct csvout *csv)
{
    struct map seen = {0};
    int rc = check_columns(m);
    for (int r = 0; r < m->records->row_count && rc == 0; r++) {
        const char *key = wsheet_get(m->records, r, m->panel->unit);
        const char *own[] = {key, "", "", "same", key, m->simulated};
        if (!*key)
            continue;
        if (!map_add(&seen, key, r))
            rc = error_at(wsheet_place(m->records, r, m->panel->unit), "与第%ld行相同",
                          m->records->rows[map_get(&seen, key, 0)].no);
        for (int i = 0; i < OWN_COUNT; i++)
            csv_field(csv, own[i]);
        for (int c = 0; c < m->records->head_count; c++)
            if (is_answer(m->panel, m->records->heads[c]))
                csv_field(csv, m->records->rows[r].cells[c]);
        csv_end(csv);
    }
    map_free(&seen);
    return rc;
}

/* Whether export marked the records as simulated; a file put beside the topic need not have come
 * from it.  NULL after a message. */
static const char *simulated_mark(const struct panel *p, const struct wsheet *s)
{
    bool marked = wsheet_column(s, "src_simulated") >= 0;
    for (int r = 0; marked && r < s->row_count; r++)
        if (*wsheet_get(s, r, "src_simulated"))
            return "1";
    if (!marked && *p->plan) {
        error_at((struct place){s->path, NULL, s->head_no, "src_simulated", NULL},
                 "没有这一栏，不知道是不是模拟的：是以前的程序写的，请运行 make panel");
        return NULL;
    }
    return "";
}

static int write_matches(struct matching *m)
{
    struct outfile out;
    struct csvout csv;
    if (outfile_open(&out, m->panel->path) < 0)
        return -1;
    csv_begin(&csv, out.stream);
    int rc = put_heads(m, &csv);
    if (rc == 0 && m->panel->by_list)
        put_units(m, &csv);
    else if (rc == 0)
        rc = put_answered(m, &csv);
    if (rc < 0) {
        outfile_discard(&out);
        return -1;
    }
    return outfile_commit_if_changed(&out) < 0 ? -1 : 0;
}

/* ---- the run ----------------------------------------------------------------------------------
 */

/* The units of the list on both days, then who answered. */
static int match_list(struct matching *m, struct arena *a)
{
    size_t size = (size_t)(m->list->unit_count + 1) * sizeof(int);
    m->row = arena_alloc(a, size);
    m->now = arena_alloc(a, size);
    m->member = arena_alloc(a, size);
    m->next = arena_alloc(a, size);
    follow_units(m);
    return place_rows(m);
}

static int match_panel(struct topic *t, const struct panel *p, const struct unit_list *l)
{
    if (access(p->records, R_OK) != 0) {
        if (access(p->path, R_OK) == 0)
            return 0; /* made before, and the earlier records were put away */
        return error("%s：没有上一轮的记录 %s", t->path, p->records);
    }
    struct workbook *book = workbook_read(p->records);
    if (!book || !book->sheet_count) {
        workbook_free(book);
        return book ? error("上一轮的记录 %s 是空的", p->records) : -1;
    }
    struct arena a = {0};
    struct matching m = {.panel = p, .list = l, .records = &book->sheets[0]};
    m.simulated = simulated_mark(p, m.records);
    int rc = !m.simulated ? -1 : p->by_list ? match_list(&m, &a) : 0;
    if (rc == 0)
        rc = write_matches(&m);
    arena_free(&a);
    workbook_free(book);
    return rc;
}

static void list_panel(const struct panel *p)
{
    bool made = access(p->path, R_OK) == 0 || access(p->records, R_OK) == 0;
    if (*p->plan)
        printf("%s %s %s %s\n", p->records, p->plan, p->number, made ? "yes" : "no");
}

int main(int argc, char **argv)
{
    options_parse(&ME, argc, argv, 0, 0);
    struct topic *t = topic_open(topic_path);
    struct panel *panels = NULL;
    int count = t ? panels_read(&t->arena, t, &panels) : -1, rc = count < 0 ? -1 : 0;
    struct unit_list *l = NULL;
    bool listed = false;
    for (int i = 0; i < count; i++)
        listed |= panels[i].by_list;
    if (listed && !list_only && !(l = unit_list_read(topic_file(t, topic_setting(t, "units")))))
        rc = -1;
    for (int i = 0; i < count && rc == 0; i++)
        if (list_only)
            list_panel(&panels[i]);
        else
            rc = match_panel(t, &panels[i], l);
    unit_list_free(l);
    topic_free(t);
    return rc < 0 ? DATA_FAILED : DONE;
}
