/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cells: the first byte chooses a question of the topic, the rest is the cell.  A value that was
 * read is in canonical form: read again, it is the same and needs no repair.
 */
#include "fuzz.h"

#include "base/text.h"
#include "review/parse.h"

static struct topic *topic;
static struct rules rules;
static struct parser *parser;
static const struct question *questions[256];
static int question_count;

static void prepare(void)
{
    topic = topic_read("topics/henan-2025/07/topic.csv");
    if (!topic || rules_read(topic, &rules) < 0)
        abort();
    parser = parser_new(topic, &rules);
    for (int f = 0; f < topic->form_count; f++)
        for (int i = 0; i < topic->forms[f]->question_count && question_count < 256; i++)
            if (question_has_data(&topic->forms[f]->questions[i]))
                questions[question_count++] = &topic->forms[f]->questions[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct parsed first, again;
    if (!topic)
        prepare();
    if (n < 1 || !utf8_valid((const char *)bytes + 1, n - 1))
        return 0; /* the readers hand out UTF-8 */
    const struct question *q = questions[bytes[0] % question_count];
    char *text = must_alloc(n);
    memcpy(text, bytes + 1, n - 1);
    struct cell cell = {CELL_TEXT, text, n - 1};
    parse_cell(parser, q, &cell, 1, NULL, &first);
    if (first.state == PARSED_VALUE && q->type != Q_CALCULATE) {
        struct cell canonical = {CELL_TEXT, first.text.text, first.text.len};
        parse_cell(parser, q, &canonical, 1, NULL, &again);
        /* What was written otherwise (-99元, "- -9 9") may come out as a missing code. */
        bool missing = first.repairs && again.state == PARSED_MISSING;
        if (q->type != Q_TEXT && !missing && (again.state != PARSED_VALUE || again.repairs))
            abort();
        if (again.state == PARSED_VALUE && strcmp(first.text.text, again.text.text) != 0)
            abort();
    }
    free(text);
    return 0;
}
