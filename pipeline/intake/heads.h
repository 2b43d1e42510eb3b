/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which column is which question.  A head fits a question by its name, label, short label or
 * one of its aliases; blanks, line breaks, numbering in front (A1. 1、 (1) 一、), width, case
 * and a unit in brackets behind do not matter; of a path (g_id/hh_no) the last segment counts.
 * Nothing is matched by likeness.
 *
 *     struct heads *h = heads_new(topic);
 *     struct fit fit = heads_fit(h, texts, n);            // level 0 with 12 of its questions
 *     heads_columns(h, fit.level, texts, n, columns);
 *     heads_free(h);
 */
#ifndef INTAKE_HEADS_H
#define INTAKE_HEADS_H

#include "survey/topic.h"

enum column_role {
    COLUMN_NONE, /* blank head */
    COLUMN_QUESTION,
    COLUMN_CHOICE, /* 0/1 column of a multiple choice */
    COLUMN_INDEX,  /* number of the row that children point to */
    COLUMN_PARENT, /* number of the parent's row */
    COLUMN_INSTANCE,
    COLUMN_DEPRECATED,
    COLUMN_VERSION,
    COLUMN_SYSTEM, /* of the platform, or 序号, 备注: ignored */
    COLUMN_EXTRA,  /* unknown */
};
const char *column_role_name(enum column_role role); /* as in raw.col.role; "" for NONE */

struct column {
    enum column_role role;
    const struct question *question;
    const struct choice *choice;
    int level; /* of the question, in topic->levels */
    int nth;   /* wide repeats: which record, from 1; else 0 */
};

struct heads;
struct heads *heads_new(const struct topic *t); /* the topic must outlive it */
void heads_free(struct heads *h);

/* The level whose questions fit most of the texts (NULL and "" are blanks). */
struct fit {
    int level; /* -1: none */
    int own;   /* heads that are questions of that level, or of its repeats side by side */
    int known; /* own, and keys of the level above, and system columns */
    int heads; /* texts that are not blank */
    int again; /* heads of questions that another one named already */
};
struct fit heads_fit(struct heads *h, const char *const *texts, int count);
/* Whether that is the head of a table; whether it cannot be anything else. */
bool fit_is_head(const struct fit *fit);
bool fit_is_certain(const struct fit *fit);

void heads_columns(struct heads *h, int level, const char *const *texts, int count,
                   struct column *out);

/* Whether a text is the head of any question of the topic. */
bool heads_known(struct heads *h, const char *text);

/* The question of the level itself that the text is a head of, or NULL. */
const struct question *heads_question(struct heads *h, int level, const char *text);

/* The unit in brackets at the end of a head, or the text itself when it is nothing but a unit,
 * with or without brackets or 单位：; "" when there is none.  The result lives until the next
 * call. */
const char *heads_unit(struct heads *h, const char *text);

#endif
