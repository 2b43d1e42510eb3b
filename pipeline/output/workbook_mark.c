/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_own_private.h"

#include "formats/sheets.h"

#include <stdio.h>
#include <string.h>

/* Rows and cells may lack their numbers: then they follow the one before. */
static long row_number(const xmlNode *row, long before)
{
    return node_number(row, "r", before + 1);
}

/* 0-based column of a cell. */
static int cell_column(const xmlNode *cell, int before)
{
    xmlChar *text = xmlGetNoNsProp(cell, BAD_CAST "r");
    int column = 0;
    for (const xmlChar *p = text; p && *p >= 'A' && *p <= 'Z' && column < SHEET_COLUMNS_MAX; p++)
        column = column * 26 + (*p - 'A' + 1);
    xmlFree(text);
    return column ? column - 1 : before + 1;
}

/* A new element before `next`, or at the end of `parent`. */
static xmlNode *insert(xmlNode *parent, xmlNode *next, const char *name, const char *reference)
{
    xmlNode *n = xmlNewDocNode(parent->doc, parent->ns, BAD_CAST name, NULL);
    xmlNewProp(n, BAD_CAST "r", BAD_CAST reference);
    return next ? xmlAddPrevSibling(next, n) : xmlAddChild(parent, n);
}

/* The row of that number, made when it is not there.  The search goes on from *from, so that
 * rows asked for in order cost one pass. */
static xmlNode *find_row(xmlNode *data, xmlNode **from, long *from_no, long no)
{
    char reference[24];
    xmlNode *n = *from ? *from : data->children;
    long before = *from ? *from_no - 1 : 0;
    for (; n; n = n->next) {
        if (!node_is(n, "row"))
            continue;
        long now = row_number(n, before);
        if (now >= no) {
            if (now > no)
                break;
            *from = n;
            *from_no = now;
            return n;
        }
        before = now;
    }
    snprintf(reference, sizeof reference, "%ld", no);
    *from_no = no;
    return *from = insert(data, n, "row", reference);
}

static xmlNode *find_cell(xmlNode *row, long no, int column)
{
    char letters[8], reference[32];
    int before = -1;
    xmlNode *n = row->children;
    for (; n; n = n->next) {
        if (!node_is(n, "c"))
            continue;
        int now = cell_column(n, before);
        if (now == column)
            return n;
        if (now > column)
            break;
        before = now;
    }
    column_letters(column, letters);
    snprintf(reference, sizeof reference, "%s%ld", letters, no);
    return insert(row, n, "c", reference);
}

static void tint(xmlNode *cell, struct styles *s, long fill)
{
    node_set_number(cell, "s", styles_tint(s, node_number(cell, "s", 0), fill));
}

int sheet_mark(xmlDoc *sheet, struct styles *s, const struct copies *copies,
               const struct problem_list *problems, int copy)
{
    xmlNode *data = child_named(xmlDocGetRootElement(sheet), "sheetData");
    xmlNode *from = NULL;
    long from_no = 0;
    if (!data)
        return -1;
    /* A held row first, so that a doubtful cell in it keeps its own colour: at_col is -1. */
    for (int k = 0; k < copies->order_count; k++) {
        const struct problem *p = &problems->items[copies->order[k]];
        if (p->copy != copy)
            continue;
        if (from_no > p->at_row + 1)
            from = NULL; /* cards: by column, not by row */
        xmlNode *row = find_row(data, &from, &from_no, p->at_row + 1);
        if (p->at_col >= 0) {
            tint(find_cell(row, p->at_row + 1, p->at_col), s, s->doubt_fill);
            continue;
        }
        for (xmlNode *n = row->children; n; n = n->next)
            if (node_is(n, "c"))
                tint(n, s, s->held_fill);
    }
    return 0;
}
