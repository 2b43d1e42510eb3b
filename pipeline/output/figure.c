/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/figure.h"

#include "base/outfile.h"
#include "base/run.h"
#include "output/figure_plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FONT "Noto Sans CJK SC"
enum { PICTURE_DPI = 240 };

/* ---- text ---------------------------------------------------------------------------------- */

static bool font_may_have(uint32_t c)
{
    return (c >= 0x20 && c < 0x7F) || (c >= 0xA1 && c <= 0x24F) || (c >= 0x370 && c <= 0x4FF) ||
           (c >= 0x2010 && c <= 0x2027) || (c >= 0x2030 && c <= 0x205E) ||
           (c >= 0x2100 && c <= 0x27BF) || (c >= 0x2E80 && c <= 0x9FFF) ||
           (c >= 0xFF01 && c <= 0xFFEE) || is_han(c);
}

void figure_text(struct buf *out, const char *text)
{
    for (const char *p = text; *p;) {
        uint32_t c = utf8_next(&p);
        if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000)
            buf_putc(out, ' ');
        else if (c == '"')
            buf_puts(out, "”");
        else if ((c >= 0xFE00 && c <= 0xFE0F) || c == 0x200D)
            continue;
        else if (font_may_have(c))
            buf_put_char(out, c);
        else
            buf_printf(out, "〔U+%04X〕", (unsigned)c);
    }
}

void figure_quote(struct buf *out, const char *text)
{
    struct buf plain = {0};
    figure_text(&plain, text);
    buf_putc(out, '\'');
    for (const char *p = buf_text(&plain); *p; p++) {
        if (*p == '\'')
            buf_putc(out, '\'');
        buf_putc(out, *p);
    }
    buf_putc(out, '\'');
    buf_free(&plain);
}

bool chart_option(const struct chart *c, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = c->x->show; (p = strstr(p, word)); p += n)
        if ((p == c->x->show || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
            return true;
    return false;
}

/* Where the texts of name=… in `show` begin, and the length of them all; NULL without them. */
static const char *texts_of(const struct chart *c, const char *name, size_t *length)
{
    size_t n = strlen(name);
    for (const char *p = c->x->show; (p = strstr(p, name)); p += n)
        if ((p == c->x->show || p[-1] == ' ') && p[n] == '=') {
            *length = strcspn(p + n + 1, " ");
            return p + n + 1;
        }
    return NULL;
}

const char *chart_text(const struct chart *c, const char *name, int nth)
{
    size_t length = 0;
    const char *p = texts_of(c, name, &length), *end = p ? p + length : NULL;
    for (; p && nth > 0; nth--) {
        p = memchr(p, '|', (size_t)(end - p));
        p = p ? p + 1 : NULL;
    }
    if (!p || p == end || *p == '|')
        return NULL;
    const char *bar = memchr(p, '|', (size_t)(end - p));
    return arena_strndup(&c->figure->arena, p, (size_t)((bar ? bar : end) - p));
}

int chart_texts(const struct chart *c, const char *name)
{
    size_t length = 0;
    const char *p = texts_of(c, name, &length);
    int n = p && length > 0;
    for (size_t i = 0; p && i < length; i++)
        n += p[i] == '|';
    return n;
}

/* ---- gathering ----------------------------------------------------------------------------- */

void chart_mark(struct chart *c, char mark)
{
    char *marks = c->figure->marks;
    if (mark && !strchr(marks, mark))
        marks[strlen(marks)] = mark;
}

void chart_point(struct chart *c, const char *label, const char *part, const struct indicator *ind,
                 const struct stat_row *e)
{
    struct figure *f = c->figure;
    if (stat_withheld(e))
        chart_mark(c, e->mark);
    GROW(f->points, f->count, f->room);
    f->points[f->count++] = (struct figure_point){
        part ? arena_printf(&f->arena, "%s，%s", label, part) : label, ind, e};
}

static void add_item(struct chart *c, const char *label, const struct indicator *ind,
                     const struct stat_row *e)
{
    if (!stat_shown(e) && !stat_withheld(e))
        return;
    struct item *i = &c->items[c->count++];
    *i = (struct item){label, ind, e, stat_printed(c->r, ind, e), NAN, NAN};
    if (!chart_option(c, "nointerval"))
        stat_interval(ind, e, &i->low, &i->high);
}

void sort_items(struct chart *c)
{
    for (int i = 1; i < c->count; i++) {
        struct item one = c->items[i];
        int at = i;
        for (; at > 0 && (c->items[at - 1].value < one.value ||
                          (isnan(c->items[at - 1].value) && isfinite(one.value)));
             at--)
            c->items[at] = c->items[at - 1];
        c->items[at] = one;
    }
}

bool has_values(const struct chart *c)
{
    for (int i = 0; i < c->count; i++)
        if (isfinite(c->items[i].value))
            return true;
    return false;
}

int gather_by_domain(struct chart *c)
{
    const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[0]);
    if (c->x->indicator_count != 1 || !*c->x->by)
        return error_at(c->at, "ranked 图要有一个指标，并在 by 栏写明分组");
    c->items = must_alloc((size_t)(c->value_count + 1) * sizeof *c->items);
    for (int v = 0; v < c->value_count; v++)
        add_item(c, c->values[v].value, ind,
                 results_find(c->r, ind->name, c->x->by, c->values[v].name));
    return 0;
}

