/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/draw.h"
#include "simulate/mistakes.h"
#include "simulate/texts.h"
#include "survey/checkdigit.h"
#include "review/numeral.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct world world;
static struct rules rules;

static int setup(void **state)
{
    (void)state;
    world.topic = topic_read("topics/henan-2025/07/topic.csv");
    if (!world.topic || rules_read(world.topic, &rules) < 0)
        return -1;
    world.rules = &rules;
    world.frame = frame_read(world.topic);
    world.chance = chance_new(1, 411725);
    world.county = "411725";
    expr_set_today(rules.today);
    return world.frame ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    chance_free(world.chance);
    frame_free((struct frame *)(uintptr_t)world.frame);
    topic_free(world.topic);
    return 0;
}

/* ---- chance ---------------------------------------------------------------------------------- */

static void the_same_seed_again(void **state)
{
    (void)state;
    struct chance *a = chance_new(9, 1), *b = chance_new(9, 1), *c = chance_new(9, 2);
    int same = 0;
    for (int i = 0; i < 1000; i++) {
        long x = chance_below(a, 1000000);
        assert_int_equal(x, chance_below(b, 1000000));
        same += x == chance_below(c, 1000000);
    }
    assert_true(same < 5);
    chance_free(a);
    chance_free(b);
    chance_free(c);
}

static void bounds_of_chance(void **state)
{
    (void)state;
    int seen[3] = {0};
    for (int i = 0; i < 3000; i++) {
        assert_false(chance_hits(world.chance, 0));
        assert_true(chance_hits(world.chance, 1));
        seen[chance_between(world.chance, 5, 7) - 5]++;
    }
    for (int i = 0; i < 3; i++)
        assert_in_range(seen[i], 850, 1150);
}

/* ---- ranges ---------------------------------------------------------------------------------- */

static struct record blank_record(struct arena *a, const struct form *f)
{
    struct record r = {.form = f, .repeat = -1, .position = 1};
    r.values = arena_alloc(a, (size_t)f->question_count * sizeof *r.values);
    for (int i = 0; i < f->question_count; i++)
        r.values[i] = (struct value){OPTIONAL, "", NAN};
    return r;
}

static void set(struct record *r, const char *name, const char *text)
{
    r->values[form_question(r->form, name)->index] =
        (struct value){VALUE_OK, text, strtod(text, NULL)};
}

static struct ranges ranges_of(const char *level, const char *name, const char *first,
                               const char *value)
{
    struct arena a = {0};
    struct ranges out;
    const struct form *f = topic_level(world.topic, level)->form;
    struct record r = blank_record(&a, f);
    if (first)
        set(&r, first, value);
    ranges_find(form_question(f, name), &r, &out);
    arena_free(&a);
    return out;
}

static void fixed_bounds(void **state)
{
    (void)state;
    struct ranges r = ranges_of("villages", "v_hh", NULL, NULL);
    assert_int_equal(r.count, 1);
    assert_float_equal(r.items[0].low, 20, 0);
    assert_float_equal(r.items[0].high, 3000, 0);
    r = ranges_of("households", "svy_date", NULL, NULL); /* 2025-04-11 to 2025-07-31 */
    assert_int_equal(r.count, 1);
    assert_float_equal(r.items[0].low, 20189, 0);
    assert_float_equal(r.items[0].high, 20300, 0);
    r = ranges_of("households", "inc_farm", NULL, NULL); /* 0, or 100 to 2000000 */
    assert_int_equal(r.count, 2);
    assert_float_equal(r.items[0].high, 0, 0);
    assert_float_equal(r.items[1].low, 100, 0);
    assert_float_equal(r.items[1].high, 2000000, 0);
}

static void bounds_by_other_answers(void **state)
{
    (void)state;
    struct ranges r = ranges_of("households", "land_out_mu", "land_mu", "7.3");
    assert_int_equal(r.count, 1);
    assert_float_equal(r.items[0].low, 0.1, 1e-9);
    assert_float_equal(r.items[0].high, 7.3, 1e-9);
    r = ranges_of("villages", "v_pop", "v_hh", "444");
    assert_float_equal(r.items[0].low, 444, 0);
    assert_float_equal(r.items[0].high, 12000, 0);
    assert_int_equal(most_records(topic_level(world.topic, "members")->form, 0), 6);
    assert_int_equal(most_numbers(topic_level(world.topic, "households")), 2000);
}

/* ---- records --------------------------------------------------------------------------------- */

