/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fetch: what counties sent from phones, or put into a shared folder, into data/<plan>/<NN>/.
 *
 * Reads the rows of data/sources.csv for the topic, one server after the other.  Exit 1: some
 * submissions have no county and were put aside; 3: some source was not had in full.
 */
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "remote/collect.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

static const char *topic_path, *sources_path, *data_folder, *stall = "60", *tries = "6";
static bool media;

static const struct option_row OPTIONS[] = {
    {'t', "课题工作簿", &topic_path, NULL, "如 topics/henan-2025/07/topic.csv", true},
    {'s', "来源表", &sources_path, NULL, "从哪里取，如 data/sources.csv", true},
    {'d', "文件夹", &data_folder, NULL, "各县资料所在的文件夹，如 data/henan-2025/07", true},
    {'m', NULL, NULL, &media, "附件（照片、录音）也取回", false},
    {'w', "秒", &stall, NULL, "多久没有动静算断线，不写为60", false},
    {'n', "次", &tries, NULL, "断线、服务器忙时共试几次，不写为6", false},
    {0},
};
static const struct program ME = {"fetch", "从采集服务器、共享文件夹取回各县新报的资料",
                                  "[-m] -t 课题工作簿 -s 来源表 -d 资料文件夹", OPTIONS};

/* A whole number of an option within bounds; misuse otherwise. */
static int number_of(const char *text, int least, int most)
{
    char *end;
    long n = strtol(text, &end, 10);
    if (!*text || *end || n < least || n > most)
        die(MISUSE, "应是%d至%d的整数：%s", least, most, text);
    return (int)n;
}

/* One at a time: two would take each other's files away.  The lock ends with the program. */
static int lock_data(void)
{
    struct buf path = {0};
    buf_printf(&path, "%s/.fetched/lock", data_folder);
    int code = make_parent_folders(path.text);
    int fd = code == 0 ? open(path.text, O_CREAT | O_RDWR | O_CLOEXEC, 0666) : -1;
    if (code == 0 && fd < 0)
        code = error("不能写 %s", path.text);
    else if (code == 0 && flock(fd, LOCK_EX | LOCK_NB) < 0)
        code = error("这个课题正在取回资料，请等它完成");
    buf_free(&path);
    return code;
}

static void report(const struct source *s, const struct collected *c)
{
    note("%s：服务器上%d份，新取回%d份，更新%d份，未变%d份", s->questionnaire, c->listed, c->added,
         c->changed, c->unchanged);
    if (c->rejected)
        note("  审核未采用%d份，不放进县文件夹", c->rejected);
    if (c->retired)
        note("  服务器上已删除或改为不采用的%d份移出了县文件夹，旧版存在 %s/.fetched/%s/kept/",
             c->retired, data_folder, s->name);
    if (c->media)
        note("  附件%d个", c->media);
    if (c->unplaced)
        note("  分不清是哪个县的%d份，存在 %s/.fetched/%s/unplaced/。请在服务器上改正县代码后再取",
             c->unplaced, data_folder, s->name);
    if (c->failed)
        note("  没有取到%d份，再运行一次就接着取", c->failed);
}

static int fetch_all(const struct sources *all, const struct topic *t, const struct collecting *how)
{
    bool failed = false, unplaced = false;
    for (int i = 0; i < all->count; i++) {
        struct shelf shelf = {.topic = t, .source = &all->items[i], .data = data_folder};
        struct collected done = {0};
        bool bad = collect(&shelf, how, &done) < 0;
        if (!bad || done.listed)
            report(shelf.source, &done);
        failed |= bad;
        unplaced |= done.unplaced > 0;
    }
    return failed ? CANNOT : unplaced ? DATA_FAILED : DONE;
}

int main(int argc, char **argv)
{
    options_parse(&ME, argc, argv, 0, 0);
    struct collecting how = {
        .stall = number_of(stall, 1, 3600), .tries = number_of(tries, 1, 20), .media = media};
    struct topic *t = topic_read(topic_path);
    if (!t)
        return DATA_FAILED;
    struct sources all;
    int code = CANNOT;
    if (sources_read(&all, sources_path, t) == 0) {
        if (all.count == 0)
            error("%s 里没有这个课题（plan %s，topic %s）的来源", sources_path, t->plan, t->number);
        else if (lock_data() == 0)
            code = fetch_all(&all, t, &how);
    }
    sources_free(&all);
    topic_free(t);
    return code;
}
