/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * measure NAME ROWS COMMAND…: runs the command and prints one line: name, wall and processor
 * seconds, rows per second, peak memory of the largest process.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("usage: measure NAME ROWS COMMAND [ARGUMENT...]\n", stderr);
        return 2;
    }
    double start = now();
    pid_t pid = fork();
    if (pid < 0)
        return 3;
    if (pid == 0) {
        execvp(argv[3], argv + 3);
        perror(argv[3]);
        _exit(127);
    }
    int status;
    struct rusage u;
    if (wait4(pid, &status, 0, &u) < 0)
        return 3;
    double wall = now() - start;
    double cpu = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
                 (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
    printf("%-22s %8.2f s wall %8.2f s cpu %10.0f rows/s %8.1f MB\n", argv[1], wall, cpu,
           atof(argv[2]) / wall, (double)u.ru_maxrss / 1024);
    fflush(stdout);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