static void check_record(const struct made *m)
{
    const struct form *f = m->level->form;
    for (int i = 0; i < f->question_count; i++) {
        const struct question *q = &f->questions[i];
        const struct value *v = &m->truth.values[i];
        if (q->repeat != m->truth.repeat || !question_has_data(q))
            continue;
        struct result asked = {.kind = RESULT_BOOL, .truth = true};
        if (q->relevant)
            asked = expr_eval(q->relevant, &m->truth, NULL);
        assert_int_equal(result_true(&asked), v->missing != NOT_ASKED);
        if (v->missing != VALUE_OK) {
            assert_false(result_true(&asked) && q->required && q->type != Q_CALCULATE);
            continue;
        }
        assert_true(constraint_holds(q, &m->truth, v));
        if (q->type == Q_SELECT_ONE)
            assert_non_null(list_choice(q->list, v->text));
    }
    for (int i = 0; i < m->child_count; i++)
        check_record(m->children[i]);
}

static void answers_satisfy_the_questionnaire(void **state)
{
    (void)state;
    const struct unit *u = NULL;
    for (int i = 0; i < world.frame->count && !u; i++)
        if (world.frame->units[i].selected && !strcmp(world.frame->units[i].county, "411725"))
            u = &world.frame->units[i];
    struct arena a = {0};
    for (int n = 1; n <= 300; n++) {
        struct made *m = draw_record(&world, &a, topic_level(world.topic, "households"), u, n);
        assert_non_null(m);
        check_record(m);
        const struct value *code =
            &m->truth.values[form_question(m->level->form, "village_code")->index];
        assert_string_equal(code->text, u->code);
        arena_reset(&a);
    }
    arena_free(&a);
}

/* ---- texts ----------------------------------------------------------------------------------- */

static void invented_identity_numbers(void **state)
{
    (void)state;
    struct arena a = {0};
    for (int i = 0; i < 500; i++) {
        const char *id = identity_number(&a, world.chance, "411725", 1984);
        assert_true(resident_id_valid(id));
        assert_memory_equal(id, "4117991984", 10); /* a division that does not exist */
    }
    assert_int_equal(identity_check("11010519491231002"), 'X'); /* the standard's own example */
    arena_free(&a);
}

static void invented_credit_codes(void **state)
{
    (void)state;
    struct arena a = {0};
    for (int i = 0; i < 500; i++) {
        const char *code = credit_code(&a, world.chance, "53");
        assert_true(credit_code_valid(code));
        assert_memory_equal(code, "53", 2);
        assert_memory_equal(code + 6, "99", 2); /* a division that does not exist */
    }
    arena_free(&a);
}

static void texts_of_patterns(void **state)
{
    (void)state;
    struct buf b = {0};
    for (int i = 0; i < 200; i++) {
        buf_clear(&b);
        assert_true(text_of_pattern(&b, world.chance, "^[A-Z]\\d{3}-x?$"));
        assert_in_range(b.len, 5, 6);
        assert_true(b.text[0] >= 'A' && b.text[0] <= 'Z');
        assert_int_equal(strspn(b.text + 1, "0123456789"), 3);
        assert_int_equal(b.text[4], '-');
    }
    buf_clear(&b);
    assert_false(text_of_pattern(&b, world.chance, "^a(b|c)$"));
    assert_int_equal(b.len, 0);
    buf_free(&b);
}

/* Written by the simulation, read by the cleaning: two ways there and back. */
static void chinese_numbers(void **state)
{
    (void)state;
    static const struct {
        long n;
        const char *text;
    } known[] = {{12, "十二"},
                 {105, "一百零五"},
                 {2050, "两千零五十"},
                 {25200, "两万五千二百"},
                 {10450, "一万零四百五十"},
                 {10010, "一万零一十"},
                 {125900, "十二万五千九百"},
                 {20, "二十"},
                 {3000007, "三百万零七"}};
    struct buf b = {0}, back = {0};
    bool scaled;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        buf_clear(&b);
        chinese_number(&b, known[i].n);
        assert_string_equal(b.text, known[i].text);
    }
    for (long n = 1; n < 2000000; n += 1 + n / 37) {
        buf_clear(&b);
        chinese_number(&b, n);
        assert_true(numeral_read(b.text, &back, &scaled));
        assert_int_equal(atol(back.text), n);
    }
    buf_free(&b);
    buf_free(&back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_again),
        cmocka_unit_test(bounds_of_chance),
        cmocka_unit_test(fixed_bounds),
        cmocka_unit_test(bounds_by_other_answers),
        cmocka_unit_test(answers_satisfy_the_questionnaire),
        cmocka_unit_test(invented_identity_numbers),
        cmocka_unit_test(invented_credit_codes),
        cmocka_unit_test(texts_of_patterns),
        cmocka_unit_test(chinese_numbers),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
