/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "base/arena.h"
#include "base/message.h"
#include "base/text.h"

#include <limits.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct store {
    sqlite3 *db;
    char *path;
    struct outfile out; /* writers only */
    bool writer;
};

struct query {
    struct store *store;
    sqlite3_stmt *statement;
};

static noreturn void fail(const struct store *s, const char *sql)
{
    die(CANNOT, "数据库 %s 出错：%s（语句：%s）。请删除该文件后重新运行 make", s->path,
        s->db ? sqlite3_errmsg(s->db) : "打不开", sql ? sql : "");
}

void store_exec(struct store *s, const char *sql)
{
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(s, sql);
}

static struct store *open_file(const char *path, const char *file, int flags)
{
    struct store *s = must_alloc(sizeof *s);
    s->path = must_strdup(path);
    if (sqlite3_open_v2(file, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        fail(s, NULL);
    sqlite3_busy_timeout(s->db, 10000);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    return s;
}

struct store *store_create(const char *path, const struct store_schema *schema)
{
    struct outfile out;
    if (outfile_reserve(&out, path) < 0)
        die(CANNOT, "不能写 %s", path);
    remove(out.tmp_path);
    mode_t before = umask(schema->personal ? 0077 : 0022);
    struct store *s = open_file(path, out.tmp_path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    umask(before);
    s->out = out;
    s->writer = true;
    /* The file is private until its rename, so no journal file and no sync are needed before
     * that.  (Defensive mode ignores journal_mode=OFF and would leave a -journal file behind.) */
    store_exec(s, "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;"
                  "PRAGMA cache_size=-16384; PRAGMA foreign_keys=OFF;");
    store_exec(s, "BEGIN; CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;");
    store_exec(s, schema->sql);
    char version[16];
    snprintf(version, sizeof version, "%d", schema->version);
    store_set_meta(s, "kind", schema->kind);
    store_set_meta(s, "schema", version);
    return s;
}

void store_commit(struct store *s)
{
    store_exec(s, "COMMIT");
    if (sqlite3_close(s->db) != SQLITE_OK)
        fail(s, "close");
    if (outfile_commit(&s->out) < 0)
        die(CANNOT, "不能写 %s", s->path);
    free(s->path);
    free(s);
}

struct store *store_open(const char *path, const struct store_schema *schema)
{
    struct store *s = open_file(path, path, SQLITE_OPEN_READONLY);
    /* One lock for all queries: a finished file does not change. */
    store_exec(s, "BEGIN");
    char kind[32], version[16];
    store_meta(s, "kind", kind, sizeof kind);
    store_meta(s, "schema", version, sizeof version);
    if (strcmp(kind, schema->kind) != 0 || atoi(version) != schema->version)
        die(CANNOT, "%s 不是本版本的 %s 文件。请删除它后重新运行 make", path, schema->kind);
    return s;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    sqlite3_close(s->db);
    free(s->path);
    free(s);
}

const char *store_path(const struct store *s)
{
    return s->path;
}

void store_set_meta(struct store *s, const char *name, const char *value)
{
    struct query *q =
        store_query(s, "INSERT OR REPLACE INTO meta(name, value) VALUES (:name, :value)");
    query_text(q, ":name", name);
    query_text(q, ":value", value);
    query_run(q);
    query_end(q);
}

const char *store_meta(struct store *s, const char *name, char *buffer, size_t size)
{
    struct query *q = store_query(s, "SELECT value FROM meta WHERE name = :name");
    query_text(q, ":name", name);
    snprintf(buffer, size, "%s", query_next(q) ? col_text(q, 0) : "");
    query_end(q);
    return buffer;
}

char *store_quote(const char *name)
{
    struct buf b = {0};
    buf_putc(&b, '"');
    for (; *name; name++) {
        if (*name == '"')
            buf_putc(&b, '"');
        buf_putc(&b, *name);
    }
    buf_putc(&b, '"');
    return b.text;
}

struct query *store_query(struct store *s, const char *sql)
{
    struct query *q = must_alloc(sizeof *q);
    q->store = s;
    if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &q->statement, NULL) !=
        SQLITE_OK)
        fail(s, sql);
    return q;
}

static void check_bind(struct query *q, int rc)
{
    if (rc != SQLITE_OK)
        fail(q->store, sqlite3_sql(q->statement));
}

static int position_of(struct query *q, const char *name)
{
    int position = sqlite3_bind_parameter_index(q->statement, name);
    if (position == 0)
        die(CANNOT, "程序错误：语句中没有参数 %s：%s", name, sqlite3_sql(q->statement));
    return position;
}

void query_text_at(struct query *q, int position, const char *value)
{
    check_bind(q, value ? sqlite3_bind_text(q->statement, position, value, -1, SQLITE_TRANSIENT)
                        : sqlite3_bind_null(q->statement, position));
}

void query_kept_at(struct query *q, int position, const char *value)
{
    check_bind(q, sqlite3_bind_text(q->statement, position, value, -1, SQLITE_STATIC));
}

void query_blob_at(struct query *q, int position, const void *bytes, size_t n)
{
    if (n > INT_MAX)
        die(CANNOT, "一行数据太大");
    check_bind(q,
               sqlite3_bind_blob(q->statement, position, n ? bytes : "", (int)n, SQLITE_TRANSIENT));
}

void query_long_at(struct query *q, int position, long value)
{
    check_bind(q, sqlite3_bind_int64(q->statement, position, value));
}

void query_double_at(struct query *q, int position, double value)
{
    check_bind(q, isnan(value) ? sqlite3_bind_null(q->statement, position)
                               : sqlite3_bind_double(q->statement, position, value));
}

void query_null_at(struct query *q, int position)
{
    check_bind(q, sqlite3_bind_null(q->statement, position));
}

void query_text(struct query *q, const char *name, const char *value)
{
    query_text_at(q, position_of(q, name), value);
}

void query_long(struct query *q, const char *name, long value)
{
    query_long_at(q, position_of(q, name), value);
}

bool query_next(struct query *q)
{
    int rc = sqlite3_step(q->statement);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        fail(q->store, sqlite3_sql(q->statement));
    return rc == SQLITE_ROW;
}

void query_run(struct query *q)
{
    while (query_next(q))
        ;
    query_reset(q);
}

void query_reset(struct query *q)
{
    check_bind(q, sqlite3_reset(q->statement));
}

void query_end(struct query *q)
{
    if (!q)
        return;
    if (sqlite3_finalize(q->statement) != SQLITE_OK)
        fail(q->store, NULL);
    free(q);
}

const char *col_text(struct query *q, int column)
{
    const char *text = (const char *)sqlite3_column_text(q->statement, column);
    return text ? text : "";
}

const void *col_blob(struct query *q, int column, size_t *n)
{
    const void *bytes = sqlite3_column_blob(q->statement, column);
    *n = (size_t)sqlite3_column_bytes(q->statement, column);
    return bytes;
}

long col_long(struct query *q, int column)
{
    return (long)sqlite3_column_int64(q->statement, column);
}

double col_double(struct query *q, int column)
{
    double number = sqlite3_column_double(q->statement, column);
    return number == 0 && col_is_null(q, column) ? NAN : number;
}

bool col_is_null(struct query *q, int column)
{
    return sqlite3_column_type(q->statement, column) == SQLITE_NULL;
}

bool col_is_number(struct query *q, int column)
{
    int type = sqlite3_column_type(q->statement, column);
    return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
}

int col_count(struct query *q)
{
    return sqlite3_column_count(q->statement);
}

const char *col_name(struct query *q, int column)
{
    return sqlite3_column_name(q->statement, column);
}
