/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "verify/docx.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static char said[4096];
    struct buf text = {0};
    message_capture(said, sizeof said);
    if (docx_read(&text, fuzz_file(bytes, n), 1 << 20) == 0 &&
        (text.len > 1 << 20 || !utf8_valid(buf_text(&text), text.len)))
        abort();
    message_capture(NULL, 0);
    buf_free(&text);
    return 0;
}
