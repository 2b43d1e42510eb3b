/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/request.h"

#include "base/arena.h"
#include "base/message.h"
#include "web/answer.h"
#include "web/pages.h"
#include "web/uploads.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    FIELD_MAX = 255,        /* bytes of a field that is kept */
    FORM_MOST = 8 << 10,    /* bytes of a form without files */
    BORNE = 1 << 20,        /* bytes of it that are read at all */
    TIMES_BORNE = 8,        /* as many times the largest upload */
    PARSER_BUFFER = 4 << 10 /* of libmicrohttpd's form parser */
};

#define EXPIRED "登录已经过期，文件没有收下。请重新登录，再报一次"

enum field { CODE, PASSPHRASE, TOKEN, KIND, FILE_NAME, FIELDS };
static const char *const FIELD_NAMES[FIELDS] = {"code", "passphrase", "token", "kind", "file"};

struct request {
    struct server *server;
    struct MHD_Connection *connection;
    struct session *session;
    struct submission *submission; /* of /topics/… links, the session's county */
    char rest[FIELD_MAX];          /* of the link, behind the topic */
    bool is_post, is_upload;
    struct MHD_PostProcessor *parser;
    char fields[FIELDS][FIELD_MAX + 1];
    struct upload *upload;
    bool in_file;               /* the last part was a file with a name */
    unsigned status;            /* of a refusal while the body comes; 0: none */
    const char *why;            /* its text */
    long long got, most, borne; /* bytes of the body: so far, kept, read at all */
};

/* ---- who and what --------------------------------------------------------------------------- */

static const char *cookie(struct request *r, const char *name)
{
    const char *value = MHD_lookup_connection_value(r->connection, MHD_COOKIE_KIND, name);
    return value ? value : "";
}

static void find_session(struct request *r)
{
    struct server *s = r->server;
    accounts_refresh(&s->accounts);
    r->session = sessions_find(&s->sessions, cookie(r, "session"), &s->accounts, time(NULL));
}

/* The sender as far as it is known: what the reverse proxy added last, or the socket's. */
static void sender(struct request *r, char out[64])
{
    const char *list =
        MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "X-Forwarded-For");
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    *out = '\0';
    if (r->server->proxied && list) {
        const char *last = strrchr(list, ',');
        last = last ? last + 1 : list;
        snprintf(out, 64, "%s", last + strspn(last, " "));
    } else if (info && info->client_addr->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((struct sockaddr_in *)info->client_addr)->sin_addr, out, 64);
    } else if (info && info->client_addr->sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)info->client_addr)->sin6_addr, out, 64);
    }
}

/* Splits /topics/<plan>/<number>/<rest>; the submission is the signed-in county's own, so no link
 * leads to another's. */
static void find_submission(struct request *r, const char *url)
{
    static const char before[] = "/topics/";
    char id[FIELD_MAX];
    if (!r->session || strncmp(url, before, sizeof before - 1) != 0)
        return;
    const char *plan = url + sizeof before - 1, *slash = strchr(plan, '/');
    const char *end = slash ? slash + 1 + strcspn(slash + 1, "/") : NULL;
    if (!end || (size_t)(end - plan) >= sizeof id || strlen(end) >= sizeof r->rest)
        return;
    snprintf(id, sizeof id, "%.*s", (int)(end - plan), plan);
    snprintf(r->rest, sizeof r->rest, "%s", *end ? end + 1 : end);
    const struct offered *o = catalog_topic(&r->server->catalog, id);
    if (o)
        r->submission = catalog_submission(&r->server->catalog, o, r->session->account.name);
}

static struct view view_of(struct request *r)
{
    return (struct view){.catalog = &r->server->catalog,
                         .checks = &r->server->checks,
                         .session = r->session,
                         .upload_mb = r->server->upload_mb};
}

static void note_event(struct request *r, const char *event, const char *account,
                       const char *receipt)
{
    struct entry e = {.event = event,
                      .account = account,
                      .topic = r->submission ? r->submission->offered->id : NULL,
                      .receipt = receipt,
                      .files = r->upload ? upload_count(r->upload) : 0,
                      .bytes = r->upload ? upload_size(r->upload) : 0};
    journal_add(&r->server->journal, time(NULL), e);
}

