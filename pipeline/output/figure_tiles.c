/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Charts on a plane: tiles, which stand for a map, and the importance-performance quadrant.
 */
#include "estimate/composite.h"
#include "output/figure_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- tiles --------------------------------------------------------------------------------- */

enum { SHADES_OF_TILES = 5, TILE_PLACES = 200 };
static const char *const TILE_SHADES[SHADES_OF_TILES] = {"0xF1F4F8", "0xC6D3E3", "0x9DB3D0",
                                                         "0x5F81AC", "0x27476E"};

struct tile {
    const char *label;
    const struct stat_row *e;
    int row, column;
};

/* Place of a domain's value in the sheet `tiles` of the topic, or of its plan. */
static bool tile_place(const struct chart *c, const char *domain, const char *value, int *row,
                       int *column)
{
    const struct topic *t = c->r->topic;
    const struct workbook *books[] = {t->book, t->plan_book};
    for (int b = 0; b < 2; b++) {
        const struct wsheet *s = books[b] ? workbook_sheet(books[b], "tiles") : NULL;
        for (int r = 0; s && r < s->row_count; r++)
            if (strcmp(wsheet_get(s, r, "domain"), domain) == 0 &&
                strcmp(wsheet_get(s, r, "value"), value) == 0) {
                *row = atoi(wsheet_get(s, r, "row"));
                *column = atoi(wsheet_get(s, r, "column"));
                return *row > 0 && *row <= TILE_PLACES && *column > 0 && *column <= TILE_PLACES;
            }
    }
    return false;
}

/* All values of the domain, also those without a number: their tiles stay empty.  When one has
 * no place, all stand in the topic's order. */
static int gather_tiles(struct chart *c, struct tile **tiles)
{
    const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[0]);
    const struct domain *d = topic_domain(c->r->topic, c->x->by);
    int n = d && d->value_count ? d->value_count : c->value_count;
    const struct setting *values = d && d->value_count ? d->values : c->values;
    bool placed = true;
    *tiles = must_alloc((size_t)(n + 1) * sizeof **tiles);
    for (int i = 0; i < n; i++) {
        struct tile *one = &(*tiles)[i];
        one->label = values[i].value;
        one->e = results_find(c->r, ind->name, c->x->by, values[i].name);
        placed = placed && tile_place(c, c->x->by, values[i].name, &one->row, &one->column);
    }
    int wide = n <= 15 ? 5 : n <= 40 ? 7 : 10;
    for (int i = 0; i < n && !placed; i++) {
        (*tiles)[i].row = i / wide + 1;
        (*tiles)[i].column = i % wide + 1;
    }
    return n;
}

/* Equal classes from the least to the greatest printed value. */
struct classes {
    double low, step;
};

static struct classes classes_of(const struct chart *c, const struct tile *tiles, int n)
{
    const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[0]);
    double low = INFINITY, high = -INFINITY;
    for (int i = 0; i < n; i++) {
        double value = stat_printed(c->r, ind, tiles[i].e);
        low = fmin(low, value);
        high = fmax(high, value);
    }
    return (struct classes){low, high > low ? (high - low) / SHADES_OF_TILES : 1};
}

static int class_of(struct classes k, double value)
{
    int i = (int)floor((value - k.low) / k.step);
    return i < 0 ? 0 : i >= SHADES_OF_TILES ? SHADES_OF_TILES - 1 : i;
}

/* A name that is too long for its tile is cut. */
static void put_tile_name(struct chart *c, const char *label, double wide)
{
    int room = (int)(wide / HALF_WIDTH);
    struct buf cut = {0};
    int width = 0;
    for (const char *p = label; *p;) {
        const char *start = p;
        width += utf8_next(&p) < 0x2000 ? 1 : 2;
        if (width > room)
            break;
        buf_put(&cut, start, (size_t)(p - start));
    }
    figure_text(&c->data, buf_text(&cut));
    buf_free(&cut);
}

