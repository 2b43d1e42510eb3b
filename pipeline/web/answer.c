/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/answer.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum MHD_Result send_it(const struct server *s, struct MHD_Connection *c, unsigned status,
                               struct MHD_Response *r, const char *type)
{
    static const char *const headers[][2] = {
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
         "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    if (!r)
        return MHD_NO;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        MHD_add_response_header(r, headers[i][0], headers[i][1]);
    if (server_is_secure(s))
        MHD_add_response_header(r, "Strict-Transport-Security", "max-age=31536000");
    if (!MHD_get_response_header(r, "Cache-Control"))
        MHD_add_response_header(r, "Cache-Control", "no-store");
    if (type)
        MHD_add_response_header(r, "Content-Type", type);
    enum MHD_Result rc = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return rc;
}

enum MHD_Result answer_page(const struct server *s, struct MHD_Connection *c, unsigned status,
                            struct buf *html, const char *cookie)
{
    struct MHD_Response *r =
        MHD_create_response_from_buffer(html->len, html->text, MHD_RESPMEM_MUST_FREE);
    if (!r)
        buf_free(html);
    *html = (struct buf){0};
    if (r && cookie)
        MHD_add_response_header(r, "Set-Cookie", cookie);
    if (r && status == MHD_HTTP_TOO_MANY_REQUESTS)
        MHD_add_response_header(r, "Retry-After", "900");
    return send_it(s, c, status, r, "text/html; charset=utf-8");
}

enum MHD_Result answer_redirect(const struct server *s, struct MHD_Connection *c, const char *path,
                                const char *cookie)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    if (r)
        MHD_add_response_header(r, "Location", path);
    if (r && cookie)
        MHD_add_response_header(r, "Set-Cookie", cookie);
    return send_it(s, c, MHD_HTTP_SEE_OTHER, r, NULL);
}

/* attachment; filename="411525.xlsx"; filename*=UTF-8''%E5%9B%9E… (RFC 6266) */
static void put_disposition(struct buf *out, const char *ascii, const char *shown)
{
    buf_printf(out, "attachment; filename=\"%s\"; filename*=UTF-8''", ascii);
    for (const unsigned char *p = (const unsigned char *)shown; *p; p++) {
        bool plain = (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') ||
                     (*p >= 'A' && *p <= 'Z') || *p == '-' || *p == '.' || *p == '_';
        buf_printf(out, plain ? "%c" : "%%%02X", *p);
    }
}

enum MHD_Result answer_file(const struct server *s, struct MHD_Connection *c, const char *path,
                            const char *type, const char *ascii, const char *shown)
{
    struct stat st;
    struct buf disposition = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        if (fd >= 0)
            close(fd);
        return MHD_NO;
    }
    struct MHD_Response *r = MHD_create_response_from_fd64((uint64_t)st.st_size, fd);
    if (!r)
        close(fd);
    if (r && shown) {
        put_disposition(&disposition, ascii, shown);
        MHD_add_response_header(r, "Content-Disposition", disposition.text);
    }
    buf_free(&disposition);
    return send_it(s, c, MHD_HTTP_OK, r, type);
}

enum MHD_Result answer_fixed(const struct server *s, struct MHD_Connection *c,
                             const struct buf *text, const char *type)
{
    struct MHD_Response *r =
        MHD_create_response_from_buffer(text->len, text->text, MHD_RESPMEM_PERSISTENT);
    if (r)
        MHD_add_response_header(r, "Cache-Control", "max-age=300");
    return send_it(s, c, MHD_HTTP_OK, r, type);
}

void cookie_make(const struct server *s, const char *name, const char *value, char out[COOKIE_TEXT])
{
    snprintf(out, COOKIE_TEXT, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", name, value,
             server_is_secure(s) ? "; Secure" : "", *value ? "" : "; Max-Age=0");
}
