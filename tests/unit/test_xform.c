/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Phone forms: what form_read() makes of the constructs that only they have, and what xform_write()
 * refuses.  That the XForms are right is tested against pyxform in e2e/forms.
 */
#include "files.h"

#include "instrument/xform.h"
#include "survey/expr.h"
#include "survey/form.h"
#include "survey/workbook.h"

static char messages[16384];

static struct form *read_text(const char *text)
{
    const char *path = write_bytes("form.csv", text, strlen(text));
    memset(messages, 0, sizeof messages);
    message_capture(messages, sizeof messages);
    struct form *f = form_read(path);
    message_capture(NULL, 0);
    return f;
}

/* The XForm, or "" with the messages when it was refused. */
static const char *xform_of(const char *text)
{
    static struct buf out;
    buf_clear(&out);
    struct form *f = read_text(text);
    if (!f)
        fail_msg("%s", messages);
    message_capture(messages, sizeof messages);
    int rc = xform_write(f, &out);
    message_capture(NULL, 0);
    form_free(f);
    return rc < 0 ? "" : buf_text(&out);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no %s in\n%s", part, text);
}

/* ---- what is read ------------------------------------------------------------------------------
 */

static void or_other_adds_a_choice_and_a_question(void **state)
{
    struct form *f = read_text("survey\n,type,name,label,short,personal\n"
                               ",select_multiple crop or_other,crops,种什么,作物,yes\n"
                               "choices\n,list_name,name,label\n,crop,1,小麦\n");
    (void)state;
    assert_non_null(f);
    assert_int_equal(f->question_count, 2);
    const struct question *crops = &f->questions[0], *other = &f->questions[1];
    assert_int_equal(crops->list->count, 2);
    assert_string_equal(crops->list->choices[1].name, "other");
    assert_string_equal(other->name, "crops_other");
    assert_ptr_equal(other->other_of, crops);
    assert_int_equal(other->type, Q_TEXT);
    assert_true(other->personal);
    struct value values[2] = {{VALUE_OK, "1 other", 0}, {OPTIONAL, "", 0}};
    struct record r = {.form = f, .repeat = -1, .values = values, .position = 1};
    struct result asked = expr_eval(other->relevant, &r, NULL);
    assert_true(result_true(&asked));
    values[0].text = "1";
    asked = expr_eval(other->relevant, &r, NULL);
    assert_false(result_true(&asked));
    form_free(f);
}

static void or_other_clashes(void **state)
{
    (void)state;
    assert_null(read_text("survey\n,type,name,label,choice_filter\n"
                          ",select_one c or_other,a,甲,name != '1'\n"
                          "choices\n,list_name,name,label\n,c,1,小麦\n"));
    assert_has(messages, "or_other 不能和 choice_filter 一起用");
    assert_null(
        read_text("survey\n,type,name,label\n,select_one c or_other,a,甲\n,text,a_other,乙\n"
                  "choices\n,list_name,name,label\n,c,1,小麦\n"));
    assert_has(messages, "题名重复");
}

static void options_come_from_a_file(void **state)
{
    (void)state;
    WRITE("villages.csv", "code,label,county,full\n1,东村,a,县东村\n2,西村,b,\n");
    struct form *f =
        read_text("survey\n,type,name,label,choice_filter,parameters\n"
                  ",select_one_from_file villages.csv,v,村,county = 'a',value=code\n"
                  ",select_multiple_from_file villages.csv,w,村,,value=code label=full\n"
                  ",select_one_from_file villages.csv,x,村,,value=code\n");
    if (!f)
        fail_msg("%s", messages);
    const struct question *v = form_question(f, "v"), *w = form_question(f, "w");
    assert_int_equal(v->type, Q_SELECT_ONE);
    assert_int_equal(v->list->count, 2);
    assert_string_equal(list_choice(v->list, "2")->label, "西村");
    assert_non_null(v->choice_filter);
    assert_int_equal(w->type, Q_SELECT_MULTIPLE);
    assert_string_equal(list_choice(w->list, "1")->label, "县东村");
    assert_string_equal(list_choice(w->list, "2")->label, "2"); /* no text: the code */
    assert_ptr_equal(form_question(f, "x")->list, v->list);
    assert_int_equal(f->sheet_list_count, 0);
    form_free(f);
}