/* ---- answers -------------------------------------------------------------------------------- */

static enum MHD_Result show(struct request *r, unsigned status, struct buf *html)
{
    line_allow(r->connection, SECONDS_ANSWER);
    return answer_page(r->server, r->connection, status, html, NULL);
}

static enum MHD_Result refuse(struct request *r, unsigned status, const char *why)
{
    struct view v = view_of(r);
    struct buf html = {0}, link = {0};
    if (r->submission)
        buf_printf(&link, "/topics/%s", r->submission->offered->id);
    page_message(&html, &v, "bad", r->is_upload ? "没有收下" : "办不了", why,
                 link.len ? link.text : "/", r->session ? "返回" : "去登录");
    buf_free(&link);
    return show(r, status, &html);
}

/* The sign-in page with a token in a cookie and in the form: a form that another site sends has not
 * both.  The cookie stays, so that a page in another tab, or an icon that the browser looks for,
 * leaves the form on the screen good. */
static enum MHD_Result ask_to_sign_in(struct request *r, unsigned status, const char *code,
                                      const char *why)
{
    struct buf html = {0};
    char token[TOKEN_TEXT], set[COOKIE_TEXT];
    if (token_valid(cookie(r, "form")))
        memcpy(token, cookie(r, "form"), sizeof token);
    else
        token_make(token);
    cookie_make(r->server, "form", token, set);
    page_sign_in(&html, token, code, why);
    line_allow(r->connection, SECONDS_ANSWER);
    return answer_page(r->server, r->connection, status, &html, set);
}

/* ---- signing in and out --------------------------------------------------------------------- */

/* The account's name as typed: half-width, without blanks, lower case. */
static void plain_code(const char *typed, char out[FIELD_MAX + 1])
{
    struct buf half = {0};
    size_t n = 0;
    text_halfwidth(&half, typed);
    for (const char *p = buf_text(&half); *p && n < FIELD_MAX; p++)
        if (*p != ' ')
            out[n++] = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    out[n] = '\0';
    buf_free(&half);
}

static enum MHD_Result sign_in(struct request *r)
{
    struct server *s = r->server;
    time_t now = time(NULL);
    char code[FIELD_MAX + 1], address[64], set[COOKIE_TEXT];
    plain_code(r->fields[CODE], code);
    sender(r, address);
    if (!token_same(cookie(r, "form"), r->fields[TOKEN]))
        return ask_to_sign_in(r, MHD_HTTP_FORBIDDEN, code,
                              "这一页放得太久了，或浏览器不收 cookie。请再登录一次");
    accounts_refresh(&s->accounts);
    const struct account *known = accounts_find(&s->accounts, code);
    /* A new passphrase begins anew; names that nobody has are counted as one. */
    const char *tried = known ? known->hash : "";
    if (lockout_holds(&s->lockout, tried, address, now)) {
        note_event(r, "locked", known ? known->name : NULL, NULL);
        return ask_to_sign_in(r, MHD_HTTP_TOO_MANY_REQUESTS, code,
                              "口令错的次数太多，暂时不能登录。请等15分钟再试，"
                              "或请办公室重发口令");
    }
    if (!accounts_verify(&s->accounts, code, r->fields[PASSPHRASE])) {
        lockout_count(&s->lockout, tried, address, now);
        note_event(r, "sign-in-failed", known ? known->name : NULL, NULL);
        return ask_to_sign_in(r, MHD_HTTP_FORBIDDEN, code,
                              "县代码或口令不对。请对照办公室发的口令，重新输入");
    }
    lockout_clear(&s->lockout, tried, address);
    note_event(r, "sign-in", known->name, NULL);
    if (r->session)
        sessions_end(r->session);
    r->session = sessions_begin(&s->sessions, known, now);
    cookie_make(s, "session", r->session->id, set);
    return answer_redirect(s, r->connection, "/", set);
}

