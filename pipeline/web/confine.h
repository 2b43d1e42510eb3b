/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a process that reads uploaded files may do: no more than it needs.
 *
 *     const char *read[] = {"/usr", "topics", NULL};
 *     struct confinement c = {.readable = read, .writable = "work/411525", .memory_mb = 1024,
 *                             .file_mb = 256, .cpu_seconds = 60};
 *     if (confine(&c) < 0) _exit(CANNOT);
 *     execve(...);
 *
 * Limits of memory, file size, time and open files by setrlimit(2); no file but those named, by
 * Landlock; no socket, no signal to other processes and no leaving of the process group, by
 * seccomp.  All of it holds for every program that the process starts.
 */
#ifndef WEB_CONFINE_H
#define WEB_CONFINE_H

struct confinement {
    const char *const *readable; /* files and folders, NULL-terminated; absent ones are left out */
    const char *writable;        /* the only folder in which files are made and removed */
    long memory_mb;              /* address space; 0: no limit */
    long file_mb;                /* largest file written */
    long cpu_seconds;            /* of one program */
};

/* Confines the calling process for good.  Returns 0, or -1 without a message when a limit could
 * not be set.  On a kernel without Landlock or seccomp (Linux before 5.13) only the limits hold. */
int confine(const struct confinement *c);

/* Whether the kernel has Landlock: for the message at the start. */
int confine_has_landlock(void);

#endif