static bool in_class(const struct chart *c, const struct tile *one, struct classes k, int shade)
{
    const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[0]);
    if (!stat_shown(one->e))
        return shade == SHADES_OF_TILES;
    return class_of(k, stat_printed(c->r, ind, one->e)) == shade;
}

/* The tiles of a shade (those without a number: of shade SHADES_OF_TILES), a line each: column,
 * row, name, text.  Returns how many. */
static int put_tile_block(struct chart *c, const struct tile *tiles, int n, int shade, double wide)
{
    const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[0]);
    struct classes k = classes_of(c, tiles, n);
    int members = 0;
    for (int i = 0; i < n; i++) {
        if (!in_class(c, &tiles[i], k, shade))
            continue;
        if (members++ == 0 && c->data.len)
            buf_puts(&c->data, "\n\n");
        buf_printf(&c->data, "%d\t%d\t", tiles[i].column, -tiles[i].row);
        put_tile_name(c, tiles[i].label, wide);
        buf_puts(&c->data, "\t");
        if (tiles[i].e)
            put_value_text(c, ind, tiles[i].e);
        else
            buf_puts(&c->data, "未报送");
        buf_puts(&c->data, "\n");
    }
    return members;
}

/* 43.8～48.2 under a box of each shade. */
static void put_tile_legend(struct chart *c, struct classes k)
{
    const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[0]);
    struct sign signs[SHADES_OF_TILES];
    struct buf texts[SHADES_OF_TILES] = {{0}};
    for (int i = 0; i < SHADES_OF_TILES; i++) {
        buf_printf(&texts[i], "%.*f～%.*f", ind->decimals, k.low + i * k.step, ind->decimals,
                   k.low + (i + 1) * k.step);
        signs[i] = (struct sign){buf_text(&texts[i]), TILE_SHADES[i], 0};
    }
    put_legend(c, signs, SHADES_OF_TILES);
    for (int i = 0; i < SHADES_OF_TILES; i++)
        buf_free(&texts[i]);
}

static void put_tile_script(struct chart *c, int rows, int columns)
{
    struct buf *s = &c->script;
    buf_puts(s, "set lmargin at screen 0.01\nset rmargin at screen 0.99\n");
    buf_printf(s, "set tmargin at screen %.4f\nset bmargin at screen 0.01\nunset tics\n",
               1 - 0.75 / c->height);
    buf_printf(s, "set xrange [0.45:%.2f]\nset yrange [%.2f:-0.45]\n", columns + 0.55,
               -rows - 0.55);
    buf_puts(s, "set style fill solid 1.0 border rgb 0x777777\nplot ");
}

static void put_shade(struct chart *c, int block, int shade)
{
    bool empty = shade == SHADES_OF_TILES;
    const char *ink = !empty && shade >= 3 ? "0xFFFFFF" : "0x222222";
    buf_printf(
        &c->script,
        "%sdata index %d using 1:2:($1-0.47):($1+0.47):($2-0.46):($2+0.46) with boxxyerror "
        "fc rgb %s lw 0.5%s, \\\n"
        "     data index %d using 1:($2+0.18):3 with labels center textcolor rgb %s, \\\n"
        "     data index %d using 1:($2-0.2):4 with labels center font ',%s' textcolor rgb %s",
        block ? ", \\\n     " : "", block, empty ? "0xFFFFFF" : TILE_SHADES[shade],
        empty ? " dt (6,4)" : "", block, ink, block, empty ? "7" : "9", ink);
}

static void put_tiles(struct chart *c, const struct tile *tiles, int n, double wide)
{
    const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[0]);
    for (int shade = 0, block = 0; shade <= SHADES_OF_TILES; shade++)
        if (put_tile_block(c, tiles, n, shade, wide))
            put_shade(c, block++, shade);
    buf_puts(&c->script, "\n");
    for (int i = 0; i < n; i++)
        if (tiles[i].e)
            chart_point(c, tiles[i].label, NULL, ind, tiles[i].e);
}

