/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/run.h"

#include "base/message.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_MAX = 4 << 20, ENVIRONMENT_MAX = 32 };

static void child(const struct run *r, int out, char **environment)
{
    if (r->folder && chdir(r->folder) < 0)
        _exit(126);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    if (!freopen("/dev/null", "r", stdin))
        _exit(126);
    alarm((unsigned)(r->seconds ? r->seconds : 600));
    execvpe(r->argv[0], r->argv, environment);
    _exit(errno == ENOENT ? 127 : 126);
}

static void collect(struct run *r, int in)
{
    char piece[65536];
    ssize_t n;
    while ((n = read(in, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0 && r->output.len < OUTPUT_MAX)
            buf_put(&r->output, piece, (size_t)n);
}

static int start(struct run *r, char **environment)
{
    int ends[2];
    if (pipe(ends) < 0)
        return error("不能启动 %s：%s", r->argv[0], error_reason(errno));
    pid_t pid = fork();
    if (pid < 0)
        return error("不能启动 %s：%s", r->argv[0], error_reason(errno));
    if (pid == 0) {
        close(ends[0]);
        child(r, ends[1], environment);
    }
    close(ends[1]);
    collect(r, ends[0]);
    close(ends[0]);
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    r->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (r->exit_code == 127)
        return error("找不到程序 %s。请运行 make setup 安装所需软件", r->argv[0]);
    return 0;
}

int run_tool(struct run *r)
{
    struct buf path = {0};
    const char *known = getenv("PATH");
    buf_printf(&path, "PATH=%s", known ? known : "/usr/local/bin:/usr/bin:/bin");
    char *environment[ENVIRONMENT_MAX] = {path.text, "HOME=/nonexistent", "LANG=C.UTF-8", "TZ=UTC"};
    int n = 4;
    for (int i = 0; r->extra && r->extra[i] && n < ENVIRONMENT_MAX - 1; i++)
        environment[n++] = (char *)r->extra[i];
    int rc = start(r, environment);
    buf_free(&path);
    return rc;
}
