/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What XLSForm asks of single cells, as pyxform does: parameters of each type, triggers, names that
 * the form itself uses, references in texts of choices.
 */
#include "survey/form_private.h"

#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum kind { WHOLE, NUMBER, TRUTH, WORDS, SEED, APP, PLACES, TEXT };

/* Parameters of a type; words are separated by |. */
static const struct rule {
    const char *type, *key;
    enum kind kind;
    const char *words;
} rules[] = {
    {"text", "rows", WHOLE, NULL},
    {"image", "max-pixels", WHOLE, NULL},
    {"image", "app", APP, NULL},
    {"photo", "max-pixels", WHOLE, NULL},
    {"photo", "app", APP, NULL},
    {"audio", "quality", WORDS, "normal|low|voice-only|external"},
    {"background-audio", "quality", WORDS, "normal|low|voice-only"},
    {"geopoint", "capture-accuracy", NUMBER, NULL},
    {"geopoint", "warning-accuracy", NUMBER, NULL},
    {"geopoint", "allow-mock-accuracy", TRUTH, NULL},
    {"geotrace", "allow-mock-accuracy", TRUTH, NULL},
    {"geopoint", "reference-geometry", PLACES, NULL},
    {"geotrace", "reference-geometry", PLACES, NULL},
    {"geoshape", "reference-geometry", PLACES, NULL},
    {"geotrace", "incremental", WORDS, "true|yes|true()"},
    {"geoshape", "allow-mock-accuracy", TRUTH, NULL},
    {"geoshape", "incremental", WORDS, "true|yes|true()"},
    {"select", "randomize", TRUTH, NULL},
    {"select", "seed", SEED, NULL},
    {"select", "value", TEXT, NULL},
    {"select", "label", TEXT, NULL},
    {"rank", "randomize", TRUTH, NULL},
    {"rank", "seed", SEED, NULL},
    {"audit", "location-priority", WORDS, "no-power|low-power|balanced|high-accuracy"},
    {"audit", "location-min-interval", WHOLE, NULL},
    {"audit", "location-max-age", WHOLE, NULL},
    {"audit", "track-changes", TRUTH, NULL},
    {"audit", "track-changes-reasons", WORDS, "on-form-edit"},
    {"audit", "identify-user", TRUTH, NULL},
    {"range", "start", NUMBER, NULL},
    {"range", "end", NUMBER, NULL},
    {"range", "step", NUMBER, NULL},
    {"range", "tick_interval", NUMBER, NULL},
    {"range", "placeholder", NUMBER, NULL},
    {"range", "tick_labelset", TEXT, NULL},
};

/* A row of the survey sheet and its parameters. */
struct row_cells {
    struct reading *r;
    const struct question *q;
    int row;
    struct parameter p[PARAMETERS_MOST];
    int count;
};

static void wrong(struct row_cells *w, const char *head, const char *why)
{
    error_at(wsheet_place(w->r->survey, w->row, head), "%s", why);
    w->r->wrong = true;
}

static bool has_type(const struct row_cells *w, const char *type)
{
    size_t n = strlen(type);
    bool select = strcmp(type, "select") == 0;
    return strncmp(w->q->type_text, type, n) == 0 &&
           (select || !w->q->type_text[n] || w->q->type_text[n] == ' ');
}

static bool is_number(const char *text, bool whole)
{
    char *end;
    double x = strtod(text, &end);
    return *text && !*end && isfinite(x) && (!whole || (x == floor(x) && x >= 0));
}

static bool is_word(const char *text, const char *words)
{
    size_t n = strlen(text);
    for (const char *p = words; *p; p += strcspn(p, "|"), p += *p == '|')
        if (strcspn(p, "|") == n && strncmp(p, text, n) == 0)
            return true;
    return false;
}

static bool is_reference(const char *text)
{
    size_t n = strlen(text);
    return n > 3 && starts_with(text, "${") && strchr(text, '}') == text + n - 1;
}

/* Letters, digits and underscores in two or more parts: com.example.camera. */
static bool is_app(const char *name)
{
    int parts = 0;
    for (const char *p = name;; p++) {
        size_t n = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        if (!n || *p == '_' || isdigit((unsigned char)*p))
            return false;
        parts++;
        p += n;
        if (*p != '.')
            return !*p && parts > 1;
    }
}

static bool fits(const struct rule *rule, const char *value)
{
    switch (rule->kind) {
    case WHOLE:
    case NUMBER:
        return is_number(value, rule->kind == WHOLE);
    case TRUTH:
        return is_word(value, "true|false");
    case WORDS:
        return is_word(value, rule->words);
    case APP:
        return is_app(value);
    case SEED:
        return is_number(value, false) || is_reference(value);
    default:
        return true;
    }
}

