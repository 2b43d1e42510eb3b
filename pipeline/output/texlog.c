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
        {"Unable to load picture", "找不到图，请重新运行 make"},
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

/* Line `line` of the generated text, or "". */
static const char *line_at(const struct check *c, long line)
{
    const char *p = c->tex;
    while (p && --line > 0)
        p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL;
    return p ? p : "";
}

/* Where an error happened: in "l.123 text" the text is how far line 123 was read.  Only when our
 * own line 123 begins so, and not that of some package, does it lead back to the narrative. */
static struct place error_place(struct check *c, const char *p)
{
    const char *mark = strstr(p, "\nl.");
    char *rest;
    if (!mark || mark > p + 4000)
        return (struct place){.file = c->path};
    long line = strtol(mark + 3, &rest, 10);
    const char *read = copy_line(c, rest + (*rest == ' '));
    const char *tail = starts_with(read, "...") ? read + 3 : read;
    const char *own = copy_line(c, line_at(c, line));
    if (!*tail || !strstr(own, tail))
        return (struct place){.file = c->path, .text = copy_line(c, mark + 1)};
    struct place at = source_of(c, line);
    at.text = tail;
    return at;
}

/* TeX names the glyph only; the line is the first that holds it. */
static void on_missing(struct check *c, const char *p)
{
    const char *there = strstr(p, "There is no ");
    if (!there || there > p + 60)
        return;
    const char *glyph = arena_strndup(&c->arena, there + 12, strcspn(there + 12, " "));
    const char *found = strstr(c->tex, glyph);
    long line = 1;
    for (const char *q = c->tex; found && q < found; q++)
        line += *q == '\n';
    struct place at = found ? source_of(c, line) : (struct place){.file = c->path};
    at.text = glyph;
    error_at(at, "没有一种字体有这个字，印不出来。请换一种写法");
    c->found++;
}

static void on_error(struct check *c, const char *p)
{
    char *message = copy_line(c, p);
    struct place at = error_place(c, p);
    if (starts_with(message, "Missing character")) {
        on_missing(c, message);
        return;
    }
    error_at(at, "%s（%s）", explain(message), message);
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

/* "survey: findings 12.3pt": so much do they need beyond their page. */
static void on_findings(struct check *c, const char *p)
{
    double points = strtod(p, NULL);
    struct place at = {.file = c->path};
    error_at(at, "要点超过一页，多出约%d行。请在课题工作簿的 findings 表中减少条数或缩短文字",
             (int)(points / 25.5) + 1);
    c->found++;
}

/* "survey: text 3 8": the text after the third heading begins on page 8; the heading's own line
 * "survey: head 3 7" came before. */
static void on_heading(struct check *c, const char *log, const char *p)
{
    long number = 0, page = 0;
    char mark[40];
    if (sscanf(p, "%ld %ld", &number, &page) != 2)
        return;
    snprintf(mark, sizeof mark, "survey: head %ld ", number);
    const char *head = strstr(log, mark);
    if (!head || atol(head + strlen(mark)) == page)
        return;
    struct place at = {.file = c->path};
    error_at(at, "第%ld个小标题落在第%ld页末尾，它的正文从第%ld页才开始。请调整前面的文字或图表",
             number, atol(head + strlen(mark)), page);
    c->found++;
}

int texlog_check(const char *log, const char *tex, const char *path)
{
    struct check c = {.tex = tex, .path = path};
    for (const char *p = log; p && *p && c.found < REPORTED_MAX;) {
        if (starts_with(p, "! "))
            on_error(&c, p + 2);
        else if (starts_with(p, "Missing character"))
            on_missing(&c, p);
        else if (starts_with(p, "Overfull \\hbox"))
            on_overfull(&c, p);
        else if (starts_with(p, "LaTeX Warning: Reference"))
            on_reference(&c, p);
        else if (starts_with(p, "survey: findings "))
            on_findings(&c, p + 17);
        else if (starts_with(p, "survey: text "))
            on_heading(&c, log, p + 13);
        p = strchr(p, '\n');
        p = p ? p + 1 : NULL;
    }
    arena_free(&c.arena);
    return c.found;
}
