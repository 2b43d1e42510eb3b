/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"

#include "base/outfile.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_SHOWN = 90 }; /* bytes of a cell's text that a message shows */

static const char *program = "";
static int errors;
static char *capture;
static unsigned long capture_size;
static bool progress_shown;

void message_program(const char *name)
{
    program = name;
}

const char *error_reason(int number)
{
    static const struct {
        int number;
        const char *reason;
    } REASONS[] = {
        {ENOENT, "没有这个文件或文件夹"},
        {EACCES, "没有权限"},
        {EPERM, "没有权限"},
        {EROFS, "磁盘是只读的"},
        {ENOSPC, "磁盘已满"},
        {EDQUOT, "磁盘配额已用完"},
        {EFBIG, "文件太大"},
        {EISDIR, "这是文件夹，不是文件"},
        {ENOTDIR, "这不是文件夹"},
        {EEXIST, "同名的已经有了"},
        {ENAMETOOLONG, "名称太长"},
        {EMFILE, "打开的文件太多"},
        {ENOMEM, "内存不足"},
        {EIO, "磁盘读写出错"},
        {EBUSY, "正被别的程序占用"},
        {ETXTBSY, "正被别的程序占用"},
    };
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (REASONS[i].number == number)
            return REASONS[i].reason;
    return strerror(number);
}

int error_count(void)
{
    return errors;
}

void message_capture(char *buffer, unsigned long size)
{
    capture = buffer;
    capture_size = size;
    if (capture)
        capture[0] = '\0';
}

static void put(const char *text)
{
    if (!capture) {
        fputs(text, stderr);
        return;
    }
    unsigned long used = strlen(capture);
    snprintf(capture + used, capture_size - used, "%s", text);
}

/* Uploaded text as one short printable piece: control bytes become '?', long text is cut at a
 * character boundary. */
static void put_quoted(const char *text)
{
    char shown[TEXT_SHOWN + 8];
    size_t n = 0;
    for (const char *p = text; *p && n < TEXT_SHOWN; p++)
        shown[n++] = (unsigned char)*p < 0x20 || *p == 0x7f ? '?' : *p;
    if (n == TEXT_SHOWN) {
        while (n > 0 && ((unsigned char)shown[n - 1] & 0xC0) == 0x80)
            n--;
        if (n > 0)
            n--;
        memcpy(shown + n, "…", 3);
        n += 3;
    }
    shown[n] = '\0';
    put("“");
    put(shown);
    put("”");
}

static void put_place(struct place at)
{
    char number[32];
    if (at.file)
        put(at.file);
    if (at.sheet && *at.sheet) {
        put("，工作表");
        put_quoted(at.sheet);
    }
    if (at.row > 0) {
        snprintf(number, sizeof number, "，第%ld行", at.row);
        put(number);
    }
    if (at.column && *at.column) {
        put("，");
        put_quoted(at.column);
        put("栏");
    }
    if (at.text) {
        put("，内容");
        put_quoted(at.text);
    }
    if (at.file)
        put("：");
}

static void say(const char *weight, struct place at, const char *format, va_list args)
{
    char text[4096];
    progress_end();
    vsnprintf(text, sizeof text, format, args);
    put(weight);
    put_place(at);
    put(text);
    put("\n");
}

int error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("错误：", (struct place){0}, format, args);
    va_end(args);
    errors++;
    return -1;
}

int error_at(struct place at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("错误：", at, format, args);
    va_end(args);
    errors++;
    return -1;
}

void warning(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("提示：", (struct place){0}, format, args);
    va_end(args);
}

void warning_at(struct place at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("提示：", at, format, args);
    va_end(args);
}

void note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("", (struct place){0}, format, args);
    va_end(args);
}

noreturn void die(int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("错误：", (struct place){.file = *program ? program : NULL}, format, args);
    va_end(args);
    outfile_discard_all();
    exit(code);
}

void progress(const char *what, long done)
{
    static time_t last;
    time_t now = time(NULL);
    if (now == last)
        return;
    last = now;
    if (capture || !isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r%s %ld\033[K", what, done);
    fflush(stderr);
    progress_shown = true;
}

void progress_end(void)
{
    if (progress_shown)
        fputs("\r\033[K", stderr);
    progress_shown = false;
}
