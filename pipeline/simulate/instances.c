/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Submissions of ODK Collect: one XML a record, in folders or in one zip.
 */
#include "simulate/upload_private.h"

#include "base/outfile.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

struct phone {
    const struct world *world;
    const struct style *style;
    struct truth *truth;
    char *folder;
    long count;
    struct outfile pack; /* one zip, if packed */
    zip_t *zip;
    struct buf xml;
    bool failed;
};

static const char *pack_name(const struct phone *p, struct buf *out)
{
    buf_printf(out, "%s_instances.zip", p->world->county_name);
    return out->text;
}

struct phone *phone_new(const struct world *w, const struct style *style, const char *folder,
                        struct truth *truth)
{
    struct phone *p = must_alloc(sizeof *p);
    p->world = w;
    p->style = style;
    p->truth = truth;
    p->folder = must_strdup(folder);
    if (!style->packed)
        return p;
    struct buf name = {0}, path = {0};
    buf_printf(&path, "%s/%s", folder, pack_name(p, &name));
    int why;
    p->failed = outfile_reserve(&p->pack, path.text) < 0;
    p->zip = p->failed ? NULL : zip_open(p->pack.tmp_path, ZIP_CREATE | ZIP_TRUNCATE, &why);
    p->failed = !p->zip;
    buf_free(&name);
    buf_free(&path);
    return p;
}

/* ---- XML ------------------------------------------------------------------------------------- */

static void put_escaped(struct buf *b, const char *text)
{
    for (; *text; text++)
        if (*text == '&')
            buf_puts(b, "&amp;");
        else if (*text == '<')
            buf_puts(b, "&lt;");
        else if (*text == '>')
            buf_puts(b, "&gt;");
        else
            buf_putc(b, *text);
}

static void put_element(struct buf *b, const char *name, const char *text)
{
    buf_printf(b, "<%s>", name);
    put_escaped(b, text);
    buf_printf(b, "</%s>", name);
}

/* Steps from one path of groups to another: closes and opens elements. */
static void change_group(struct buf *b, const char *from, const char *to)
{
    size_t same = 0;
    for (size_t i = 0;; i++) {
        bool end_from = !from[i] || from[i] == '/', end_to = !to[i] || to[i] == '/';
        if (end_from && end_to)
            same = i;
        if (!from[i] || from[i] != to[i])
            break;
    }
    for (size_t end = strlen(from); end > same;) { /* innermost first */
        size_t start = end;
        while (start > 0 && from[start - 1] != '/')
            start--;
        buf_printf(b, "</%.*s>", (int)(end - start), from + start);
        end = start > 0 ? start - 1 : 0;
    }
    for (const char *p = to + same + (to[same] == '/' && same > 0); *p;) {
        size_t n = strcspn(p, "/");
        buf_printf(b, "<%.*s>", (int)n, p);
        p += n + (p[n] == '/');
    }
}

static void put_record(struct buf *b, const struct made *m);

static void put_repeat(struct buf *b, const struct made *m, int repeat)
{
    const char *name = m->level->form->repeats[repeat].name;
    for (int i = 0; i < m->child_count; i++) {
        if (m->children[i]->truth.repeat != repeat)
            continue;
        buf_printf(b, "<%s>", name);
        put_record(b, m->children[i]);
        buf_printf(b, "</%s>", name);
    }
}

static void put_record(struct buf *b, const struct made *m)
{
    const struct form *f = m->level->form;
    const char *group = "";
    int done = -1;
    for (int i = 0; i < f->question_count; i++) {
        const struct question *q = &f->questions[i];
        if (q->repeat == m->truth.repeat && question_has_data(q)) {
            const char *text = m->shown[i].text;
            if (strcmp(group, q->group) != 0 && m->truth.repeat < 0) {
                change_group(b, group, q->group);
                group = q->group;
            }
            if (text && *text)
                put_element(b, q->name, text);
        } else if (q->repeat >= 0 && q->repeat != done &&
                   f->repeats[q->repeat].parent == m->truth.repeat) {
            done = q->repeat;
            change_group(b, group, f->repeats[done].group);
            group = f->repeats[done].group;
            put_repeat(b, m, done);
        }
    }
    change_group(b, group, "");
}

static void put_submission(struct phone *p, const struct made *m, const char *version, bool extra)
{
    struct buf *b = &p->xml;
    buf_clear(b);
    buf_printf(b, "<?xml version='1.0' ?><data id=\"%s\" version=\"%s\">", m->level->form->id,
               version);
    put_element(b, "start", "2025-05-04T09:35:55.599+08:00");
    put_element(b, "end", "2025-05-04T10:11:37.665+08:00");
    put_record(b, m);
    if (extra)
        put_element(b, "gps_note", "村口");
    buf_puts(b, "<meta>");
    put_element(b, "instanceID", m->instance);
    if (m->deprecated)
        put_element(b, "deprecatedID", m->deprecated);
    buf_puts(b, "</meta></data>");
}

