/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Questionnaires: what form_read() makes of the three of topic 7, and every mistake it must tell.
 */
#include "survey/form.h"

#include "base/text.h"
#include "survey/expr.h"
#include "survey/workbook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char messages[16384], path[] = "/tmp/test_form_XXXXXX.csv";

/* ---- what is read ---------------------------------------------------------------------------- */

static void household_is_read(void **state)
{
    struct form *f = form_read("questionnaires/henan-2025/07-household.csv");
    (void)state;
    assert_non_null(f);
    assert_string_equal(f->id, "hn2025_07_household");
    assert_string_equal(f->version, "2025041101");
    assert_int_equal(f->repeat_count, 1);
    assert_int_equal(form_repeat(f, "member"), 0);
    assert_int_equal(form_repeat(f, "nobody"), -1);
    assert_string_equal(f->repeats[0].count_question, "labour_cnt");
    const struct question *wage = form_question(f, "m_wage");
    assert_int_equal(wage->type, Q_INTEGER);
    assert_int_equal(wage->repeat, 0);
    assert_string_equal(wage->unit, "元");
    assert_string_equal(question_caption(wage), "月均工资");
    assert_non_null(wage->relevant);
    assert_non_null(wage->required);
    assert_null(wage->calculation);
    const struct question *dest = form_question(f, "m_dest");
    assert_int_equal(dest->type, Q_SELECT_ONE);
    assert_int_equal(dest->list->count, 8);
    assert_string_equal(dest->list->filter_heads[0], "place");
    assert_string_equal(list_choice(dest->list, "45")->label, "境外");
    assert_string_equal(list_choice(dest->list, "45")->filters[0], "4");
    assert_null(list_choice(dest->list, "46"));
    assert_non_null(dest->choice_filter);
    assert_true(form_question(f, "m_id")->personal);
    assert_false(form_question(f, "hh_no")->personal);
    assert_string_equal(form_question(f, "hh_no")->group, "g_id");
    assert_false(question_has_data(form_question(f, "n_total")));
    assert_false(question_has_data(form_question(f, "start")));
    assert_null(form_question(f, "nobody"));
    form_free(f);
}

/* The office's list of heads (simulated field material) names every question with data. */
static void every_office_question_is_there(void **state)
{
    static const char *const files[][2] = {{"questionnaires/henan-2025/07-county.csv", "28"},
                                           {"questionnaires/henan-2025/07-household.csv", "64"},
                                           {"questionnaires/henan-2025/07-village.csv", "27"}};
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct form *f = form_read(files[i][0]);
        int answers = 0;
        assert_non_null(f);
        for (int k = 0; k < f->question_count; k++)
            answers += question_has_data(&f->questions[k]);
        assert_int_equal(answers, atoi(files[i][1]));
        form_free(f);
    }
}

/* ---- small forms ------------------------------------------------------------------------------
 */

#define HEAD                                                                                       \
    ",type,name,label,relevant,required,constraint,calculation,choice_filter,repeat_count\n"
#define CHOICES "choices\n,list_name,name,label,place\n,yn,1,是,3\n,yn,2,否,4\n"

/* Reads a form from text, collecting the messages. */
static struct form *read_text(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    message_capture(messages, sizeof messages);
    struct form *f = form_read(path);
    message_capture(NULL, 0);
    return f;
}

static struct form *read_rows(const char *rows)
{
    struct buf b = {0};
    buf_printf(&b, "survey\n%s%s%s", HEAD, rows, CHOICES);
    struct form *f = read_text(b.text);
    buf_free(&b);
    return f;
}

static struct form *read_good(const char *rows)
{
    struct form *f = read_rows(rows);
    if (!f)
        fail_msg("%s", messages);
    return f;
}

