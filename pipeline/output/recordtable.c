/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/recordtable.h"

#include "base/text.h"
#include "survey/privacy.h"

#include <stdlib.h>

const char RECORD_PERSONAL[] = "（个人信息，不列出）";

const char *record_readable(const char *text)
{
    return has_privacy_hash(text) ? RECORD_PERSONAL : text;
}

/* The level at the top of the form that `l` belongs to. */
static const struct level *top_level(const struct topic *t, const struct level *l)
{
    while (l->parent >= 0)
        l = &t->levels[l->parent];
    return l;
}

struct record_table record_table(const struct topic *t, const struct level *l, bool personal)
{
    struct record_table d = {.level = l, .top = top_level(t, l), .personal = personal};
    bool single = d.top->key_count == 1;
    d.key_first = !single || l != d.top;
    d.key_head = single ? d.top->key[0] : "key";
    d.weighted = l->sampled && l->stage >= 2;
    return d;
}

bool record_table_has(const struct record_table *d, const struct question *q)
{
    return q->repeat == d->level->repeat && question_has_data(q) && (d->personal || !q->personal);
}

struct query *record_table_query(const struct record_table *d, struct store *clean)
{
    struct buf sql = {0};
    char *table = store_quote(d->level->name), *top = store_quote(d->top->name);
    bool child = d->level != d->top;
    buf_printf(&sql,
               "SELECT %s.\"_key\", %s.\"_psu\", source.file, source.sheet, source.no,"
               " record.\"_missing\"",
               child ? "parent" : "record", child ? "parent" : "record");
    const struct form *f = d->level->form;
    for (int i = 0; i < f->question_count; i++)
        if (record_table_has(d, &f->questions[i])) {
            char *name = store_quote(f->questions[i].name);
            buf_printf(&sql, ", record.%s", name);
            free(name);
        }
    buf_printf(&sql, " FROM %s AS record", table);
    if (child)
        buf_printf(&sql, " JOIN %s AS parent ON parent.\"_id\" = record.\"_parent\"", top);
    buf_puts(&sql, " LEFT JOIN source ON source.row = record.\"_row\" ORDER BY record.\"_id\"");
    struct query *q = store_query(clean, sql.text);
    free(table);
    free(top);
    buf_free(&sql);
    return q;
}
