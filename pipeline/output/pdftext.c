/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/pdftext.h"

#include "base/arena.h"
#include "base/message.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODES = 0x10000, ENTRIES_MOST = 100 /* of a bfchar block */, OBJECT_MOST = 1000000 };

/* ---- the map ------------------------------------------------------------------------------- */

/* The characters of the basic plane that the text has, and printable ASCII. */
static void mark_characters(const char *text, bool *wanted)
{
    for (int c = 0x20; c < 0x7F; c++)
        wanted[c] = true;
    for (const char *p = text; *p;) {
        uint32_t c = utf8_next(&p);
        if (c >= 0x20 && c < CODES)
            wanted[c] = true;
    }
}

/* <1A2B> at *p, stepped over; -1 when it is not there.  Of longer ones the first four digits. */
static long hex_code(const char **p)
{
    while (isspace((unsigned char)**p))
        (*p)++;
    if (**p != '<')
        return -1;
    char digits[5] = "";
    size_t n = strcspn(*p, ">");
    memcpy(digits, *p + 1, n > 5 ? 4 : n - 1);
    *p += n + (n > 0 && (*p)[n] == '>');
    return n > 5 ? -2 : strtol(digits, NULL, 16); /* -2: outside the basic plane, or several */
}

/* Fills codes[cid] with its character.  Ranges are from, to, first character, or [a list]. */
static void read_map(const char *cmap, const bool *wanted, unsigned short *codes)
{
    bool ranges = false;
    for (const char *p = cmap; *p;) {
        if (*p == 'b' || *p == 'e') {
            bool begins = starts_with(p, "beginbf");
            if (begins)
                ranges = starts_with(p, "beginbfrange");
            p += strcspn(p, " \n");
            continue;
        }
        if (*p != '<' || p[1] == '<') {
            p += *p == '<' ? 2 : 1;
            continue;
        }
        long from = hex_code(&p), to = ranges ? hex_code(&p) : from;
        p += strspn(p, " \n");
        bool list = *p == '[';
        p += list;
        long code = hex_code(&p);
        for (long cid = from; cid >= 0 && cid <= to && cid < CODES; cid++) {
            if (code >= 0 && code < CODES && wanted[code])
                codes[cid] = (unsigned short)code;
            if (cid < to)
                code = list ? hex_code(&p) : code + 1;
        }
    }
}

