/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * data/sources.csv: from where the answers of a topic come.  One row a source; data/README.md
 * explains the columns to staff.  It names secrets and holds none.
 *
 *     struct sources s;
 *     if (sources_read(&s, "data/sources.csv", topic) == 0)
 *         for (int i = 0; i < s.count; i++)
 *             puts(s.items[i].name);
 *     sources_free(&s);
 */
#ifndef REMOTE_SOURCES_H
#define REMOTE_SOURCES_H

#include "survey/topic.h"

enum source_kind { SOURCE_CENTRAL, SOURCE_KOBO, SOURCE_OPENROSA, SOURCE_WEBDAV, SOURCE_HTTPS };

struct source {
    enum source_kind kind;
    const char *name;          /* 07-household-1a2b3c4d: of the folder where its state is kept */
    const char *questionnaire; /* 07-household; of a folder: where its files go in the county's */
    const struct form *form;   /* of the topic; NULL for a folder of files */
    const char *address;       /* https://odk.example.org */
    const char *project;       /* Central: number of the project */
    const char *form_id;       /* xmlFormId, or the asset of KoboToolbox; "" for a folder */
    const char *county;        /* questions that hold a code or name of the county, the
                                  surest first, with blanks between; "" for a folder */
    const char *review;        /* states that count, with blanks between; "": all but rejected */
    const char *certificate;   /* path of a PEM file, or "" */
    const char *secret;        /* name of the environment variable, or path of the file; or "" */
    struct place place;        /* for messages */
};

struct sources {
    struct arena arena;
    struct workbook *book;
    struct source *items;
    int count;
};

/* Reads the rows of the topic's plan and number.  0, or -1 after messages with row and column. */
int sources_read(struct sources *s, const char *path, const struct topic *t);
void sources_free(struct sources *s);

/* Whether answers with that review state are taken from the source. */
bool source_takes(const struct source *s, const char *state);

/* The secret that the source names, without line end; caller wipes and frees.  NULL after a
 * message (which does not show it) when there is none, or its file is open to others. */
char *source_secret(const struct source *s);

#endif