int gather_indicators(struct chart *c)
{
    c->items = must_alloc((size_t)(c->x->indicator_count + 1) * sizeof *c->items);
    for (int i = 0; i < c->x->indicator_count; i++) {
        const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[i]);
        if (strcmp(ind->unit, c->unit) != 0)
            return error_at(c->at, "同一张图的指标单位要相同：%s 与 %s", c->unit, ind->unit);
        add_item(c, ind->label, ind, results_find(c->r, ind->name, "all", "all"));
    }
    return 0;
}

/* ---- drawing ------------------------------------------------------------------------------- */

/* What stands before the part of each type. */
static void put_script_head(struct buf *s, const struct chart *c, const char *stem, bool picture)
{
    buf_printf(s, "# 重新画这张图：gnuplot -c %s.gp %s.%s\n", stem, stem, picture ? "png" : "pdf");
    buf_printf(s, "data = '%s.tsv'\n", stem);
    if (picture) {
        double scale = PICTURE_DPI / 72.0;
        buf_printf(s,
                   "set terminal pngcairo noenhanced color size %.0f,%.0f fontscale %.4f "
                   "linewidth %.4f pointscale %.4f dashlength %.4f font '" FONT ",8'\n",
                   c->width / 2.54 * PICTURE_DPI, c->height / 2.54 * PICTURE_DPI, scale, scale,
                   scale, 1.0);
    } else {
        buf_printf(s,
                   "set terminal pdfcairo noenhanced color size %.2fcm,%.2fcm fontscale 1 "
                   "font '" FONT ",8'\n",
                   c->width, c->height);
    }
    buf_puts(s, "set output ARG1\n"
                "set encoding utf8\n"
                "set datafile separator \"\\t\"\n"
                "set datafile commentschars ''\n"
                "set datafile missing 'NaN'\n"
                "set border 0\n"
                "set tics scale 0\n"
                "set style fill solid 1.0 noborder\n"
                "unset key\n"
                "dark = 0x27476E; mid = 0x7F9BBF; light = 0xC6D3E3; ink = 0x222222\n"
                "set style line 1 lc rgb ink lw 1\n");
}

static const struct chart_type {
    const char *type, *label;
    int (*plot)(struct chart *c);
} TYPES[] = {
    {"ranked", "排队条形图", plot_bars},       {"bars", "条形图", plot_bars},
    {"categories", "条形图", plot_bars},       {"funnel", "漏斗图", plot_funnel},
    {"stacked", "堆积条形图", plot_stacked},   {"dots", "点图", plot_dots},
    {"slopes", "前后对比折线图", plot_slopes}, {"boxes", "箱线图", plot_boxes},
    {"tiles", "方块图", plot_tiles},           {"quadrant", "四象限图", plot_quadrant},
    {"scatter", "散点图", plot_scatter},       {"waterfall", "瀑布图", plot_waterfall},
    {"curve", "曲线图", plot_curve},           {"control", "控制图", plot_control},
};

static const struct chart_type *type_of(const struct exhibit *x)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        if (strcmp(TYPES[i].type, x->type) == 0)
            return &TYPES[i];
    return NULL;
}

/* What may still be read when a page is full of rows. */
enum { ROWS_MOST = 60 };

static int plot(struct chart *c)
{
    const struct chart_type *type = type_of(c->x);
    if (!type)
        return error_at(c->at,
                        "type 只能是 ranked、bars（或 categories）、funnel、stacked、dots、"
                        "slopes、boxes、tiles、quadrant、scatter、waterfall、curve、control");
    if (type->plot(c) < 0)
        return -1;
    return c->count <= ROWS_MOST || type->plot == plot_tiles
               ? 0
               : error_at(c->at, "图里有%d行，一页排不下（最多%d行），请改用 tiles 图或表",
                          c->count, ROWS_MOST);
}

static int check_font(void)
{
    char *argv[] = {"fc-match", "-f", "%{family}", FONT, NULL};
    struct run r = {.argv = argv, .seconds = 30};
    if (run_tool(&r) < 0)
        return -1;
    bool found = strstr(buf_text(&r.output), FONT) != NULL;
    buf_free(&r.output);
    return found ? 0 : error("没有安装字体 " FONT "，图中的汉字会出错。请安装 fonts-noto-cjk");
}

static int write_text(const char *path, const struct buf *text)
{
    struct outfile out;
    if (outfile_open(&out, path) < 0)
        return -1;
    fwrite(buf_text(text), 1, text->len, out.stream);
    return outfile_commit(&out);
}

/* gnuplot stamps the time of a PDF; the date of the PDF is made constant, of equal length. */
static void freeze_date(struct buf *pdf)
{
    static const char MARK[] = "/CreationDate (D:", DATE[] = "20000101000000";
    char *at = memmem(pdf->text, pdf->len, MARK, sizeof MARK - 1);
    if (at && (size_t)(at - pdf->text) + sizeof MARK + sizeof DATE < pdf->len)
        memcpy(at + sizeof MARK - 1, DATE, sizeof DATE - 1);
}

