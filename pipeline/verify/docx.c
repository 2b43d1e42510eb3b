/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/docx.h"

#include "base/message.h"
#include "formats/xmlstream.h"
#include "formats/zipfile.h"

#include <string.h>

struct reading {
    struct buf *out;
    size_t most;
    struct xml_events events;
    int in_text, in_properties, in_fallback; /* depths of w:t, w:pPr, mc:Fallback */
    bool over;
};

static int *depth_of(struct reading *r, const char *name)
{
    if (!strcmp(name, "t"))
        return &r->in_text;
    if (!strcmp(name, "pPr"))
        return &r->in_properties;
    return strcmp(name, "Fallback") ? NULL : &r->in_fallback;
}

static void on_start(void *user, const struct xml_tag *tag)
{
    struct reading *r = user;
    int *depth = depth_of(r, tag->name);
    if (depth)
        ++*depth;
    else if (r->in_properties || r->in_fallback)
        return;
    else if (!strcmp(tag->name, "tab"))
        buf_putc(r->out, '\t');
    else if (!strcmp(tag->name, "br") || !strcmp(tag->name, "cr"))
        buf_putc(r->out, '\n');
}

static void on_end(void *user, const char *name)
{
    struct reading *r = user;
    int *depth = depth_of(r, name);
    if (depth)
        --*depth;
    else if (!strcmp(name, "p") && !r->in_fallback)
        buf_putc(r->out, '\n');
}

static void on_text(void *user, const char *bytes, size_t n)
{
    struct reading *r = user;
    if (!r->in_text || r->in_fallback)
        return;
    if (r->out->len + n > r->most)
        r->over = r->events.stop = true;
    else
        buf_put(r->out, bytes, n);
}

static long read_stream(void *source, char *bytes, size_t n)
{
    return zipstream_read(source, bytes, n);
}

static int read_document(struct zipfile *z, struct reading *r, const char *path)
{
    int entry = zipfile_find(z, "word/document.xml");
    if (entry < 0)
        return error_at((struct place){.file = path}, "是压缩文件，但不是 Word 文档（.docx）");
    struct zipstream *s = zipfile_stream(z, entry);
    if (!s)
        return error_at((struct place){.file = path}, "有密码，或者展开后太大。请另存后再试");
    int code = xml_stream(read_stream, s, &r->events);
    zipstream_close(s);
    if (r->over)
        return error_at((struct place){.file = path}, "文字太多，不像一份文稿");
    if (code < 0)
        return error_at((struct place){.file = path}, "文档损坏，读不出文字。请用 WPS 或 Word "
                                                      "打开后另存为 .docx");
    return 0;
}

int docx_read(struct buf *out, const char *path, size_t most)
{
    struct zipfile *z = zipfile_open(path);
    if (!z)
        return error_at((struct place){.file = path}, "文件损坏，打不开。请另存为 .docx 后再试");
    struct reading r = {.out = out, .most = most};
    r.events = (struct xml_events){.start = on_start, .end = on_end, .text = on_text, .user = &r};
    int code = read_document(z, &r, path);
    zipfile_close(z);
    return code;
}
