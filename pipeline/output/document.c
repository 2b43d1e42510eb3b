/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/document.h"

#include "base/digest.h"
#include "output/figure.h"
#include "output/latex.h"
#include "output/preamble.h"
#include "output/tabular.h"
#include "output/wording.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- tables and charts in the text --------------------------------------------------------- */

static int show_table(struct buf *out, struct macros *m, const struct exhibit *x)
{
    struct grid g = {0};
    int index = (int)(x - m->results->topic->tables);
    int rc = grid_build(&g, m, x);
    if (rc == 0)
        grid_latex(out, &g, GRID_REPORT, m->table_numbers[index]);
    grid_free(&g);
    return rc;
}

/* UTF-16 in hexadecimal, as PDF strings may be written. */
static void put_utf16(struct buf *out, const char *text)
{
    while (*text) {
        uint32_t c = utf8_next(&text);
        if (c < 0x10000)
            buf_printf(out, "%04X", (unsigned)c);
        else
            buf_printf(out, "%04X%04X", 0xD7C0 + (unsigned)(c >> 10),
                       0xDC00 + (unsigned)(c & 0x3FF));
    }
}

static int show_chart(struct buf *out, struct macros *m, const struct exhibit *x)
{
    struct arena a = {0};
    const char *note, *source;
    int index = (int)(x - m->results->topic->charts);
    struct buf words = {0};
    char marks[4];
    int rc = figure_alt(&words, marks, m, x);
    if (rc == 0)
        rc = exhibit_notes(&a, m, x, true, marks, &note, &source);
    if (rc == 0) {
        buf_printf(out, "\\begin{figureexhibit}\n\\describedchart{%s}{charts/%s.pdf}{",
                   x->indicators[0], x->id);
        put_utf16(out, x->title);
        put_utf16(out, "。");
        put_utf16(out, buf_text(&words));
        buf_printf(out, "}\n\\figuretitle{%s}{图%d}{", x->id, m->chart_numbers[index]);
        latex_text(out, x->title);
        buf_puts(out, "}\n{\\footnotesize\\raggedright\n");
        if (*note)
            buf_printf(out, "\\noindent 注：%s\\par\n", note);
        buf_printf(out, "\\noindent 资料来源：%s\\par}\n\\end{figureexhibit}\n", source);
    }
    buf_free(&words);
    arena_free(&a);
    return rc;
}

static int show(struct buf *out, struct macros *m, const struct exhibit *x, bool chart)
{
    buf_puts(out, "\n");
    return chart ? show_chart(out, m, x) : show_table(out, m, x);
}

/* ---- the narrative ------------------------------------------------------------------------- */

static int read_narrative(const char *path, struct buf *text)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return error("找不到报告正文 %s：%s", path, error_reason(errno));
    char piece[65536];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_put(text, piece, n);
    bool failed = ferror(f);
    fclose(f);
    if (failed)
        return error("不能读取报告正文 %s", path);
    if (!utf8_valid(buf_text(text), text->len) || strlen(buf_text(text)) != text->len)
        return error("报告正文 %s 不是 UTF-8 编码的文本，请另存为 UTF-8", path);
    if (starts_with(buf_text(text), "\xEF\xBB\xBF"))
        memset(text->text, ' ', 3);
    return 0;
}