static int read_whole(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return error("gnuplot 没有写出图 %s", path);
    char piece[65536];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_put(out, piece, n);
    fclose(f);
    return out->len > 0 ? 0 : error("gnuplot 写出的图 %s 是空的", path);
}

/* Runs gnuplot in the chart's folder; the PDF appears whole or not at all. */
static int run_gnuplot(const char *folder, const char *stem, const char *path)
{
    struct buf script = {0}, raw = {0}, raw_path = {0}, pdf = {0};
    buf_printf(&script, "%s.gp", stem);
    buf_printf(&raw, "%s.%ld.raw", stem, (long)getpid());
    buf_printf(&raw_path, "%s/%s", folder, raw.text);
    char *argv[] = {"gnuplot", "-d", "-c", script.text, raw.text, NULL};
    struct run r = {.argv = argv, .folder = folder, .seconds = 120};
    int rc = run_tool(&r);
    if (rc == 0 && (r.exit_code != 0 || r.output.len))
        rc = error("画图失败（%s/%s.gp）：%.400s", folder, stem, buf_text(&r.output));
    if (rc == 0)
        rc = read_whole(raw_path.text, &pdf);
    unlink(raw_path.text);
    if (rc == 0) {
        freeze_date(&pdf);
        rc = write_text(path, &pdf);
    }
    buf_free(&r.output);
    buf_free(&script);
    buf_free(&raw);
    buf_free(&raw_path);
    buf_free(&pdf);
    return rc;
}

static int write_and_draw(struct chart *c, const char *path, const char *folder, const char *stem)
{
    struct buf name = {0};
    buf_printf(&name, "%s/%s.tsv", folder, stem);
    struct buf script = {0};
    put_script_head(&script, c, stem, ends_with(path, ".png"));
    buf_puts(&script, buf_text(&c->script));
    int rc = write_text(name.text, &c->data);
    buf_clear(&name);
    buf_printf(&name, "%s/%s.gp", folder, stem);
    if (rc == 0)
        rc = write_text(name.text, &script);
    buf_free(&script);
    buf_free(&name);
    return rc == 0 ? run_gnuplot(folder, stem, path) : -1;
}

/* Finds the data of the chart and writes its script.  The caller frees it in any case. */
static int chart_plan(struct chart *c, struct macros *m, const struct exhibit *x, struct figure *f)
{
    struct results *r = m->results;
    *c = (struct chart){.m = m, .r = r, .x = x, .width = 15.4, .figure = f};
    c->at = (struct place){.file = r->topic->path, .sheet = "charts", .row = x->row, .text = x->id};
    if (x->indicator_count == 0)
        return error_at(c->at, "indicators 栏是空的");
    c->unit = topic_indicator(r->topic, x->indicators[0])->unit;
    if (*x->by)
        c->value_count =
            results_domain_values(r, x->by, x->indicators, x->indicator_count, &c->values);
    return plot(c);
}

static void chart_free(struct chart *c)
{
    free(c->items);
    buf_free(&c->script);
    buf_free(&c->left_out);
    buf_free(&c->data);
}

int figure_make(struct macros *m, const struct exhibit *x, const char *path)
{
    struct chart c;
    struct figure f = {0};
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? arena_strndup(&f.arena, path, (size_t)(slash - path)) : ".";
    const char *stem = x->id; /* lower-case letters, digits and hyphens: survey/topic.c */
    int rc = chart_plan(&c, m, x, &f);
    if (rc == 0)
        rc = check_font();
    if (rc == 0)
        rc = write_and_draw(&c, path, folder, stem);
    chart_free(&c);
    figure_free(&f);
    return rc;
}

/* ---- in words ------------------------------------------------------------------------------ */

int figure_read(struct macros *m, const struct exhibit *x, struct figure *f)
{
    struct chart c;
    *f = (struct figure){0};
    int rc = chart_plan(&c, m, x, f);
    chart_free(&c);
    return rc;
}

void figure_free(struct figure *f)
{
    free(f->points);
    arena_free(&f->arena);
    *f = (struct figure){0};
}

int figure_alt(struct buf *out, char marks[4], struct macros *m, const struct exhibit *x)
{
    struct figure f;
    int rc = figure_read(m, x, &f);
    const struct chart_type *type = type_of(x);
    buf_printf(out, "%s。", type ? type->label : "");
    for (int i = 0; rc == 0 && i < f.count; i++) {
        const struct figure_point *p = &f.points[i];
        buf_printf(out, "%s%s", i ? "；" : "", p->label);
        stat_put(out, m->results, p->ind, p->e, PRINT_VALUE, PRINT_UNIT);
        if (!unit_is_percent(p->ind) && stat_shown(p->e))
            buf_puts(out, p->ind->unit);
    }
    buf_puts(out, f.count ? "。" : "");
    memcpy(marks, f.marks, sizeof f.marks);
    figure_free(&f);
    return rc;
}
