/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table of the topic's sheet `tables`, as LaTeX or CSV.
 *
 *     struct grid g = {0};
 *     if (grid_build(&g, macros, exhibit) == 0)
 *         grid_latex(&out, &g, GRID_FRAGMENT, 0);
 *     grid_free(&g);
 *
 * type   list   rows are indicators; columns are the figures that `show` names
 *        by     rows are the values of domain `by`; columns are the indicators and n, or, with
 *               one indicator, the figures that `show` names
 *        cross  rows are indicators, columns the values of domain `by`; n in the last row
 *        published   rows are the figures of sheet `published` about the indicators, in its order;
 *               columns are the figure as printed, as the data give it, and whether they agree
 *        ranking   rows are the units that an index of sheet `indices` ranks; columns are its
 * place, score, where sampling and leaving out one indicator put it, and whether it can be told
 * apart from the next; `indicators` holds the name of the index show   estimate ci se rse n deff df
 * figures, in that order (estimate ci rse n when none is named; those that no row has are left out)
 *        nototal   without the row or column 合计
 *        sorted    rows by falling value (of the first indicator)
 */
#ifndef OUTPUT_TABULAR_H
#define OUTPUT_TABULAR_H

#include "output/macro.h"

#include <stdio.h>

struct grid_row {
    bool subhead;                 /* the label of a group of rows; other cells are empty */
    int indent;                   /* of the label, in characters */
    const char **cells;           /* plain text, one per column; the first is the label */
    const struct stat_row **from; /* the estimate that a cell shows; NULL: none */
    double value;                 /* for sorting */
};
struct grid {
    struct arena arena;
    const char *id, *title, *unit; /* unit: printed at the upper right, "" when columns differ */
    const char **heads;
    bool *centred; /* column alignment; others are right, the first left */
    int columns;
    struct grid_row *rows;
    int row_count, room;
    const char *note, *source; /* LaTeX; without source neither is printed */
};

/* Returns 0, or -1 after a message (unknown type, mistakes in note or source). */
int grid_build(struct grid *g, struct macros *m, const struct exhibit *x);
void grid_free(struct grid *g);

/* For what builds grids: room for `most` columns; the next column; a new row, its cells "". */
void grid_set_columns(struct grid *g, int most);
void grid_add_column(struct grid *g, const char *head, bool centred);
struct grid_row *grid_add_row(struct grid *g, const char *label);

enum grid_style {
    GRID_FRAGMENT, /* for \input into any document with booktabs (and longtable) */
    GRID_REPORT,   /* numbered, as report.tex needs it */
    GRID_ANNEX,    /* without number and title */
};
void grid_latex(struct buf *out, const struct grid *g, enum grid_style style, int number);

/* The text of one cell as LaTeX, cut into lines of at most `width` half characters, about equally
 * long, when it is longer; `align` is l, c or r. */
void table_text(struct buf *out, const char *text, int width, char align);

/* Heads and rows as printed, without separators of thousands; a text that a spreadsheet program
 * would take for a formula gets an apostrophe in front. */
void grid_csv(FILE *out, const struct grid *g);

/* The notes every exhibit ends with: what the marks in it mean, `note`, and `source` or the
 * topic's own source, as LaTeX, arena-owned.  marks: the characters of stat_row.mark in use. */
int exhibit_notes(struct arena *a, struct macros *m, const struct exhibit *x, bool chart,
                  const char *marks, const char **note, const char **source);

#endif
