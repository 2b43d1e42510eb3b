/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bytes are the parts of a workbook, parted by NUL: sheet, shared strings, styles, workbook;
 * deflating and check sums of the archive would keep the fuzzer away from them.
 */
#include "fuzz.h"

#include <zip.h>

static const char RELATIONS[] =
    "<Relationships><Relationship Id='a' Type='/officeDocument' Target='b.xml'/></Relationships>";
static const char BOOK_RELATIONS[] =
    "<Relationships><Relationship Id='s' Type='/worksheet' Target='s'/>"
    "<Relationship Id='t' Type='/sharedStrings' Target='t'/>"
    "<Relationship Id='y' Type='/styles' Target='y'/></Relationships>";
static const char BOOK[] =
    "<workbook xmlns:r='r'><sheets><sheet name='n' r:id='s'/></sheets></workbook>";

static void add(zip_t *z, const char *name, const void *bytes, size_t n)
{
    zip_source_t *s = zip_source_buffer(z, bytes, n, 0);
    zip_int64_t i = s ? zip_file_add(z, name, s, 0) : -1;
    if (i < 0 || zip_set_file_compression(z, (zip_uint64_t)i, ZIP_CM_STORE, 0) < 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const names[] = {"s", "t", "y", "b.xml"};
    char path[] = "/tmp/fuzz-xlsx-XXXXXX", why[512];
    int fd = mkstemp(path), error;
    close(fd);
    unlink(path);
    zip_t *z = zip_open(path, ZIP_CREATE, &error);
    add(z, "_rels/.rels", RELATIONS, sizeof RELATIONS - 1);
    add(z, "_rels/b.xml.rels", BOOK_RELATIONS, sizeof BOOK_RELATIONS - 1);
    const uint8_t *end = bytes + n;
    for (int i = 0; i < 4; i++) {
        const uint8_t *stop = bytes < end ? memchr(bytes, 0, (size_t)(end - bytes)) : NULL;
        stop = stop ? stop : end;
        if (i < 3 || stop > bytes)
            add(z, names[i], bytes, (size_t)(stop - bytes));
        else
            add(z, names[i], BOOK, sizeof BOOK - 1);
        bytes = stop < end ? stop + 1 : end;
    }
    if (zip_close(z) < 0)
        abort();
    long sum = 0;
    struct sheet_handler h = {.row = fuzz_row, .user = &sum};
    sheets_read(path, FORMAT_XLSX, "", &h, why, sizeof why);
    unlink(path);
    return 0;
}
