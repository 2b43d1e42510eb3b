/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/wording.h"

#include "output/macro_call.h"

#include <string.h>

/* What the numbers of a sentence are. */
struct content {
    bool any, grouped;
    bool purposive, departmental, other; /* 典型, 部门, 抽样 and 普查 */
    bool cell;                           /* no sentence: a name or an explanation */
};

/* The first three are refused in sentences only: a table by county is of 各县. */
enum { IN_SENTENCES = 3 };
static const char *const WHOLES[] = {"各县", "大多数县", "推算", "全省", "全国", "全市",
                                     "全县", "我省",     "总体", "整体", "普遍", NULL};
static const char *const BEYOND[] = {"全省", "全国", NULL};
static const char *const CAUSES[] = {"导致",   "致使",   "使得",   "促使",   "归因于",   "归功于",
                                     "得益于", "造成",   "从而",   "带动了", "拉动了",   "促进了",
                                     "推动了", "提高了", "降低了", "改善了", "的结果是", NULL};
static const char *const DENIALS[] = {"不能", "不等于", "不说明", "不宜", "不是",
                                      "并非", "未必",   "不代表", NULL};
static const char *const SURVEYS[] = {"调查显示", "调查表明", "据调查", "推算出", NULL};

/* ---- a sentence ---------------------------------------------------------------------------- */

