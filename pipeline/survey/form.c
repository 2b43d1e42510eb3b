/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/form.h"

#include "base/text.h"
#include "survey/expr.h"
#include "survey/form_private.h"
#include "survey/secondary.h"

#include "survey/lookup.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const survey_heads[] = {"type",
                                           "name",
                                           "label*",
                                           "hint*",
                                           "guidance_hint*",
                                           "required",
                                           "relevant",
                                           "constraint",
                                           "calculation",
                                           "choice_filter",
                                           "appearance",
                                           "default",
                                           "repeat_count",
                                           "constraint_message*",
                                           "required_message*",
                                           "read_only",
                                           "readonly",
                                           "trigger",
                                           "parameters",
                                           "media*",
                                           "image*",
                                           "audio*",
                                           "video*",
                                           "big-image*",
                                           "bind::*",
                                           "body::*",
                                           "instance::*",
                                           "save_to",
                                           "autoplay",
                                           "disabled",
                                           "short",
                                           "alias",
                                           "unit",
                                           "personal",
                                           "soft",
                                           NULL};
static const char *const settings_heads[] = {
    "form_title",       "form_id",     "version",      "instance_name",
    "default_language", "style",       "public_key",   "submission_url",
    "auto_send",        "auto_delete", "namespaces",   "instance_xmlns",
    "id_string",        "title",       "attribute::*", "allow_choice_duplicates",
    "client_editable",  "name",        "table_number", "issuer",
    "document",         "valid_until", "measure",      NULL};
static const char *const known_sheets[] = {"survey",   "choices",          "settings",
                                           "entities", "external_choices", NULL};

