/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * returns: one county's return workbook (回填单): what it has to verify, where that stands in its
 * own files, and empty cells for its answers.
 */
#include "base/message.h"
#include "base/options.h"
#include "base/text.h"
#include "output/workbook_new.h"
#include "store/store.h"
#include "survey/topic.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char *out_path, *topic_path, *folder;

static const struct option_row OPTIONS[] = {
    {'t', "文件", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'d', "文件夹", &folder, NULL, "县里报来的文件所在的文件夹", false},
    {'o', "文件", &out_path, NULL, "输出的回填单 .xlsx（含个人信息，只发给本县）", true},
    {0},
};
static const struct program ME = {"returns", "写一个县的回填单：哪里要核实、为什么、怎样改",
                                  "-t topic.csv [-d 县文件夹] -o 回填单.xlsx raw.db clean.db",
                                  OPTIONS};

static const char *county_name(const struct topic *t, const char *code)
{
    const struct domain *d = topic_domain(t, "county");
    for (int i = 0; d && i < d->value_count; i++)
        if (strcmp(d->values[i].name, code) == 0)
            return d->values[i].value;
    return "";
}

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
static int reserve_private(struct outfile *out)
{
    if (outfile_reserve(out, out_path) < 0)
        return -1;
    int fd = open(out->tmp_path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || close(fd) < 0) {
        error("不能写 %s。请检查文件夹是否存在、磁盘是否已满、有无写权限", out_path);
        outfile_discard(out);
        return -1;
    }
    return 0;
}

static int write_book(const struct topic *t, struct store *raw, struct store *clean)
{
    char county[32], simulated[8];
    store_meta(raw, "county", county, sizeof county);
    store_meta(raw, "simulated", simulated, sizeof simulated);
    check_same_county(raw, clean, county);

    struct problem_list problems = {0};
    struct copies copies = {0};
    problems_load(&problems, clean);
    copies_place(&copies, raw, t, &problems);

    struct buf title = {0};
    buf_printf(&title, "%s（%s）", county_name(t, county), county);
    struct return_book book = {.topic = t,
                               .raw = raw,
                               .problems = &problems,
                               .copies = &copies,
                               .county = title.text,
                               .simulated = strcmp(simulated, "1") == 0};
    struct outfile out;
    int rc = reserve_private(&out);
    if (rc == 0 && (rc = workbook_new_write(&book, out.tmp_path)) < 0)
        outfile_discard(&out);
    else if (rc == 0)
        rc = outfile_commit(&out);
    buf_free(&title);
    copies_free(&copies);
    problems_free(&problems);
    return rc;
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 2, 2);
    struct topic *t = topic_read(topic_path);
    if (!t)
        return DATA_FAILED;
    struct store *raw = store_open(argv[first], &SCHEMA_RAW);
    struct store *clean = store_open(argv[first + 1], &SCHEMA_CLEAN);
    int rc = write_book(t, raw, clean);
    store_close(clean);
    store_close(raw);
    topic_free(t);
    return rc < 0 ? CANNOT : DONE;
}