static enum MHD_Result sign_out(struct request *r)
{
    char set[COOKIE_TEXT];
    if (r->session && !token_same(r->session->token, r->fields[TOKEN]))
        return refuse(r, MHD_HTTP_FORBIDDEN, "这一页放得太久了，请返回再试");
    if (r->session) {
        note_event(r, "sign-out", r->session->account.name, NULL);
        sessions_end(r->session);
        r->session = NULL;
    }
    cookie_make(r->server, "session", "", set);
    return answer_redirect(r->server, r->connection, "/", set);
}

/* ---- uploads -------------------------------------------------------------------------------- */

static enum MHD_Result store(struct request *r)
{
    struct server *s = r->server;
    char receipt[RECEIPT_TEXT];
    struct buf path = {0};
    time_t now = time(NULL);
    bool correction = strcmp(r->fields[KIND], "correction") == 0, again = false;
    submission_find_folder(r->submission);
    if (!r->upload || upload_count(r->upload) == 0)
        return refuse(r, MHD_HTTP_BAD_REQUEST,
                      "没有收到文件：没有选文件，或者选的文件是空的。请返回再选");
    upload_drop_known(r->upload, r->submission, receipt);
    if (upload_count(r->upload) == 0) {
        again = true;
        note_event(r, "known", r->session->account.name, NULL);
    } else {
        journal_receipt(&s->journal, now, receipt);
        note_event(r, "upload", r->session->account.name, receipt);
        if (upload_finish(r->upload, r->submission, receipt,
                          correction ? r->submission->offered->correction : "", now) < 0)
            return refuse(r, MHD_HTTP_INTERNAL_SERVER_ERROR, upload_why(r->upload));
        checks_want(&s->checks, r->submission);
    }
    buf_printf(&path, "/topics/%s/receipts/%s%s", r->submission->offered->id,
               *receipt ? receipt : "-", again ? "?again=1" : "");
    enum MHD_Result rc = answer_redirect(s, r->connection, path.text, NULL);
    buf_free(&path);
    return rc;
}

static enum MHD_Result withdraw(struct request *r)
{
    struct view v = view_of(r);
    struct submission *s = r->submission;
    char receipt[RECEIPT_TEXT];
    struct buf html = {0}, link = {0};
    if (!token_same(r->session->token, r->fields[TOKEN]))
        return refuse(r, MHD_HTTP_FORBIDDEN, "这一页放得太久了，没有撤回。请返回再试");
    submission_find_folder(s);
    if (upload_withdraw(s, r->fields[FILE_NAME], r->server->withdrawn, receipt) < 0)
        return refuse(r, MHD_HTTP_NOT_FOUND, "没有撤回：没有这个文件，或者已经撤回了");
    note_event(r, "withdraw", r->session->account.name, receipt);
    checks_want(&r->server->checks, s);
    buf_printf(&link, "/topics/%s", s->offered->id);
    page_message(&html, &v, "good", "已撤回",
                 "文件已撤回，不再算您县报的资料。如果按错了，把文件再报一次就行。", link.text,
                 "返回");
    buf_free(&link);
    return show(r, MHD_HTTP_OK, &html);
}

/* ---- pages and files ------------------------------------------------------------------------ */

static enum MHD_Result send_file(struct request *r, char *path, const char *type, const char *kind,
                                 const char *extension)
{
    struct buf ascii = {0}, shown = {0};
    const struct submission *s = r->submission;
    buf_printf(&ascii, "%s%s", s->county, extension);
    buf_printf(&shown, "%s-%s-课题%d%s", s->name, kind, atoi(s->offered->topic->number), extension);
    line_allow(r->connection, SECONDS_ANSWER);
    enum MHD_Result rc =
        path ? answer_file(r->server, r->connection, path, type, ascii.text, shown.text) : MHD_NO;
    if (rc == MHD_NO)
        rc = refuse(r, MHD_HTTP_NOT_FOUND, "现在没有这个文件");
    buf_free(&ascii);
    buf_free(&shown);
    free(path);
    return rc;
}

#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

