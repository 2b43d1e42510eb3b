/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- limits --------------------------------------------------------------------------------- */

static int limit(int what, long most)
{
    struct rlimit r = {(rlim_t)most, (rlim_t)most};
    return setrlimit(what, &r);
}

static int set_limits(const struct confinement *c)
{
    int rc = limit(RLIMIT_CORE, 0);
    rc |= limit(RLIMIT_NOFILE, 256);
    rc |= limit(RLIMIT_CPU, c->cpu_seconds);
    rc |= limit(RLIMIT_FSIZE, c->file_mb << 20);
    if (c->memory_mb)
        rc |= limit(RLIMIT_AS, c->memory_mb << 20);
    return rc;
}

/* ---- files ---------------------------------------------------------------------------------- */

/* Rights that later kernels know, for older headers. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

enum {
    FILE_RIGHTS = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
                  LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE,
    READ = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
    WRITE = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
            LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE |
            LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
            LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR,
    FORBIDDEN = LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                LANDLOCK_ACCESS_FS_MAKE_SYM,
};

static long landlock_version(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

int confine_has_landlock(void)
{
    return landlock_version() >= 1;
}

/* Adds `rights` below `path`; a file has fewer. */
static int allow(int rules, const char *path, __u64 rights, __u64 handled)
{
    struct stat st;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? 0 : -1;
    int rc = fstat(fd, &st);
    if (rc == 0) {
        struct landlock_path_beneath_attr rule = {
            .allowed_access = rights & handled & (S_ISDIR(st.st_mode) ? ~0ULL : FILE_RIGHTS),
            .parent_fd = fd};
        rc = (int)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    }
    close(fd);
    return rc;
}

static int restrict_files(const struct confinement *c)
{
    long version = landlock_version();
    if (version < 1)
        return 0;
    __u64 handled = READ | WRITE | FORBIDDEN;
    if (version < 3)
        handled &= ~(__u64)LANDLOCK_ACCESS_FS_TRUNCATE;
    struct landlock_ruleset_attr attributes = {.handled_access_fs = handled};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (rules < 0)
        return -1;
    int rc = allow(rules, "/dev/null", READ | WRITE, handled);
    for (int i = 0; rc == 0 && c->readable[i]; i++)
        rc = allow(rules, c->readable[i], READ, handled);
    if (rc == 0)
        rc = allow(rules, c->writable, WRITE, handled);
    if (rc == 0)
        rc = (int)syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
    return rc;
}

/* ---- system calls --------------------------------------------------------------------------- */

#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE
#define REFUSE(call)                                                                               \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1),                                         \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

/* Calls of another architecture, or beyond the table (x32), end the program. */
static int restrict_calls(void)
{
    enum { BEYOND = 0x40000000 };
    static struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, BEYOND, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        REFUSE(socket),
        REFUSE(io_uring_setup), /* opens sockets without the call above */
        REFUSE(kill),
        REFUSE(setsid),
        REFUSE(setpgid),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof steps / sizeof *steps, steps};
    int rc = prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
    return rc < 0 && errno == EINVAL ? 0 : rc; /* a kernel without it */
}
#else
static int restrict_calls(void)
{
    return 0;
}
#endif

int confine(const struct confinement *c)
{
    if (set_limits(c) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return -1;
    return restrict_files(c) < 0 || restrict_calls() < 0 ? -1 : 0;
}
