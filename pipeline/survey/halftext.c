/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/halftext.h"

#include <ctype.h>

bool half_text(struct buf *out, const char *text)
{
    bool changed = false;
    buf_clear(out);
    buf_put(out, "", 0);
    size_t plain = 0; /* most texts are printable ASCII */
    while (text[plain] >= 0x20 && text[plain] < 0x7F)
        plain++;
    buf_put(out, text, plain);
    text += plain;
    for (uint32_t c; (c = utf8_next(&text));) {
        bool wide = c >= 0xFF01 && c <= 0xFF5E;
        changed |= wide;
        if (c == 0x200B || c == 0xFEFF)
            continue;
        if (is_space_char(c))
            buf_putc(out, ' ');
        else
            buf_put_char(out, wide ? c - 0xFEE0 : c);
    }
    return changed;
}

void remove_char(struct buf *b, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < b->len; i++)
        if (b->text[i] != c)
            b->text[n++] = b->text[i];
    if (b->text)
        b->text[n] = '\0';
    b->len = n;
}

void upper_case(struct buf *b)
{
    for (size_t i = 0; i < b->len; i++)
        b->text[i] = (char)toupper((unsigned char)b->text[i]);
}