static enum MHD_Result topic_link(struct request *r)
{
    struct view v = view_of(r);
    struct buf html = {0};
    struct submission *s = r->submission;
    static const char receipts[] = "receipts/", paper[] = "paper/";
    if (!*r->rest) {
        page_topic(&html, &v, s);
        return show(r, MHD_HTTP_OK, &html);
    }
    if (strcmp(r->rest, "returns.xlsx") == 0)
        return send_file(r, check_file(s, CHECK_RETURNS), XLSX, "回填单", ".xlsx");
    if (strcmp(r->rest, "form.xlsx") == 0)
        return send_file(r, county_workbook(s), XLSX, "填报表", ".xlsx");
    if (strncmp(r->rest, paper, sizeof paper - 1) == 0)
        return send_file(r, paper_form(s, atoi(r->rest + sizeof paper - 1) - 1), "application/pdf",
                         "纸质问卷", ".pdf");
    if (strncmp(r->rest, receipts, sizeof receipts - 1) == 0) {
        page_receipt(&html, &v, s, r->rest + sizeof receipts - 1,
                     MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND, "again"));
        return show(r, MHD_HTTP_OK, &html);
    }
    return refuse(r, MHD_HTTP_NOT_FOUND, "没有这一页");
}

static enum MHD_Result get(struct request *r, const char *url)
{
    struct view v = view_of(r);
    struct buf html = {0};
    if (strcmp(url, "/style.css") == 0)
        return answer_fixed(r->server, r->connection, &r->server->style, "text/css; charset=utf-8");
    if (strcmp(url, "/upload.js") == 0)
        return answer_fixed(r->server, r->connection, &r->server->script,
                            "text/javascript; charset=utf-8");
    if (!r->session)
        return ask_to_sign_in(r, strcmp(url, "/") == 0 ? MHD_HTTP_OK : MHD_HTTP_FORBIDDEN, "",
                              strcmp(url, "/") == 0 ? "" : "请先登录");
    if (r->submission)
        return topic_link(r);
    if (strcmp(url, "/") != 0)
        return refuse(r, MHD_HTTP_NOT_FOUND, "没有这一页");
    if (session_is_staff(r->session))
        page_overview(&html, &v);
    else
        page_county(&html, &v);
    return show(r, MHD_HTTP_OK, &html);
}

static enum MHD_Result post(struct request *r, const char *url)
{
    bool signs = strcmp(url, "/sign-in") == 0 || strcmp(url, "/sign-out") == 0;
    bool own = r->session && (!r->submission || /* another may have signed in meanwhile */
                              strcmp(r->session->account.name, r->submission->county) == 0);
    if (!own && !signs)
        return ask_to_sign_in(r, MHD_HTTP_FORBIDDEN, "", EXPIRED);
    if (r->status)
        return refuse(r, r->status, r->upload && !r->why ? upload_why(r->upload) : r->why);
    if (strcmp(url, "/sign-in") == 0)
        return sign_in(r);
    if (strcmp(url, "/sign-out") == 0)
        return sign_out(r);
    if (r->is_upload)
        return store(r);
    if (r->submission && strcmp(r->rest, "withdraw") == 0)
        return withdraw(r);
    return refuse(r, MHD_HTTP_NOT_FOUND, "没有这一页");
}

/* ---- the body ------------------------------------------------------------------------------- */

static void fail(struct request *r, unsigned status, const char *why)
{
    if (r->status)
        return;
    r->status = status;
    r->why = why;
}

static void take_field(struct request *r, const char *name, const char *bytes, size_t n)
{
    for (int i = 0; i < FIELDS; i++) {
        if (strcmp(name, FIELD_NAMES[i]) != 0)
            continue;
        size_t used = strlen(r->fields[i]);
        if (memchr(bytes, '\0', n) || used + n > FIELD_MAX)
            n = 0;
        memcpy(r->fields[i] + used, bytes, n);
        r->fields[i][used + n] = '\0';
    }
}

/* A part of a file; its form has shown its token before. */
static void take_file(struct request *r, const char *name, const char *bytes, uint64_t off,
                      size_t n)
{
    if (!r->is_upload || r->status)
        return;
    if (!token_same(r->session->token, r->fields[TOKEN])) { /* nor that of a later session */
        fail(r, MHD_HTTP_FORBIDDEN, "这一页放得太久了，文件没有收下。请返回，再报一次");
        return;
    }
    if (!r->upload)
        r->upload = upload_begin(r->server->incoming, (long long)r->server->upload_mb << 20);
    if (off == 0)
        r->in_file = *name != '\0';
    if (!r->in_file)
        return;
    if ((off == 0 && upload_file(r->upload, name) < 0) || upload_bytes(r->upload, bytes, n) < 0)
        fail(r, MHD_HTTP_CONTENT_TOO_LARGE, NULL);
}

