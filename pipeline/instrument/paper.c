/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/paper_private.h"

#include "instrument/words.h"
#include "output/latex.h"
#include "output/preamble.h"

#include <string.h>

/* Page, boxes and tables; what must be set before the text. */
static const char PAPER_PREAMBLE[] =
    "\\geometry{top=20mm,bottom=22mm,left=18mm,right=18mm,textwidth=174mm,textheight=250mm,"
    "headsep=5mm,footskip=12mm}\n"
    "\\usepackage{array}\n"
    "\\makeatletter\n"
    "\\renewcommand\\normalsize{\\fontsize{14bp}{21bp}\\selectfont}\\normalsize\n"
    "\\setlength\\parindent{0pt}\\setlength\\LTpre{4bp}\\setlength\\LTpost{6bp}\n"
    "\\setlength\\fboxsep{0pt}\\setlength\\fboxrule{.5bp}\\setlength\\arrayrulewidth{.5bp}\n"
    "\\renewcommand\\arraystretch{1.15}\n"
    /* A box for one digit; neighbours share a line. */
    "\\newcommand\\bx{\\raisebox{-1.6mm}{\\fbox{\\rule{0pt}{6.4mm}\\hspace{4.9mm}}}"
    "\\kern-\\fboxrule}\n"
    "\\newcommand\\bxend{\\kern\\fboxrule}\n"
    "\\newcommand\\point{\\kern1mm{\\hei .}\\kern1mm}\n"
    "\\newcommand\\tick{\\raisebox{-.6mm}{\\fbox{\\rule{0pt}{3.9mm}\\hspace{3.9mm}}}}\n"
    "\\newcommand\\choice[2]{\\mbox{\\tick\\,#1\\,#2}\\hspace{.9em plus .5em}\\penalty0 }\n"
    "\\newcommand\\longchoice[2]{\\mbox{\\tick\\,#1\\,}#2\\hspace{.9em plus .5em}\\penalty0 }\n"
    "\\newcommand\\blank[1]{\\rule[-1mm]{0pt}{7mm}\\rule[-1mm]{#1}{.5bp}}\n"
    "\\newcommand\\lines[1]{\\@tempcnta=#1\\relax\\@whilenum\\@tempcnta>\\z@\\do{"
    "\\blank{\\linewidth}\\par\\advance\\@tempcnta\\m@ne}}\n"
    "\\newcommand\\condition[1]{{\\kai\\fontsize{12bp}{18bp}\\selectfont 〔#1〕}}\n"
    "\\newcommand\\hint[1]{{\\kai\\fontsize{12bp}{18bp}\\selectfont（#1）}}\n"
    "\\newcommand\\codes[1]{\\par\\fontsize{12bp}{17bp}\\selectfont #1}\n"
    "\\newcommand\\codegap{\\hspace{.7em plus .3em}\\penalty0 }\n"
    "\\newcommand\\formsection[1]{\\par\\ifdim\\dimexpr\\pagegoal-\\pagetotal<"
    "40mm\\newpage\\fi\\bigskip"
    "{\\hei\\fontsize{15bp}{22bp}\\selectfont #1}}\n"
    "\\newcommand\\formtitle[1]{{\\centering\\biao\\fontsize{20bp}{30bp}\\selectfont #1\\par}}\n"
    "\\newcommand\\linehead[1]{\\par\\medskip\\goodbreak #1\\par\\nopagebreak}\n"
    "\\newcommand\\lineitem[2]{\\mbox{\\makebox[8mm]{#1}#2}\\hspace{6mm plus 1fil}\\penalty0 }\n"
    /* Question on the left, answer on the right. */
    "\\newcolumntype{Q}{>{\\rule[-2mm]{0pt}{8mm}\\raggedright\\arraybackslash}p{76mm}}\n"
    "\\newcolumntype{A}{>{\\rule[-2mm]{0pt}{8mm}\\raggedright\\arraybackslash}p{92mm}}\n"
    "\\newcolumntype{G}{>{\\rule[-2.5mm]{0pt}{9mm}\\raggedright\\arraybackslash}p{70mm}}\n"
    "\\newcolumntype{C}{>{\\centering\\arraybackslash}p{13.6mm}}\n"
    "\\newenvironment{questions}{\\begin{longtable}{|Q|A|}\\hline}{\\end{longtable}}\n"
    "\\newenvironment{roster}[1]{\\fontsize{13bp}{19bp}\\selectfont\\begin{longtable}[l]"
    "{|G|*{#1}{C|}}\\hline}{\\end{longtable}}\n"
    "\\makeatother\n";

