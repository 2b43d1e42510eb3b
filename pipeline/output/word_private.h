/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the Word writer share: word_text.c reads LaTeX, word_table.c makes tables,
 * word_picture.c pictures, word_parts.c the package.
 */
#ifndef OUTPUT_WORD_PRIVATE_H
#define OUTPUT_WORD_PRIVATE_H

#include "output/tabular.h"
#include "output/word.h"

enum {
    WORD_WIDTH = 8844,        /* text width, twentieths of a point: 156 mm */
    WORD_WIDTH_EMU = 5616000, /* the same in English metric units, 36000 a millimetre */
};

struct word {
    const struct results *results;
    const char *pictures;
    struct buf body; /* XML in w:body */
    struct arena arena;
    const char **media; /* paths of the pictures, in the order of their relations */
    int media_count, media_room;
    int bookmarks;
};

/* One cell; `runs` is XML, `width` its text in half characters. */
struct word_cell {
    char *runs;
    int span, width;
    char align; /* l, c, r */
};
struct word_row {
    struct word_cell *cells;
    int count, room;
};
struct word_table {
    struct word_row *rows;
    int count, room, heads; /* rows; of them heads */
};

/* Text as XML, without characters that XML cannot hold. */
void word_escape(struct buf *out, const char *text);
/* A run of plain text. */
void word_run(struct buf *out, const char *text);
/* Writes a paragraph of the style with these runs. */
void word_paragraph(struct buf *out, const char *style, const char *runs);
/* A bookmark at this place: a:b.c becomes a_b_c. */
void word_bookmark(struct word *w, struct buf *out, const char *name);
void word_anchor(struct buf *out, const char *name);

struct word_row *word_table_row(struct word_table *t);
void word_row_cell(struct word_row *r, struct buf *runs, int span, int width, char align);
void word_table_put(struct buf *out, const struct word_table *t);
void word_table_free(struct word_table *t);

/* A table of the topic: caption, unit, table, notes.   */
int word_exhibit_table(struct word *w, struct macros *m, const struct exhibit *x, int number);
int word_exhibit_chart(struct word *w, struct macros *m, const struct exhibit *x, int number);
/* The runs of a piece of LaTeX without paragraphs; -1 after a message. */
int word_inline(struct word *w, struct buf *runs, const char *latex);

#endif