static enum MHD_Result on_part(void *user, enum MHD_ValueKind kind, const char *key,
                               const char *filename, const char *type, const char *encoding,
                               const char *data, uint64_t off, size_t size)
{
    (void)kind, (void)type, (void)encoding;
    if (filename)
        take_file(user, filename, data, off, size);
    else if (key)
        take_field(user, key, data, size);
    return MHD_YES;
}

static enum MHD_Result take_body(struct request *r, const char *data, size_t n)
{
    r->got += (long long)n;
    if (r->got > r->borne)
        return MHD_NO;
    if (r->got > r->most)
        fail(r, MHD_HTTP_CONTENT_TOO_LARGE,
             "文件太大，没有收下。请去掉照片等再报，或压缩成 .zip 再报");
    if (!r->status && r->parser && MHD_post_process(r->parser, data, n) != MHD_YES)
        fail(r, MHD_HTTP_BAD_REQUEST, "收到的内容不完整，请返回再报一次");
    return MHD_YES;
}

/* ---- the course of a request ---------------------------------------------------------------- */

/* More than is kept is read and dropped within bounds, so that a browser gets to read the answer;
 * beyond them the answer comes at once and the connection ends. */
static enum MHD_Result begin_post(struct request *r)
{
    const char *length =
        MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Content-Length");
    long long bytes = length ? atoll(length) : 0;
    r->is_upload = r->submission && strcmp(r->rest, "files") == 0;
    r->most = r->is_upload ? ((long long)r->server->upload_mb << 20) + FORM_MOST : FORM_MOST;
    r->borne = r->is_upload ? r->most * TIMES_BORNE : BORNE;
    line_allow(r->connection,
               r->server->idle + (bytes < r->borne ? bytes : r->borne) / BYTES_A_SECOND);
    if (bytes > r->borne)
        return r->session ? refuse(r, MHD_HTTP_CONTENT_TOO_LARGE, "文件太大，没有收下")
                          : ask_to_sign_in(r, MHD_HTTP_FORBIDDEN, "", EXPIRED);
    r->parser = MHD_create_post_processor(r->connection, PARSER_BUFFER, on_part, r);
    if (!r->parser)
        fail(r, MHD_HTTP_BAD_REQUEST, "收到的不是网页上的表");
    return MHD_YES;
}

static enum MHD_Result begin(struct server *s, struct MHD_Connection *c, const char *url,
                             const char *method, void **state)
{
    struct request *r = must_alloc(sizeof *r);
    *r = (struct request){.server = s, .connection = c, .most = FORM_MOST, .borne = BORNE};
    *state = r;
    line_allow(c, s->idle);
    find_session(r);
    find_submission(r, url);
    r->is_post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
    if (!r->is_post && strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
        strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse(r, MHD_HTTP_METHOD_NOT_ALLOWED, "不能这样办");
    return r->is_post ? begin_post(r) : MHD_YES;
}

enum MHD_Result request_answer(void *server, struct MHD_Connection *c, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *size, void **state)
{
    struct request *r = *state;
    (void)version;
    if (!r)
        return begin(server, c, url, method, state);
    if (*size > 0) {
        enum MHD_Result rc = take_body(r, data, *size);
        *size = 0;
        return rc;
    }
    if (r->parser) {
        MHD_destroy_post_processor(r->parser);
        r->parser = NULL;
    }
    if (r->is_post) /* it may have taken long: does the session still hold? */
        find_session(r);
    return r->is_post ? post(r, url) : get(r, url);
}

void request_ended(void *server, struct MHD_Connection *c, void **state,
                   enum MHD_RequestTerminationCode why)
{
    struct request *r = *state;
    (void)why;
    if (!r)
        return;
    line_allow(c, ((struct server *)server)->idle);
    if (r->parser)
        MHD_destroy_post_processor(r->parser);
    upload_free(r->upload);
    free(r);
    *state = NULL;
}