static int count_of(const char *text, const char *what)
{
    int n = 0;
    for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

/* The wording of a paragraph, whose comments are nobody's words. */
static int check_words(struct macros *m, const char *text, const char *path, long line)
{
    struct buf plain = {0};
    for (const char *p = text; *p;) {
        size_t n = *p == '%' ? strcspn(p, "\n") : *p == '\\' && p[1] ? 2 : 1;
        if (*p != '%')
            buf_put(&plain, p, n);
        p += n;
    }
    int rc = wording_check(m, buf_text(&plain), path, line);
    buf_free(&plain);
    return rc;
}

/* The first files are in: the samples are too small yet for most of the text. */
static bool is_beginning(const struct results *r)
{
    return 2 * r->county_count < results_counties_asked(r);
}

/* One paragraph.  One that begins with \optional is left out, and said so, when it needs a
 * withheld number; in others that is an error, once half of the counties have sent something. */
static int put_paragraph(struct buf *out, struct macros *m, const char *text, const char *path,
                         long line)
{
    size_t n;
    const char *start = text_trim(text, &n);
    bool optional = starts_with(start, "\\optional") && !isalpha((unsigned char)start[9]);
    struct buf expanded = {0};
    bool lenient = optional || is_beginning(m->results);
    m->lenient = lenient;
    m->withheld = 0;
    int errors = error_count();
    int rc = macros_expand(m, &expanded, optional ? start + 9 : text, path, line);
    rc |= check_words(m, text, path, line);
    m->lenient = false;
    if (lenient && m->withheld && error_count() == errors) {
        note("%s，第%ld行起的一段引用的数没有资料，或样本过少、误差过大，没有印%s", path, line,
             optional ? "" : "（报来的县还不到一半）");
        if (!optional) /* a heading must not stand alone */
            buf_printf(out,
                       "%%@ %s:%ld\n（报来的县还不到一半，这一段引用的数样本太少，没有印。）\n\n",
                       path, line);
        rc = 0;
    } else {
        buf_printf(out, "%%@ %s:%ld\n%s", path, line, buf_text(&expanded));
    }
    buf_free(&expanded);
    return rc;
}

/* Expands the narrative paragraph by paragraph, each with the line it comes from. */
static int put_narrative(struct buf *out, struct macros *m, const char *text, const char *path)
{
    int rc = 0;
    long line = 1;
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t n = end ? (size_t)(end - text) + 2 : strlen(text);
        char *paragraph = must_alloc(n + 1);
        memcpy(paragraph, text, n);
        rc |= put_paragraph(out, m, paragraph, path, line);
        for (size_t i = 0; i < n; i++)
            line += text[i] == '\n';
        free(paragraph);
        text += n;
    }
    buf_puts(out, "\n");
    return rc;
}

/* ---- front --------------------------------------------------------------------------------- */

long document_epoch(const struct topic *t)
{
    const char *dates[] = {topic_setting(t, "date"), topic_rule(t, "today")};
    for (int i = 0; i < 2; i++) {
        struct tm day = {0};
        if (sscanf(dates[i], "%d-%d-%d", &day.tm_year, &day.tm_mon, &day.tm_mday) == 3) {
            day.tm_year -= 1900;
            day.tm_mon--;
            return timegm(&day);
        }
    }
    return 946684800;
}

static void put_metadata(struct buf *out, const struct macros *m)
{
    const struct topic *t = m->results->topic;
    buf_puts(out, "\\hypersetup{pdflang={zh-CN},pdfdisplaydoctitle=true,pdftitle={");
    latex_text(out, t->title);
    buf_puts(out, "},pdfauthor={");
    latex_text(out, topic_setting(t, "issuer"));
    buf_puts(out, "},pdfsubject={");
    latex_text(out, m->results->simulated ? "模拟数据 · 仅供演练" : topic_setting(t, "period"));
    buf_puts(out, "}}\n");
}

/* One finding, unless its condition is false or it needs a withheld number.  1 printed, 0 not,
 * -1 after messages. */
static int put_finding(struct buf *out, struct macros *m, const struct finding *f, int number)
{
    struct buf text = {0}, file = {0};
    buf_printf(&file, "%s 工作表 findings", m->results->topic->path);
    m->lenient = true;
    m->withheld = 0;
    int rc = macros_condition(m, f->when, file.text, f->row);
    if (rc == 1) {
        int errors = error_count();
        rc = macros_expand_cell(m, &text, f->text, "findings", f->row) == 0;
        if (!rc && m->withheld == 0)
            rc = -1;
        if (!rc && error_count() > errors)
            rc = -1;
    }
    m->lenient = false;
    if (rc >= 0 && wording_check(m, f->text, file.text, f->row) < 0)
        rc = -1;
    if (m->withheld)
        note("要点 %s 引用的数没有资料，或样本过少、误差过大，没有印", f->id);
    if (rc == 1)
        buf_printf(out, "%%@ %s:%ld\n%d.\\ %s\\par\n", file.text, f->row, number, text.text);
    buf_free(&text);
    buf_free(&file);
    return rc;
}

