/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/texlog.h"

#include "base/arena.h"
#include "base/message.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPORTED_MAX = 20 };

struct check {
    const char *tex, *path;
    struct arena arena;
    int found;
};

/* Where line `line` of the generated text comes from. */
static struct place source_of(struct check *c, long line)
{
    struct place at = {.file = c->path, .row = line};
    const char *p = c->tex;
    long shift = 0;
    for (long n = 1; p && *p && n <= line; n++) {
        const char *end = strchr(p, '\n');
        if (starts_with(p, "%@ ")) {
            size_t length = end ? (size_t)(end - p) - 3 : strlen(p) - 3;
            char *mark = arena_strndup(&c->arena, p + 3, length);
            char *colon = strrchr(mark, ':');
            if (colon) {
                *colon = '\0';
                at.file = *mark ? mark : c->path;
                shift = atol(colon + 1) - n - 1;
            }
        }
        p = end ? end + 1 : NULL;
    }
    if (at.file != c->path)
        at.row = line + shift;
    return at;
}

/* "l.123 " after an error, or "line 123" in a warning. */
static long line_after(const char *text, const char *mark)
{
    const char *p = strstr(text, mark);
    return p ? atol(p + strlen(mark)) : 0;
}

static char *copy_line(struct check *c, const char *p)
{
    return arena_strndup(&c->arena, p, strcspn(p, "\n"));
}

/* What xelatex's commonest errors mean. */
static const char *explain(const char *message)
{
    static const struct {
        const char *mark, *meaning;
    } KNOWN[] = {
        {"Undefined control sequence", "有不认识的命令（以反斜杠开头的词），可能是宏名写错了"},
        {"Missing $ inserted", "有数学符号（_ ^ 等）没有写在公式里，正文中请写成 \\_ \\^{}"},
        {"Misplaced alignment tab", "正文中的 & 请写成 \\&"},
        {"not found", "找不到文件，可能是图还没有画，请重新运行 make"},
        {"Emergency stop", "不能继续"},
        {"Runaway argument", "花括号没有配对"},
        {"Paragraph ended before", "花括号没有配对"},
        {"Too many }", "多了一个右花括号"},
        {NULL, NULL},
    };
    for (int i = 0; KNOWN[i].mark; i++)
        if (strstr(message, KNOWN[i].mark))
            return KNOWN[i].meaning;
    return "LaTeX 报错";
}

/* "./report.tex:123: message" of -file-line-error; the length before the message, or 0. */
static size_t error_head(const char *p, char file[200], long *line)
{
    size_t n = strcspn(p, ":\n");
    char *end;
    if (p[n] != ':' || n == 0 || n >= 200)
        return 0;
    *line = strtol(p + n + 1, &end, 10);
    if (end == p + n + 1 || end[0] != ':' || end[1] != ' ')
        return 0;
    memcpy(file, p, n);
    file[n] = '\0';
    return (size_t)(end + 2 - p);
}

/* Only lines of the report itself lead back to the narrative. */
static void on_error(struct check *c, const char *p, const char *file, long line)
{
    char *message = copy_line(c, p);
    const char *next = strstr(p, "\nl."), *base = strrchr(c->path, '/');
    bool own = ends_with(file, base ? base + 1 : c->path);
    struct place at = own ? source_of(c, line) : (struct place){.file = file, .row = line};
    at.text = next && next < p + 2000 ? copy_line(c, next + 1) : NULL;
    if (starts_with(message, "Missing character")) {
        const char *there = strstr(message, "There is no ");
        size_t n = there ? strcspn(there + 12, " ") : 0;
        at.text = there ? arena_strndup(&c->arena, there + 12, n) : NULL;
        error_at(at, "没有一种字体有这个字，印不出来。请换一种写法");
    } else {
        error_at(at, "%s（%s）", explain(message), message);
    }
    c->found++;
}

static void on_missing(struct check *c, const char *p)
{
    const char *there = strstr(p, "There is no ");
    if (!there || there > p + 60)
        return;
    struct place at = {.file = c->path,
                       .text = arena_strndup(&c->arena, there + 12, strcspn(there + 12, " "))};
    error_at(at, "没有一种字体有这个字，印不出来。请换一种写法");
    c->found++;
}

static void on_overfull(struct check *c, const char *p)
{
    const char *open = strchr(p, '(');
    double width = open ? strtod(open + 1, NULL) : 0;
    if (width <= 1)
        return;
    char *message = copy_line(c, p);
    long line = line_after(message, "at lines ");
    struct place at = source_of(c, line ? line : line_after(message, "at line "));
    error_at(at, "有一行（或一张表）超出版心 %.1f 点。表请减少列数或缩短标题，正文请改写这一段",
             width);
    c->found++;
}

static void on_reference(struct check *c, const char *p)
{
    char *message = copy_line(c, p);
    if (!strstr(message, "undefined on input line"))
        return;
    struct place at = source_of(c, line_after(message, "input line "));
    error_at(at, "引用的标签没有定义（%s）", message);
    c->found++;
}

int texlog_check(const char *log, const char *tex, const char *path)
{
    struct check c = {.tex = tex, .path = path};
    for (const char *p = log; p && *p && c.found < REPORTED_MAX;) {
        char file[200];
        long line = 0;
        size_t head = error_head(p, file, &line);
        if (head)
            on_error(&c, p + head, file, line);
        else if (starts_with(p, "! "))
            on_error(&c, p + 2, path, 0);
        else if (starts_with(p, "Missing character"))
            on_missing(&c, p);
        else if (starts_with(p, "Overfull \\hbox"))
            on_overfull(&c, p);
        else if (starts_with(p, "LaTeX Warning: Reference"))
            on_reference(&c, p);
        p = strchr(p, '\n');
        p = p ? p + 1 : NULL;
    }
    arena_free(&c.arena);
    return c.found;
}
