/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tiles that stand for a map, and the heat table: indicators by the values of a domain.
 */
#include "output/figure_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHADES_OF_TILES = 5, TILE_PLACES = 200 };
static const char *const TILE_SHADES[SHADES_OF_TILES] = {"0xF1F4F8", "0xC6D3E3", "0x9DB3D0",
                                                         "0x5F81AC", "0x27476E"};

struct tile {
    const char *label; /* "" in a heat table, whose rows and columns are named */
    const struct indicator *ind;
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
        one->ind = ind;
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

/* A heat table: a row an indicator, a column a value, the whole first unless nototal. */
static int gather_heat(struct chart *c, struct tile **tiles)
{
    int n = 0, whole = !chart_option(c, "nototal"), room = whole + c->value_count;
    *tiles = must_alloc((size_t)(c->x->indicator_count * room + 1) * sizeof **tiles);
    c->items = must_alloc((size_t)c->x->indicator_count * sizeof *c->items);
    for (int i = 0; i < c->x->indicator_count; i++) {
        const struct indicator *ind = topic_indicator(c->r->topic, c->x->indicators[i]);
        if (strcmp(ind->unit, c->unit) != 0)
            return error_at(c->at, "同一张图的指标单位要相同：%s 与 %s", c->unit, ind->unit);
        c->items[c->count++] = (struct item){.label = ind->label};
        for (int k = 0; k < room; k++) {
            const struct setting *value = k < whole ? NULL : &c->values[k - whole];
            const struct stat_row *e = results_find(c->r, ind->name, value ? c->x->by : "all",
                                                    value ? value->name : "all");
            (*tiles)[n++] = (struct tile){"", ind, e, i + 1, k + 1};
        }
    }
    return n;
}

/* Equal classes from the least to the greatest printed value. */
struct classes {
    double low, step;
};

static struct classes classes_of(const struct chart *c, const struct tile *tiles, int n)
{
    double low = INFINITY, high = -INFINITY;
    for (int i = 0; i < n; i++) {
        double value = stat_printed(c->r, tiles[i].ind, tiles[i].e);
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
static void put_tile_name(struct buf *out, const char *label, double wide)
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
    figure_text(out, buf_text(&cut));
    buf_free(&cut);
}

static bool in_class(const struct chart *c, const struct tile *one, struct classes k, int shade)
{
    if (!stat_shown(one->e))
        return shade == SHADES_OF_TILES;
    return class_of(k, stat_printed(c->r, one->ind, one->e)) == shade;
}

/* The tiles of a shade (those without a number: of shade SHADES_OF_TILES), a line each: column,
 * row, name, text.  Returns how many. */
static int put_tile_block(struct chart *c, const struct tile *tiles, int n, int shade, double wide)
{
    struct classes k = classes_of(c, tiles, n);
    int members = 0;
    for (int i = 0; i < n; i++) {
        if (!in_class(c, &tiles[i], k, shade))
            continue;
        if (members++ == 0 && c->data.len)
            buf_puts(&c->data, "\n\n");
        buf_printf(&c->data, "%d\t%d\t", tiles[i].column, -tiles[i].row);
        put_tile_name(&c->data, tiles[i].label, wide);
        buf_puts(&c->data, "\t");
        if (tiles[i].e)
            put_value_text(c, tiles[i].ind, tiles[i].e);
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

static const char *column_name(const struct chart *c, int k)
{
    int whole = !chart_option(c, "nototal");
    return k < whole ? "合计" : c->values[k - whole].value;
}

/* The names of a heat table's columns, by turns in two lines where they do not fit side by side;
 * `wide`: cm of a column.  Returns how many lines. */
static int put_column_names(struct chart *c, int columns, double wide)
{
    struct buf *s = &c->script;
    int lines = 1;
    for (int k = 0; k < columns; k++)
        if ((text_width(column_name(c, k)) + 1) * HALF_WIDTH * 7 / 8 > wide)
            lines = 2;
    for (int k = 0; k < columns; k++) {
        struct buf name = {0};
        put_tile_name(&name, column_name(c, k), lines * wide * 8 / 7);
        buf_printf(s, "set label at %d,%.2f center textcolor rgb ink font ',7' ", k + 1,
                   k % lines ? 0.35 : -0.2);
        figure_quote(s, buf_text(&name));
        buf_puts(s, "\n");
        buf_free(&name);
    }
    return lines;
}

static void put_row_names(struct chart *c)
{
    struct buf *s = &c->script;
    for (int i = 0; i < c->count; i++) {
        struct buf name = {0};
        put_label(&name, c->items[i].label);
        buf_printf(s, "set label at graph 0, first %d right offset -0.8,0 textcolor rgb ink ",
                   -i - 1);
        figure_quote(s, buf_text(&name));
        buf_puts(s, "\n");
        buf_free(&name);
    }
}

/* The plane of the tiles: `left` as part of the width, `above` cm for the legend and names. */
static void put_tile_script(struct chart *c, int rows, int columns, double left, double above)
{
    struct buf *s = &c->script;
    buf_printf(s, "set lmargin at screen %.4f\nset rmargin at screen 0.99\n", left);
    buf_printf(s, "set tmargin at screen %.4f\nset bmargin at screen 0.01\nunset tics\n",
               1 - above / c->height);
    buf_printf(s, "set xrange [0.45:%.2f]\nset yrange [%.2f:-0.45]\n", columns + 0.55,
               -rows - 0.55);
    buf_puts(s, "set style fill solid 1.0 border rgb 0x777777\nplot ");
}

/* Name and number of a tile; the number alone stands in its middle. */
static void put_shade(struct chart *c, int block, int shade, bool named)
{
    bool empty = shade == SHADES_OF_TILES;
    const char *ink = !empty && shade >= 3 ? "0xFFFFFF" : "0x222222";
    buf_printf(
        &c->script,
        "%sdata index %d using 1:2:($1-0.47):($1+0.47):($2-0.46):($2+0.46) with boxxyerror "
        "fc rgb %s lw 0.5%s, \\\n"
        "     data index %d using 1:($2+0.18):3 with labels center textcolor rgb %s, \\\n"
        "     data index %d using 1:($2-%s):4 with labels center font ',%s' textcolor rgb %s",
        block ? ", \\\n     " : "", block, empty ? "0xFFFFFF" : TILE_SHADES[shade],
        empty ? " dt (6,4)" : "", block, ink, block, named ? "0.2" : "0.03",
        empty || !named ? "7.5" : "9", ink);
}

static void put_point(struct chart *c, const struct tile *one)
{
    int whole = !chart_option(c, "nototal");
    if (*one->label)
        chart_point(c, one->label, NULL, one->ind, one->e);
    else
        chart_point(c, one->ind->label,
                    one->column <= whole ? "合计" : c->values[one->column - 1 - whole].value,
                    one->ind, one->e);
}

static void put_tiles(struct chart *c, const struct tile *tiles, int n, double wide)
{
    for (int shade = 0, block = 0; shade <= SHADES_OF_TILES; shade++)
        if (put_tile_block(c, tiles, n, shade, wide))
            put_shade(c, block++, shade, c->count == 0);
    buf_puts(&c->script, "\n");
    for (int i = 0; i < n; i++)
        if (tiles[i].e)
            put_point(c, &tiles[i]);
}

int plot_tiles(struct chart *c)
{
    if (!*c->x->by)
        return error_at(c->at, "tiles 图要有一个指标（热力表写几个），并在 by 栏写明分组");
    struct tile *tiles;
    bool heat = c->x->indicator_count > 1;
    int n = heat ? gather_heat(c, &tiles) : gather_tiles(c, &tiles);
    int rows = 1, columns = 1, shown = 0;
    for (int i = 0; i < n; i++) {
        rows = tiles[i].row > rows ? tiles[i].row : rows;
        columns = tiles[i].column > columns ? tiles[i].column : columns;
        shown += stat_shown(tiles[i].e);
    }
    if (shown > 0) {
        double left = heat ? label_share(c) : 0.01;
        double wide = 0.94 * (0.99 - left) * c->width / (columns + 0.1);
        double above = heat ? 1.65 : 0.75;
        c->height = (heat ? rows_height(rows, 0.72) : 1.25 * rows) + above + 0.15;
        if (heat) {
            above -= put_column_names(c, columns, wide) > 1 ? 0 : 0.4;
            put_row_names(c);
        }
        put_tile_legend(c, classes_of(c, tiles, n));
        put_tile_script(c, rows, columns, left, above);
        put_tiles(c, tiles, n, wide);
    }
    free(tiles);
    return n < 0 ? -1 : shown ? 0 : plot_nothing(c);
}