static int put_findings(struct buf *out, struct macros *m)
{
    const struct topic *t = m->results->topic;
    int rc = 0, number = 1;
    if (t->finding_count == 0)
        return 0;
    buf_puts(out, "\\findingsstart\\phantomsection\\addcontentsline{toc}{section}{要点}\n"
                  "{\\centering\\biao\\erhao 要　点\\par}\\medskip\n{\\sihao\n");
    for (int i = 0; i < t->finding_count; i++) {
        int printed = put_finding(out, m, &t->findings[i], number);
        number += printed == 1;
        if (printed < 0)
            rc = -1;
    }
    buf_puts(out, "}\\findingsstop\n");
    return rc;
}

/* The title in the lines that setting title_lines gives it, parted by "|": no line ends within a
 * word (GB/T 9704).  Without the setting the lines are TeX's. */
static int put_title_lines(struct buf *out, const struct topic *t)
{
    const char *lines = topic_setting(t, "title_lines");
    const char *at = *lines ? lines : t->title, *title = t->title;
    struct buf line = {0};
    for (; *at; at++) {
        if (*lines && *at == '|') {
            latex_text(out, buf_text(&line));
            buf_puts(out, "\\par ");
            buf_clear(&line);
            continue;
        }
        if (*at != *title++)
            break;
        buf_putc(&line, *at);
    }
    latex_text(out, buf_text(&line));
    buf_free(&line);
    if (*at || *title)
        return error("%s 工作表 settings：title_lines 去掉“|”应与 title 一字不差", t->path);
    return 0;
}

static int put_title(struct buf *out, const struct macros *m)
{
    const struct topic *t = m->results->topic;
    buf_puts(out, "\\phantomsection\\addcontentsline{toc}{section}{正文}\n"
                  "{\\centering\\biao\\erhao ");
    int rc = put_title_lines(out, t);
    buf_puts(out, "\\par\\medskip\\normalsize\\kai ");
    latex_text(out, topic_setting(t, "issuer"));
    buf_puts(out, "\\par}\\bigskip\n");
    return rc;
}

/* ---- the whole ----------------------------------------------------------------------------- */

/* Tables and charts that the narrative did not place. */
static int put_rest(struct buf *out, struct macros *m, int placed_tables, int placed_charts,
                    int *annex)
{
    const struct topic *t = m->results->topic;
    int rc = 0;
    if (placed_tables == t->table_count && placed_charts == t->chart_count)
        return 0;
    buf_printf(out, "\\annex{%d}{附图和附表}\n", ++*annex);
    for (int i = 0; i < t->chart_count; i++)
        if (m->chart_numbers[i] > placed_charts)
            rc |= m->show(out, m, &t->charts[i], true);
    for (int i = 0; i < t->table_count; i++)
        if (m->table_numbers[i] > placed_tables)
            rc |= m->show(out, m, &t->tables[i], false);
    return rc;
}

static int put_body(struct buf *body, struct macros *m, const char *text, const char *path)
{
    int annex = 0, tables = m->last_table, charts = m->last_chart;
    int (*in_text)(struct buf *, struct macros *, const struct exhibit *, bool) = m->show;
    macros_number_rest(m);
    m->show = NULL;
    int rc = wording_check_workbook(m) | put_findings(body, m);
    buf_puts(body, "\\contentspage\n");
    rc |= put_title(body, m);
    m->show = in_text;
    rc |= put_narrative(body, m, text, path);
    rc |= put_rest(body, m, tables, charts, &annex);
    m->show = NULL;
    buf_puts(body, "%@ :\n");
    rc |= annexes_write(body, m, &annex);
    return rc;
}

