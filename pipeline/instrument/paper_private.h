/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the paper form share: paper.c the document, paper_answers.c the places to
 * write in, paper_roster.c the grids.
 */
#ifndef INSTRUMENT_PAPER_PRIVATE_H
#define INSTRUMENT_PAPER_PRIVATE_H

#include "instrument/outline.h"
#include "instrument/paper.h"

struct paper {
    const struct form *form;
    const struct topic *topic; /* or NULL */
    struct outline *o;
    struct arena arena;
    struct buf *out;
};

enum {
    LIST_MOST = 12,   /* choices that are printed to tick; longer lists are written by code */
    DIGITS_MOST = 20, /* boxes in a row */
};

/* ---- places to write in ------------------------------------------------------------------------
 */

/* Whether the question is asked on paper: no calculation, nothing of the phone. */
bool on_paper(const struct node *n);
/* Boxes for digits in front of the point, and behind it in *decimals; 0: write freely. */
int answer_boxes(const struct paper *p, const struct question *q, int *decimals);
/* The whole place: choices to tick, boxes, a line. */
void put_answer(struct paper *p, const struct node *n);

/* ---- the rest ----------------------------------------------------------------------------------
 */

/* 〔B3选“防止返贫监测户”的填〕 from a node's own relevant; nothing when it has none. */
void put_condition(struct paper *p, const struct node *n);
/* "B3." and the text, hint and condition of a question. */
void put_question(struct paper *p, const struct node *n);
void put_roster(struct paper *p, const struct node *repeat);

#endif
