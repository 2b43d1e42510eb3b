/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/message.h"
#include "remote/link_private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CONNECT_SECONDS = 30,
    SLOW_BYTES = 200, /* a second: slower than this is no progress */
    MOST_REDIRECTS = 5,
    FAULT_BYTES = 1 << 16, /* kept of an answer that is not good */
};

/* ---- parts of files that earlier attempts left --------------------------------------------- */

static char *validator_path(const struct request *r)
{
    struct buf path = {0};
    buf_printf(&path, "%s.etag", r->path);
    return path.text;
}

/* The strong validator that the part was received under, "" when there is none. */
static void read_validator(const struct request *r, char etag[VALIDATOR_ROOM])
{
    char *path = validator_path(r);
    FILE *in = fopen(path, "r");
    if (!in || !fgets(etag, VALIDATOR_ROOM, in))
        etag[0] = '\0';
    if (in)
        fclose(in);
    free(path);
}

static void forget_part(const struct request *r, bool file_too)
{
    char *path = validator_path(r);
    unlink(path);
    if (file_too)
        unlink(r->path);
    free(path);
}

/* Only a strong validator says that two parts are of the same bytes (RFC 9110, 8.8.1). */
static void note_validator(const struct request *r)
{
    if (r->etag[0] != '"') {
        forget_part(r, false);
        return;
    }
    char *path = validator_path(r);
    FILE *out = fopen(path, "w");
    if (out) {
        fputs(r->etag, out);
        fclose(out);
    }
    free(path);
}

/* ---- what comes in ------------------------------------------------------------------------- */

static void take_value(char *out, size_t size, const char *value, size_t n)
{
    while (n && (*value == ' ' || *value == '\t'))
        value++, n--;
    while (n && strchr(" \t\r\n", value[n - 1]))
        n--;
    snprintf(out, size, "%.*s", n < size ? (int)n : 0, value); /* too long: none */
}

static size_t on_header(char *bytes, size_t one, size_t n, void *user)
{
    struct attempt *a = user;
    struct request *r = a->request;
    char number[16];
    n *= one;
    if (n > 5 && !strncasecmp(bytes, "HTTP/", 5)) {
        r->etag[0] = r->modified[0] = '\0';
        a->retry_after = 0;
    } else if (n > 5 && !strncasecmp(bytes, "ETag:", 5)) {
        take_value(r->etag, sizeof r->etag, bytes + 5, n - 5);
    } else if (n > 14 && !strncasecmp(bytes, "Last-Modified:", 14)) {
        take_value(r->modified, sizeof r->modified, bytes + 14, n - 14);
    } else if (n > 12 && !strncasecmp(bytes, "Retry-After:", 12)) {
        take_value(number, sizeof number, bytes + 12, n - 12);
        a->retry_after = atoi(number);
    }
    return n;
}

/* The file of a good answer: gone on with after 206, begun anew after any other. */
static int open_file(struct attempt *a)
{
    struct request *r = a->request;
    if (r->status != 206)
        a->had = 0;
    a->file = fopen(r->path, a->had ? "ab" : "wb");
    if (!a->file) {
        a->disk = true;
        return -1;
    }
    note_validator(r);
    return 0;
}

static size_t on_body(char *bytes, size_t one, size_t n, void *user)
{
    struct attempt *a = user;
    struct request *r = a->request;
    long status = 0;
    n *= one;
    curl_easy_getinfo(a->easy, CURLINFO_RESPONSE_CODE, &status);
    r->status = (int)status;
    if (!is_good_status(r->status)) {
        if (r->answer.len + n <= FAULT_BYTES)
            buf_put(&r->answer, bytes, n);
        return n;
    }
    a->got += n;
    if (a->got + (size_t)a->had > r->limit) {
        a->too_large = true;
        return 0;
    }
    if (!r->path) {
        buf_put(&r->answer, bytes, n);
        return n;
    }
    if (!a->file && open_file(a) < 0)
        return 0;
    a->disk = fwrite(bytes, 1, n, a->file) != n;
    return a->disk ? 0 : n;
}