int plot_tiles(struct chart *c)
{
    if (c->x->indicator_count != 1 || !*c->x->by)
        return error_at(c->at, "tiles 图要有一个指标，并在 by 栏写明分组");
    struct tile *tiles;
    int n = gather_tiles(c, &tiles), rows = 1, columns = 1, shown = 0;
    for (int i = 0; i < n; i++) {
        rows = tiles[i].row > rows ? tiles[i].row : rows;
        columns = tiles[i].column > columns ? tiles[i].column : columns;
        shown += stat_shown(tiles[i].e);
    }
    if (shown > 0) {
        c->height = 1.25 * rows + 0.9;
        put_tile_legend(c, classes_of(c, tiles, n));
        put_tile_script(c, rows, columns);
        put_tiles(c, tiles, n, 0.94 * 0.98 * c->width / (columns + 0.1));
    }
    free(tiles);
    return shown ? 0 : plot_nothing(c);
}

/* ---- quadrant ------------------------------------------------------------------------------ */

enum { ITEMS_MAX = 30 };

struct spot {
    const char *label;
    const struct indicator *importance, *performance;
    const struct stat_row *of_importance, *of_performance;
    double x, y;
};

static int gather_spots(struct chart *c, struct spot *spots)
{
    int n = 0;
    for (int i = 0; i + 1 < c->x->indicator_count && n < ITEMS_MAX; i += 2) {
        const char *own = chart_text(c, "labels", i / 2);
        struct spot *s = &spots[n];
        s->importance = topic_indicator(c->r->topic, c->x->indicators[i]);
        s->performance = topic_indicator(c->r->topic, c->x->indicators[i + 1]);
        s->label = own ? own : s->performance->label;
        s->of_importance = results_find(c->r, s->importance->name, "all", "all");
        s->of_performance = results_find(c->r, s->performance->name, "all", "all");
        s->x = stat_printed(c->r, s->performance, s->of_performance);
        s->y = stat_printed(c->r, s->importance, s->of_importance);
        n += isfinite(s->x) && isfinite(s->y);
    }
    return n;
}

/* An axis that holds all places with some air, and their mean. */
struct axis {
    double low, high, mean;
};

static struct axis axis_of(const struct spot *spots, int n, bool importance)
{
    struct axis a = {INFINITY, -INFINITY, 0};
    for (int i = 0; i < n; i++) {
        double value = importance ? spots[i].y : spots[i].x;
        const struct stat_row *e = importance ? spots[i].of_importance : spots[i].of_performance;
        double scale = importance ? spots[i].importance->scale : spots[i].performance->scale;
        a.low = fmin(a.low, value);
        a.high = fmax(a.high, value);
        a.mean += e->value * scale / n;
    }
    double air = a.high > a.low ? 0.2 * (a.high - a.low) : 1;
    return (struct axis){a.low - air, a.high + air, a.mean};
}

static const char *axis_name(const struct chart *c, bool importance)
{
    const char *own = chart_text(c, "heads", importance);
    return own ? own : importance ? "重要性" : "表现";
}

static void put_spot_data(struct chart *c, const struct spot *spots, int n)
{
    for (int i = 0; i < n; i++) {
        const struct spot *s = &spots[i];
        buf_printf(&c->data, "%.10g\t%.10g\t%d\n", s->x, s->y, i + 1);
        chart_point(c, s->label, axis_name(c, true), s->importance, s->of_importance);
        chart_point(c, s->label, axis_name(c, false), s->performance, s->of_performance);
    }
}