/* Past what does not show between two characters: blanks, braces, commands such as \\textbf. */
static const char *skip_markup(const char *p)
{
    for (;; p++) {
        if (*p == '\\')
            p += strspn(p + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        else if (!*p || !strchr(" \n\t{}~", *p))
            return p;
    }
}

static bool spells(const char *p, const char *word)
{
    for (; *word; word++, p++)
        if (*p != *word && *(p = skip_markup(p)) != *word)
            return false;
    return true;
}

/* The first of the words in the text; NULL when none is. */
static const char *found(const char *text, const char *const *words, const char **word)
{
    for (const char *p = text; *p; p++)
        for (int i = 0; words[i]; i++)
            if (*p == *words[i] && spells(p, words[i])) {
                *word = words[i];
                return p;
            }
    return NULL;
}

static const struct indicator *indicator_of(const struct topic *t, const char *name)
{
    const struct indicator *ind = topic_indicator(t, name);
    for (int i = 0; !ind && i < t->indicator_count; i++)
        if (strcmp(t->indicators[i].group, name) == 0)
            ind = &t->indicators[i];
    return ind;
}

/* A group is named: domain=value, or a domain by itself. */
static bool names_group(const struct topic *t, const struct call *c)
{
    bool compares =
        strcmp(c->operation->name, "compare") == 0 || strcmp(c->operation->name, "versus") == 0;
    for (int i = 0; i < c->option_count; i++) {
        char name[CALL_ROOM];
        size_t n = strcspn(c->options[i], "=, ");
        memcpy(name, c->options[i], n);
        name[n] = '\0';
        if (topic_domain(t, name))
            return true;
    }
    return compares;
}

static void add_evidence(struct content *k, const struct topic *t, const struct indicator *ind)
{
    const char *evidence = t->levels[ind->level].evidence;
    k->any = true;
    k->purposive |= strcmp(evidence, "典型") == 0;
    k->departmental |= strcmp(evidence, "部门") == 0;
    k->other |= strcmp(evidence, "典型") != 0 && strcmp(evidence, "部门") != 0;
}

/* A table or chart that is placed or named stands for its numbers. */
static void add_exhibit(struct content *k, const struct topic *t, const struct exhibit *x)
{
    for (int i = 0; x && i < x->indicator_count; i++) {
        const struct indicator *ind = indicator_of(t, x->indicators[i]);
        if (ind)
            add_evidence(k, t, ind);
    }
}

static void add_call(struct content *k, const struct results *r, const struct call *c)
{
    const struct indicator *ind = indicator_of(r->topic, c->argument);
    bool ranks = c->operation->run == op_place || c->operation->run == op_alike ||
                 c->operation->run == op_coupling;
    const struct ranking *ranking = ranks ? rankings_find(&r->rankings, c->argument) : NULL;
    if (ind && !ranking)
        add_evidence(k, r->topic, ind);
    add_exhibit(k, r->topic, call_exhibit_of(r->topic, c));
    for (int i = 0; ranking && i < ranking->indicator_count; i++)
        add_evidence(k, r->topic, ranking->indicators[i]);
    k->grouped |=
        ranking || strcmp(c->operation->name, "tested") == 0 || (ind && names_group(r->topic, c));
}

/* The words of a sentence, without titles, places to fill and macros, each replaced by as many
 * line ends as it held, so that lines can be counted. */
static void plain_words(struct buf *out, const char *text, struct content *k,
                        const struct results *r)
{
    struct buf words = {0}, escaped = {0};
    for (const char *p = text; *p; p++) { /* a % of a cell begins no comment */
        if (*p == '%' && (p == text || p[-1] != '\\'))
            buf_putc(&escaped, '\\');
        buf_putc(&escaped, *p);
    }
    struct scan s = {buf_text(&escaped), "", 1};
    struct call c;
    while (next_call(&s, &c, &words))
        add_call(k, r, &c);
    int depth = 0;
    for (const char *p = buf_text(&words); *p;) {
        const char *start = p;
        uint32_t ch = utf8_next(&p);
        depth += ch == 0x300A || ch == 0x3010;
        if (depth == 0 || ch == '\n')
            buf_put(out, start, (size_t)(p - start));
        depth -= depth > 0 && (ch == 0x300B || ch == 0x3011);
    }
    buf_free(&words);
    buf_free(&escaped);
}

struct sentence {
    struct macros *m;
    const char *file, *words;
    long line;
};

static int complain(const struct sentence *s, const char *at, const char *word, const char *why)
{
    long line = s->line;
    for (const char *p = s->words; p < at; p++)
        line += *p == '\n';
    return error_at((struct place){.file = s->file, .row = line, .text = word}, "%s", why);
}

/* Whether the setting `represents` names what the word says. */
static bool represents(const struct topic *t, const char *word)
{
    return strstr(topic_setting(t, "represents"), word) != NULL;
}

static int check_sentence(const struct sentence *s, const struct content *k)
{
    const char *word = "", *at;
    int rc = 0;
    if (k->purposive && (at = found(s->words, WHOLES + (k->cell ? IN_SENTENCES : 0), &word)))
        return complain(s, at, word,
                        "这里有典型资料的数，典型是有意选取的例子，不能说成总体的情况");
    if (k->any && (at = found(s->words, BEYOND, &word)) && !represents(s->m->results->topic, word))
        rc = complain(s, at, word,
                      "这里的数只代表报送的县（市），不能说成全省、全国的情况。引用别处的全省数"
                      "请另写一句；"
                      "确实代表的，在 settings 表写 represents");
    if (k->grouped && !found(s->words, DENIALS, &word) && (at = found(s->words, CAUSES, &word)))
        rc = complain(s, at, word, "分组的数只能说明同时出现，不能说明原因，请改写");
    if (k->departmental && !k->other && !k->purposive && (at = found(s->words, SURVEYS, &word)))
        rc = complain(s, at, word, "这句话里的数是部门填报的，不是调查推算的");
    return rc;
}

/* ---- the text ------------------------------------------------------------------------------ */

/* The end of the sentence that begins at p. */
static const char *sentence_end(const char *p)
{
    while (*p && !(p[0] == '\n' && p[1] == '\n')) {
        uint32_t c = utf8_next(&p);
        if (c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF1B) /* 。！？； */
            break;
    }
    return p + strspn(p, "\n") * (*p == '\n' && p[1] == '\n');
}

int wording_check(struct macros *m, const char *text, const char *file, long line)
{
    int rc = 0;
    for (const char *p = text; *p;) {
        const char *end = sentence_end(p);
        struct buf raw = {0}, words = {0};
        struct content k = {0};
        buf_put(&raw, p, (size_t)(end - p));
        plain_words(&words, buf_text(&raw), &k, m->results);
        struct sentence s = {m, file, buf_text(&words), line};
        if (check_sentence(&s, &k) < 0)
            rc = -1;
        for (; p < end; p++)
            line += *p == '\n';
        buf_free(&raw);
        buf_free(&words);
    }
    return rc;
}

/* ---- the workbook -------------------------------------------------------------------------- */

/* A name goes where its numbers go; an explanation may speak of others, and deny. */
static int check_cell(struct macros *m, const char *sheet, long row, const char *text,
                      struct content k, bool explains)
{
    const char *word;
    struct buf file = {0};
    buf_printf(&file, "%s 工作表 %s", m->results->topic->path, sheet);
    struct sentence s = {m, buf_text(&file), text, row};
    k.grouped = k.departmental = false;
    k.cell = true;
    k.any &= !explains;
    int rc = explains && found(text, DENIALS, &word) ? 0 : check_sentence(&s, &k);
    buf_free(&file);
    return rc;
}

static int check_exhibits(struct macros *m, const char *sheet, const struct exhibit *items,
                          int count)
{
    int rc = 0;
    for (int i = 0; i < count; i++) {
        struct content k = {0};
        add_exhibit(&k, m->results->topic, &items[i]);
        rc |= check_cell(m, sheet, items[i].row, items[i].title, k, false);
        rc |= check_cell(m, sheet, items[i].row, items[i].note, k, true);
    }
    return rc;
}

int wording_check_workbook(struct macros *m)
{
    const struct topic *t = m->results->topic;
    int rc = check_exhibits(m, "tables", t->tables, t->table_count) |
             check_exhibits(m, "charts", t->charts, t->chart_count);
    for (int i = 0; i < t->indicator_count; i++) {
        const struct indicator *ind = &t->indicators[i];
        struct content k = {0};
        add_evidence(&k, t, ind);
        const char *own = *ind->group ? ind->group_label : ind->label; /* not an answer's name */
        rc |= check_cell(m, "indicators", ind->row, own, k, false);
        rc |= check_cell(m, "indicators", ind->row, ind->definition, k, true);
    }
    return rc;
}