static void put_map(struct buf *out, const unsigned short *codes)
{
    buf_puts(out, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                  "/CMapName /Survey-UCS2 def\n/CMapType 2 def\n"
                  "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
    struct buf block = {0};
    int n = 0;
    for (int cid = 0; cid < CODES; cid++) {
        if (codes[cid]) {
            buf_printf(&block, "<%04X> <%04X>\n", cid, codes[cid]);
            n++;
        }
        if (n == ENTRIES_MOST || (n && cid == CODES - 1)) {
            buf_printf(out, "%d beginbfchar\n%sendbfchar\n", n, block.text);
            buf_clear(&block);
            n = 0;
        }
    }
    buf_puts(out, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    buf_free(&block);
}

/* ---- the file ------------------------------------------------------------------------------ */

struct file {
    const struct buf *pdf;
    long *offsets; /* by object number; 0: free */
    long count;
    long xref;           /* where the table of cross references begins */
    const char *trailer; /* its dictionary, from << */
};

/* Offsets of all objects from the table at the end.  False when the file is not of the kind. */
static bool read_xref(struct file *f)
{
    const char *text = f->pdf->text, *end = text + f->pdf->len, *start = NULL;
    for (const char *p = end - 1; p > text && p > end - 200 && !start; p--)
        if (*p == 's' && starts_with(p, "startxref"))
            start = p;
    f->xref = start ? strtol(start + 9, NULL, 10) : 0;
    if (f->xref <= 0 || (size_t)f->xref + 20 > f->pdf->len)
        return false;
    const char *p = text + f->xref;
    long first = -1;
    int used = 0;
    if (sscanf(p, "xref %ld %ld %n", &first, &f->count, &used) < 2 || first != 0 || f->count < 1 ||
        f->count > OBJECT_MOST || f->count * 20 > end - p - used)
        return false;
    f->offsets = must_alloc((size_t)f->count * sizeof *f->offsets);
    for (long i = 0; i < f->count; i++) {
        const char *line = p + used + 20 * i;
        long at = strtol(line, NULL, 10);
        f->offsets[i] = line[17] == 'n' && at > 0 && at < f->xref ? at : 0;
    }
    f->trailer = strstr(p, "trailer");
    f->trailer = f->trailer ? strstr(f->trailer, "<<") : NULL;
    return f->trailer != NULL;
}

/* A dictionary object's text, from << to endobj, with line ends as blanks; "" when it is none. */
static void object_text(const struct file *f, long number, struct buf *out)
{
    buf_clear(out);
    if (number <= 0 || number >= f->count || !f->offsets[number])
        return;
    const char *p = f->pdf->text + f->offsets[number], *end = f->pdf->text + f->xref;
    const char *stop = memmem(p, (size_t)(end - p), "endobj", 6);
    const char *open = memmem(p, (size_t)(end - p), "<<", 2);
    if (!stop || !open || open > stop || stop - open > 100000)
        return;
    buf_put(out, open, (size_t)(stop - open));
    for (size_t i = 0; i < out->len; i++)
        if (out->text[i] == '\n' || out->text[i] == '\r')
            out->text[i] = ' ';
    while (out->len && out->text[out->len - 1] == ' ')
        out->text[--out->len] = '\0';
}

/* Whether the object is a font that needs the map; its dictionary goes to `dict`. */
static bool needs_map(const struct file *f, long number, struct buf *dict)
{
    object_text(f, number, dict);
    const char *text = buf_text(dict);
    const char *descendant = strstr(text, "/DescendantFonts");
    if (!strstr(text, "/Subtype/Type0") || strstr(text, "/ToUnicode") || !descendant)
        return false;
    struct buf other = {0};
    object_text(f, strtol(descendant + strcspn(descendant, "[") + 1, NULL, 10), &other);
    bool gb1 = strstr(buf_text(&other), "/Ordering(GB1)") != NULL;
    buf_free(&other);
    return gb1 && ends_with(text, ">>");
}

/* ---- the update ---------------------------------------------------------------------------- */

static void put_stream(struct buf *out, long number, const struct buf *map)
{
    buf_printf(out, "%ld 0 obj\n<</Length %zu>>\nstream\n", number, map->len);
    buf_put(out, map->text, map->len);
    buf_puts(out, "endstream\nendobj\n");
}

/* The old trailer with the new size and the place of the old table. */
static void put_trailer(struct buf *out, const struct file *f, size_t xref)
{
    const char *size = strstr(f->trailer, "/Size"), *after = size ? size + 5 : f->trailer + 2;
    after += strspn(after, " \r\n0123456789");
    const char *end = strstr(after, "startxref");
    while (end > after && *end != '>')
        end--;
    buf_puts(out, "trailer\n");
    buf_put(out, f->trailer, size ? (size_t)(size - f->trailer) : 2);
    buf_printf(out, "/Size %ld/Prev %ld", f->count + 1, f->xref);
    buf_put(out, after, (size_t)(end + 1 - after));
    buf_printf(out, "\nstartxref\n%zu\n%%%%EOF\n", xref);
}

static int append_update(struct buf *pdf, struct file *f, const struct buf *map)
{
    struct buf tail = {0}, table = {0}, dict = {0};
    size_t base = pdf->len;
    int fonts = 0;
    buf_puts(&tail, pdf->text[pdf->len - 1] == '\n' ? "" : "\n");
    for (long i = 1; i < f->count; i++) {
        if (!needs_map(f, i, &dict))
            continue;
        buf_printf(&table, "%ld 1\n%010zu 00000 n \n", i, base + tail.len);
        buf_printf(&tail, "%ld 0 obj\n", i);
        buf_put(&tail, dict.text, dict.len - 2);
        buf_printf(&tail, "/ToUnicode %ld 0 R>>\nendobj\n", f->count);
        fonts++;
    }
    if (fonts) {
        buf_printf(&table, "%ld 1\n%010zu 00000 n \n", f->count, base + tail.len);
        put_stream(&tail, f->count, map);
        size_t xref = base + tail.len;
        buf_printf(&tail, "xref\n%s", table.text);
        put_trailer(&tail, f, xref);
        buf_put(pdf, tail.text, tail.len);
    }
    buf_free(&tail);
    buf_free(&table);
    buf_free(&dict);
    return fonts;
}

int pdf_add_unicode(struct buf *pdf, const char *cmap, const char *text)
{
    struct file f = {.pdf = pdf};
    if (pdf->len < 100 || !read_xref(&f)) {
        free(f.offsets);
        return error("xdvipdfmx 写出的 PDF 不是预期的样子，不能补上文字对照表");
    }
    bool *wanted = must_alloc(CODES * sizeof *wanted);
    unsigned short *codes = must_alloc(CODES * sizeof *codes);
    struct buf map = {0};
    mark_characters(text, wanted);
    read_map(cmap, wanted, codes);
    put_map(&map, codes);
    int fonts = append_update(pdf, &f, &map);
    buf_free(&map);
    free(wanted);
    free(codes);
    free(f.offsets);
    return fonts;
}
