/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether a `default` is a value or has to be computed, told as pyxform tells it.
 */
#include "survey/form_private.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* NCNameStartChar of XML Namespaces beyond ASCII. */
static bool is_name_letter(uint32_t c)
{
    static const uint32_t ranges[][2] = {{0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},
                                         {0x370, 0x37D},   {0x37F, 0x1FFF},  {0x200C, 0x200D},
                                         {0x2070, 0x218F}, {0x2C00, 0x2FEF}, {0x3001, 0xD7FF},
                                         {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
    if (c < 0x80)
        return isalpha((int)c) || c == '_';
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

bool is_xml_name(const char *text)
{
    const char *p = text;
    if (!is_name_letter(utf8_next(&p)))
        return false;
    for (uint32_t c; (c = utf8_next(&p));)
        if (!is_name_letter(c) && !(c < 0x80 && (isdigit((int)c) || c == '-' || c == '.')))
            return false;
    return true;
}

/* Behind the name at p, a prefix included ("jr:choice-name"); p when there is none. */
static const char *skip_name(const char *p)
{
    const char *q = p;
    if (!is_name_letter(utf8_next(&q)))
        return p;
    for (;;) {
        const char *next = q;
        uint32_t c = utf8_next(&next);
        bool later = c && c < 0x80 && (isdigit((int)c) || c == '-' || c == '.');
        bool prefix = c == ':' && is_name_letter(utf8_next(&(const char *){next}));
        if (!later && !prefix && !is_name_letter(c))
            return q;
        q = next;
    }
}

/* Behind the number or date at p, a minus included; p when there is none. */
static const char *skip_number(const char *p)
{
    const char *q = p + (*p == '-');
    size_t n = strspn(q, "0123456789");
    if (n == 4 && q[4] == '-' && isdigit((unsigned char)q[5]) && isdigit((unsigned char)q[6]) &&
        q[7] == '-' && isdigit((unsigned char)q[8]) && isdigit((unsigned char)q[9]))
        return q + 10;
    if (q[n] == '.')
        n += 1 + strspn(q + n + 1, "0123456789");
    return n > (size_t)(*q == '.') ? q + n : p;
}

static bool may_have_hyphens(const struct question *q)
{
    return q->type == Q_DATE || q->type == Q_DATETIME || starts_with(q->type_text, "geo");
}

bool form_default_is_computed(const struct question *q, const char *text)
{
    for (const char *p = text; *p;) {
        const char *number = skip_number(p), *name = skip_name(p);
        const char *quote = *p == '\'' || *p == '"' ? strchr(p + 1, *p) : NULL;
        if (number > p) {
            p = number;
        } else if (*p == '-' && may_have_hyphens(q)) {
            return false;
        } else if (*p == '*' || *p == '+' || *p == '-' || *p == '|' || (name > p && *name == '(') ||
                   starts_with(p, " mod ") || starts_with(p, " div ") ||
                   (starts_with(p, "${") && strchr(p, '}'))) {
            return true;
        } else if (quote) {
            p = quote + 1;
        } else if (name > p) {
            p = name;
        } else {
            utf8_next(&p);
        }
    }
    return false;
}
