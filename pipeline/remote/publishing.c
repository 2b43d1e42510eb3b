/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remote/publishing.h"

#include "remote/json.h"
#include "remote/servers.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES = 64 << 20 };

struct publisher {
    const struct source *source;
    const struct publishing *how;
    struct link *link;
    struct buf form; /* our XForm */
    /* What the server has: the form at all; a published version of it, with that number. */
    bool known, published;
    char version[64];
};

/* ---- files and calls ----------------------------------------------------------------------- */

static int read_all(const char *path, struct buf *out)
{
    char piece[65536];
    FILE *in = fopen(path, "rb");
    if (!in)
        return -1;
    for (size_t n; (n = fread(piece, 1, sizeof piece, in)) > 0;)
        buf_put(out, piece, n);
    int code = ferror(in) ? -1 : 0;
    fclose(in);
    return code;
}

static char *path_of(const struct publisher *p, const char *name)
{
    struct buf path = {0};
    buf_printf(&path, "%s/%s", p->how->folder, name);
    return path.text;
}

/* GET, or POST of a body, at the form's address + `rest`; `form` false: at the project's forms. */
static void call(struct publisher *p, bool form, const char *rest, const struct buf *body,
                 const char *type, struct request *r)
{
    struct buf url = {0};
    if (form)
        central_form_url(p->link, p->source, &url);
    else
        buf_printf(&url, "%s/v1/projects/%s/forms", link_address(p->link), p->source->project);
    buf_puts(&url, rest);
    *r = (struct request){.url = url.text, .limit = ANSWER_BYTES};
    if (body) {
        r->body = buf_text(body);
        r->body_size = body->len;
        r->headers[0] = type;
    }
    link_run(p->link, r, 1);
    buf_free(&url);
    r->url = "";
}

/* Whether the server has these bytes there. */
static bool has(struct publisher *p, const char *rest, const struct buf *bytes)
{
    struct request r;
    call(p, true, rest, NULL, NULL, &r);
    bool same = request_good(&r) && r.answer.len == bytes->len &&
                !memcmp(buf_text(&r.answer), buf_text(bytes), bytes->len);
    request_free(&r);
    return same;
}

/* ---- attachments --------------------------------------------------------------------------- */

/* What stands behind …/attachments: `stage` is "" for the published form, "/draft" for the draft.
 * The caller gives it back with json_decref(). */
static json_t *attachments(struct publisher *p, const char *stage)
{
    struct request r;
    char rest[64];
    snprintf(rest, sizeof rest, "%s/attachments", stage);
    call(p, true, rest, NULL, NULL, &r);
    json_t *j = request_good(&r) ? json_of(&r) : NULL;
    request_free(&r);
    return j;
}

static void attachment_rest(struct buf *rest, const char *stage, const char *name)
{
    buf_printf(rest, "%s/attachments/", stage);
    url_escape(rest, name);
}

/* Whether an attachment there is the file here; one that is not here may be a list of entities. */
static bool is_same_attachment(struct publisher *p, const char *stage, const json_t *one)
{
    char number[JSON_TEXT];
    const char *name = json_text(one, "name", number);
    struct buf file = {0}, rest = {0};
    char *path = path_of(p, name);
    bool same = strchr(name, '/') || read_all(path, &file) < 0;
    if (!same) {
        attachment_rest(&rest, stage, name);
        same = has(p, rest.text, &file);
    }
    free(path);
    buf_free(&rest);
    buf_free(&file);
    return same;
}

/* Whether form and attachments of that stage are ours. */
static bool is_ours(struct publisher *p, const char *stage)
{
    char rest[64];
    snprintf(rest, sizeof rest, "%s.xml", stage);
    if (!has(p, rest, &p->form))
        return false;
    json_t *all = attachments(p, stage);
    const json_t *one;
    size_t i;
    bool same = json_is_array(all);
    json_array_foreach(all, i, one)
    {
        same = same && is_same_attachment(p, stage, one);
    }
    json_decref(all);
    return same;
}

static int send_attachment(struct publisher *p, const json_t *one)
{
    char number[JSON_TEXT];
    const char *name = json_text(one, "name", number);
    struct buf file = {0}, rest = {0};
    char *path = path_of(p, name);
    int code = 0;
    if (strchr(name, '/') || read_all(path, &file) < 0) {
        if (!json_is_true(json_object_get(one, "exists")))
            code = error("表单用到的文件 %s 不在 %s", name, p->how->folder);
    } else {
        struct request r;
        attachment_rest(&rest, "/draft", name);
        call(p, true, rest.text, &file,
             ends_with(name, ".csv") ? "Content-Type: text/csv"
                                     : "Content-Type: application/octet-stream",
             &r);
        if (!request_good(&r))
            code = error("文件 %s 没有传上：%s", name, request_fault(&r));
        request_free(&r);
    }
    free(path);
    buf_free(&rest);
    buf_free(&file);
    return code;
}

