/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/checks.h"

#include "base/message.h"
#include "base/outfile.h"
#include "base/text.h"
#include "web/confine.h"
#include "web/uploads.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AT_ONCE = 2, SECONDS_MOST = 120, CPU_SECONDS = 60, FILE_MB = 512 };

char *check_file(const struct submission *s, const char *name)
{
    struct buf path = {0};
    buf_printf(&path, "%s/%s", s->work, name);
    return path.text;
}

/* ---- the child ------------------------------------------------------------------------------ */

/* Paths that the programs are given. */
struct paths {
    char *programs[4], *topic, *folder, *raw, *clean, *workbook, *problems, *summary, *messages;
    char *questionnaires, *topics, *key, *temporary;
};

static char *joined(const char *a, const char *b, const char *c)
{
    struct buf path = {0};
    buf_printf(&path, "%s%s%s", a, b, c);
    return path.text;
}

/* What lives as long as the child. */
static struct paths child_paths(const struct checks *k, const struct submission *s)
{
    const struct topic *t = s->offered->topic;
    struct paths p = {
        .topic = joined(t->path, "", ""),
        .folder = joined(s->folder, "", ""),
        .raw = check_file(s, "raw.db"),
        .clean = check_file(s, "clean.db"),
        .workbook = check_file(s, CHECK_RETURNS),
        .problems = check_file(s, CHECK_PROBLEMS),
        .summary = check_file(s, CHECK_SUMMARY),
        .messages = check_file(s, "messages"),
        .questionnaires = joined(t->root, "/questionnaires/", t->plan),
        .topics = joined(t->root, "/topics", ""),
        .key = joined(t->root, "/data/.key", ""),
        .temporary = joined("TMPDIR=", s->work, ""),
    };
    static const char *const names[] = {"/ingest", "/clean", "/returns", "/status"};
    for (int i = 0; i < 4; i++)
        p.programs[i] = joined(k->programs, names[i], "");
    return p;
}

static int confine_child(const struct checks *k, const struct submission *s, const struct paths *p)
{
    const char *readable[] = {
        "/usr",         "/lib",  "/lib64",    "/etc/ld.so.cache", "/etc/localtime",
        "/dev/urandom", "/proc", k->programs, p->topics,          p->questionnaires,
        p->folder,      p->key,  NULL};
    struct confinement c = {.readable = readable,
                            .writable = s->work,
                            .memory_mb = k->memory_mb,
                            .file_mb = FILE_MB,
                            .cpu_seconds = CPU_SECONDS};
    return confine(&c);
}

/* Runs one program; anything but done or "the data failed a check" ends the child. */
static void step(char *const *argv, char *const *environment)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        execve(argv[0], argv, environment);
        _exit(CANNOT);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        _exit(CANNOT);
    if (!WIFEXITED(status) || WEXITSTATUS(status) > DATA_FAILED)
        _exit(CANNOT);
}

/* Nothing of the server is left to the child but what it says. */
static void leave_server(const struct paths *p)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    int in = open("/dev/null", O_RDONLY);
    int out = open(p->messages, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
    if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 ||
        close_range(3, ~0U, 0) < 0 || nice(5) == -1)
        _exit(CANNOT);
    unlink(p->raw); /* a step that fails must not leave the next one those of the last check */
    unlink(p->clean);
}

static noreturn void child(const struct checks *k, const struct submission *s)
{
    struct paths p = child_paths(k, s);
    char *county = joined(s->county, "", "");
    leave_server(&p);
    if (setpgid(0, 0) < 0 || confine_child(k, s, &p) < 0)
        _exit(CANNOT);
    char *environment[] = {"PATH=/usr/bin:/bin", "HOME=/nonexistent", "LANG=C.UTF-8", p.temporary,
                           NULL};
    step((char *[]){p.programs[0], "-t", p.topic, "-c", county, "-o", p.raw, p.folder, NULL},
         environment);
    step((char *[]){p.programs[1], "-t", p.topic, "-o", p.clean, p.raw, NULL}, environment);
    step((char *[]){p.programs[2], "-t", p.topic, "-d", p.folder, "-l", p.problems, "-o",
                    p.workbook, p.raw, p.clean, NULL},
         environment);
    step((char *[]){p.programs[3], "-t", p.topic, "-o", p.summary, p.raw, p.clean, NULL},
         environment);
    _exit(DONE);
}

