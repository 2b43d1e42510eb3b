/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A whole county file: detection, tables, heads, the raw store.
 */
#include "fuzz.h"

#include "intake/intake.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct topic *t;
    static char store[64];
    if (!t) {
        t = topic_read("topics/henan-2025/07/topic.csv");
        snprintf(store, sizeof store, "/tmp/fuzz-heads-%d.db", (int)getpid());
    }
    if (!t)
        abort();
    struct raw *r = raw_create(store, t);
    struct intake *k = intake_new(r, t);
    intake_file(k, fuzz_file(bytes, n), "表.csv", "-", (long long)n);
    intake_free(k);
    raw_finish(r);
    unlink(store);
    return 0;
}
