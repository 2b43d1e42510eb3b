/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "remote/link.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void url_escape(struct buf *out, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || strchr("-._~", *p);
        buf_printf(out, plain ? "%c" : "%%%02X", *p);
    }
}

char *url_unescape(const char *text, size_t n)
{
    int length = 0;
    char *plain = curl_easy_unescape(NULL, text, (int)n, &length);
    char *copy = must_strdup(plain && strlen(plain) == (size_t)length ? plain : "");
    curl_free(plain);
    return copy;
}

char *url_resolve(const char *base, const char *reference)
{
    CURLU *u = curl_url();
    char *whole = NULL, *copy = NULL;
    if (u && curl_url_set(u, CURLUPART_URL, base, 0) == CURLUE_OK &&
        curl_url_set(u, CURLUPART_URL, reference, 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_URL, &whole, 0) == CURLUE_OK)
        copy = must_strdup(whole);
    curl_free(whole);
    curl_url_cleanup(u);
    return copy;
}

static bool same_part(CURLU *a, CURLU *b, CURLUPart part)
{
    char *x = NULL, *y = NULL;
    bool same = curl_url_get(a, part, &x, CURLU_DEFAULT_PORT) == CURLUE_OK &&
                curl_url_get(b, part, &y, CURLU_DEFAULT_PORT) == CURLUE_OK && !strcasecmp(x, y);
    curl_free(x);
    curl_free(y);
    return same;
}

bool url_same_server(const char *a, const char *b)
{
    CURLU *x = curl_url(), *y = curl_url();
    bool same = x && y && curl_url_set(x, CURLUPART_URL, a, 0) == CURLUE_OK &&
                curl_url_set(y, CURLUPART_URL, b, 0) == CURLUE_OK &&
                same_part(x, y, CURLUPART_SCHEME) && same_part(x, y, CURLUPART_HOST) &&
                same_part(x, y, CURLUPART_PORT);
    curl_url_cleanup(x);
    curl_url_cleanup(y);
    return same;
}
