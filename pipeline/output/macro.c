/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/macro.h"

#include "output/macro_call.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ------------------------------------------------------------------------------- */

static void step(struct scan *s, size_t n, struct buf *copy)
{
    for (size_t i = 0; i < n; i++)
        s->line += s->p[i] == '\n';
    if (copy)
        buf_put(copy, s->p, n);
    s->p += n;
}

/* The part between `open` and `close` at *p; false when it is not there or too long. */
static bool bracketed(const char **p, char open, char close, char out[CALL_ROOM])
{
    if (**p != open)
        return false;
    const char *end = *p + 1;
    while (*end && *end != close && *end != '\n')
        end++;
    size_t n = (size_t)(end - *p - 1), lead = 0;
    if (*end != close || n >= CALL_ROOM)
        return false;
    const char *body = text_trim(strncpy(out, *p + 1, n + 1), &lead);
    out[n] = '\0';
    body = text_trim(out, &n);
    memmove(out, body, n);
    out[n] = '\0';
    *p = end + 1;
    return true;
}

/* Reads a call of a known macro that stands at s->p (a backslash); false when there is none. */
static bool read_call(struct scan *s, struct call *c)
{
    const char *p = s->p + 1;
    size_t n = 0;
    while (isalpha((unsigned char)p[n]))
        n++;
    *c = (struct call){.operation = operation_named(p, n)};
    if (!c->operation)
        return false;
    p += n;
    while (c->option_count < c->operation->options &&
           bracketed(&p, '[', ']', c->options[c->option_count]))
        c->option_count++;
    if (!bracketed(&p, '{', '}', c->argument))
        return false;
    n = (size_t)(p - s->p);
    if (n >= sizeof c->text)
        return false;
    memcpy(c->text, s->p, n);
    c->at = (struct place){.file = s->file, .row = s->line, .text = c->text};
    step(s, n, NULL);
    return true;
}

bool next_call(struct scan *s, struct call *c, struct buf *copy)
{
    while (*s->p) {
        if (*s->p == '%')
            step(s, strcspn(s->p, "\n"), copy);
        else if (*s->p != '\\')
            step(s, strcspn(s->p, "%\\"), copy);
        else if (read_call(s, c))
            return true;
        else
            step(s, s->p[1] ? 2 : 1, copy);
    }
    return false;
}

/* ---- the whole ----------------------------------------------------------------------------- */

void macros_init(struct macros *m, struct results *r)
{
    *m = (struct macros){.results = r};
    m->table_numbers = must_alloc((size_t)(r->topic->table_count + 1) * sizeof(int));
    m->chart_numbers = must_alloc((size_t)(r->topic->chart_count + 1) * sizeof(int));
}

void macros_free(struct macros *m)
{
    free(m->table_numbers);
    free(m->chart_numbers);
    *m = (struct macros){0};
}

int macros_number(struct macros *m, const char *text, const char *file, long line)
{
    struct scan s = {text, file, line};
    struct call c;
    int rc = 0;
    while (next_call(&s, &c, NULL)) {
        if (!call_shows(&c))
            continue;
        bool chart = call_is_chart(&c);
        int i = call_exhibit(m, &c);
        int *number = i < 0 ? NULL : chart ? &m->chart_numbers[i] : &m->table_numbers[i];
        if (!number)
            rc = -1;
        else if (*number)
            rc = error_at(c.at, "同一图表只能放一处，其他地方请用 \\tableref 或 \\figref 引用");
        else
            *number = chart ? ++m->last_chart : ++m->last_table;
    }
    return rc;
}

void macros_number_rest(struct macros *m)
{
    for (int i = 0; i < m->results->topic->table_count; i++)
        if (!m->table_numbers[i])
            m->table_numbers[i] = ++m->last_table;
    for (int i = 0; i < m->results->topic->chart_count; i++)
        if (!m->chart_numbers[i])
            m->chart_numbers[i] = ++m->last_chart;
}

int macros_expand(struct macros *m, struct buf *out, const char *text, const char *file, long line)
{
    struct scan s = {text, file, line};
    struct call c;
    int rc = 0;
    while (next_call(&s, &c, out))
        if (c.operation->run(m, out, &c) < 0)
            rc = -1;
    return rc;
}

int macros_expand_cell(struct macros *m, struct buf *out, const char *text, const char *sheet,
                       long row)
{
    struct buf escaped = {0}, file = {0};
    for (const char *p = text; *p; p++) {
        if (strchr("%&#", *p) && (p == text || p[-1] != '\\'))
            buf_putc(&escaped, '\\');
        buf_putc(&escaped, *p);
    }
    buf_printf(&file, "%s 工作表 %s", m->results->topic->path, sheet);
    int rc = macros_expand(m, out, buf_text(&escaped), file.text, row);
    buf_free(&escaped);
    buf_free(&file);
    return rc;
}

/* ---- conditions ---------------------------------------------------------------------------- */

static int operand(struct macros *m, struct scan *s, double *value)
{
    struct call c;
    while (*s->p == ' ')
        s->p++;
    if (*s->p == '\\' && read_call(s, &c))
        return call_number(m, &c, value);
    char *end;
    *value = strtod(s->p, &end);
    struct place at = {.file = s->file, .row = s->line, .text = s->p};
    if (end == s->p)
        return error_at(at, "条件应写成“\\est{指标} >= 数”，多个条件用 and 连接");
    s->p = end;
    return 0;
}

static const char *comparison(struct scan *s)
{
    static const char *const SIGNS[] = {"<=", ">=", "!=", "<", ">", "=", NULL};
    while (*s->p == ' ')
        s->p++;
    for (int i = 0; SIGNS[i]; i++)
        if (starts_with(s->p, SIGNS[i])) {
            s->p += strlen(SIGNS[i]);
            return SIGNS[i];
        }
    error_at((struct place){.file = s->file, .row = s->line, .text = s->p},
             "条件中缺少比较号（< <= > >= = !=）");
    return NULL;
}

static bool compares(double a, const char *sign, double b)
{
    if (isnan(a) || isnan(b))
        return false;
    if (strcmp(sign, "!=") == 0)
        return a != b;
    return (strchr(sign, '<') && a < b) || (strchr(sign, '>') && a > b) ||
           (strchr(sign, '=') && a == b);
}

int macros_condition(struct macros *m, const char *text, const char *file, long line)
{
    struct scan s = {text, file, line};
    bool truth = true;
    if (text_is_blank(text))
        return 1;
    for (;;) {
        double a, b;
        const char *sign;
        if (operand(m, &s, &a) < 0 || !(sign = comparison(&s)) || operand(m, &s, &b) < 0)
            return -1;
        truth = truth && compares(a, sign, b);
        while (*s.p == ' ')
            s.p++;
        if (!*s.p)
            return truth;
        if (!starts_with(s.p, "and "))
            return error_at((struct place){.file = file, .row = line, .text = s.p},
                            "条件之间只能用 and 连接");
        s.p += 4;
    }
}