static const char *const mistakes[][2] = {
    {",integr,a,甲\n", "不认识的题型，是不是 integer？"},
    {",,a,甲\n", "没有写题型"},
    {",text,,甲\n", "没有题名"},
    {",text,1a,甲\n", "题名不能用"},
    {",text,a b,甲\n", "题名不能用"},
    {",text,_id,甲\n", "留作系统用"},
    {",text,a,甲\n,text,A,乙\n", "第3行已经用过"},
    {",text,a,甲\n,begin_group,a,乙\n,end_group\n", "题名重复"},
    {",select_one yesno,a,甲\n", "没有选项表 yesno"},
    {",select_one y,a,甲\n", "是不是 yn？"},
    {",begin_group,g,甲\n,text,a,乙\n", "没有 end_group"},
    {",begin_repeat,g,甲\n,text,a,乙\n", "没有 end_repeat"},
    {",text,a,甲\n,end_group\n", "前面没有对应的 begin_group"},
    {",begin_group,g,甲\n,end_repeat\n", "不配对"},
    {",begin_group,g,甲\n,end_group,h\n", "这里结束的是第3行的 g"},
    {",text,a,甲,${b} > 1\n", "没有 b 这道题"},
    {",text,a,甲,,,. > \n", "没有写完"},
    {",text,a,甲,,,regex(. '(')\n", "缺少运算符或逗号"},
    {",text,a,甲,,${b} > 1\n", "第3行，“required”栏"},
    {",calculate,a,甲\n", "没有写算式"},
    {",calculate,a,甲,,,,${a} + 1\n", "绕成了圈：a → a"},
    {",calculate,a,甲,,,,${b} + 1\n,calculate,b,乙,,,,${a}\n", "绕成了圈：a → b → a"},
    {",integer,a,甲,${b} > 1\n,integer,b,乙,${a} > 1\n", "绕成了圈"},
    {",begin_group,g,甲,${a} > 1\n,integer,a,乙\n,end_group\n", "绕成了圈：a → a"},
    {",begin_group,g,甲,${z} > 1\n,integer,a,乙\n,end_group\n", "没有 z 这道题"},
    {",select_one yn,a,甲,,,,,plase = 3\n", "没有“plase”栏"},
    {",text,a,甲,,,,,place = 3\n,text,b,看${c}\n", "没有 ${c} 这道题"},
    {",begin_repeat,r,甲,,,,,,${n}\n,text,a,乙\n,end_repeat\n", "没有 n 这道题"},
    {",integer,n,甲\n,begin_repeat,r,甲\n,text,a,乙\n,end_repeat\n,calculate,c,丙,,,,${a}\n",
     "在循环里，有多个值"},
};

static void mistakes_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct form *f = read_rows(mistakes[i][0]);
        if (f || !strstr(messages, mistakes[i][1]))
            fail_msg("%swanted “%s”, told: %s", mistakes[i][0], mistakes[i][1],
                     f ? "nothing" : messages);
        assert_non_null(strstr(messages, "错误：")); /* with the file */
        assert_non_null(strstr(messages, path));
    }
}