static bool is_one_of(const char *text, const char *const words[])
{
    for (int i = 0; words[i]; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

bool cell_is_yes(const char *text)
{
    static const char *const words[] = {"yes", "true", "true()", NULL};
    return is_one_of(text, words);
}

bool cell_is_no(const char *text)
{
    static const char *const words[] = {"no", "false", "false()", NULL};
    return is_one_of(text, words);
}

/* The file's name without folder and suffix. */
static const char *base_name(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/'), *start = slash ? slash + 1 : path;
    const char *dot = strrchr(start, '.');
    return arena_strndup(a, start, dot ? (size_t)(dot - start) : strlen(start));
}

/* Heads of earlier years; those of `bind` are written out in some workbooks. */
static const char *modern_head(const char *head)
{
    static const char *const rows[][2] = {
        {"calculate", "calculation"},
        {"bind::calculate", "calculation"},
        {"relevance", "relevant"},
        {"bind::relevant", "relevant"},
        {"bind::constraint", "constraint"},
        {"bind::required", "required"},
        {"constraining_message", "constraint_message"},
        {"caption", "label"},
        {"count", "repeat_count"},
        {"jr:count", "repeat_count"},
        {"value", "name"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcasecmp(rows[i][0], head) == 0)
            return rows[i][1];
    return NULL;
}

/* "Form ID" is form_id: capitals and blanks in heads of XLSForm do not count; what follows :: is a
 * language or an attribute and stays. */
static void normalize_heads(struct form *f, struct wsheet *s, const char *const heads[])
{
    for (int i = 0; i < s->head_count; i++) {
        const char *modern = heads == survey_heads ? modern_head(s->heads[i]) : NULL;
        if (modern && wsheet_column(s, modern) < 0)
            s->heads[i] = modern;
        char *plain = arena_strdup(&f->arena, s->heads[i]);
        size_t n = strcspn(plain, ":");
        for (size_t k = 0; k < n; k++)
            plain[k] = plain[k] == ' ' ? '_' : (char)tolower((unsigned char)plain[k]);
        while (n > 0 && plain[n] && plain[n - 1] == '_') /* "label :: English" */
            memmove(plain + n - 1, plain + n, strlen(plain + n) + 1), n--;
        bool known = false;
        for (int k = 0; heads[k] && !known; k++) {
            size_t length = strcspn(heads[k], "*:");
            known = length == n && strncmp(plain, heads[k], n) == 0;
        }
        if (known && wsheet_column(s, plain) < 0)
            s->heads[i] = plain;
    }
}

static void normalize_sheets(struct form *f)
{
    static const char *const choice_heads[] = {"list_name", "name",   "label*", "media*",
                                               "image*",    "audio*", "video*", NULL};
    for (int i = 0; i < f->book->sheet_count; i++) {
        struct wsheet *s = &f->book->sheets[i];
        const char *const *heads = strcasecmp(s->name, "survey") == 0     ? survey_heads
                                   : strcasecmp(s->name, "settings") == 0 ? settings_heads
                                   : strcasecmp(s->name, "choices") == 0  ? choice_heads
                                                                          : NULL;
        if (heads)
            normalize_heads(f, s, heads);
    }
}

static void read_settings(struct reading *r)
{
    struct form *f = r->form;
    const struct wsheet *s = workbook_sheet(f->book, "settings");
    f->id = f->title = f->version = f->instance_name = "";
    if (s) {
        wsheet_check_heads(s, settings_heads);
        f->id = wsheet_get(s, 0, wsheet_column(s, "form_id") < 0 ? "id_string" : "form_id");
        f->title = wsheet_get(s, 0, wsheet_column(s, "form_title") < 0 ? "title" : "form_title");
        f->version = wsheet_get(s, 0, "version");
        f->instance_name = wsheet_get(s, 0, "instance_name");
    }
    if (s && s->row_count > 1)
        warning_at(wsheet_place(s, 1, NULL), "settings 表只用第一行，这一行没有采用");
    if (!*f->id)
        f->id = base_name(&f->arena, f->path);
    if (!*f->title)
        f->title = f->id;
}

static void warn_of_entities(struct reading *r)
{
    const struct wsheet *s = r->survey;
    if (workbook_sheet(r->form->book, "entities"))
        warning_at((struct place){.file = r->form->path, .sheet = "entities"},
                   "不支持实体（entities），这张表没有采用");
    for (int row = 0; row < s->row_count; row++)
        if (*wsheet_get(s, row, "save_to")) {
            warning_at(wsheet_place(s, row, "save_to"), "不支持实体（entities），这一栏没有采用");
            return;
        }
}

/* Cells whose heads changed over the years are asked for under today's names only. */
static void check_heads(struct reading *r)
{
    const struct form *f = r->form;
    wsheet_check_heads(r->survey, survey_heads);
    for (int i = 0; i < f->book->sheet_count; i++)
        if (!is_one_of(f->book->sheets[i].name, known_sheets))
            warning_at((struct place){f->path, f->book->sheets[i].name, 0, NULL, NULL},
                       "问卷里没有这种工作表，没有采用");
    warn_of_entities(r);
    static const char *const needed[] = {"type", "name", NULL};
    for (int i = 0; needed[i]; i++)
        if (wsheet_column(r->survey, needed[i]) < 0) {
            error_at((struct place){f->path, "survey", r->survey->head_no, needed[i], NULL},
                     "survey 表缺少这一栏");
            r->wrong = true;
        }
}

static void read_sheets(struct reading *r)
{
    struct form *f = r->form;
    normalize_sheets(f);
    r->survey = workbook_sheet(f->book, "survey");
    if (!r->survey) {
        error_at((struct place){.file = f->path}, "没有 survey 工作表，不是问卷");
        r->wrong = true;
        return;
    }
    check_heads(r);
    if (r->wrong)
        return;
    read_settings(r);
    choose_language(f);
    read_choices(r);
    read_survey(r);
    check_cells(r);
    compile_expressions(r);
    check_cycles(r);
}

struct form *form_read(const char *path)
{
    struct workbook *book = workbook_read(path);
    if (!book)
        return NULL;
    struct form *f = must_alloc(sizeof *f);
    f->book = book;
    f->path = arena_strdup(&f->arena, path);
    f->lookups = lookups_create(path);
    f->secondary = secondary_create();
    struct reading r = {.form = f, .open = -1};
    read_sheets(&r);
    map_free(&r.seen);
    if (!r.wrong)
        return f;
    form_free(f);
    return NULL;
}

void form_free(struct form *f)
{
    if (!f)
        return;
    for (int i = 0; i < f->question_count; i++) {
        struct question *q = &f->questions[i];
        expr_free(q->relevant);
        expr_free(q->required);
        expr_free(q->constraint);
        expr_free(q->calculation);
        expr_free(q->choice_filter);
    }
    for (int i = 0; i < f->repeat_count; i++)
        expr_free(f->repeats[i].count);
    map_free(&f->names);
    secondary_free(f->secondary);
    lookups_free(f->lookups);
    workbook_free(f->book);
    arena_free(&f->arena);
    free(f);
}

const struct question *form_question(const struct form *f, const char *name)
{
    long i = map_get(&f->names, name, -1);
    return i < 0 ? NULL : &f->questions[i];
}

int form_repeat(const struct form *f, const char *name)
{
    for (int i = 0; i < f->repeat_count; i++)
        if (strcmp(f->repeats[i].name, name) == 0)
            return i;
    return -1;
}

bool question_has_data(const struct question *q)
{
    return q->type != Q_NOTE && q->type != Q_META;
}

const char *question_caption(const struct question *q)
{
    return *q->short_label ? q->short_label : *q->label ? q->label : q->name;
}
