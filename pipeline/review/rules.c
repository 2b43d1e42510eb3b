/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/rules.h"

#include "base/text.h"
#include "survey/days.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool words_have(const struct words *w, const char *text)
{
    for (int i = 0; i < w->count; i++)
        if (*w->items[i] == *text && !strcmp(w->items[i], text))
            return true;
    return false;
}

/* Half-width and upper-case, so that Ｎ/ａ is N/A. */
static const char *fold(struct arena *a, const char *text)
{
    struct buf b = {0};
    text_halfwidth(&b, text);
    for (size_t i = 0; i < b.len; i++)
        b.text[i] = (char)toupper((unsigned char)b.text[i]);
    const char *kept = arena_strdup(a, buf_text(&b));
    buf_free(&b);
    return kept;
}

static struct words read_words(struct topic *t, const char *rule, const char *separators)
{
    char *copy = arena_strdup(&t->arena, topic_rule(t, rule));
    struct words w = {arena_alloc(&t->arena, (strlen(copy) / 2 + 1) * sizeof *w.items), 0};
    char *save;
    for (char *p = strtok_r(copy, separators, &save); p; p = strtok_r(NULL, separators, &save))
        w.items[w.count++] = fold(&t->arena, p);
    return w;
}

/* Names are looked up as they stand, so they are not folded. */
static struct words read_names(struct topic *t, const char *rule)
{
    char *copy = arena_strdup(&t->arena, topic_rule(t, rule));
    struct words w = {arena_alloc(&t->arena, (strlen(copy) / 2 + 1) * sizeof *w.items), 0};
    char *save;
    for (char *p = strtok_r(copy, " ", &save); p; p = strtok_r(NULL, " ", &save))
        w.items[w.count++] = p;
    return w;
}

static int rule_error(const struct topic *t, const char *rule, const char *text, const char *why)
{
    return error_at((struct place){t->path, "rules", 0, rule, text}, "%s", why);
}

static int read_number(const struct topic *t, const char *rule, double *out)
{
    const char *text = topic_rule(t, rule);
    char *end;
    *out = strtod(text, &end);
    return *end ? rule_error(t, rule, text, "不是数") : 0;
}

static bool in_some_form(const struct topic *t, const char *question)
{
    for (int i = 0; i < t->form_count; i++)
        if (form_question(t->forms[i], question))
            return true;
    return false;
}

static int check_questions(const struct topic *t, const char *rule, const struct words *names)
{
    int rc = 0;
    for (int i = 0; i < names->count; i++)
        if (!in_some_form(t, names->items[i]))
            rc = rule_error(t, rule, names->items[i], "各问卷中都没有这个题目");
    return rc;
}

/* "labour_cnt=member c_brand_n=brand" */
static int read_counts(struct topic *t, struct rules *r)
{
    struct words pairs = read_names(t, "count_checks");
    r->counts = arena_alloc(&t->arena, (size_t)(pairs.count + 1) * sizeof *r->counts);
    for (int i = 0; i < pairs.count; i++) {
        char *name = arena_strdup(&t->arena, pairs.items[i]);
        char *sign = strchr(name, '=');
        if (!sign)
            return rule_error(t, "count_checks", name, "应写成“题名=循环名”，如 labour_cnt=member");
        *sign = '\0';
        if (!in_some_form(t, name))
            return rule_error(t, "count_checks", name, "各问卷中都没有这个题目");
        r->counts[r->count_checks++] = (struct count_check){name, sign + 1};
    }
    return 0;
}

/* "fund_code:53 coop_code": questions, and what the rule says of each, "" for nothing. */
static int read_pairs(struct topic *t, const char *rule, struct code_question **out, int *count)
{
    struct words names = read_names(t, rule);
    int rc = 0;
    *out = arena_alloc(&t->arena, (size_t)(names.count + 1) * sizeof **out);
    for (int i = 0; i < names.count; i++) {
        char *name = arena_strdup(&t->arena, names.items[i]);
        char *colon = strchr(name, ':');
        if (colon)
            *colon = '\0';
        if (!in_some_form(t, name))
            rc = rule_error(t, rule, name, "各问卷中都没有这个题目");
        (*out)[(*count)++] = (struct code_question){name, colon ? colon + 1 : ""};
    }
    return rc;
}

static void add_word(struct words *w, const char *word)
{
    w->items[w->count++] = word;
}

