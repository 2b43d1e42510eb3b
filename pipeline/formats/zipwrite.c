/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/zipwrite.h"

static const zip_uint32_t MODE = 0100644u << 16; /* a plain file, as zip notes it */
enum { MTIME = 315619200 };                      /* 1980-01-02: zip knows no earlier year */

int zip_put(zip_t *zip, const char *name, zip_source_t *source)
{
    zip_int64_t i = source ? zip_file_add(zip, name, source, ZIP_FL_ENC_GUESS) : -1;
    if (i < 0) {
        zip_source_free(source);
        return -1;
    }
    if (zip_file_set_external_attributes(zip, (zip_uint64_t)i, 0, ZIP_OPSYS_UNIX, MODE) < 0)
        return -1;
    return zip_file_set_mtime(zip, (zip_uint64_t)i, MTIME, 0);
}

static int copy_out(zip_source_t *from, FILE *to)
{
    char chunk[65536];
    zip_int64_t n = -1;
    if (zip_source_open(from) < 0)
        return -1;
    while ((n = zip_source_read(from, chunk, sizeof chunk)) > 0)
        if (fwrite(chunk, 1, (size_t)n, to) != (size_t)n)
            break;
    zip_source_close(from);
    return n == 0 ? 0 : -1;
}

int zip_write(FILE *to, int fill(zip_t *zip, void *data), void *data)
{
    zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = memory ? zip_open_from_source(memory, ZIP_TRUNCATE, NULL) : NULL;
    if (!zip) {
        zip_source_free(memory);
        return -1;
    }
    zip_source_keep(memory);
    int rc = fill(zip, data);
    if (rc == 0 && zip_close(zip) < 0)
        rc = -1;
    if (rc < 0)
        zip_discard(zip);
    else
        rc = copy_out(memory, to);
    zip_source_free(memory);
    return rc;
}
