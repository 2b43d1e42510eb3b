/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * DDI-Codebook 2.5.  The schema fixes the order of elements: those of `var` are labl, security,
 * qstn, valrng, universe, txt, catgry, codInstr, derivation, varFormat, notes.
 */
#include "instrument/codebook_private.h"

#include "instrument/bounds.h"
#include "instrument/xmlout.h"
#include "survey/expr.h"
#include "survey/plain.h"

#include <math.h>
#include <string.h>

/* The document being written. */
struct ddi {
    struct codebook *book;
    struct xmlout xml;
};

static const char *setting(const struct ddi *d, const char *name)
{
    return d->book->topic ? topic_setting(d->book->topic, name) : "";
}

static void leaf(struct ddi *d, const char *tag, const char *text)
{
    if (*text)
        xmlout_leaf(&d->xml, tag, text);
}

/* Elements within elements, for the leaf inside. */
static void nested(struct ddi *d, const char *outer, const char *inner, const char *text)
{
    if (!*text)
        return;
    xmlout_begin(&d->xml, outer);
    xmlout_leaf(&d->xml, inner, text);
    xmlout_end(&d->xml);
}

/* ---- document and study ------------------------------------------------------------------------
 */

static void put_citation(struct ddi *d, const char *title, const char *number)
{
    xmlout_begin(&d->xml, "citation");
    xmlout_begin(&d->xml, "titlStmt");
    xmlout_leaf(&d->xml, "titl", title);
    leaf(d, "IDNo", number);
    xmlout_end(&d->xml);
    nested(d, "rspStmt", "AuthEnty", setting(d, "issuer"));
    nested(d, "verStmt", "version", d->book->form->version);
    xmlout_end(&d->xml);
}

static const char *unit_of(struct ddi *d)
{
    const struct topic *t = d->book->topic;
    for (int i = 0; t && i < t->level_count; i++)
        if (strcmp(t->levels[i].form->id, d->book->form->id) == 0 && t->levels[i].repeat < 0)
            return t->levels[i].label;
    return "";
}

static void put_study(struct ddi *d)
{
    const struct form *f = d->book->form;
    const char *title = setting(d, "title");
    xmlout_begin(&d->xml, "stdyDscr");
    put_citation(d, *title ? title : f->title, setting(d, "document"));
    xmlout_begin(&d->xml, "stdyInfo");
    leaf(d, "abstract", f->title);
    xmlout_begin(&d->xml, "sumDscr");
    leaf(d, "timePrd", setting(d, "period"));
    leaf(d, "collDate", setting(d, "fieldwork"));
    leaf(d, "anlyUnit", unit_of(d));
    leaf(d, "dataKind", "调查数据");
    xmlout_end(&d->xml);
    xmlout_end(&d->xml);
    xmlout_begin(&d->xml, "method");
    xmlout_begin(&d->xml, "dataColl");
    leaf(d, "sampProc", setting(d, "method"));
    leaf(d, "resInstru", "结构化问卷（XLSForm）");
    xmlout_end(&d->xml);
    xmlout_end(&d->xml);
    xmlout_end(&d->xml);
}

/* ---- files -------------------------------------------------------------------------------------
 */

static const char *file_id(struct ddi *d, int repeat)
{
    return arena_printf(&d->book->arena, "F%d", repeat + 2);
}

static void put_file(struct ddi *d, int repeat)
{
    const struct form *f = d->book->form;
    int count = 0;
    for (int i = 0; i < f->question_count; i++)
        count += f->questions[i].repeat == repeat && question_has_data(&f->questions[i]);
    xmlout_begin(&d->xml, "fileDscr");
    xmlout_attribute(&d->xml, "ID", file_id(d, repeat));
    xmlout_begin(&d->xml, "fileTxt");
    xmlout_leaf(&d->xml, "fileName", file_name(d->book, repeat));
    leaf(d, "fileCont", file_label(d->book, repeat));
    nested(d, "dimensns", "varQnty", arena_printf(&d->book->arena, "%d", count));
    leaf(d, "fileType", "text/csv; charset=utf-8");
    xmlout_end(&d->xml);
    xmlout_end(&d->xml);
}

/* ---- variables ---------------------------------------------------------------------------------
 */

static const char *variable_id(struct ddi *d, const struct question *q)
{
    return arena_printf(&d->book->arena, "V_%s", q->name);
}

static bool in_group(const struct question *q, const char *group, int repeat)
{
    return question_has_data(q) && q->repeat == repeat && strcmp(q->group, group) == 0;
}

/* The label of the innermost group around the question; the form's or repeat's when there is
 * none. */
static const char *group_label(struct ddi *d, const struct question *q)
{
    const struct form *f = d->book->form;
    const struct wsheet *s = workbook_sheet(f->book, "survey");
    const char *slash = strrchr(q->group, '/'), *name = slash ? slash + 1 : q->group;
    for (int row = 0; *name && row < s->row_count; row++)
        if (strcmp(wsheet_get(s, row, "name"), name) == 0 && *form_text(f, s, row, "label"))
            return form_text(f, s, row, "label");
    return *name ? name : q->repeat < 0 ? f->title : f->repeats[q->repeat].label;
}

/* A group of the questionnaire as a group of variables; each is written once, at its first
 * question. */
