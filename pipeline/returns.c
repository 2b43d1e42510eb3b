/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * returns: one county's return workbook (回填单): what it has to verify, where that stands in its
 * own files, and empty cells for its answers.
 */
#include "base/csvout.h"
#include "base/digest.h"
#include "base/message.h"
#include "base/options.h"
#include "base/text.h"
#include "output/results.h"
#include "output/workbook_list.h"
#include "output/workbook_new.h"
#include "output/workbook_own.h"
#include "store/store.h"
#include "survey/topic.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *out_path, *topic_path, *folder, *list_path;

static const struct option_row OPTIONS[] = {
    {'t', "文件", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'d', "文件夹", &folder, NULL, "县里报来的文件所在的文件夹", false},
    {'o', "文件", &out_path, NULL, "输出的回填单 .xlsx（含个人信息，只发给本县）", true},
    {'l', "文件", &list_path, NULL, "把要核实的问题另存为 .csv（含个人信息，只发给本县）", false},
    {0},
};
static const struct program ME = {
    "returns", "写一个县的回填单：哪里要核实、为什么、怎样改",
    "-t topic.csv [-d 县文件夹] [-l 问题.csv] -o 回填单.xlsx raw.db clean.db", OPTIONS};

/* Answers of one county only may stand in one workbook. */
static void check_same_county(struct store *raw, struct store *clean, const char *county)
{
    char other[32];
    store_meta(clean, "county", other, sizeof other);
    if (strcmp(county, other) != 0)
        die(MISUSE, "%s 是 %s 的资料，%s 是 %s 的，不能写进同一个回填单", store_path(raw), county,
            store_path(clean), other);
}

/* The file is made before anything is in it, readable by its owner only. */
static int reserve_private(struct outfile *out, const char *path)
{
    if (outfile_reserve(out, path) < 0)
        return -1;
    int fd = open(out->tmp_path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || close(fd) < 0) {
        error("不能写 %s。请检查文件夹是否存在、磁盘是否已满、有无写权限", path);
        outfile_discard(out);
        return -1;
    }
    return 0;
}

/* What a return workbook is made of. */
struct making {
    const struct topic *topic;
    struct store *raw;
    struct problem_list problems;
    const char *county;
    bool simulated;
};

/* Writes lists and copies to `path`; `own`: the file whose own sheets need only notes, or NULL. */
static int write_new(struct making *m, const char *own, struct copies *copies, const char *path)
{
    problems_unplace(&m->problems);
    copies_place(copies, m->raw, m->topic, &m->problems, own);
    struct return_book book = {.topic = m->topic,
                               .raw = m->raw,
                               .problems = &m->problems,
                               .copies = copies,
                               .county = m->county,
                               .simulated = m->simulated};
    return workbook_new_write(&book, path);
}

/* The county's own .xlsx with the lists in it, to out->tmp_path.  Returns 0, or -1 when it has
 * none that serves. */
static int write_own(struct making *m, struct outfile *out)
{
    struct buf file = {0}, sha256 = {0}, path = {0}, added_name = {0};
    struct outfile added;
    int rc = -1;
    if (folder && own_choose(m->raw, &m->problems, &file, &sha256)) {
        char now[DIGEST_TEXT];
        buf_printf(&path, "%s/%s", folder, file.text);
        buf_printf(&added_name, "%s.added", out->path);
        bool same = access(path.text, R_OK) == 0 && digest_file(path.text, now) == 0 &&
                    strcmp(now, sha256.text) == 0;
        if (same && reserve_private(&added, added_name.text) == 0) {
            struct copies copies = {0};
            FILE *to = fopen(out->tmp_path, "w");
            rc = to ? write_new(m, file.text, &copies, added.tmp_path) : -1;
            if (rc == 0)
                rc = workbook_own_write(&copies, &m->problems, path.text, added.tmp_path, to);
            if (to && fclose(to) != 0)
                rc = -1;
            copies_free(&copies);
            outfile_discard(&added);
        }
    }
    buf_free(&file);
    buf_free(&sha256);
    buf_free(&path);
    buf_free(&added_name);
    return rc;
}

static int write_book(struct making *m)
{
    struct outfile out;
    if (reserve_private(&out, out_path) < 0)
        return -1;
    if (write_own(m, &out) < 0) {
        struct copies copies = {0};
        int rc = write_new(m, NULL, &copies, out.tmp_path);
        copies_free(&copies);
        if (rc < 0) {
            outfile_discard(&out);
            return -1;
        }
    }
    return outfile_commit(&out);
}

/* The questions of the workbook's first list, once they are placed, without its cells for
 * answers. */
static int write_list(const struct problem_list *problems)
{
    static const enum asked_column columns[] = {ASKED_FILE,   ASKED_SHEET,   ASKED_ROW,
                                                ASKED_COLUMN, ASKED_KEY,     ASKED_ORIGINAL,
                                                ASKED_WRONG,  ASKED_EXPECTED};
    struct outfile out;
    struct csvout csv;
    struct buf text = {0};
    if (reserve_private(&out, list_path) < 0)
        return -1;
    if (!(out.stream = fopen(out.tmp_path, "w"))) {
        outfile_discard(&out);
        return error("不能写 %s", list_path);
    }
    csv_begin(&csv, out.stream);
    csv_field(&csv, ASKED_LIST[ASKED_NO].head);
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        csv_field(&csv, ASKED_LIST[columns[c]].head);
    csv_end(&csv);
    for (int i = 0, n = 0; i < problems->count; i++) {
        if (!problems->items[i].asked)
            continue;
        csv_long(&csv, ++n);
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
            asked_cell(&text, &problems->items[i], NULL, columns[c]);
            csv_field(&csv, buf_text(&text));
        }
        csv_end(&csv);
    }
    buf_free(&text);
    return outfile_commit(&out);
}

/* Reads what is needed of both stores and writes the workbook. */
static int make(const struct topic *t, const struct rules *rules, struct store *raw,
                struct store *clean)
{
    char county[32], simulated[8];
    struct buf title = {0};
    store_meta(raw, "county", county, sizeof county);
    store_meta(raw, "simulated", simulated, sizeof simulated);
    check_same_county(raw, clean, county);
    buf_printf(&title, "%s（%s）", domain_label(t, "county", county), county);
    struct making m = {
        .topic = t, .raw = raw, .county = title.text, .simulated = strcmp(simulated, "1") == 0};
    problems_load(&m.problems, clean);
    problems_personal(&m.problems, store_path(raw), t, rules);
    problems_explained(&m.problems, raw);
    int rc = write_book(&m);
    if (rc == 0 && list_path)
        rc = write_list(&m.problems);
    problems_free(&m.problems);
    buf_free(&title);
    return rc;
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 2, 2);
    struct topic *t = topic_read(topic_path);
    struct rules rules;
    if (!t || rules_read(t, &rules) < 0)
        return DATA_FAILED;
    struct store *raw = store_open(argv[first], &SCHEMA_RAW);
    struct store *clean = store_open(argv[first + 1], &SCHEMA_CLEAN);
    int rc = make(t, &rules, raw, clean);
    store_close(clean);
    store_close(raw);
    rules_free(&rules);
    topic_free(t);
    return rc < 0 ? CANNOT : DONE;
}