/* ---- one attempt --------------------------------------------------------------------------- */

static void add_header(struct attempt *a, const char *text)
{
    struct curl_slist *more = curl_slist_append(a->headers, text);
    if (!more)
        die(CANNOT, "内存不足");
    a->headers = more;
}

/* Ask for the rest of a file of which a part is here. */
static void ask_for_rest(struct attempt *a)
{
    struct request *r = a->request;
    struct stat st;
    char etag[VALIDATOR_ROOM] = "", text[VALIDATOR_ROOM + 64];
    a->had = 0;
    if (!r->path || a->no_range || stat(r->path, &st) < 0 || st.st_size == 0)
        return;
    read_validator(r, etag);
    if (!*etag)
        return;
    a->had = (long long)st.st_size;
    snprintf(text, sizeof text, "Range: bytes=%lld-", a->had);
    add_header(a, text);
    snprintf(text, sizeof text, "If-Range: %s", etag);
    add_header(a, text);
}

static void set_headers(struct attempt *a)
{
    struct request *r = a->request;
    curl_slist_free_all(a->headers);
    a->headers = NULL;
    add_header(a, "Expect:");
    for (int i = 0; i < REQUEST_HEADERS && r->headers[i]; i++)
        add_header(a, r->headers[i]);
    for (struct curl_slist *s = a->left ? NULL : a->link->secret; s; s = s->next)
        add_header(a, s->data);
    ask_for_rest(a);
    curl_easy_setopt(a->easy, CURLOPT_HTTPHEADER, a->headers);
}

static void set_security(struct attempt *a)
{
    CURL *c = a->easy;
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR,
                     is_this_machine(a->url) && !a->left ? "http,https" : "https");
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (a->link->certificate && !a->left)
        curl_easy_setopt(c, CURLOPT_CAINFO, a->link->certificate);
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    if (a->link->password && !a->left) {
        curl_easy_setopt(c, CURLOPT_HTTPAUTH, a->link->schemes);
        curl_easy_setopt(c, CURLOPT_USERPWD, a->link->password);
    }
}

static void set_body(struct attempt *a)
{
    struct request *r = a->request;
    if (r->body) {
        curl_easy_setopt(a->easy, CURLOPT_POSTFIELDS, r->body);
        curl_easy_setopt(a->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_size);
    }
    if (r->method)
        curl_easy_setopt(a->easy, CURLOPT_CUSTOMREQUEST, r->method);
}

/* Begin, also after a redirect. */
void attempt_begin(struct attempt *a)
{
    CURL *c = a->easy;
    curl_easy_reset(c);
    curl_easy_setopt(c, CURLOPT_URL, a->url);
    curl_easy_setopt(c, CURLOPT_PRIVATE, a);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, a->error);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "survey-fetch");
    /* Streams of HTTP/2 were seen to stall for a second in libcurl 7.88. */
    curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)a->link->stall);
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)a->request->limit);
    /* Ranges count the bytes as sent. */
    curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, a->request->path ? NULL : "");
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, a);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, a);
    set_security(a);
    set_body(a);
    set_headers(a);
    a->got = 0;
    a->request->status = 0;
    a->request->why[0] = '\0';
    buf_clear(&a->request->answer);
    curl_multi_add_handle(a->link->multi, c);
}