static void put_group(struct ddi *d, const struct question *first)
{
    const struct form *f = d->book->form;
    for (const struct question *q = f->questions; q < first; q++)
        if (in_group(q, first->group, first->repeat))
            return;
    struct buf ids = {0};
    for (int i = first->index; i < f->question_count; i++)
        if (in_group(&f->questions[i], first->group, first->repeat))
            buf_printf(&ids, "%s%s", ids.len ? " " : "", variable_id(d, &f->questions[i]));
    xmlout_begin(&d->xml, "varGrp");
    xmlout_attribute(&d->xml, "ID", arena_printf(&d->book->arena, "G_%d", first->index));
    xmlout_attribute(&d->xml, "type", "section");
    xmlout_attribute(&d->xml, "var", ids.text);
    xmlout_leaf(&d->xml, "labl", group_label(d, first));
    xmlout_end(&d->xml);
    buf_free(&ids);
}

static void put_question(struct ddi *d, const struct question *q)
{
    if (!*q->label)
        return;
    xmlout_begin(&d->xml, "qstn");
    xmlout_leaf(&d->xml, "qstnLit", q->label);
    leaf(d, "ivuInstr", q->hint);
    xmlout_end(&d->xml);
}

static void put_range(struct ddi *d, const struct question *q)
{
    struct bounds ends = question_bounds(d->book->form, q);
    char text[PLAIN_TEXT];
    if (!holds_number(q) || (isnan(ends.least) && isnan(ends.greatest)))
        return;
    xmlout_begin(&d->xml, "valrng");
    xmlout_begin(&d->xml, "range");
    if (*q->unit)
        xmlout_attribute(&d->xml, "UNITS", "REAL");
    if (!isnan(ends.least))
        xmlout_attribute(&d->xml, "min", plain_text(ends.least, text));
    if (!isnan(ends.greatest))
        xmlout_attribute(&d->xml, "max", plain_text(ends.greatest, text));
    xmlout_end(&d->xml);
    xmlout_end(&d->xml);
}

static void put_categories(struct ddi *d, const struct question *q)
{
    for (int i = 0; q->list && i < q->list->count; i++) {
        xmlout_begin(&d->xml, "catgry");
        xmlout_leaf(&d->xml, "catValu", q->list->choices[i].name);
        xmlout_leaf(&d->xml, "labl", q->list->choices[i].label);
        xmlout_end(&d->xml);
    }
}

static void put_format(struct ddi *d, const struct question *q)
{
    xmlout_begin(&d->xml, "varFormat");
    xmlout_attribute(&d->xml, "type", holds_number(q) ? "numeric" : "character");
    xmlout_attribute(&d->xml, "schema", "other");
    xmlout_text(&d->xml, type_name(q));
    xmlout_end(&d->xml);
}

static void put_variable(struct ddi *d, const struct question *q)
{
    const char *unit = *q->unit ? arena_printf(&d->book->arena, "单位：%s", q->unit) : "";
    xmlout_begin(&d->xml, "var");
    xmlout_attribute(&d->xml, "ID", variable_id(d, q));
    xmlout_attribute(&d->xml, "name", q->name);
    xmlout_attribute(&d->xml, "files", file_id(d, q->repeat));
    xmlout_attribute(&d->xml, "intrvl", holds_number(q) ? "contin" : "discrete");
    xmlout_leaf(&d->xml, "labl", question_caption(q));
    leaf(d, "security", q->personal ? "个人信息，不公开" : "");
    put_question(d, q);
    put_range(d, q);
    leaf(d, "universe", asked_when(d->book, q));
    leaf(d, "txt", unit);
    put_categories(d, q);
    leaf(d, "codInstr", q->type == Q_SELECT_MULTIPLE ? "可选几项，编码之间空一格" : "");
    if (q->calculation)
        nested(d, "derivation", "drvcmd", expr_text(q->calculation));
    put_format(d, q);
    xmlout_end(&d->xml);
}

static void put_variables(struct ddi *d)
{
    const struct form *f = d->book->form;
    xmlout_begin(&d->xml, "dataDscr");
    for (int i = 0; i < f->question_count; i++)
        if (question_has_data(&f->questions[i]))
            put_group(d, &f->questions[i]);
    for (int i = 0; i < f->question_count; i++)
        if (question_has_data(&f->questions[i]))
            put_variable(d, &f->questions[i]);
    xmlout_end(&d->xml);
}

void codebook_ddi(const struct form *form, const struct topic *topic, struct buf *out)
{
    struct codebook b = {.form = form, .topic = topic};
    struct ddi d = {&b, {.out = out}};
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xmlout_begin(&d.xml, "codeBook");
    xmlout_attribute(&d.xml, "xmlns", "ddi:codebook:2_5");
    xmlout_attribute(&d.xml, "version", "2.5");
    xmlout_attribute(&d.xml, "xml:lang", "zh");
    xmlout_begin(&d.xml, "docDscr");
    put_citation(&d, arena_printf(&b.arena, "%s：编码手册", form->title), form->id);
    xmlout_end(&d.xml);
    put_study(&d);
    put_file(&d, -1);
    for (int i = 0; i < form->repeat_count; i++)
        put_file(&d, i);
    put_variables(&d);
    xmlout_end(&d.xml);
    arena_free(&b.arena);
}
