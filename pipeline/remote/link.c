/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "base/message.h"
#include "remote/link_private.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
    AT_ONCE = 4,        /* requests under way */
    LONGEST_WAIT = 120, /* seconds between attempts */
};

bool is_this_machine(const char *address)
{
    static const char *const own[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        size_t n = strlen(own[i]);
        if (!strncasecmp(address, own[i], n) && (!address[n] || strchr(":/", address[n])))
            return true;
    }
    return false;
}

static bool is_allowed(const char *address)
{
    return !strncasecmp(address, "https://", 8) || is_this_machine(address);
}

struct link *link_open(const char *address, const char *certificate, int stall, int tries)
{
    if (!is_allowed(address)) {
        error("网址必须以 https:// 开头，密码和资料才不会在路上被人看到");
        return NULL;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || sodium_init() < 0) {
        error("网络程序库 libcurl 不能使用");
        return NULL;
    }
    struct link *l = must_alloc(sizeof *l);
    l->address = must_strdup(address);
    for (size_t n = strlen(address); n && l->address[n - 1] == '/'; n--)
        l->address[n - 1] = '\0';
    l->certificate = certificate && *certificate ? must_strdup(certificate) : NULL;
    l->schemes = CURLAUTH_BASIC | CURLAUTH_DIGEST;
    l->stall = stall;
    l->tries = tries;
    l->multi = curl_multi_init();
    if (!l->multi)
        die(CANNOT, "内存不足");
    return l;
}

static void wipe(char *text)
{
    if (text)
        sodium_memzero(text, strlen(text));
    free(text);
}

static void drop_secret(struct link *l)
{
    for (struct curl_slist *s = l->secret; s; s = s->next)
        sodium_memzero(s->data, strlen(s->data));
    curl_slist_free_all(l->secret);
    l->secret = NULL;
}

void link_close(struct link *l)
{
    if (!l)
        return;
    curl_multi_cleanup(l->multi);
    drop_secret(l);
    wipe(l->password);
    free(l->certificate);
    free(l->address);
    free(l);
}

const char *link_address(const struct link *l)
{
    return l->address;
}

void link_password(struct link *l, const char *user_password)
{
    wipe(l->password);
    l->password = must_strdup(user_password);
}

void link_token(struct link *l, const char *scheme, const char *token)
{
    struct buf header = {0};
    buf_printf(&header, "Authorization: %s %s", scheme, token);
    drop_secret(l);
    l->secret = curl_slist_append(NULL, header.text);
    wipe(header.text);
}

/* ---- rounds of attempts -------------------------------------------------------------------- */

/* Run the attempts of one round; again[i] tells which are to be tried again. */
static void run_round(struct link *l, struct attempt *attempts, int count, bool *again)
{
    int next = 0, under_way = 0;
    while (next < count || under_way) {
        for (; next < count && under_way < AT_ONCE; next++, under_way++)
            attempt_begin(&attempts[next]);
        int running, left;
        curl_multi_perform(l->multi, &running);
        for (CURLMsg *m; (m = curl_multi_info_read(l->multi, &left));) {
            struct attempt *a;
            CURLcode code = m->data.result;
            curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&a);
            curl_multi_remove_handle(l->multi, a->easy);
            again[a - attempts] = attempt_judge(a, code);
            if (code == CURLE_OK && attempt_follow(a))
                continue;
            under_way--;
        }
        if (under_way)
            curl_multi_poll(l->multi, NULL, 0, 1000, NULL);
    }
}

/* 0.5, 1, 2 … seconds, or more where a server asked for it. */
static void wait_before(int attempt_number, int asked)
{
    long ms = 500L << (attempt_number < 8 ? attempt_number : 8);
    if (asked * 1000L > ms)
        ms = asked * 1000L;
    if (ms > LONGEST_WAIT * 1000L)
        ms = LONGEST_WAIT * 1000L;
    struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&t, NULL);
}

void link_run(struct link *l, struct request *requests, int count)
{
    struct attempt *attempts = must_alloc((size_t)(count + 1) * sizeof *attempts);
    bool *again = must_alloc((size_t)(count + 1) * sizeof *again);
    struct request **left = must_alloc((size_t)(count + 1) * sizeof(struct request *));
    for (int i = 0; i < count; i++)
        left[i] = &requests[i];
    for (int round = 0; count && round < l->tries; round++) {
        int more = 0, asked = 0;
        for (int i = 0; i < count; i++)
            attempts[i] = attempt_new(l, left[i]);
        run_round(l, attempts, count, again);
        for (int i = 0; i < count; i++) {
            if (again[i] && round + 1 != left[i]->tries) {
                asked = attempts[i].retry_after > asked ? attempts[i].retry_after : asked;
                left[more++] = left[i];
            }
            attempt_end(&attempts[i]);
        }
        count = more;
        if (count && round + 1 < l->tries)
            wait_before(round, asked);
    }
    free(left);
    free(again);
    free(attempts);
}

/* ---- results ------------------------------------------------------------------------------- */

bool request_good(const struct request *r)
{
    return !*r->why && is_good_status(r->status);
}

const char *request_fault(const struct request *r)
{
    static char text[64];
    if (*r->why)
        return r->why;
    switch (r->status) {
    case 401:
        return "用户名、密码或令牌不对（401）";
    case 403:
        return "这个用户没有权限（403）。请管理员在服务器上授权";
    case 404:
        return "服务器上没有这一项（404）。请核对网址、项目号和表单号";
    case 413:
        return "服务器嫌文件太大（413）";
    case 429:
        return "服务器请求太多（429）。请过一会儿再运行";
    default:
        break;
    }
    snprintf(text, sizeof text,
             r->status >= 500 ? "服务器出错（%d）。请过一会儿再运行，仍然不行请找服务器管理员"
                              : "服务器拒绝了请求（%d）",
             r->status);
    return text;
}

void request_free(struct request *r)
{
    buf_free(&r->answer);
}