/* ---- the queue ------------------------------------------------------------------------------ */

void checks_want(struct checks *k, struct submission *s)
{
    if (s->state == CHECK_RUNNING)
        s->again = true;
    if (s->state == CHECK_RUNNING || s->state == CHECK_WAITING)
        return;
    submission_find_folder(s);
    if (access(s->folder, F_OK) < 0)
        return;
    s->state = CHECK_WAITING;
    s->turn = ++k->turns;
}

static bool has_results(const struct submission *s)
{
    char *path = check_file(s, CHECK_SUMMARY);
    bool there = access(path, F_OK) == 0;
    free(path);
    return there;
}

void checks_want_if_new(struct checks *k, struct submission *s)
{
    if (s->state == CHECK_NONE)
        submission_find_folder(s);
    struct timespec newest = received_newest(s);
    bool known = newest.tv_sec == s->seen.tv_sec && newest.tv_nsec == s->seen.tv_nsec;
    if (s->state == CHECK_NONE || !known || (s->state == CHECK_DONE && !has_results(s)))
        checks_want(k, s);
}

static void begin(struct checks *k, struct submission *s, time_t now)
{
    struct buf inside = {0};
    buf_printf(&inside, "%s/.", s->work);
    int rc = make_parent_folders(inside.text);
    buf_free(&inside);
    s->again = false;
    s->began = now;
    s->seen = received_newest(s);
    s->check = rc < 0 ? -1 : fork();
    if (s->check == 0)
        child(k, s);
    s->state = s->check < 0 ? CHECK_FAILED : CHECK_RUNNING;
    if (s->check > 0) {
        setpgid(s->check, s->check); /* also here, so that it holds before any kill */
        k->running++;
    }
}

static void end(struct checks *k, struct submission *s, bool good)
{
    char *path = check_file(s, CHECK_SUMMARY);
    kill(-s->check, SIGKILL); /* whatever it left running */
    k->running--;
    s->check = 0;
    good = good && findings_summary(path, &s->summary) == 0;
    s->state = good ? CHECK_DONE : CHECK_FAILED;
    if (!good)
        warning("%s %s 的检查没有做完，见 %s/messages", s->offered->id, s->county, s->work);
    if (s->again)
        checks_want(k, s);
    free(path);
}

static void look_after(struct checks *k, struct submission *s, time_t now)
{
    int status;
    pid_t ended = waitpid(s->check, &status, WNOHANG);
    if (ended == s->check) {
        end(k, s, WIFEXITED(status) && WEXITSTATUS(status) == DONE);
    } else if (now - s->began > SECONDS_MOST) {
        kill(-s->check, SIGKILL);
        waitpid(s->check, &status, 0);
        end(k, s, false);
    }
}

static struct submission *next_waiting(const struct checks *k)
{
    struct submission *next = NULL;
    for (int i = 0; i < k->catalog->submission_count; i++) {
        struct submission *s = &k->catalog->submissions[i];
        if (s->state == CHECK_WAITING && (!next || s->turn < next->turn))
            next = s;
    }
    return next;
}

void checks_turn(struct checks *k, time_t now)
{
    struct submission *s;
    for (int i = 0; k->running && i < k->catalog->submission_count; i++)
        if (k->catalog->submissions[i].state == CHECK_RUNNING)
            look_after(k, &k->catalog->submissions[i], now);
    while (k->running < AT_ONCE && (s = next_waiting(k)))
        begin(k, s, now);
}

bool checks_busy(const struct checks *k)
{
    return k->running > 0 || next_waiting(k) != NULL;
}

void checks_stop(struct checks *k)
{
    for (int i = 0; i < k->catalog->submission_count; i++) {
        struct submission *s = &k->catalog->submissions[i];
        if (s->state == CHECK_RUNNING) {
            kill(-s->check, SIGKILL);
            waitpid(s->check, NULL, 0);
            s->state = CHECK_NONE;
            k->running--;
        }
    }
}
