/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/xform_private.h"

#include <ctype.h>
#include <string.h>

const char *node_path(struct xform *x, const struct node *n)
{
    if (!n->parent)
        return arena_printf(&x->arena, "/%s", n->name);
    return arena_printf(&x->arena, "%s/%s", node_path(x, n->parent), n->name);
}

bool has_reference(const char *text)
{
    const char *p = strstr(text, "${");
    return p && strchr(p, '}');
}

/* ---- from one node to another ---------------------------------------------------------------- */

static bool is_below(const struct node *n, const struct node *ancestor)
{
    for (const struct node *p = n->parent; p; p = p->parent)
        if (p == ancestor)
            return true;
    return false;
}

/* The nearest group or repeat around both; the form's root when there is none. */
static const struct node *common_container(const struct node *a, const struct node *b)
{
    const struct node *p = a->parent;
    while (p->parent && !is_below(b, p))
        p = p->parent;
    return p;
}

static bool share_a_repeat(const struct node *a, const struct node *b)
{
    for (const struct node *p = a->parent; p; p = p->parent)
        if (p->kind == NODE_REPEAT && is_below(b, p))
            return true;
    return false;
}

/* "/g/name" below `top`. */
static void put_below(struct buf *out, const struct node *n, const struct node *top)
{
    if (n->parent != top)
        put_below(out, n->parent, top);
    buf_printf(out, "/%s", n->name);
}

/* Relative paths where both stand in one repeat, so that each record sees its own values. */
static void put_path(struct xform *x, struct buf *out, const struct node *from,
                     const struct node *to, bool predicate)
{
    if (!from || !share_a_repeat(from, to)) {
        buf_puts(out, node_path(x, to));
        return;
    }
    const struct node *top = common_container(from, to);
    if (predicate)
        buf_puts(out, "current()/");
    for (const struct node *p = from; p != top; p = p->parent)
        buf_puts(out, p == from ? ".." : "/..");
    put_below(out, to, top);
}

/* ---- indexed-repeat ---------------------------------------------------------------------------
 */

/* Behind the string literal at p. */
static const char *skip_string(const char *p)
{
    const char *end = strchr(p + 1, *p);
    return end ? end + 1 : p + strlen(p);
}

/* The number from 0 of the argument of indexed-repeat() in which `at` stands, -1 when it stands in
 * no such call.  The innermost call counts. */
static int indexed_argument(const char *text, const char *at)
{
    static const char name[] = "indexed-repeat";
    int calls[64], depth = 0; /* by parenthesis: argument number, -1 when not of this function */
    for (const char *p = text; p < at && depth < 64;) {
        if (*p == '\'' || *p == '"') {
            p = skip_string(p);
            continue;
        }
        if (*p == '(') {
            size_t n = sizeof name - 1;
            bool indexed = p - text >= (long)n && strncmp(p - n, name, n) == 0;
            calls[depth++] = indexed ? 0 : -1;
        } else if (*p == ')' && depth) {
            depth--;
        } else if (*p == ',' && depth && calls[depth - 1] >= 0) {
            calls[depth - 1]++;
        }
        p++;
    }
    while (depth > 0 && calls[depth - 1] < 0)
        depth--;
    return depth > 0 ? calls[depth - 1] : -1;
}

/* The node and the repeats of indexed-repeat(node, repeat, index, repeat, index …) are absolute. */
static bool must_be_absolute(const char *text, const char *at)
{
    int argument = indexed_argument(text, at);
    return argument == 0 || (argument > 0 && argument % 2 == 1);
}

/* ---- expressions ------------------------------------------------------------------------------
 */

static const char LAST_SAVED[] = "last-saved#";

/* The node between "${" and "}", with `saved` when it is that of the form sent before. */
static const struct node *referred(struct xform *x, const char *start, size_t n, bool *saved)
{
    size_t skip = sizeof LAST_SAVED - 1;
    *saved = n > skip && strncmp(start, LAST_SAVED, skip) == 0;
    if (*saved) {
        start += skip;
        n -= skip;
    }
    return outline_find(x->o, arena_strndup(&x->arena, start, n));
}

/* A path must not run into its neighbours. */
static bool needs_blank(char c)
{
    return c && !isspace((unsigned char)c) && c != '(' && c != ')' && c != ',';
}

/* Whether `at` stands in the brackets of a path through a list. */
static bool in_brackets(const char *text, const char *at)
{
    int depth = 0;
    if (!strstr(text, "instance("))
        return false;
    for (const char *p = text; p < at;) {
        if (*p == '\'' || *p == '"') {
            p = skip_string(p);
            continue;
        }
        depth += (*p == '[') - (*p == ']');
        p++;
    }
    return depth > 0;
}

const char *expand(struct xform *x, const char *text, const struct node *context, bool predicate)
{
    struct buf out = {0};
    for (const char *p = text; *p;) {
        const char *end = starts_with(p, "${") ? strchr(p, '}') : NULL;
        bool saved = false;
        const struct node *to = end ? referred(x, p + 2, (size_t)(end - p) - 2, &saved) : NULL;
        if (!to) {
            buf_putc(&out, *p == '\n' || *p == '\r' || *p == '\t' ? ' ' : *p);
            p++;
            continue;
        }
        if (p > text && needs_blank(p[-1]))
            buf_putc(&out, ' ');
        if (saved)
            buf_puts(&out, "instance('__last-saved')");
        put_path(x, &out, saved || must_be_absolute(text, p) ? NULL : context, to,
                 predicate || in_brackets(text, p));
        p = end + 1;
        if (needs_blank(*p))
            buf_putc(&out, ' ');
    }
    const char *kept = arena_strdup(&x->arena, buf_text(&out));
    buf_free(&out);
    return kept;
}
