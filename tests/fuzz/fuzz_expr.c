/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Expressions: the first byte chooses the level, the rest is the text.  What compiles is
 * evaluated over a record whose values are the text itself.
 */
#include "fuzz.h"

#include "survey/expr.h"

#include <math.h>

static struct form *form;
static struct record top, member, *children[1] = {&member};

static void make_record(struct record *r, int repeat)
{
    *r = (struct record){.form = form, .repeat = repeat, .position = 1};
    r->values = must_alloc((size_t)form->question_count * sizeof *r->values);
}

static void fill(struct record *r, const char *text)
{
    for (int i = 0; i < form->question_count; i++)
        r->values[i] = (struct value){VALUE_OK, text, i % 2 ? i : NAN};
}

static void evaluate(struct expr *e, const struct record *r)
{
    static char text[2 * 1024 * 1024];
    struct result result = expr_eval(e, r, &r->values[0]);
    result_text(&result, text, sizeof text);
    result_true(&result);
    if (strlen(text) > 1024 * 1024 || isinf(result_number(&result)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static char messages[4096];
    if (!form) {
        form = form_read("tests/reference/expressions/form.csv");
        make_record(&top, -1);
        make_record(&member, 0);
        member.parent = &top;
        top.children = children;
        top.child_count = 1;
    }
    if (n < 1)
        return 0;
    char *text = must_alloc(n);
    memcpy(text, bytes + 1, n - 1);
    fill(&top, text);
    fill(&member, text);
    message_capture(messages, sizeof messages);
    bool inside = bytes[0] % 2;
    const struct question *q = form_question(form, inside ? "age" : "n");
    struct expr *e = expr_compile_for(text, form, q, NULL, (struct place){.file = "f"});
    if (e) {
        evaluate(e, inside ? &member : &top);
        evaluate(e, inside ? &member : &top);
    }
    expr_free(e);
    message_capture(NULL, 0);
    free(text);
    return 0;
}
