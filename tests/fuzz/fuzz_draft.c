/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * verify over a text: every rule; findings lie in the draft, in its order, and can be quoted.
 */
#include "fuzz.h"
#include "verify/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n > 20000)
        return 0;
    char *text = must_alloc(n + 1);
    memcpy(text, bytes, n);
    struct draft d = {0};
    struct check c;
    if (utf8_valid(text, strlen(text))) {
        draft_from_text(&d, text);
        check_open(&c, &d);
        check_rules(&c, NULL);
        for (int i = 0; i < c.count; i++) {
            struct buf words = {0};
            if (c.claims[i].from > c.claims[i].to || c.claims[i].to > d.scan.len ||
                (i && c.claims[i].from < c.claims[i - 1].from))
                abort();
            draft_quote(&d, c.claims[i].from, c.claims[i].to, &words);
            if (!utf8_valid(buf_text(&words), words.len) || draft_line(&d, c.claims[i].from) < 1)
                abort();
            buf_free(&words);
        }
        check_close(&c);
        draft_free(&d);
    }
    free(text);
    return 0;
}
