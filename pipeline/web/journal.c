/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/journal.h"

#include "base/message.h"
#include "base/outfile.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The greatest receipt among the lines: they are in order but for clocks that were set back. */
static void find_last(struct journal *j, FILE *in)
{
    char line[512], day[9];
    int number;
    while (fgets(line, sizeof line, in)) {
        const char *field = line;
        for (int i = 0; i < 4 && field; i++)
            field = strchr(field, '\t') ? strchr(field, '\t') + 1 : NULL;
        if (!field || sscanf(field, "%8[0-9]-%d", day, &number) != 2)
            continue;
        int order = strcmp(day, j->day);
        if (order > 0 || (order == 0 && number > j->last)) {
            memcpy(j->day, day, sizeof day);
            j->last = number;
        }
    }
}

int journal_open(struct journal *j, const char *path)
{
    *j = (struct journal){.fd = -1};
    if (make_parent_folders(path) < 0)
        return -1;
    FILE *in = fopen(path, "re");
    if (in) {
        find_last(j, in);
        fclose(in);
    }
    j->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return j->fd < 0 ? error("不能写日志 %s：%s", path, error_reason(errno)) : 0;
}

void journal_receipt(struct journal *j, time_t now, char out[RECEIPT_TEXT])
{
    char today[9];
    struct tm local;
    localtime_r(&now, &local);
    strftime(today, sizeof today, "%Y%m%d", &local);
    if (strcmp(today, j->day) > 0) {
        memcpy(j->day, today, sizeof today);
        j->last = 0;
    }
    snprintf(out, RECEIPT_TEXT, "%s-%04d", j->day, ++j->last);
}

int journal_add(struct journal *j, time_t now, struct entry e)
{
    struct buf line = {0};
    char when[32];
    struct tm local;
    localtime_r(&now, &local);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S%z", &local);
    buf_printf(&line, "%s\t%s\t%s\t%s\t%s\t%d\t%lld\n", when, e.event, e.account ? e.account : "",
               e.topic ? e.topic : "", e.receipt ? e.receipt : "", e.files, e.bytes);
    ssize_t n = write(j->fd, line.text, line.len);
    int rc = n == (ssize_t)line.len && (!e.receipt || fdatasync(j->fd) == 0)
                 ? 0
                 : error("日志写不进去：%s。请检查磁盘是否已满", error_reason(errno));
    buf_free(&line);
    return rc;
}

void journal_close(struct journal *j)
{
    if (j->fd >= 0)
        close(j->fd);
    j->fd = -1;
}