static void told(struct row_cells *w, const struct rule *rule)
{
    static const char *const what[] = {[WHOLE] = "不小于0的整数",
                                       [NUMBER] = "数",
                                       [TRUTH] = "true 或 false",
                                       [SEED] = "数或 ${题名}",
                                       [APP] = "安卓程序的包名，如 com.example.camera",
                                       [PLACES] = "choices 表里的一个选项表"};
    error_at(wsheet_place(w->r->survey, w->row, "parameters"), "参数 %s 应是 %s", rule->key,
             rule->words ? rule->words : what[rule->kind]);
    w->r->wrong = true;
}

static void check_parameter(struct row_cells *w, const struct parameter *p)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (has_type(w, rules[i].type) && strcmp(rules[i].key, p->key) == 0) {
            const char *appearance = wsheet_get(w->r->survey, w->row, "appearance");
            if (rules[i].kind == APP && *appearance && strcmp(appearance, "annotate") != 0)
                return; /* not in use */
            bool list = rules[i].kind != PLACES || find_list(w->r->form, p->value);
            if (!list || !fits(&rules[i], p->value))
                told(w, &rules[i]);
            return;
        }
    error_at(wsheet_place(w->r->survey, w->row, "parameters"), "这种题型没有参数 %s", p->key);
    w->r->wrong = true;
}

static double number_of(const struct row_cells *w, const char *key, double otherwise)
{
    const char *text = parameter_get(w->p, w->count, key);
    return text ? strtod(text, NULL) : otherwise;
}

/* Parameters that need one another. */
static void check_audit(struct row_cells *w)
{
    static const char *const keys[] = {"location-priority", "location-min-interval",
                                       "location-max-age"};
    int given = 0;
    for (int i = 0; i < 3; i++)
        given += parameter_get(w->p, w->count, keys[i]) != NULL;
    if (given && given < 3)
        wrong(w, "parameters",
              "记录位置要同时写 location-priority、location-min-interval、location-max-age");
    else if (given && number_of(w, keys[2], 0) < number_of(w, keys[1], 0))
        wrong(w, "parameters", "location-max-age 不应小于 location-min-interval");
    if (strcmp(w->q->name, "audit") != 0)
        wrong(w, "name", "audit 这一行的题名空着，或写 audit");
}

static bool is_multiple(double x, double step)
{
    double n = x / step;
    return fabs(n - round(n)) < 1e-9;
}

/* With no ticks shown, only the ends may have labels. */
static bool is_at_end(const struct row_cells *w, const struct range *range, double x)
{
    bool ticks = !strstr(wsheet_get(w->r->survey, w->row, "appearance"), "no-ticks");
    return ticks || x == range->start || x == range->end;
}

static void check_labelset(struct row_cells *w, const char *name, const struct range *range,
                           double tick)
{
    const struct choice_list *l = find_list(w->r->form, name);
    if (!l)
        wrong(w, "parameters", "tick_labelset 应是 choices 表里的一个选项表");
    for (int i = 0; l && i < l->count; i++) {
        double x = strtod(l->choices[i].name, NULL);
        if (is_number(l->choices[i].name, false) && x >= range->low && x <= range->high &&
            is_multiple(x - range->start, tick) && is_at_end(w, range, x))
            continue;
        wrong(w, "parameters", "tick_labelset 的选项编码应是刻度上的数");
        return;
    }
}

static void check_range(struct row_cells *w)
{
    struct range range;
    if (range_read(wsheet_get(w->r->survey, w->row, "parameters"), &range))
        return; /* told when the type was read */
    double tick = number_of(w, "tick_interval", range.step);
    double placeholder = number_of(w, "placeholder", range.low);
    const char *labels = parameter_get(w->p, w->count, "tick_labelset");
    if (tick == 0 || !is_multiple(tick, range.step) || fabs(tick) > range.high - range.low)
        wrong(w, "parameters", "tick_interval 应是 step 的倍数，不超过 start 与 end 之差");
    if (placeholder < range.low || placeholder > range.high ||
        !is_multiple(placeholder - range.start, range.step))
        wrong(w, "parameters", "placeholder 应在 start 与 end 之间的刻度上");
    if (labels)
        check_labelset(w, labels, &range, tick);
    const char *appearance = wsheet_get(w->r->survey, w->row, "appearance");
    if (*appearance && !strstr(appearance, "vertical") && !strstr(appearance, "no-ticks") &&
        (labels || parameter_get(w->p, w->count, "tick_interval") ||
         parameter_get(w->p, w->count, "placeholder")))
        wrong(w, "parameters",
              "tick_interval、placeholder、tick_labelset 只能配外观 vertical 或 "
              "no-ticks，或不写外观");
}

