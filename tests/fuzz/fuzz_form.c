/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Questionnaires: the bytes are a one-file CSV workbook.
 */
#include "fuzz.h"

#include "survey/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static char messages[4096];
    message_capture(messages, sizeof messages);
    struct form *f = form_read(fuzz_file(bytes, n));
    for (int i = 0; f && i < f->question_count; i++)
        if (form_question(f, f->questions[i].name) != &f->questions[i])
            abort();
    form_free(f);
    message_capture(NULL, 0);
    return 0;
}
