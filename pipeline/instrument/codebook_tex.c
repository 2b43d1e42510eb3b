/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The codebook to be read and printed: a table for each record file.
 */
#include "instrument/codebook_private.h"

#include "output/latex.h"
#include "output/preamble.h"
#include "survey/expr.h"

#include <string.h>

static const char CODEBOOK_PREAMBLE[] =
    "\\geometry{top=20mm,bottom=20mm,left=16mm,right=16mm,textwidth=178mm,textheight=250mm,"
    "headsep=5mm,footskip=10mm}\n"
    "\\usepackage{array}\n"
    "\\setlength\\parindent{0pt}\\setlength\\LTpre{2bp}\\setlength\\LTpost{10bp}\n"
    "\\setlength\\tabcolsep{1.2mm}\\renewcommand\\arraystretch{1.1}\n"
    "\\newcolumntype{V}[1]{>{\\raggedright\\arraybackslash\\fontsize{10.5bp}{15bp}\\selectfont}p{#"
    "1}}\n"
    "\\newcommand\\recordfile[1]{\\par\\bigskip{\\hei\\fontsize{14bp}{22bp}\\selectfont #1\\par}"
    "\\nopagebreak}\n"
    "\\newcommand\\aside[1]{{\\kai #1}}\n"
    "\\newenvironment{variables}{\\fontsize{10.5bp}{15bp}\\selectfont\\begin{longtable}{|V{27mm}|V{"
    "67mm}|V{26mm}|V{46mm}|}\\hline\n"
    "\\hei 变量&\\hei 题目&\\hei 类型&\\hei 编码\\\\\\hline\\endhead}{\\end{longtable}}\n";

/* A name that may break behind each underscore. */
static void put_name(struct codebook *b, const char *name, struct buf *out)
{
    while (*name) {
        size_t n = strcspn(name, "_");
        n += name[n] == '_';
        latex_text(out, arena_strndup(&b->arena, name, n));
        buf_puts(out, "\\allowbreak{}");
        name += n;
    }
}

static void put_aside(struct buf *out, const char *before, const char *text)
{
    if (!*text)
        return;
    buf_puts(out, "\\newline\\aside{");
    latex_text(out, before);
    latex_text(out, text);
    buf_puts(out, "}");
}

static void put_codes(struct buf *out, const struct choice_list *list)
{
    for (int i = 0; list && i < list->count; i++) {
        buf_puts(out, i ? "\\newline " : "");
        latex_text(out, list->choices[i].name);
        buf_puts(out, "　");
        latex_text(out, list->choices[i].label);
    }
}

static void put_variable(struct codebook *b, const struct question *q, struct buf *out)
{
    put_name(b, q->name, out);
    if (q->personal)
        put_aside(out, "", "个人信息，不公开");
    buf_puts(out, "&");
    latex_text(out, *q->label ? q->label : question_caption(q));
    put_aside(out, "问谁：", asked_when(b, q));
    if (q->calculation)
        put_aside(out, "算式：", expr_text(q->calculation));
    buf_puts(out, "&");
    latex_text(out, type_name(q));
    if (*q->unit) {
        buf_puts(out, "（");
        latex_text(out, q->unit);
        buf_puts(out, "）");
    }
    put_aside(out, "", range_text(b, q));
    put_aside(out, "", q->required ? "必答" : "");
    buf_puts(out, "&");
    put_codes(out, q->list);
    buf_puts(out, "\\\\\\hline\n");
}

static void put_file(struct codebook *b, int repeat, struct buf *out)
{
    buf_puts(out, "\\recordfile{");
    latex_text(out, file_label(b, repeat));
    buf_puts(out, "（");
    put_name(b, file_name(b, repeat), out);
    buf_puts(out, "）}\n\\begin{variables}\n");
    for (int i = 0; i < b->form->question_count; i++) {
        const struct question *q = &b->form->questions[i];
        if (q->repeat == repeat && question_has_data(q))
            put_variable(b, q, out);
    }
    buf_puts(out, "\\end{variables}\n");
}

static void put_title(const struct codebook *b, struct buf *out)
{
    buf_puts(out, "{\\centering\\biao\\fontsize{20bp}{30bp}\\selectfont ");
    latex_text(out, b->form->title);
    buf_puts(out, "\\\\ 编码手册\\par}\n\\medskip{\\centering\\fontsize{11bp}{17bp}\\selectfont ");
    latex_text(out, b->form->id);
    if (*b->form->version) {
        buf_puts(out, "·");
        latex_text(out, b->form->version);
    }
    if (b->topic) {
        buf_puts(out, "\\\\ ");
        latex_text(out, b->topic->title);
    }
    buf_puts(out, "\\par}\n");
}

void codebook_tex(const struct form *form, const struct topic *topic, struct buf *out)
{
    struct codebook b = {.form = form, .topic = topic};
    struct buf body = {0};
    buf_puts(&body, "\\begin{document}\\song\\pagestyle{plain}\n");
    put_title(&b, &body);
    for (int repeat = -1; repeat < form->repeat_count; repeat++)
        put_file(&b, repeat, &body);
    buf_puts(&body, "\\end{document}\n");
    buf_puts(out, PREAMBLE);
    if (strstr(body.text, "\\rarechar"))
        buf_puts(out, PREAMBLE_RARE);
    buf_puts(out, CODEBOOK_PREAMBLE);
    buf_put(out, body.text, body.len);
    buf_free(&body);
    arena_free(&b.arena);
}
