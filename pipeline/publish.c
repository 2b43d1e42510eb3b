/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * publish: a topic's phone forms onto the ODK Central servers of data/sources.csv.
 */
#include "base/message.h"
#include "base/options.h"
#include "remote/publishing.h"

static const char *topic_path, *sources_path, *folder;
static bool live;

static const struct option_row OPTIONS[] = {
    {'t', "课题工作簿", &topic_path, NULL, "如 topics/henan-2025/07/topic.csv", true},
    {'s', "来源表", &sources_path, NULL, "送到哪里，如 data/sources.csv", true},
    {'f', "文件夹", &folder, NULL, "手机问卷和附件，如 reports/henan-2025/07/forms/phone", true},
    {'p', NULL, NULL, &live, "正式启用；不写只作为草稿", false},
    {0},
};
static const struct program ME = {"publish", "把手机问卷送到 ODK Central",
                                  "[-p] -t 课题工作簿 -s 来源表 -f 手机问卷文件夹", OPTIONS};

enum { STALL_SECONDS = 60, TRIES = 4 };

static int publish_all(const struct sources *all)
{
    const struct publishing how = {
        .folder = folder, .live = live, .stall = STALL_SECONDS, .tries = TRIES};
    int code = 0, count = 0;
    for (int i = 0; i < all->count; i++)
        if (all->items[i].kind == SOURCE_CENTRAL) {
            count++;
            if (publish(&all->items[i], &how) < 0)
                code = -1;
        }
    if (count == 0)
        return error("%s 里这个课题没有 kind 为 central 的来源", sources_path);
    return code;
}

int main(int argc, char **argv)
{
    options_parse(&ME, argc, argv, 0, 0);
    struct topic *t = topic_read(topic_path);
    if (!t)
        return DATA_FAILED;
    struct sources all;
    int code = sources_read(&all, sources_path, t);
    if (code == 0)
        code = publish_all(&all);
    sources_free(&all);
    topic_free(t);
    return code < 0 ? CANNOT : DONE;
}