static const char *form_setting(const struct paper *p, const char *head)
{
    const struct wsheet *s = workbook_sheet(p->form->book, "settings");
    const char *own = s ? wsheet_get(s, 0, head) : "";
    return *own || !p->topic ? own : topic_setting(p->topic, head);
}

/* ---- questions ---------------------------------------------------------------------------------
 */

void put_condition(struct paper *p, const struct node *n)
{
    const char *relevant = node_cell(p->o, n, "relevant");
    const struct question *other = n->question ? n->question->other_of : NULL;
    struct buf words = {0};
    if (other)
        relevant = arena_printf(&p->arena, "selected(${%s}, 'other')", other->name);
    if (*relevant) {
        bool said = words_condition(&words, p->form, relevant);
        buf_puts(p->out, "\\condition{");
        latex_text(p->out, said ? words.text : "符合条件");
        buf_puts(p->out, "的填}");
    }
    buf_free(&words);
}

void put_question(struct paper *p, const struct node *n)
{
    const struct question *q = n->question;
    const char *text = label_without_number(q->label);
    size_t number = (size_t)(text - q->label);
    if (number) {
        buf_puts(p->out, "{\\hei ");
        latex_text(p->out, arena_strndup(&p->arena, q->label, number));
        buf_puts(p->out, "}");
    }
    latex_text(p->out, *text ? text : question_caption(q));
    if (*q->hint) {
        buf_puts(p->out, "\\hint{");
        latex_text(p->out, q->hint);
        buf_puts(p->out, "}");
    }
    put_condition(p, n);
}

/* ---- the sheet of questions --------------------------------------------------------------------
 */

/* A table is open while questions follow one another. */
struct sheet {
    struct paper *paper;
    bool open;
};

static void open_table(struct sheet *s)
{
    if (!s->open)
        buf_puts(s->paper->out, "\\begin{questions}\n");
    s->open = true;
}

static void close_table(struct sheet *s)
{
    if (s->open)
        buf_puts(s->paper->out, "\\end{questions}\n");
    s->open = false;
}

static void put_note(struct sheet *s, const struct node *n)
{
    close_table(s);
    buf_puts(s->paper->out, "{\\centering ");
    latex_text(s->paper->out, n->question->label);
    buf_puts(s->paper->out, "\\par}\n");
}

static void put_nodes(struct sheet *s, const struct node *container);

static void put_group(struct sheet *s, const struct node *n)
{
    const char *label = node_text(s->paper->o, n, "label");
    close_table(s);
    if (*label) {
        buf_puts(s->paper->out, "\\formsection{");
        latex_text(s->paper->out, label);
        buf_puts(s->paper->out, "}");
        put_condition(s->paper, n);
        buf_puts(s->paper->out, "\\par\\nopagebreak\n");
    }
    put_nodes(s, n);
    close_table(s);
}

static void put_nodes(struct sheet *s, const struct node *container)
{
    for (const struct node *n = container->first; n; n = n->next) {
        if (n->kind == NODE_GROUP) {
            put_group(s, n);
        } else if (n->kind == NODE_REPEAT) {
            close_table(s);
            put_roster(s->paper, n);
        } else if (on_paper(n) && n->question->type == Q_NOTE) {
            put_note(s, n);
        } else if (on_paper(n)) {
            open_table(s);
            put_question(s->paper, n);
            buf_puts(s->paper->out, "&");
            put_answer(s->paper, n);
            buf_puts(s->paper->out, "\\\\\\hline\n");
        }
    }
}

/* ---- head and foot -----------------------------------------------------------------------------
 */

/* A number and a validity are given by the office that approves the survey, and by nobody else. */
static const char PENDING[] = "待批准";

