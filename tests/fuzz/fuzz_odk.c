/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "formats/xmltree.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct xmltree t;
    xmltree_read(&t, fuzz_file(bytes, n));
    xmltree_free(&t);
    return 0;
}
