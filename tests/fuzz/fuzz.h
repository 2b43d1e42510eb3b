/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hands the fuzzer's bytes to the readers as a file (in memory).
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "base/arena.h"
#include "base/message.h"
#include "formats/sheets.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Touch every byte that a reader hands out, so that the sanitizer sees it. */
static inline bool fuzz_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    long *sum = user;
    (void)cut;
    if (no < 1)
        abort();
    for (int i = 0; i < count; i++) {
        if (cells[i].text[cells[i].len] != '\0')
            abort();
        for (size_t b = 0; b < cells[i].len; b++)
            *sum += cells[i].text[b];
    }
    return true;
}

/* The path of a file in memory with these bytes. */
static inline const char *fuzz_file(const uint8_t *bytes, size_t n)
{
    static int fd = -1;
    static char path[64];
    if (fd < 0) {
        fd = memfd_create("fuzz", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    if (ftruncate(fd, 0) < 0 || pwrite(fd, bytes, n, 0) != (ssize_t)n)
        abort();
    return path;
}

/* Detect and read the bytes; with a format, only if they are of that format. */
static inline void fuzz_sheets(const uint8_t *bytes, size_t n, enum file_format wanted)
{
    char why[512];
    const char *encoding;
    long sum = 0;
    struct sheet_handler h = {.row = fuzz_row, .user = &sum};
    const char *path = fuzz_file(bytes, n);
    enum file_format f = sheets_detect(path, &encoding);
    if (f == wanted)
        sheets_read(path, f, encoding, &h, why, sizeof why);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#endif
