/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/unitname.h"

#include "survey/halftext.h"

#include <string.h>

static const char *const SUFFIXES[] = {"村民委员会", "居民委员会", "村委会", "居委会",
                                       "行政村",     "社区",       "村"};

/* Cuts one suffix off, but never the whole name. */
static void cut_suffix(struct buf *name)
{
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof *SUFFIXES; i++) {
        size_t n = strlen(SUFFIXES[i]);
        if (name->len > n && ends_with(name->text, SUFFIXES[i])) {
            name->len -= n;
            name->text[name->len] = '\0';
            return;
        }
    }
}

void unit_name_fold(struct buf *key, const char *name, bool stem)
{
    struct buf plain = {0};
    half_text(&plain, name);
    remove_char(&plain, ' ');
    if (stem)
        cut_suffix(&plain);
    buf_puts(key, buf_text(&plain));
    buf_free(&plain);
}
