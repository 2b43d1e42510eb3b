/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tally: one pass over a county's clean records; out come, for every indicator, a column of values,
 * and the groups and the unit of the sample that every record belongs to.
 */
#include "base/map.h"
#include "base/message.h"
#include "base/options.h"
#include "base/text.h"
#include "estimate/alike.h"
#include "estimate/tabulate.h"
#include "estimate/vectors.h"
#include "store/store.h"
#include "survey/panel.h"
#include "survey/records.h"

#include <stdlib.h>
#include <string.h>

static const char *out_path, *topic_path, *weights_path;

static const struct option_row OPTIONS[] = {
    {'t', "文件", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'w', "文件", &weights_path, NULL, "权数 weights.db", true},
    {'o', "文件", &out_path, NULL, "输出的 tally.db", true},
    {0},
};
static const struct program ME = {"tally", "把一个县的记录整理成各指标的数值",
                                  "-t topic.csv -w weights.db -o tally.db clean.db", OPTIONS};

/* Says where the record that has been refused stands. */
static void tell_place(struct store *clean, long row)
{
    struct query *q = store_query(clean, "SELECT file, sheet, no FROM source WHERE row = ?");
    query_long_at(q, 1, row);
    if (query_next(q))
        error("  在文件 %s%s%s 第%s行。请补上或改正；不该进入估计的，从文件中删去这一行",
              col_text(q, 0), *col_text(q, 1) ? " 的工作表 " : "", col_text(q, 1), col_text(q, 2));
    query_end(q);
}

static int tally_records(const struct topic *t, struct store *clean, struct placing *placing,
                         struct tabulation *tab, struct collector *cases)
{
    int rc = 0;
    long done = 0;
    struct buf name = {0};
    for (int l = 0; l < t->level_count; l++) {
        if (t->levels[l].repeat >= 0)
            continue;
        struct records *stream = records_open(clean, t, t->levels[l].form_name);
        const struct record *r;
        long nth = 0;
        while (rc == 0 && (r = records_next(stream))) {
            struct placed at;
            rc = placing_find(placing, &t->levels[l], r, records_psu(stream),
                              record_name(&name, &t->levels[l], records_key(stream), nth++), &at);
            if (rc < 0)
                tell_place(clean, records_row(stream, r));
            if (rc == 0)
                tabulate_record(tab, r, &at);
            if (rc == 0)
                collector_record(cases, r, &at);
            progress("汇总", ++done);
        }
        records_close(stream);
    }
    progress_end();
    buf_free(&name);
    return rc;
}

/* ---- counts for the data-quality annex ------------------------------------------------------ */

static void put_count(struct query *out, const char *what, const char *which, long n)
{
    struct buf name = {0};
    buf_puts(&name, what);
    if (*which)
        buf_printf(&name, ":%s", which);
    query_text_at(out, 1, name.text);
    query_long_at(out, 2, n);
    query_run(out);
    buf_free(&name);
}

/* `sql` selects a name, a name within it ("" for none) and a number. */
static void put_counts(struct query *out, struct store *clean, const char *sql)
{
    struct query *q = store_query(clean, sql);
    while (query_next(q))
        put_count(out, col_text(q, 0), col_text(q, 1), col_long(q, 2));
    query_end(q);
}

/* Rows received, by what became of them: each once, as they are at the table's beginning. */
static void put_rows(struct query *out, struct store *clean)
{
    struct query *q = store_query(clean, "SELECT row, fate FROM fate ORDER BY rowid");
    struct map fates = {0};
    long count = 0;
    for (long last = 0; query_next(q) && col_long(q, 0) > last; count++) {
        const char *fate = col_text(q, 1);
        last = col_long(q, 0);
        map_put(&fates, fate, map_get(&fates, fate, 0) + 1);
    }
    put_count(out, "rows", "", count);
    for (int i = 0; i < fates.count; i++)
        put_count(out, "rows", fates.entries[i].key, fates.entries[i].value);
    query_end(q);
    map_free(&fates);
}

/* Units that answered in an earlier round too, for \count{panel:level:matched}. */
static int put_panels(struct query *out, struct topic *t, struct store *clean)
{
    struct panel *panels;
    struct panel_counts counts;
    int count = panels_read(&t->arena, t, &panels);
    for (int i = 0; i < count; i++) {
        if (panel_count(&panels[i], clean, &counts, NULL, NULL) < 0)
            return -1;
        long n = 0;
        const char *name;
        for (int k = 0; (name = panel_count_name(k, &counts, &n)); k++) {
            struct buf what = {0};
            buf_printf(&what, "panel:%s:%s", panels[i].name, name);
            put_count(out, what.text, "", n);
            buf_free(&what);
        }
    }
    return count < 0 ? -1 : 0;
}