static void files_of_options_have_mistakes(void **state)
{
    static const struct {
        const char *file, *text, *wanted;
    } cases[] = {
        {"none.csv", NULL, "没有找到这个选项文件"},
        {"../villages.csv", NULL, "同一个文件夹"},
        {"list.txt", NULL, "选项文件应是 .csv 文件"},
        {"twice.csv", "name,label\n1,甲\n1,乙\n",
         "第3行，“name”栏，内容“1”：编码重复，第2行已经用过"},
        {"blank.csv", "name,label\n,甲\n", "第2行，“name”栏：选项没有编码"},
        {"heads.csv", "code,label\n1,甲\n", "“name”栏：选项文件缺少这一栏"},
        {"empty.csv", "", "不是表格文件"},
        {"spaces.csv", "name,label\n1 2,甲\n", "有空格"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].text)
            write_bytes(cases[i].file, cases[i].text, strlen(cases[i].text));
        char text[256];
        snprintf(text, sizeof text,
                 "survey\n,type,name,label\n,select_multiple_from_file %s,v,村\n", cases[i].file);
        assert_null(read_text(text));
        assert_has(messages, cases[i].wanted);
    }
}

static void texts_are_in_the_forms_language(void **state)
{
    (void)state;
    struct form *f = read_text("survey\n,type,name,label::English (en),label::中文 (zh),hint\n"
                               ",text,a,First,第一,提示\n,text,b,Second,,\n");
    assert_string_equal(f->language, "中文 (zh)");
    assert_string_equal(form_question(f, "a")->label, "第一");
    assert_string_equal(form_question(f, "a")->hint, "提示");
    assert_string_equal(form_question(f, "b")->label, "Second"); /* better than none */
    form_free(f);
    f = read_text("survey\n,type,name,label::English (en),label::中文 (zh)\n,text,a,First,第一\n"
                  "settings\n,default_language\n,English (en)\n");
    assert_string_equal(form_question(f, "a")->label, "First");
    form_free(f);
}

static bool constraint_holds(const struct question *q, const struct form *f, double number,
                             const char *text)
{
    struct value values[8] = {{VALUE_OK, text, number}};
    struct record r = {.form = f, .repeat = -1, .values = values, .position = 1};
    struct value self = {VALUE_OK, text, number};
    struct result result = expr_eval(q->constraint, &r, &self);
    return result_true(&result);
}

static void a_range_lies_between_its_ends(void **state)
{
    (void)state;
    struct form *f = read_text("survey\n,type,name,label,parameters,constraint\n"
                               ",range,a,甲,start=10;end=0 step=2,. != 4\n"
                               ",range,b,乙,end=1 start=0 step=0.1,\n,range,c,丙,,\n");
    if (!f)
        fail_msg("%s", messages);
    const struct question *a = form_question(f, "a");
    assert_int_equal(a->type, Q_INTEGER);
    assert_int_equal(form_question(f, "b")->type, Q_DECIMAL);
    assert_int_equal(form_question(f, "c")->type, Q_INTEGER);
    assert_string_equal(a->constraint_message, "应在0至10之间");
    assert_true(constraint_holds(a, f, 10, "10"));
    assert_false(constraint_holds(a, f, 4, "4"));
    assert_false(constraint_holds(a, f, 11, "11"));
    assert_false(constraint_holds(a, f, -1, "-1"));
    form_free(f);
    static const char *const wrong[] = {"start=a",     "start",   "step=0", "start=0 end=5 step=6",
                                        "start=1e999", "start==1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[256];
        snprintf(text, sizeof text, "survey\n,type,name,label,parameters\n,range,a,甲,%s\n",
                 wrong[i]);
        assert_null(read_text(text));
        assert_has(messages, "“parameters”栏");
    }
}

/* It is set when its trigger changes, and cannot be computed from the record. */
static void a_triggered_calculation_is_an_answer(void **state)
{
    (void)state;
    struct form *f = read_text("survey\n,type,name,label,calculation,trigger\n,text,a,甲,,\n"
                               ",calculate,b,,now(),${a}\n,calculate,c,,1 + 1,\n");
    assert_int_equal(form_question(f, "b")->type, Q_TEXT);
    assert_int_equal(form_question(f, "c")->type, Q_CALCULATE);
    form_free(f);
    assert_null(read_text("survey\n,type,name,label,trigger\n,text,a,甲,${b}\n"));
    assert_has(messages, "没有 ${b} 这道题");
}

