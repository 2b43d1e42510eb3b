/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading LaTeX for Word: word_text.c reads characters and paragraphs, word_commands.c what each
 * command asks.
 */
#ifndef OUTPUT_WORD_READER_H
#define OUTPUT_WORD_READER_H

#include "output/word_private.h"

enum { GROUPS_MAX = 64, WORD_MAX = 32, ARGUMENT_MAX = 400, NUMERAL_MAX = 99 };

/* What a group changes and its end restores. */
struct format {
    const char *style;     /* paragraph style that a size asks for; "" none */
    const char *character; /* character style; "" none */
    bool centred, kai;
};

enum step { STEP_MORE, STEP_GROUP, STEP_CELL, STEP_ROW, STEP_TABLE, STEP_END, STEP_FAILED };

struct reader {
    struct word *w;
    struct macros *m; /* NULL inside notes: no exhibits there */
    const char *p;
    char file[300];
    long line;
    struct buf runs, text; /* of the paragraph or cell; text is the run being made */
    struct format format, groups[GROUPS_MAX];
    int depth;
    const char *style;  /* of the paragraph, decided at its first text; NULL until then */
    bool page_break;    /* before the next paragraph */
    int nested, tables; /* tabulars inside a cell; tabulars read */
    int arguments;      /* that are being read */
    long argument_line; /* where the outermost of them began */
    int width;          /* half characters of the cell */
    int section, subsection, subsubsection;
};

/* Reports what cannot be in a Word document, with its line. */
enum step reader_refuse(const struct reader *r, const char *what);

/* The next character, group or command. */
enum step reader_step(struct reader *r);
/* The command that begins at r->p. */
enum step reader_command(struct reader *r);
/* Converts the text between braces in place. */
enum step reader_argument(struct reader *r, const char *command);

/* The text between braces as it stands; false when there is none, or it is too long. */
bool reader_raw(struct reader *r, char out[ARGUMENT_MAX]);
void reader_skip_option(struct reader *r, char open, char close); /* [...] or (...) */
void reader_skip_blanks(struct reader *r);

void reader_text(struct reader *r, const char *text);
void reader_flush(struct reader *r); /* ends the run */
void reader_end_paragraph(struct reader *r);
const char *reader_style(const struct reader *r); /* the paragraph style that the sizes ask for */

#endif