static int copy_counts(struct topic *t, struct store *clean, struct store *out)
{
    struct query *q = store_query(out, "INSERT INTO count(what, n) VALUES (?, ?)");
    for (int l = 0; l < t->level_count; l++) {
        struct buf sql = {0};
        char *table = store_quote(t->levels[l].name);
        buf_printf(&sql, "SELECT 'accepted', '', COUNT(*) FROM %s", table);
        struct query *n = store_query(clean, sql.text);
        if (query_next(n))
            put_count(q, "accepted", t->levels[l].name, col_long(n, 2));
        query_end(n);
        buf_free(&sql);
        free(table);
    }
    put_counts(q, clean, "SELECT class, '', COUNT(*) FROM problem GROUP BY class");
    put_counts(q, clean, "SELECT class, kind, COUNT(*) FROM problem GROUP BY class, kind");
    put_rows(q, clean);
    int rc = put_panels(q, t, clean);
    query_end(q);
    return rc;
}

/* ---- what is copied ------------------------------------------------------------------------- */

static void copy_weights(struct store *weights, struct store *out)
{
    struct query *from = store_query(weights, "SELECT code, name, county, stratum, n_sample,"
                                              " n_accepted, weight, stratum_psus FROM psu"
                                              " ORDER BY code");
    struct query *to = store_query(out, "INSERT INTO psu VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    while (query_next(from)) {
        for (int c = 0; c < 4; c++)
            query_text_at(to, c + 1, col_text(from, c));
        query_long_at(to, 5, col_long(from, 4));
        query_long_at(to, 6, col_long(from, 5));
        query_double_at(to, 7, col_double(from, 6));
        query_double_at(to, 8, col_double(from, 7));
        query_run(to);
    }
    query_end(from);
    query_end(to);
    from = store_query(weights, "SELECT psu, name, value FROM attribute ORDER BY psu, name");
    to = store_query(out, "INSERT INTO attribute VALUES (?, ?, ?)");
    while (query_next(from)) {
        for (int c = 0; c < 3; c++)
            query_text_at(to, c + 1, col_text(from, c));
        query_run(to);
    }
    query_end(from);
    query_end(to);
}

static void copy_meta(const struct topic *t, struct store *clean, struct store *weights,
                      struct store *out, const char *county)
{
    char value[256];
    store_set_meta(out, "program", ME.name);
    store_set_meta(out, "plan", t->plan);
    store_set_meta(out, "topic", t->number);
    store_set_meta(out, "county", county);
    store_set_meta(out, "simulated", store_meta(clean, "simulated", value, sizeof value));
    /* Of the county's files, not of the clean store, whose hashes have another key elsewhere. */
    store_set_meta(out, "fingerprint", store_meta(clean, "fingerprint", value, sizeof value));
    store_set_meta(out, "frame_simulated",
                   store_meta(weights, "frame_simulated", value, sizeof value));
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    struct topic *t = topic_read(topic_path);
    struct design *d = t ? design_read(t) : NULL;
    if (!d) {
        topic_free(t);
        return DATA_FAILED;
    }
    char county[32];
    struct store *clean = store_open(argv[first], &SCHEMA_CLEAN);
    struct store *weights = store_open(weights_path, &SCHEMA_WEIGHTS);
    struct weights *w = weights_read(weights);
    struct store *out = store_create(out_path, &SCHEMA_TALLY);
    store_meta(clean, "county", county, sizeof county);
    struct placing *placing = placing_begin(d, w, county);
    struct tabulation *tab = tabulate_begin(placing, t, out, TABULATE_MEMORY);
    struct collector *cases = collector_begin(t, placing, county, out);
    if (tally_records(t, clean, placing, tab, cases) < 0)
        die(DATA_FAILED, "%s 没有汇总", argv[first]);
    if (error_count() > 0) /* an expression that cannot be evaluated would be missing data */
        die(DATA_FAILED, "有算式算不出来，%s 没有汇总", argv[first]);
    tabulate_end(tab);
    collector_end(cases);
    placing_write(placing, out);
    if (copy_counts(t, clean, out) < 0)
        die(DATA_FAILED, "%s 没有汇总", argv[first]);
    alike_put(t, clean, out);
    copy_weights(weights, out);
    copy_meta(t, clean, weights, out, county);
    store_commit(out);
    placing_free(placing);
    design_free(d);
    weights_free(w);
    store_close(weights);
    store_close(clean);
    topic_free(t);
    return DONE;
}