static int send_attachments(struct publisher *p)
{
    json_t *all = attachments(p, "/draft");
    const json_t *one;
    size_t i;
    int code = json_is_array(all) ? 0 : error_at(p->source->place, "没有取到草稿的文件清单");
    json_array_foreach(all, i, one)
    {
        if (send_attachment(p, one) < 0)
            code = -1;
    }
    json_decref(all);
    return code;
}

/* ---- the form ------------------------------------------------------------------------------ */

/* What the server knows of the form.  0, or -1 after a message. */
static int look(struct publisher *p)
{
    struct request r;
    char a[JSON_TEXT], b[JSON_TEXT];
    call(p, true, "", NULL, NULL, &r);
    int code = request_good(&r) || r.status == 404
                   ? 0
                   : error_at(p->source->place, "%s", request_fault(&r));
    json_t *j = request_good(&r) ? json_of(&r) : NULL;
    p->known = j != NULL;
    p->published = *json_text(j, "publishedAt", a) != '\0';
    snprintf(p->version, sizeof p->version, "%s", json_text(j, "version", b));
    json_decref(j);
    request_free(&r);
    return code;
}

static int send_draft(struct publisher *p)
{
    struct request r;
    call(p, p->known, p->known ? "/draft" : "?publish=false", &p->form,
         "Content-Type: application/xml", &r);
    /* An attempt that was taken for lost got through. */
    if (!p->known && r.status == 409) {
        request_free(&r);
        call(p, true, "/draft", &p->form, "Content-Type: application/xml", &r);
    }
    int code =
        request_good(&r) ? 0 : error_at(p->source->place, "表单没有传上：%s", request_fault(&r));
    request_free(&r);
    return code == 0 ? send_attachments(p) : -1;
}

static int make_live(struct publisher *p)
{
    static const struct buf nothing;
    struct request r;
    call(p, true, "/draft/publish", &nothing, NULL, &r);
    int code = request_good(&r) ? 0 : error_at(p->source->place, "没有发布：%s", request_fault(&r));
    request_free(&r);
    return code;
}

static int publish_form(struct publisher *p)
{
    const char *name = p->source->questionnaire, *version = p->source->form->version;
    if (look(p) < 0)
        return -1;
    /* Of a form that was never published, the address without /draft gives the draft. */
    if (p->published && is_ours(p, "")) {
        note("%s：服务器上正在使用的就是这一版（%s）", name, version);
        return 0;
    }
    if (p->published && !strcmp(p->version, version))
        return error(
            "%s：问卷改过了，版本号却还是 %s。请在问卷 settings 表改 version（如今天的日期），"
            "再运行",
            p->source->form->path, version);
    if (!is_ours(p, "/draft") && send_draft(p) < 0)
        return -1;
    if (!p->how->live) {
        note("%s：草稿（版本 %s）已在服务器上，可以用手机试填。正式启用：make publish … live=yes",
             name, version);
        return 0;
    }
    if (make_live(p) < 0)
        return -1;
    note("%s：版本 %s 已正式启用，请通知各县在手机上更新表单", name, version);
    return 0;
}

/* ---- signing in ---------------------------------------------------------------------------- */

static int publish_signed_in(struct publisher *p)
{
    char *secret = source_secret(p->source);
    int code = secret ? SERVER_CENTRAL.enter(p->link, p->source, secret) : -1;
    if (secret)
        sodium_memzero(secret, strlen(secret));
    free(secret);
    if (code < 0)
        return -1;
    code = publish_form(p);
    SERVER_CENTRAL.leave(p->link, p->source);
    return code;
}

int publish(const struct source *s, const struct publishing *how)
{
    struct publisher p = {.source = s, .how = how};
    struct buf path = {0};
    int code = -1;
    buf_printf(&path, "%s/%s.xml", how->folder, s->questionnaire);
    if (strcmp(s->form_id, s->form->id) != 0)
        error_at(s->place, "form 栏与问卷的表单号 %s 不同，不能发布", s->form->id);
    else if (read_all(path.text, &p.form) < 0)
        error("不能读 %s：%s", path.text, error_reason(errno));
    else if ((p.link = link_open(s->address, s->certificate, how->stall, how->tries)))
        code = publish_signed_in(&p);
    link_close(p.link);
    buf_free(&p.form);
    buf_free(&path);
    return code;
}