static void mistakes_outside_survey_are_told(void **state)
{
    static const char *const rows[][2] = {
        {"choices\n,list_name,name,label\n,a,1,b\n", "没有 survey 工作表"},
        {"survey\n,type,label\n,text,甲\n", "缺少这一栏"},
        {"survey\n,type,name\n,text,a\nchoices\n,list_name,name,label\n,y,1,是\n,y,1,否\n",
         "编码重复（已用于“是”）"},
        {"survey\n,type,name\n,text,a\nchoices\n,list_name,name,label\n,y,,是\n", "选项没有编码"},
        {"survey\n,type,name\n,text,a\nchoices\n,list_name,name,label\n,,1,是\n",
         "没有写属于哪个选项表"},
        {"survey\n,type,name\n,select_multiple y,a\nchoices\n,list_name,name,label\n,y,1 2,是\n",
         "里有空格"},
        {"survey\n,type,name\n,text,a\nsettings\n,form_id,instance_name\n,x,\"concat(${q}, 1)\"\n",
         "没有 q 这道题"},
        {"survey\n,type,name,label,parameters\n,text,a,甲,rows\n", "应写成 名字=值"},
        {"survey\n,type,name,label,parameters\n,text,a,甲,foo=1\n", "这种题型没有参数 foo"},
        {"survey\n,type,name,label,parameters\n,image,a,甲,max-pixels=x\n",
         "参数 max-pixels 应是 不小于0的整数"},
        {"survey\n,type,name,label,parameters\n,audio,a,甲,quality=best\n",
         "参数 quality 应是 normal|low|voice-only|external"},
        {"survey\n,type,name,label,trigger\n,text,a,甲,\n,calculate,b,,a\n", "这一栏只写 ${题名}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct form *f = read_text(rows[i][0]);
        if (f || !strstr(messages, rows[i][1]))
            fail_msg("%swanted “%s”, told: %s", rows[i][0], rows[i][1], f ? "nothing" : messages);
    }
}

/* All of them in one go, each with its row. */
static void all_mistakes_are_told_at_once(void **state)
{
    struct form *f = read_rows(",integr,a,甲\n,text,b,乙,${zz} > 1\n,select_one no,c,丙\n"
                               ",text,b,丁\n,text,d,戊,,,. >\n");
    (void)state;
    assert_null(f);
    static const char *const wanted[] = {"第3行，“type”栏", "第4行，“relevant”栏",
                                         "第5行，“type”栏", "第6行，“name”栏",
                                         "第7行，“constraint”栏"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!strstr(messages, wanted[i]))
            fail_msg("no %s in %s", wanted[i], messages);
}

static void unknown_columns_are_warned_of(void **state)
{
    struct form *f = read_text("survey\n,type,name,lable,requird\n,text,a,甲,yes\n");
    (void)state;
    assert_non_null(f);
    assert_non_null(strstr(messages, "lable"));
    assert_non_null(strstr(messages, "requird"));
    assert_non_null(strstr(messages, "是不是“required”？"));
    form_free(f);
}

/* label::… when there is no plain label; old names of heads and types. */
static void other_spellings_are_read(void **state)
{
    struct form *f =
        read_text("survey\n,type,name,label::中文 (zh),label::English (en),required,alias,soft\n"
                  ",begin group,g,组,group\n,select one yn,a,甲,A,true(),甲题| 第一题 ||,yes\n"
                  ",range,r,范围,R,no\n,rank yn,k,排序,K\n,end group\n"
                  "choices\n,list name,name,label::中文 (zh),label::English (en)\n,yn,1,是,yes\n");
    (void)state;
    if (!f)
        fail_msg("%s", messages);
    const struct question *a = form_question(f, "a");
    assert_string_equal(a->label, "甲");
    assert_string_equal(a->list->choices[0].label, "是");
    assert_int_equal(a->list->filter_count, 0);
    assert_non_null(a->required);
    assert_true(a->soft);
    assert_int_equal(a->alias_count, 2);
    assert_string_equal(a->aliases[1], "第一题");
    assert_null(form_question(f, "r")->required);
    assert_int_equal(form_question(f, "r")->type, Q_INTEGER);
    assert_int_equal(form_question(f, "k")->type, Q_OTHER);
    form_free(f);
}

static bool holds(struct expr *e, const struct form *f, const char *name, const char *text)
{
    struct record r = {.form = f, .repeat = -1, .position = 1};
    r.values = calloc((size_t)f->question_count, sizeof *r.values);
    for (int i = 0; i < f->question_count; i++)
        r.values[i] = (struct value){OPTIONAL, "", 0.0 / 0.0};
    struct value *v = &r.values[form_question(f, name)->index];
    *v = (struct value){VALUE_OK, text, strtod(text, NULL)};
    struct result result = expr_eval(e, &r, NULL);
    bool truth = result_true(&result);
    free(r.values);
    return truth;
}

/* The relevant of groups around a question holds for it too, or in a group stays or. */
static void groups_pass_on_their_relevant(void **state)
{
    struct form *f = read_good(",integer,n,甲\n"
                               ",begin_group,g,组,${n} = 1 or ${n} = 2\n"
                               ",begin_group,h,组,${n} != 2 or ${n} = 9\n"
                               ",text,a,乙\n,text,b,丙,${n} > 0\n,end_group\n,end_group\n");
    (void)state;
    const struct question *a = form_question(f, "a"), *b = form_question(f, "b");
    assert_string_equal(a->group, "g/h");
    static const char *const answers[] = {"0", "1", "2", "9"};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(holds(a->relevant, f, "n", answers[i]), i == 1);
        assert_int_equal(holds(b->relevant, f, "n", answers[i]), i == 1);
    }
    assert_null(form_question(f, "n")->relevant);
    form_free(f);
}