static const char *new_instance(const struct phone *p, struct arena *a)
{
    struct chance *c = p->world->chance;
    return arena_printf(a, "uuid:%08lx-%04lx-4%03lx-8%03lx-%06lx%06lx", chance_below(c, 1L << 31),
                        chance_below(c, 1 << 16), chance_below(c, 1 << 12),
                        chance_below(c, 1 << 12), chance_below(c, 1 << 24),
                        chance_below(c, 1 << 24));
}

/* ---- files ----------------------------------------------------------------------------------- */

static void save(struct phone *p, const char *path)
{
    if (p->zip) {
        void *copy = must_alloc(p->xml.len);
        memcpy(copy, p->xml.text, p->xml.len);
        zip_source_t *source = zip_source_buffer(p->zip, copy, p->xml.len, 1);
        zip_int64_t at = zip_file_add(p->zip, path, source, ZIP_FL_ENC_UTF_8);
        p->failed =
            p->failed || at < 0 || zip_file_set_mtime(p->zip, (zip_uint64_t)at, 1743465600, 0);
        return;
    }
    struct outfile out;
    struct buf whole = {0};
    buf_printf(&whole, "%s/%s", p->folder, path);
    if (outfile_open(&out, whole.text) == 0) {
        fwrite(p->xml.text, 1, p->xml.len, out.stream);
        p->failed = outfile_commit(&out) < 0 || p->failed;
    } else {
        p->failed = true;
    }
    buf_free(&whole);
}

static const char *node_head(const void *of, const struct question *q)
{
    static struct buf text;
    const struct made *m = of;
    buf_clear(&text);
    if (m->truth.repeat >= 0)
        buf_printf(&text, "%s[%d]/", m->level->form->repeats[m->truth.repeat].name,
                   m->truth.position);
    else if (*q->group)
        buf_printf(&text, "%s/", q->group);
    buf_puts(&text, q->name);
    return text.text;
}

static void answer(struct phone *p, struct arena *a, const struct made *m, const char *file)
{
    const char *row = m->parent ? arena_printf(a, "%d", m->truth.position) : "";
    struct place_of at = {file, "", row};
    truth_problems(p->truth, m, at, node_head, m);
    if (m->fate)
        return;
    truth_record(p->truth, m, at);
    for (int i = 0; i < m->child_count; i++)
        answer(p, a, m->children[i], file);
}

/* A record that was written before keeps its instance, in the folder of another export. */
void phone_write(struct phone *p, struct arena *a, struct made *m, bool again)
{
    long n = ++p->count;
    const char *form = m->level->form_name, *version = m->level->form->version;
    const char *folder = again && m->instance ? "instances_2" : "instances";
    const char *name =
        arena_printf(a, "%s_2025-%02ld-%02ld_%02ld-%02ld-%02ld", form, 4 + n / 86400 / 28 % 3,
                     1 + n / 86400 % 28, n / 3600 % 24, n / 60 % 60, n % 60);
    const char *path = arena_printf(a, "%s/%s/%s.xml", folder, name, name);
    if (!m->instance)
        m->instance = new_instance(p, a);
    bool old = !m->fate && chance_hits(p->world->chance, 0.01);
    bool extra = chance_hits(p->world->chance, 0.02);
    put_submission(p, m, old ? "2024120101" : version, extra);
    save(p, path);
    struct buf pack = {0};
    const char *file = p->zip ? arena_printf(a, "%s!%s", pack_name(p, &pack), path) : path;
    if (old)
        truth_line(p->truth,
                   &(struct problem_line){
                       .file = file, .kind = "form_version", .class = "notice", .key = m->key});
    if (extra)
        truth_line(p->truth, &(struct problem_line){.file = file,
                                                    .column = "gps_note",
                                                    .kind = "extra_field",
                                                    .class = "notice",
                                                    .key = m->key});
    answer(p, a, m, file);
    buf_free(&pack);
}

int phone_close(struct phone *p)
{
    int code = p->failed ? -1 : 0;
    if (p->zip && zip_close(p->zip) < 0) {
        code = error("写不成压缩包：%s", zip_strerror(p->zip));
        zip_discard(p->zip);
    }
    if (p->style->packed && code == 0)
        code = outfile_commit(&p->pack);
    buf_free(&p->xml);
    free(p->folder);
    free(p);
    return code;
}
