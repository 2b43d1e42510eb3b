/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * receive: the upload page.  Counties sign in, send files, read what is to be mended and fetch the
 * return workbook; staff see who has sent what.
 */
#include "base/message.h"
#include "base/options.h"
#include "survey/privacy.h"
#include "web/confine.h"
#include "web/server.h"

#include <limits.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *address = "127.0.0.1", *port = "8080", *certificate, *key, *upload_mb = "50",
                  *memory_mb = "1024", *seconds = "60", *programs;
static bool proxied;

static const struct option_row OPTIONS[] = {
    {'a', "地址", &address, NULL, "在哪个地址上，默认 127.0.0.1（只有本机能连）", false},
    {'p', "端口", &port, NULL, "默认 8080", false},
    {'c', "文件", &certificate, NULL, "HTTPS 证书（PEM），与 -k 一起写", false},
    {'k', "文件", &key, NULL, "HTTPS 私钥（PEM）", false},
    {'x', NULL, NULL, &proxied, "前面有 nginx、caddy 一类反向代理，由它管 HTTPS", false},
    {'s', "MB", &upload_mb, NULL, "一次最多收多大的文件，默认 50", false},
    {'t', "秒", &seconds, NULL, "连接多久没有动静就断开，默认 60", false},
    {'m', "MB", &memory_mb, NULL, "检查一个县最多用多少内存，默认 1024；0 不限", false},
    {'b', "文件夹", &programs, NULL, "ingest、clean 等程序所在，默认与本程序同在一处", false},
    {0},
};
static const struct program ME = {"receive", "各县报送资料的网页",
                                  "[-a 地址] [-p 端口] [-c 证书 -k 私钥 | -x] topic.csv …",
                                  OPTIONS};

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

static long number(const char *text, long least, long most, char letter)
{
    char *end;
    long n = strtol(text, &end, 10);
    if (end == text || *end || n < least || n > most)
        die(MISUSE, "-%c 要写 %ld 到 %ld 之间的数", letter, least, most);
    return n;
}

/* The folder of this very program. */
static const char *own_folder(void)
{
    static char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        die(CANNOT, "找不到本程序所在的文件夹，请用 -b 写明");
    path[n] = '\0';
    *strrchr(path, '/') = '\0';
    return path;
}

/* Passphrases must not cross a network in the clear. */
static void check_safe(void)
{
    bool local = strcmp(address, "127.0.0.1") == 0 || strcmp(address, "::1") == 0;
    if (!certificate != !key)
        die(MISUSE, "证书 -c 和私钥 -k 要一起写");
    if (!local && !certificate && !proxied)
        die(MISUSE,
            "在 %s 上别的机器连得上，要有 HTTPS：写 -c 证书 -k 私钥，"
            "或用反向代理（-x，见 data/README.md）",
            address);
}

/* The key of personal data must be there before children, which may not make it, look for it. */
static int have_key(const char *root)
{
    struct buf path = {0};
    buf_printf(&path, "%s/data/.key", root);
    struct privacy *p = privacy_open(path.text);
    buf_free(&path);
    privacy_close(p);
    return p ? 0 : -1;
}

static int serve(struct server *s)
{
    if (have_key(s->root) < 0 || server_open(s) < 0)
        return CANNOT;
    struct sigaction stop = {.sa_handler = on_signal};
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    if (!confine_has_landlock())
        warning("本机内核没有 Landlock，检查程序只限制内存和时间，不限制能读哪些文件");
    if (s->accounts.count == 0)
        note("还没有账号。请用 make county county=411525 给各县开账号，make county "
             "county=" STAFF_ACCOUNT " 给办公室开");
    note("报送网页：%s://%s:%d/（停止按 Ctrl-C）", certificate ? "https" : "http", address,
         s->port);
    while (!stopped)
        server_turn(s);
    return DONE;
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, -1);
    check_safe();
    if (sodium_init() < 0)
        die(CANNOT, "密码库 libsodium 不能用");
    static struct server s;
    s.address = address;
    s.port = (uint16_t)number(port, 0, 65535, 'p');
    s.certificate = certificate;
    s.key = key;
    s.proxied = proxied;
    s.upload_mb = number(upload_mb, 1, 2000, 's');
    s.idle = number(seconds, 1, 3600, 't');
    if (catalog_read(&s.catalog, argv + first, argc - first) < 0)
        return DATA_FAILED;
    s.root = s.catalog.topics[0].topic->root;
    s.checks = (struct checks){.catalog = &s.catalog,
                               .programs = programs ? programs : own_folder(),
                               .memory_mb = number(memory_mb, 0, 1 << 20, 'm')};
    int code = serve(&s);
    server_close(&s);
    catalog_free(&s.catalog);
    return code;
}