static void collect_code_questions(struct topic *t, struct rules *r)
{
    int n = r->id_questions.count + r->credit_question_count + r->division_questions.count;
    r->code_questions.items = arena_alloc(&t->arena, (size_t)(n + 1) * sizeof(char *));
    for (int i = 0; i < r->id_questions.count; i++)
        add_word(&r->code_questions, r->id_questions.items[i]);
    for (int i = 0; i < r->credit_question_count; i++)
        add_word(&r->code_questions, r->credit_questions[i].question);
    for (int i = 0; i < r->division_questions.count; i++)
        add_word(&r->code_questions, r->division_questions.items[i]);
}

/* What the date of a record is, and what is done with units that ended. */
static int read_units(struct topic *t, struct rules *r)
{
    static const char rule[] = "ended_units";
    struct words dates = read_names(t, "record_date");
    const char *ended = topic_rule(t, rule);
    r->record_date = dates.count ? dates.items[0] : "";
    r->follow_units = strcmp(ended, "successor") == 0;
    if (*ended && !r->follow_units && strcmp(ended, "return") != 0)
        return rule_error(t, rule, ended,
                          "只能写 return（退回，默认）或 successor（记到接续的单位）");
    if (r->unit_question_count && !*topic_setting(t, "units"))
        return rule_error(t, "unit_questions", topic_rule(t, "unit_questions"),
                          "要在 settings 表写明 units（单位名单）");
    return check_questions(t, "record_date", &dates);
}

/* Codes must be valid on the day of the survey, else on the day that counts as today. */
static int read_divisions(struct topic *t, struct rules *r)
{
    const char *date = topic_rule(t, "survey_date");
    double days;
    int rc = check_questions(t, "division_questions", &r->division_questions);
    if (*date && !days_from_text(date, &days))
        rc = rule_error(t, "survey_date", date, "不是日期，请写成 2025-06-30");
    date = *date ? date : r->today;
    r->month = *date ? atol(date) * 100 + atol(date + 5) : 999912;
    if (rc < 0 || !r->division_questions.count)
        return rc;
    r->divisions = divisions_read(arena_printf(&t->arena, "%s/topics/gb2260.csv", t->root));
    return r->divisions ? 0 : -1;
}

void rules_free(struct rules *r)
{
    divisions_free(r->divisions);
    r->divisions = NULL;
}

int rules_read(struct topic *t, struct rules *r)
{
    double days;
    *r = (struct rules){
        .today = topic_rule(t, "today"),
        .missing = read_words(t, "missing_codes", "|"),
        .missing_if_invalid = read_words(t, "missing_if_invalid", "|"),
        .missing_text = read_words(t, "missing_text", "|"),
        .number_questions = read_names(t, "number_questions"),
        .none_zero = read_words(t, "none_zero", "|"),
        .unit_words = read_words(t, "unit_words", "|"),
        .id_questions = read_names(t, "id_question"),
        .division_questions = read_names(t, "division_questions"),
    };
    int rc = 0;
    if (*r->today && !days_from_text(r->today, &days))
        rc = rule_error(t, "today", r->today, "不是日期，请写成 2025-12-31");
    rc |= check_questions(t, "number_questions", &r->number_questions);
    rc |= check_questions(t, "id_question", &r->id_questions);
    rc |= read_pairs(t, "credit_code_questions", &r->credit_questions, &r->credit_question_count);
    rc |= read_pairs(t, "unit_questions", &r->unit_questions, &r->unit_question_count);
    rc |= read_number(t, "suspect_yuan_below", &r->suspect_yuan_below);
    rc |= read_number(t, "suspect_wanyuan_from", &r->suspect_wanyuan_from);
    rc |= read_number(t, "date_serial_from", &r->serial_from);
    rc |= read_number(t, "date_serial_to", &r->serial_to);
    collect_code_questions(t, r);
    rc |= read_counts(t, r);
    rc |= read_units(t, r);
    return rc < 0 ? rc : read_divisions(t, r);
}

static const char *find_pair(const struct code_question *items, int count, const char *question)
{
    for (int i = 0; i < count; i++)
        if (!strcmp(items[i].question, question))
            return items[i].start;
    return NULL;
}

const char *rules_credit_start(const struct rules *r, const char *question)
{
    return find_pair(r->credit_questions, r->credit_question_count, question);
}

const char *rules_unit_kind(const struct rules *r, const char *question)
{
    return find_pair(r->unit_questions, r->unit_question_count, question);
}
