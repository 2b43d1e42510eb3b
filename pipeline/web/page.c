/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/page.h"

static bool turns_direction(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
           c == 0x200F;
}

void page_text(struct buf *out, const char *text)
{
    for (uint32_t c; (c = utf8_next(&text));) {
        if (c == '&')
            buf_puts(out, "&amp;");
        else if (c == '<')
            buf_puts(out, "&lt;");
        else if (c == '>')
            buf_puts(out, "&gt;");
        else if (c == '"')
            buf_puts(out, "&quot;");
        else if (c == '\'')
            buf_puts(out, "&#39;");
        else if (c == '\n')
            buf_putc(out, ' ');
        else if (c >= 0x20 && !(c >= 0x7f && c < 0xA0) && !turns_direction(c))
            buf_put_char(out, c);
    }
}

void page_begin(struct buf *out, const struct page *p)
{
    buf_puts(out, "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"robots\" content=\"noindex\">\n<title>");
    page_text(out, p->title);
    buf_puts(out, "</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n");
    if (p->refresh)
        buf_printf(out, "<meta http-equiv=\"refresh\" content=\"%d\">\n", p->refresh);
    buf_printf(out, "<script src=\"/upload.js\" defer></script>\n</head>\n<body%s>\n",
               p->wide ? " class=\"wide\"" : "");
    buf_puts(out, "<div class=\"top\"><a class=\"skip\" href=\"#main\">跳到正文</a>"
                  "<a class=\"name\" href=\"/\">老区调研资料报送</a>");
    if (p->session) {
        buf_puts(out, "<form method=\"post\" action=\"/sign-out\" class=\"out\">");
        page_token(out, p->session->token);
        buf_puts(out, "<span>");
        page_text(out, p->who);
        buf_puts(out, "</span> <button type=\"submit\" class=\"small\">退出</button></form>");
    }
    buf_puts(out, "</div>\n<div id=\"main\" role=\"main\">\n<h1>");
    page_text(out, p->title);
    buf_puts(out, "</h1>\n");
}

void page_end(struct buf *out)
{
    buf_puts(out, "</div>\n</body>\n</html>\n");
}

void page_notice(struct buf *out, const char *kind, const char *text)
{
    buf_printf(out, "<p class=\"notice %s\" role=\"%s\">", kind, *kind == 'b' ? "alert" : "status");
    page_text(out, text);
    buf_puts(out, "</p>\n");
}

void page_token(struct buf *out, const char *token)
{
    buf_puts(out, "<input type=\"hidden\" name=\"token\" value=\"");
    page_text(out, token);
    buf_puts(out, "\">");
}

void page_time(struct buf *out, time_t when)
{
    struct tm t;
    localtime_r(&when, &t);
    buf_printf(out, "%d年%d月%d日 %d:%02d", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
               t.tm_min);
}

void page_size(struct buf *out, long long bytes)
{
    if (bytes < 1 << 20)
        buf_printf(out, "%lld KB", (bytes + 1023) / 1024);
    else
        buf_printf(out, "%.1f MB", (double)bytes / (1 << 20));
}
