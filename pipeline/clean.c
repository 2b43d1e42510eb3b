/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * clean: one county's rows as received -> typed records, every repair and every problem a row.
 */
#include "base/arena.h"
#include "base/message.h"
#include "base/options.h"
#include "review/cleaning.h"

static const char *out_path, *topic_path, *key_path;
static bool keep_personal;

static const struct option_row OPTIONS[] = {
    {'t', "文件", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'o', "文件", &out_path, NULL, "清理后的 clean.db", true},
    {'k', "文件", &key_path, NULL, "个人信息的密钥，默认是项目的 data/.key，没有就生成", false},
    {'p', NULL, NULL, &keep_personal, "保留个人信息，不换成密码（只用于导出，注意保密）", false},
    {0},
};
static const struct program ME = {"clean", "按审核规则清理一个县的资料，列出全部问题",
                                  "-t topic.csv [-k 密钥 | -p] -o clean.db raw.db", OPTIONS};

static struct privacy *open_key(struct topic *t)
{
    return privacy_open(key_path ? key_path : arena_printf(&t->arena, "%s/data/.key", t->root));
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    struct topic *t = topic_read(topic_path);
    struct rules rules;
    if (!t || rules_read(t, &rules) < 0)
        return DATA_FAILED;
    struct frame *frame = frame_read(t);
    struct checks *checks = checks_read(t);
    if (!frame || !checks)
        return DATA_FAILED;
    struct privacy *privacy = keep_personal ? NULL : open_key(t);
    int rc = !keep_personal && !privacy
                 ? -1
                 : clean_county(t, &rules, checks, frame, privacy, argv[first], out_path);
    privacy_close(privacy);
    checks_free(checks);
    frame_free(frame);
    rules_free(&rules);
    topic_free(t);
    return rc < 0 ? DATA_FAILED : DONE;
}