/* 1 岗位信息发布　33.7%　45.5%, from the top down. */
static void put_spot_list(struct chart *c, const struct spot *spots, int n)
{
    double left = 0.6, step = fmin(0.52, (c->height - 1) / (n + 1));
    struct buf heads = {0};
    buf_printf(&heads, "括号内：%s，%s", axis_name(c, true), axis_name(c, false));
    buf_printf(&c->script, "set label at screen %.4f,%.4f left textcolor rgb ink font ',7' ", left,
               1 - 0.6 / c->height);
    figure_quote(&c->script, buf_text(&heads));
    buf_puts(&c->script, "\n");
    buf_free(&heads);
    for (int i = 0; i < n; i++) {
        struct buf text = {0};
        buf_printf(&text, "%d　%s（", i + 1, spots[i].label);
        stat_put(&text, c->r, spots[i].importance, spots[i].of_importance, PRINT_VALUE, PRINT_UNIT);
        buf_puts(&text, "，");
        stat_put(&text, c->r, spots[i].performance, spots[i].of_performance, PRINT_VALUE,
                 PRINT_UNIT);
        buf_puts(&text, "）");
        buf_printf(&c->script, "set label at screen %.4f,%.4f left textcolor rgb ink ", left,
                   1 - (0.6 + step * (i + 1)) / c->height);
        figure_quote(&c->script, buf_text(&text));
        buf_puts(&c->script, "\n");
        buf_free(&text);
    }
}

static void put_quadrant_names(struct chart *c)
{
    static const struct {
        double x, y, importance, performance;
        const char *align;
    } CORNERS[] = {{0.985, 0.96, 1, 1, "right"},
                   {0.015, 0.96, 1, -1, "left"},
                   {0.015, 0.04, -1, -1, "left"},
                   {0.985, 0.04, -1, 1, "right"}};
    for (int i = 0; i < 4; i++)
        buf_printf(&c->script, "set label '%s' at graph %.3f,%.3f %s textcolor rgb 0x555555 back\n",
                   importance_quadrant(CORNERS[i].importance, CORNERS[i].performance, 0, 0),
                   CORNERS[i].x, CORNERS[i].y, CORNERS[i].align);
}

static void put_axis_name(struct chart *c, bool importance)
{
    buf_printf(&c->script, "set %slabel ", importance ? "y" : "x");
    figure_quote(&c->script, axis_name(c, importance));
    buf_puts(&c->script, " textcolor rgb ink\n");
}

static void put_quadrant_script(struct chart *c, const struct spot *spots, int n)
{
    struct buf *s = &c->script;
    struct axis x = axis_of(spots, n, false), y = axis_of(spots, n, true);
    buf_printf(s,
               "set lmargin at screen 0.1\nset rmargin at screen 0.58\nset tmargin at screen %.4f\n"
               "set bmargin at screen %.4f\n",
               1 - 0.3 / c->height, 1.5 / c->height);
    buf_printf(s, "set xrange [%.10g:%.10g]\nset yrange [%.10g:%.10g]\n", x.low, x.high, y.low,
               y.high);
    buf_puts(s,
             "set border 15 lc rgb 0x777777 lw 0.6\nset tics nomirror textcolor rgb ink font ',7'\n"
             "set xtics autofreq\nset ytics autofreq\n");
    put_axis_name(c, false);
    put_axis_name(c, true);
    buf_printf(s,
               "set arrow from %.10g, graph 0 to %.10g, graph 1 nohead lc rgb ink lw 1 dt (6,4)\n"
               "set arrow from graph 0, first %.10g to graph 1, first %.10g nohead lc rgb ink lw 1 "
               "dt (6,4)\n",
               x.mean, x.mean, y.mean, y.mean);
    put_quadrant_names(c);
    put_spot_list(c, spots, n);
    buf_puts(s, "plot data using 1:2 with points pt 7 ps 1.7 lc rgb dark, \\\n"
                "     data using 1:2:3 with labels center font ',7' textcolor rgb 0xFFFFFF\n");
}

int plot_quadrant(struct chart *c)
{
    if (*c->x->by || c->x->indicator_count % 2 || c->x->indicator_count > 2 * ITEMS_MAX)
        return error_at(c->at, "quadrant 图每项写一对指标：重要性 表现；不写 by，最多%d项",
                        ITEMS_MAX);
    struct spot *spots = must_alloc(ITEMS_MAX * sizeof *spots);
    int n = gather_spots(c, spots);
    if (n > 0) {
        c->height = fmax(7.8, 0.52 * n + 1);
        put_spot_data(c, spots, n);
        put_quadrant_script(c, spots, n);
    }
    free(spots);
    return n ? 0 : plot_nothing(c);
}