static void check_parameters(struct row_cells *w)
{
    const char *text = wsheet_get(w->r->survey, w->row, "parameters");
    w->count = parameters_read(text, w->p, PARAMETERS_MOST);
    if (w->count < 0) {
        w->count = 0;
        if (!has_type(w, "range"))
            wrong(w, "parameters", "应写成 名字=值，用空格隔开，如 rows=3");
        return;
    }
    for (int i = 0; i < w->count; i++)
        check_parameter(w, &w->p[i]);
    const char *randomize = parameter_get(w->p, w->count, "randomize");
    if (parameter_get(w->p, w->count, "seed") && (!randomize || strcmp(randomize, "true") != 0))
        wrong(w, "parameters", "写了 seed，就要写 randomize=true");
    if (has_type(w, "audit"))
        check_audit(w);
    if (has_type(w, "range"))
        check_range(w);
}

/* ---- other cells ------------------------------------------------------------------------------
 */

/* One ${name} or several, with commas between. */
static bool is_trigger(const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "}");
        if (!starts_with(text, "${") || text[n] != '}')
            return false;
        text += n + 1;
        size_t between = strspn(text, " ,");
        if (text[between] && !memchr(text, ',', between))
            return false;
        text += between;
    }
    return true;
}

static void check_question(struct reading *r, int index)
{
    struct row_cells w = {.r = r, .q = &r->form->questions[index], .row = r->question_row[index]};
    if (w.q->other_of)
        return; /* the row is the other question's */
    check_parameters(&w);
    if (!is_trigger(wsheet_get(r->survey, w.row, "trigger")))
        wrong(&w, "trigger", "这一栏只写 ${题名}，几个之间用逗号隔开");
    if (has_type(&w, "background-geopoint") && *wsheet_get(r->survey, w.row, "calculation"))
        wrong(&w, "calculation", "background-geopoint 题不能写算式");
}

static void check_reserved(struct reading *r, const char *name, int row)
{
    if (strcmp(name, "meta") != 0)
        return;
    error_at(wsheet_place(r->survey, row, "name"), "这个题名留作系统用，请换一个");
    r->wrong = true;
}

/* The form's own node and its metadata. */
static void check_names(struct reading *r)
{
    const struct wsheet *settings = workbook_sheet(r->form->book, "settings");
    const char *root = settings ? wsheet_get(settings, 0, "name") : "";
    if (*root && !is_xml_name(root)) {
        error_at(wsheet_place(settings, 0, "name"), "不能作名字：以字母或下划线开头，没有空格");
        r->wrong = true;
    }
    for (int i = 0; i < r->container_count; i++) {
        const struct container *c = &r->containers[i];
        if (c->is_repeat && strcmp(c->name, *root ? root : "data") == 0) {
            error_at(wsheet_place(r->survey, c->row, "name"), "循环不能与整份问卷同名，请换一个");
            r->wrong = true;
        }
    }
    for (int i = 0; i < r->form->question_count; i++)
        if (r->form->questions[i].repeat < 0 && r->question_inside[i] < 0)
            check_reserved(r, r->form->questions[i].name, r->question_row[i]);
    for (int i = 0; i < r->container_count; i++)
        check_reserved(r, r->containers[i].name, r->containers[i].row);
}

/* ${name} in the texts of choices. */
static void check_choice_texts(struct reading *r)
{
    const struct wsheet *s = workbook_sheet(r->form->book, "choices");
    for (int row = 0; s && row < s->row_count; row++)
        for (int h = 0; h < s->head_count; h++) {
            const char *p = starts_with(s->heads[h], "label") ? s->rows[row].cells[h] : "";
            while ((p = strstr(p, "${"))) {
                size_t n = strcspn(p += 2, "}");
                const char *name = arena_strndup(&r->form->arena, p, n);
                if (form_question(r->form, name) || form_repeat(r->form, name) >= 0)
                    continue;
                error_at(wsheet_place(s, row, s->heads[h]), "问卷里没有 ${%s} 这道题", name);
                r->wrong = true;
            }
        }
}

void check_cells(struct reading *r)
{
    for (int i = 0; i < r->form->question_count; i++)
        check_question(r, i);
    check_names(r);
    check_choice_texts(r);
}