/* defaults.csv says which texts pyxform takes for expressions. */
static void defaults_are_told_as_pyxform_tells_them(void **state)
{
    struct workbook *w = workbook_read("tests/reference/xform/defaults.csv");
    const struct wsheet *s = &w->sheets[0];
    (void)state;
    assert_true(s->row_count > 200);
    for (int row = 0; row < s->row_count; row++) {
        const char *type = wsheet_get(s, row, "type"), *text = wsheet_get(s, row, "default");
        struct question q = {.type_text = type, .type = strcmp(type, "date") ? Q_TEXT : Q_DATE};
        bool wanted = strcmp(wsheet_get(s, row, "computed"), "yes") == 0;
        if (form_default_is_computed(&q, text) != wanted)
            fail_msg("%s of %s: wanted %d", text, type, wanted);
    }
    workbook_free(w);
}

static void computed_defaults_are_checked(void **state)
{
    (void)state;
    assert_null(read_text("survey\n,type,name,label,default\n,text,a,甲,${b}\n"));
    assert_has(messages, "${b}");
    assert_null(read_text("survey\n,type,name,label,default\n,text,a,甲,其他(请注明)\n"));
    assert_has(messages, "没有函数 其他()");
    struct form *f = read_text("survey\n,type,name,label,default\n,text,a,甲,uuid()\n"
                               ",text,b,乙,${last-saved#a}\n");
    assert_non_null(f);
    form_free(f);
}

/* ---- what is written ---------------------------------------------------------------------------
 */

static void texts_are_escaped(void **state)
{
    const char *x = xform_of("survey\n,type,name,label,hint,constraint,constraint_message\n"
                             ",text,a,\"<b> & \"\"c\"\" ]]>\",\x01提示,. != '<&\"\"',\"一\n二\"\n");
    (void)state;
    assert_has(x, "<label>&lt;b&gt; &amp; \"c\" ]]&gt;</label>");
    assert_has(x, "<hint>\xEF\xBF\xBD提示</hint>");
    assert_has(x, "jr:constraintMsg=\"一&#10;二\"");
}

static void what_a_phone_cannot_show_is_refused(void **state)
{
    static const struct {
        const char *form, *wanted;
    } cases[] = {
        {"survey\n,type,name,label\n,text,a,\n", "第3行，“label”栏：这道题没有文字"},
        {"survey\n,type,name,label,calculation,trigger\n,calculate,a,,1 + 1,\n"
         ",text,b,乙,now(),${a}\n",
         "不能用作 trigger"},
        {"survey\n,type,name,label,appearance\n,select_one c,a,甲,search('x')\n"
         "choices\n,list_name,name,label\n,c,1,一\n",
         "不支持 search()"},
        {"survey\n,type,name,label,repeat_count\n,text,r_count,甲,\n,begin_repeat,r,乙,1 + 1\n"
         ",text,b,丙,\n,end_repeat,,,\n",
         "r_count 这个题名"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(xform_of(cases[i].form), "");
        assert_has(messages, cases[i].wanted);
    }
}

static void deep_groups_are_refused(void **state)
{
    struct buf text = {0};
    (void)state;
    buf_puts(&text, "survey\n,type,name,label\n");
    for (int i = 0; i < 300; i++)
        buf_printf(&text, ",begin_group,g%d,组\n", i);
    buf_puts(&text, ",text,a,甲\n");
    for (int i = 0; i < 300; i++)
        buf_puts(&text, ",end_group,,\n");
    assert_string_equal(xform_of(text.text), "");
    assert_has(messages, "组套得太深");
    buf_free(&text);
}

static void unknown_names_are_left_out(void **state)
{
    const char *x = xform_of("survey\n,type,name,label,parameters,bind::a b,body::odk:c,disabled\n"
                             ",text,a,甲,rows=2,1,2,\n,text,b,乙,,,,yes\n");
    (void)state;
    assert_has(x, "rows=\"2\"");
    assert_has(x, "odk:c=\"2\"");
    assert_null(strstr(x, "乙"));
    assert_has(messages, "“a b”不能作属性名");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(or_other_adds_a_choice_and_a_question),
        cmocka_unit_test(or_other_clashes),
        cmocka_unit_test(options_come_from_a_file),
        cmocka_unit_test(files_of_options_have_mistakes),
        cmocka_unit_test(texts_are_in_the_forms_language),
        cmocka_unit_test(a_range_lies_between_its_ends),
        cmocka_unit_test(a_triggered_calculation_is_an_answer),
        cmocka_unit_test(defaults_are_told_as_pyxform_tells_them),
        cmocka_unit_test(computed_defaults_are_checked),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(what_a_phone_cannot_show_is_refused),
        cmocka_unit_test(deep_groups_are_refused),
        cmocka_unit_test(unknown_names_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