/* Repeats in repeats; position(..) steps over groups. */
static void nested_repeats_are_read(void **state)
{
    struct form *f = read_good(",integer,n,甲\n,begin_repeat,plot,地块,,,,,,2\n,integer,mu,亩\n"
                               ",begin_repeat,crop,作物\n,begin_group,g,组\n,decimal,yield,产量\n"
                               ",calculate,at,位置,,,,position(../..)\n"
                               ",calculate,plot_at,位置,,,,position(../../..)\n,end_group\n"
                               ",calculate,share,份额,,,,${yield} div ${mu}\n,end_repeat\n"
                               ",calculate,total,合计,,,,sum(${yield})\n,end_repeat\n"
                               ",calculate,all,总计,,,,sum(${yield}) + count(${crop}) * ${n}\n");
    (void)state;
    assert_int_equal(f->repeat_count, 2);
    assert_int_equal(f->repeats[1].parent, 0);
    assert_null(f->repeats[0].count_question);
    assert_non_null(f->repeats[0].count);
    struct record crops[3], plots[2], top = {f, -1, NULL, NULL, NULL, 2, 1};
    struct record *below_top[2] = {&plots[0], &plots[1]},
                  *below[3] = {&crops[0], &crops[1], &crops[2]};
    struct value *values = calloc(6 * (size_t)f->question_count, sizeof *values);
    int yield = form_question(f, "yield")->index;
    for (int i = 0; i < 6 * f->question_count; i++)
        values[i] = (struct value){VALUE_OK, "2", 2};
    top.values = values;
    top.children = below_top;
    for (int i = 0; i < 2; i++)
        plots[i] = (struct record){
            f, 0, values + (1 + i) * f->question_count, &top, below + 2 * i, 2 - i, i + 1};
    for (int i = 0; i < 3; i++)
        crops[i] = (struct record){
            f, 1, values + (3 + i) * f->question_count, &plots[i / 2], NULL, 0, 1 + i % 2};
    crops[1].values[yield] = (struct value){VALUE_OK, "10.5", 10.5};
    struct result r = expr_eval(form_question(f, "all")->calculation, &top, NULL);
    assert_true(result_number(&r) == 14.5 + 3 * 2);
    r = expr_eval(form_question(f, "total")->calculation, &plots[0], NULL);
    assert_true(result_number(&r) == 12.5);
    r = expr_eval(form_question(f, "total")->calculation, &plots[1], NULL);
    assert_true(result_number(&r) == 2);
    r = expr_eval(form_question(f, "at")->calculation, &crops[1], NULL);
    assert_true(result_number(&r) == 2);
    r = expr_eval(form_question(f, "plot_at")->calculation, &crops[2], NULL);
    assert_true(result_number(&r) == 2);
    r = expr_eval(form_question(f, "share")->calculation, &crops[1], NULL);
    assert_true(result_number(&r) == 5.25);
    free(values);
    form_free(f);
}

static int setup(void **state)
{
    (void)state;
    int fd = mkstemps(path, 4);
    return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state)
{
    (void)state;
    return remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(household_is_read),
        cmocka_unit_test(every_office_question_is_there),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(mistakes_outside_survey_are_told),
        cmocka_unit_test(all_mistakes_are_told_at_once),
        cmocka_unit_test(unknown_columns_are_warned_of),
        cmocka_unit_test(other_spellings_are_read),
        cmocka_unit_test(groups_pass_on_their_relevant),
        cmocka_unit_test(nested_repeats_are_read),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
