/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/latex.h"

/* What each special ASCII character becomes.  '[' and '*' would be read as an argument of the
 * line end before them; ` ' " - would make ligatures. */
static const struct {
    char c;
    const char *latex;
} SPECIAL[] = {
    {'\\', "\\textbackslash{}"},
    {'{', "\\{"},
    {'}', "\\}"},
    {'$', "\\$"},
    {'&', "\\&"},
    {'#', "\\#"},
    {'%', "\\%"},
    {'_', "\\_"},
    {'^', "\\textasciicircum{}"},
    {'~', "\\textasciitilde{}"},
    {'`', "\\textasciigrave{}"},
    {'\'', "\\textquotesingle{}"},
    {'"', "\\textquotedbl{}"},
    {'-', "-{}"},
    {'[', "{[}"},
    {'*', "{*}"},
    {'<', "\\textless{}"},
    {'>', "\\textgreater{}"},
    {'|', "\\textbar{}"},
    {0, NULL},
};

static const char *special(uint32_t c)
{
    for (int i = 0; SPECIAL[i].c; i++)
        if ((uint32_t)SPECIAL[i].c == c)
            return SPECIAL[i].latex;
    return NULL;
}

/* Characters that the document's own fonts have: Latin-1, the quotes and dashes, the common CJK
 * punctuation, kana, the ideographs of GBK, full-width forms. */
static bool is_common(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } RANGES[] = {
        {0x20, 0x7E},     {0xA1, 0xAC},     {0xAE, 0xFF},     {0x2013, 0x2014},
        {0x2018, 0x2019}, {0x201C, 0x201D}, {0x2026, 0x2026}, {0x2212, 0x2212},
        {0x3000, 0x3003}, {0x3005, 0x3011}, {0x3013, 0x3017}, {0x3041, 0x3093},
        {0x30A1, 0x30F6}, {0x4E00, 0x9FA5}, {0xFF01, 0xFF5E}, {0xFFE5, 0xFFE5},
    };
    for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES; i++)
        if (c >= RANGES[i].first && c <= RANGES[i].last)
            return true;
    return false;
}

static bool prints_nothing(uint32_t c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || c == 0x200D;
}

void latex_text(struct buf *out, const char *text)
{
    bool blank = false;
    for (const char *p = text; *p;) {
        uint32_t c = utf8_next(&p);
        if (prints_nothing(c))
            continue;
        bool space = c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0;
        if (space && !blank)
            buf_putc(out, ' ');
        blank = space;
        if (space)
            continue;
        if (c == 0xFF5E)
            buf_puts(out, "\\wavedash{}");
        else if (special(c))
            buf_puts(out, special(c));
        else if (is_common(c))
            buf_put_char(out, c);
        else
            buf_printf(out, "\\rarechar{%04X}", (unsigned)c);
    }
}
