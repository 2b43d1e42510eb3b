/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/server.h"

#include "base/arena.h"
#include "base/message.h"
#include "base/outfile.h"
#include "web/request.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIXED_MOST = 256 << 10, POOL = 24 << 10, BACKLOG = 512 };

bool server_is_secure(const struct server *s)
{
    return s->certificate || s->proxied;
}

/* ---- connections that do not get on --------------------------------------------------------- */

struct line {
    struct line *next, **link; /* link: what points here */
    int socket;
    time_t until;
};

static void on_connection(void *user, struct MHD_Connection *c, void **state,
                          enum MHD_ConnectionNotificationCode what)
{
    struct server *s = user;
    struct line *l = *state;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
        l = must_alloc(sizeof *l);
        *l = (struct line){.next = s->lines,
                           .link = &s->lines,
                           .socket = info ? info->connect_fd : -1,
                           .until = time(NULL) + s->idle};
        if (l->next)
            l->next->link = &l->next;
        s->lines = l;
        *state = l;
    } else if (l) {
        *l->link = l->next;
        if (l->next)
            l->next->link = l->link;
        free(l);
        *state = NULL;
    }
}

void line_allow(struct MHD_Connection *c, long seconds)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (info && info->socket_context)
        ((struct line *)info->socket_context)->until = time(NULL) + seconds;
}

/* The library closes what was shut down, and frees what hangs on it. */
static void sweep(struct server *s, time_t now)
{
    if (now == s->swept)
        return;
    s->swept = now;
    for (struct line *l = s->lines; l; l = l->next)
        if (now > l->until && l->socket >= 0)
            shutdown(l->socket, SHUT_RDWR);
}

/* ---- opening -------------------------------------------------------------------------------- */

static char *joined(const char *a, const char *b)
{
    struct buf path = {0};
    buf_printf(&path, "%s%s", a, b);
    return path.text;
}

static int read_whole(const char *path, struct buf *out)
{
    char piece[4096];
    size_t n;
    FILE *in = fopen(path, "re");
    if (!in)
        return error("不能读 %s：%s", path, error_reason(errno));
    while (out->len < FIXED_MOST && (n = fread(piece, 1, sizeof piece, in)) > 0)
        buf_put(out, piece, n);
    int bad = ferror(in);
    fclose(in);
    return bad ? error("读 %s 时出错", path) : 0;
}

static int read_fixed(struct server *s)
{
    char *style = joined(s->root, "/pipeline/web/style.css");
    char *script = joined(s->root, "/pipeline/web/upload.js");
    int rc = read_whole(style, &s->style) | read_whole(script, &s->script);
    free(style);
    free(script);
    return rc;
}

/* What an earlier server left half-received. */
static void empty(const char *folder)
{
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.')
            unlinkat(dirfd(d), e->d_name, 0);
    if (d)
        closedir(d);
}

/* data/.receive with its journal; one server at a time. */
static int open_folder(struct server *s)
{
    char *lock = joined(s->root, "/data/.receive/lock");
    char *journal = joined(s->root, "/data/.receive/journal");
    char *inside = joined(s->root, "/data/.receive/incoming/.");
    s->incoming = joined(s->root, "/data/.receive/incoming");
    s->withdrawn = joined(s->root, "/data/.receive/withdrawn");
    s->accounts_path = joined(s->root, "/data/.receive/accounts");
    s->accounts.path = s->accounts_path;
    int rc = make_parent_folders(inside);
    s->lock = rc < 0 ? -1 : open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (rc == 0 && (s->lock < 0 || flock(s->lock, LOCK_EX | LOCK_NB) < 0))
        rc = error("报送网页已经在运行了（%s 被占用）。请先停掉它", lock);
    if (rc == 0) {
        empty(s->incoming);
        rc = journal_open(&s->journal, journal);
    }
    free(lock);
    free(journal);
    free(inside);
    return rc < 0 ? -1 : accounts_refresh(&s->accounts);
}

static int parse_address(const struct server *s, struct sockaddr_storage *out)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    *out = (struct sockaddr_storage){0};
    if (inet_pton(AF_INET, s->address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(s->port);
        return AF_INET;
    }
    if (inet_pton(AF_INET6, s->address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(s->port);
        return AF_INET6;
    }
    return error("“%s”不是网络地址，请写成 127.0.0.1 这样", s->address);
}

/* Sockets and files of all connections at once. */
static void raise_open_files(void)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < 4096) {
        r.rlim_cur = r.rlim_max < 4096 ? r.rlim_max : 4096;
        setrlimit(RLIMIT_NOFILE, &r);
    }
}

static int start_daemon(struct server *s)
{
    struct sockaddr_storage address;
    struct buf certificate = {0}, key = {0};
    int family = parse_address(s, &address);
    unsigned flags = MHD_USE_EPOLL | (family == AF_INET6 ? MHD_USE_IPv6 : 0);
    if (family < 0)
        return -1;
    struct MHD_OptionItem tls[3] = {{MHD_OPTION_END, 0, NULL}};
    if (s->certificate) {
        if (read_whole(s->certificate, &certificate) < 0 || read_whole(s->key, &key) < 0)
            return -1;
        s->certificate_text = certificate.text;
        s->key_text = key.text;
        flags |= MHD_USE_TLS;
        tls[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, s->certificate_text};
        tls[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, s->key_text};
        tls[2] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    }
    s->daemon = MHD_start_daemon(
        flags, s->port, NULL, NULL, request_answer, s, MHD_OPTION_SOCK_ADDR,
        (struct sockaddr *)&address, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)s->idle, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)POOL, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        s->proxied ? 0u : (unsigned)CONNECTIONS_EACH, MHD_OPTION_LISTEN_BACKLOG_SIZE,
        (unsigned)BACKLOG, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_COMPLETED, request_ended, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
        s, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
    if (!s->daemon)
        return error("不能在 %s 的端口 %d 上开网页：端口可能被占用，或证书不对", s->address,
                     s->port);
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
    if (info)
        s->port = info->port;
    return 0;
}

int server_open(struct server *s)
{
    s->lock = -1;
    s->journal.fd = -1;
    signal(SIGPIPE, SIG_IGN);
    umask(077);
    raise_open_files();
    if (read_fixed(s) < 0 || open_folder(s) < 0 || start_daemon(s) < 0)
        return -1;
    return journal_add(&s->journal, time(NULL), (struct entry){.event = "start"});
}

void server_turn(struct server *s)
{
    time_t now = time(NULL);
    checks_turn(&s->checks, now);
    sweep(s, now);
    MHD_run_wait(s->daemon, checks_busy(&s->checks) ? 50 : 1000);
}

void server_close(struct server *s)
{
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    checks_stop(&s->checks);
    if (s->journal.fd >= 0)
        journal_add(&s->journal, time(NULL), (struct entry){.event = "stop"});
    journal_close(&s->journal);
    accounts_free(&s->accounts);
    if (s->lock >= 0)
        close(s->lock);
    free(s->incoming);
    free(s->withdrawn);
    free(s->accounts_path);
    free(s->certificate_text);
    free(s->key_text);
    buf_free(&s->style);
    buf_free(&s->script);
}
