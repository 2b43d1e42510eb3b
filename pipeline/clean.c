/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * clean: one county's rows as received -> typed records, every repair and every problem a row.
 */
#include "base/message.h"
#include "base/options.h"
#include "survey/cleaning.h"

static const char *out_path, *topic_path;

static const struct option_row OPTIONS[] = {
    {'t', "文件", &topic_path, NULL, "课题工作簿 topic.csv", true},
    {'o', "文件", &out_path, NULL, "清理后的 clean.db", true},
    {0},
};
static const struct program ME = {"clean", "按审核规则清理一个县的资料，列出全部问题",
                                  "-t topic.csv -o clean.db raw.db", OPTIONS};

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    struct topic *t = topic_read(topic_path);
    struct rules rules;
    if (!t || rules_read(t, &rules) < 0)
        return DATA_FAILED;
    struct frame *frame = frame_read(t);
    if (!frame)
        return DATA_FAILED;
    int rc = clean_county(t, &rules, frame, argv[first], out_path);
    frame_free(frame);
    topic_free(t);
    return rc < 0 ? DATA_FAILED : DONE;
}
