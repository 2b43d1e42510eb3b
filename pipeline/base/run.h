/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Run gnuplot or xelatex: no shell, no inherited environment, output collected.
 *
 *     char *argv[] = {"gnuplot", "-d", "-c", "figure.gp", NULL};
 *     struct run r = {.argv = argv, .folder = "charts", .seconds = 60};
 *     if (run_tool(&r) < 0) ...                // could not be started: already reported
 *     if (r.exit_code != 0 || r.output.len) ...
 *     buf_free(&r.output);
 */
#ifndef BASE_RUN_H
#define BASE_RUN_H

#include "base/text.h"

struct run {
    char *const *argv;        /* argv[0] is looked up in PATH */
    const char *folder;       /* working folder, or NULL */
    const char *const *extra; /* further NAME=VALUE for the environment, NULL-terminated, or NULL */
    int seconds;              /* killed after so long; 0: 600 */
    int exit_code;            /* out: exit code, or 128 + signal */
    struct buf output;        /* out: stdout and stderr together, at most 4 MiB; caller frees */
};

/* Returns 0 when the tool ran (see exit_code), -1 after a message when it could not start.
 * The environment is PATH, HOME=/nonexistent, LANG=C.UTF-8, TZ=UTC and `extra`. */
int run_tool(struct run *r);

#endif