static void put_head_line(struct paper *p, const char *label, const char *head,
                          const char *otherwise)
{
    const char *text = form_setting(p, head);
    text = *text ? text : otherwise;
    if (!*text)
        return;
    buf_printf(p->out, "%s：&", label);
    latex_text(p->out, text);
    buf_puts(p->out, "\\\\\n");
}

static void put_head(struct paper *p)
{
    const char *measure = form_setting(p, "measure");
    buf_puts(p->out, "{\\hfill\\fontsize{11bp}{16bp}\\selectfont\\renewcommand\\arraystretch{1}"
                     "\\begin{tabular}{@{}l@{\\hspace{1mm}}l@{}}\n");
    put_head_line(p, "表　　号", "table_number", PENDING);
    put_head_line(p, "制定机关", "issuer", "");
    put_head_line(p, "文　　号", "document", "");
    put_head_line(p, "有效期至", "valid_until", PENDING);
    buf_puts(p->out, "表单代码：&");
    latex_text(p->out, p->form->id);
    buf_puts(p->out, "\\\\\n\\end{tabular}\\par}\n\\medskip\\formtitle{");
    latex_text(p->out, p->form->title);
    buf_puts(p->out, "}\n\\medskip{\\fontsize{12bp}{18bp}\\selectfont 填报单位：\\blank{50mm}"
                     "\\hfill 20\\blank{10mm}年\\hfill 计量单位：");
    latex_text(p->out, *measure ? measure : "见各题");
    buf_puts(p->out, "\\par}\n\\smallskip{\\kai\\fontsize{11.5bp}{17bp}\\selectfont "
                     "填法：选择题在选中的□内打√；数字一格写一个，靠右写，没有的填0；问了没有答案的"
                     "写“不详”；〔　〕内是要填这道题的条件，不符合的空着。"
                     "本表只用于调查研究，对个人信息严格保密。\\par}\n");
}

static void put_foot(struct paper *p)
{
    buf_puts(p->out, "\n\\bigskip\\nopagebreak\\fontsize{12bp}{24bp}\\selectfont "
                     "单位负责人：\\blank{28mm}\\hfill 填表人：\\blank{28mm}\\hfill "
                     "审核人：\\blank{28mm}\\par\n联系电话：\\blank{40mm}\\hfill "
                     "填表日期：20\\blank{10mm}年\\blank{10mm}月\\blank{10mm}日\\par\n"
                     "\\label{lastpage}\n");
}

/* Form, version and page on every page, so that a loose sheet is known. */
static void put_page_code(struct paper *p)
{
    buf_puts(p->out, "\\makeatletter\\newcommand\\ps@paper{\\def\\@oddhead{}\\let\\@evenhead"
                     "\\@oddhead\\def\\@oddfoot{\\fontsize{10.5bp}{10.5bp}\\selectfont ");
    latex_text(p->out, p->form->id);
    if (*p->form->version) {
        buf_puts(p->out, "·");
        latex_text(p->out, p->form->version);
    }
    buf_puts(p->out, "\\hfill 第\\thepage 页　共\\pageref{lastpage}页}\\let\\@evenfoot\\@oddfoot}"
                     "\\pagestyle{paper}\\makeatother\n");
}

int paper_write(const struct form *form, const struct topic *topic, struct buf *out)
{
    struct buf body = {0};
    struct paper p = {.form = form, .topic = topic, .out = &body};
    p.o = outline_read(form);
    if (!p.o)
        return -1;
    struct sheet sheet = {&p, false};
    put_page_code(&p);
    buf_puts(&body, "\\begin{document}\\song\n");
    put_head(&p);
    put_nodes(&sheet, p.o->root);
    close_table(&sheet);
    put_foot(&p);
    buf_puts(&body, "\\end{document}\n");
    buf_puts(out, PREAMBLE);
    if (strstr(body.text, "\\rarechar"))
        buf_puts(out, PREAMBLE_RARE);
    buf_puts(out, PAPER_PREAMBLE);
    buf_put(out, body.text, body.len);
    outline_free(p.o);
    arena_free(&p.arena);
    buf_free(&body);
    return 0;
}