static void fail(struct request *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void fail(struct request *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(r->why, sizeof r->why, format, args);
    va_end(args);
}

bool attempt_follow(struct attempt *a)
{
    struct request *r = a->request;
    char *to = NULL;
    curl_easy_getinfo(a->easy, CURLINFO_REDIRECT_URL, &to);
    if (r->status < 300 || r->status == 304 || r->status >= 400 || !to)
        return false;
    bool same = !a->left && url_same_server(a->link->address, to);
    if (++a->redirects > MOST_REDIRECTS || r->body || !(same || r->may_leave) ||
        (!same && strncasecmp(to, "https://", 8) != 0)) {
        fail(r, "服务器要求转到另一个网址，为了不泄露密码没有照办。请核对来源表里的网址");
        return false;
    }
    char *next = must_strdup(to);
    free(a->url);
    a->url = next;
    a->left = !same;
    attempt_begin(a);
    return true;
}

static const char *curl_fault(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "找不到这个服务器。请核对网址，检查网络";
    case CURLE_COULDNT_CONNECT:
        return "连不上服务器。请检查网络，或者服务器没有开";
    case CURLE_OPERATION_TIMEDOUT:
        return "服务器太久没有回应";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return "服务器的证书不能确认，没有继续，以免把密码交给冒充的服务器。请核对网址；单位自建的"
               "服务"
               "器，请把单位的证书文件写在来源表 certificate 栏";
    case CURLE_SSL_CONNECT_ERROR:
        return "不能建立加密连接";
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2_STREAM:
        return "传输中断";
    case CURLE_BAD_CONTENT_ENCODING:
        return "服务器的回答残缺";
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return "网址写得不对";
    default:
        return curl_easy_strerror(code);
    }
}

static void close_file(struct attempt *a)
{
    if (a->file && fclose(a->file) != 0)
        a->disk = true;
    a->file = NULL;
}

/* An empty file is a file too. */
static void keep_empty(struct attempt *a)
{
    struct request *r = a->request;
    if (r->path && !a->file && is_good_status(r->status) && a->got == 0 && r->status != 206)
        open_file(a);
}

/* A server that takes the password as it is need not be asked each time. */
static void note_schemes(const struct attempt *a)
{
    long offered = 0;
    curl_easy_getinfo(a->easy, CURLINFO_HTTPAUTH_AVAIL, &offered);
    if (!a->left && (offered & CURLAUTH_BASIC) && !(offered & CURLAUTH_DIGEST))
        a->link->schemes = CURLAUTH_BASIC;
}

bool attempt_judge(struct attempt *a, CURLcode code)
{
    struct request *r = a->request;
    long status = 0;
    curl_easy_getinfo(a->easy, CURLINFO_RESPONSE_CODE, &status);
    r->status = (int)status;
    note_schemes(a);
    if (code == CURLE_OK)
        keep_empty(a);
    close_file(a);
    if (a->too_large || code == CURLE_FILESIZE_EXCEEDED) {
        fail(r, "服务器的回答超过%zu字节，没有接收", r->limit);
    } else if (a->disk) {
        fail(r, "不能写 %s：%s。请检查磁盘", r->path, error_reason(errno));
    } else if (code != CURLE_OK) {
        fail(r, "%s", curl_fault(code));
        return code != CURLE_PEER_FAILED_VERIFICATION && code != CURLE_SSL_CACERT_BADFILE &&
               code != CURLE_URL_MALFORMAT && code != CURLE_UNSUPPORTED_PROTOCOL;
    } else if (r->status == 416 && a->had) {
        forget_part(r, true);
        a->no_range = true;
        fail(r, "传输中断");
        return true;
    } else if (r->status == 408 || r->status == 429 || r->status >= 500) {
        return true;
    } else if (is_good_status(r->status)) {
        if (r->path)
            forget_part(r, false);
        if (!r->whole || r->whole(r))
            return false;
        if (r->path)
            unlink(r->path);
        fail(r, "服务器的回答残缺");
        return true;
    }
    return false;
}

/* ---- making and ending ---------------------------------------------------------------------- */

struct attempt attempt_new(struct link *l, struct request *r)
{
    struct attempt a = {.link = l, .request = r, .easy = curl_easy_init()};
    if (!a.easy)
        die(CANNOT, "内存不足");
    a.url = must_strdup(r->url);
    a.left = !url_same_server(l->address, r->url);
    return a;
}

void attempt_end(struct attempt *a)
{
    curl_easy_cleanup(a->easy);
    curl_slist_free_all(a->headers);
    free(a->url);
}
