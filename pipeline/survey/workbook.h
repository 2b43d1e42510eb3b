/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small workbook in memory: questionnaires (XLSForm), topics, plans.  Either .xlsx, or the
 * one-file CSV that pyxform reads: a sheet's name alone in the first column, its head and rows
 * below it, indented by one column.
 *
 *     struct workbook *w = workbook_read("topic.csv");
 *     const struct wsheet *s = workbook_sheet(w, "indicators");
 *     for (int r = 0; s && r < s->row_count; r++)
 *         puts(wsheet_get(s, r, "name"));
 *     workbook_free(w);
 */
#ifndef SURVEY_WORKBOOK_H
#define SURVEY_WORKBOOK_H

#include "base/arena.h"
#include "base/message.h"

struct wrow {
    long no;            /* row number in the file's sheet (CSV: in the file) */
    const char **cells; /* one per head; "" when empty; trimmed */
};
struct wsheet {
    const char *name;
    const char **heads;
    int head_count;
    long head_no;
    struct wrow *rows; /* blank rows are left out */
    int row_count;
    const char *path;
};
struct workbook {
    struct arena arena;
    const char *path;
    struct wsheet *sheets;
    int sheet_count;
};

/* NULL after a message when it cannot be read. */
struct workbook *workbook_read(const char *path);
void workbook_free(struct workbook *w);

const struct wsheet *workbook_sheet(const struct workbook *w, const char *name); /* or NULL */
/* Column of a head, or -1. */
int wsheet_column(const struct wsheet *s, const char *head);
/* Cell under a head, "" when the head or the cell is absent. */
const char *wsheet_get(const struct wsheet *s, int row, const char *head);
/* Where that cell stands, for messages. */
struct place wsheet_place(const struct wsheet *s, int row, const char *head);
/* Warn, once each, about heads outside the NULL-terminated list `known` (prefixes end in '*'),
 * naming the nearest known one.  Returns how many there were. */
int wsheet_check_heads(const struct wsheet *s, const char *const known[]);

#endif