int document_number(struct macros *m, const char *narrative)
{
    struct buf text = {0};
    int rc = read_narrative(narrative, &text);
    if (rc == 0)
        rc = macros_number(m, buf_text(&text), narrative, 1);
    macros_number_rest(m);
    buf_free(&text);
    return rc;
}

int document_body(struct buf *body, struct macros *m, const char *narrative, int *to_fill)
{
    struct buf text = {0};
    int rc = read_narrative(narrative, &text);
    *to_fill = count_of(buf_text(&text), "【研究人员填写");
    m->links = true;
    if (rc == 0) {
        rc = macros_number(m, buf_text(&text), narrative, 1);
        rc |= put_body(body, m, buf_text(&text), narrative);
    }
    buf_free(&text);
    return rc;
}

/* The PDF's identifier must not depend on when or where it is made. */
static void put_identity(struct buf *out, const struct macros *m, const struct buf *body)
{
    char hex[DIGEST_TEXT];
    digest_bytes(buf_text(body), body->len, hex);
    buf_printf(out, "%%!epoch %ld\n", document_epoch(m->results->topic));
    buf_printf(out, "\\AtBeginDocument{\\special{pdf:trailerid [ <%.32s> <%.32s> ]}}\n", hex, hex);
}

/* Measure words that stay on the line of their number. */
static bool is_unit(const char *p)
{
    static const char UNITS[] =
        "人户村个元万亿岁年月日天份场次项名位分秒时县市乡镇亩里斤吨倍成条处级家届期页层";
    uint32_t c = utf8_next(&p);
    for (const char *u = UNITS; *u;)
        if (utf8_next(&u) == c)
            return true;
    return false;
}

/* 表2, 第3: the words before a number that stay with it. */
static bool is_label(const char *text, size_t n)
{
    static const char *const LABELS[] = {"表", "图", "第"};
    for (size_t i = 0; n >= 3 && i < sizeof LABELS / sizeof *LABELS; i++)
        if (memcmp(text + n - 3, LABELS[i], 3) == 0)
            return true;
    return false;
}

/* Ties numbers, also linked ones, to the measure word behind them and the label before them. */
static void tie_units(struct buf *out, const char *body)
{
    for (const char *p = body; *p; p++) {
        bool digit = isdigit((unsigned char)*p);
        if (digit && is_label(body, (size_t)(p - body)))
            buf_puts(out, "\\unittie{}");
        buf_putc(out, *p);
        bool number =
            digit || (*p == '}' && p > body && (isdigit((unsigned char)p[-1]) || p[-1] == '%'));
        if (number && (unsigned char)p[1] >= 0x80 && is_unit(p + 1))
            buf_puts(out, "\\unittie{}");
    }
}

/* Plan, topic, and what the numbers and the pages were made from, at the foot of page 1. */
static void put_first_foot(struct buf *out, const struct macros *m)
{
    const struct topic *t = m->results->topic;
    buf_puts(out, "\\firstfoot{计划 ");
    latex_text(out, t->plan);
    buf_printf(out, "　课题%s　数据指纹 %.16s　程序 " PROGRAM_VERSION "}\n", t->number,
               *m->results->fingerprint ? m->results->fingerprint : "—");
}

int document_write(struct buf *out, struct macros *m, const char *narrative, int *to_fill)
{
    struct buf body = {0};
    m->show = show;
    int rc = document_body(&body, m, narrative, to_fill);
    buf_puts(out, "% 由 report 生成，不要修改；正文在 ");
    buf_printf(out, "%s\n", narrative);
    buf_puts(out, PREAMBLE);
    if (strstr(buf_text(&body), "\\rarechar{"))
        buf_puts(out, PREAMBLE_RARE);
    if (m->results->simulated)
        buf_puts(out, PREAMBLE_SIMULATED);
    put_metadata(out, m);
    put_identity(out, m, &body);
    buf_puts(out, "\\begin{document}\n");
    put_first_foot(out, m);
    tie_units(out, buf_text(&body));
    buf_puts(out, "\\end{document}\n");
    buf_free(&body);
    return rc;
}
