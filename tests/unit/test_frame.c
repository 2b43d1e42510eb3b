/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sampling frame: reading it, and finding the one village that a text names.
 */
#include "survey/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct setting design[] = {
    {"frame", "frame.csv"},   {"psu", "code"},        {"psu_name", "name"},
    {"psu_parent", "town"},   {"county", "county"},   {"county_name", "county_name"},
    {"stratum", "stratum"},   {"size", "households"}, {"p1", "p"},
    {"selected", "selected"}, {"take", "take"},
};
static char folder[] = "/tmp/test_frame.XXXXXX";
static struct topic topic = {.path = "topic.csv",
                             .folder = folder,
                             .design = design,
                             .design_count = sizeof design / sizeof *design};

static const char HEAD[] = "county,county_name,stratum,town,code,name,households,selected,p,take\n";
static const char UNITS[] = "410325,嵩县,豫西,马湾镇,410325100208,孙营村,219,1,0.0238,20\n"
                            "410325,嵩县,豫西,马湾镇,410325100209,大营村,100,0,,\n"
                            "410325,嵩县,豫西,北岗镇,410325101207,东伍姓村,592,1,0.05,20\n"
                            "410325,嵩县,豫西,北岗镇,410325101208,西伍姓村,592,1,0.05,20\n"
                            "410325,嵩县,豫西,北川镇,410325102204,李庄村,204,1,0.05,20\n"
                            "410325,嵩县,豫西,北岗镇,410325101209,李庄村,204,1,0.05,20\n"
                            "410325,嵩县,豫西,北岗镇,410325101210,桥头社区,204,1,0.05,20\n"
                            "410325,嵩县,豫西,北川镇,410325102205,桥头村,204,1,0.05,20\n"
                            "411523,新县,大别山,沙岭镇,411523100201,孙营村,220,1,0.0239,20\n";

static void write_frame(const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "%s/frame.csv", folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "%s%s", HEAD, text);
    assert_int_equal(fclose(f), 0);
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char path[64];
    snprintf(path, sizeof path, "%s/frame.csv", folder);
    remove(path);
    rmdir(folder);
    arena_free(&topic.arena);
    return 0;
}

static void units(void **state)
{
    (void)state;
    write_frame(UNITS);
    struct frame *f = frame_read(&topic);
    assert_non_null(f);
    assert_int_equal(f->count, 9);
    const struct unit *u = frame_unit(f, "410325100208");
    assert_string_equal(u->full_name, "马湾镇孙营村");
    assert_true(u->selected && u->size == 219 && u->p1 == 0.0238 && u->take == 20);
    assert_string_equal(frame_value(f, u, "stratum"), "豫西");
    assert_string_equal(frame_value(f, u, "no such column"), "");
    assert_false(frame_unit(f, "410325100209")->selected);
    assert_null(frame_unit(f, "410325999999"));
    frame_free(f);
}

static void names(void **state)
{
    (void)state;
    static const struct {
        const char *county, *text, *code; /* NULL: none for certain */
    } rows[] = {
        {"410325", "孙营村", "410325100208"},
        {"410325", "马湾镇孙营村", "410325100208"},
        {"410325", "嵩县马湾镇孙营村", "410325100208"},
        {"410325", " 马湾镇 孙营村 ", "410325100208"},
        {"410325", "孙营", "410325100208"},
        {"410325", "马湾镇孙营", "410325100208"},
        {"410325", "孙营村委会", "410325100208"},
        {"410325", "孙营行政村", "410325100208"},
        {"411523", "孙营村", "411523100201"},
        {"410325", "东伍姓村", "410325101207"},
        {"410325", "西伍姓", "410325101208"},
        {"410325", "李庄村", NULL}, /* two of them */
        {"410325", "李庄", NULL},
        {"410325", "北川镇李庄村", "410325102204"},
        {"410325", "北岗镇李庄", "410325101209"},
        {"410325", "桥头社区", "410325101210"},
        {"410325", "桥头村", "410325102205"},
        {"410325", "桥头", NULL},
        {"410325", "伍姓村", NULL}, /* likeness is never enough */
        {"410325", "东伍性村", NULL},
        {"410325", "大营村", NULL}, /* not in the sample */
        {"410325", "沙岭镇孙营村", NULL},
        {"410325", "北岗镇孙营村", NULL}, /* another township's */
        {"411523", "东伍姓村", NULL},
        {"410325", "村", NULL},
        {"410325", "马湾镇", NULL},
        {"410325", "4.10325E+11", NULL},
        {"410325", "", NULL},
    };
    write_frame(UNITS);
    struct frame *f = frame_read(&topic);
    assert_non_null(f);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct unit *u = frame_match(f, rows[i].county, rows[i].text);
        const char *got = u ? u->code : "(none)", *want = rows[i].code ? rows[i].code : "(none)";
        if (strcmp(got, want) != 0)
            fail_msg("%s: want %s, got %s", rows[i].text, want, got);
    }
    frame_free(f);
}

static void mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *rows, *message;
    } bad[] = {
        {"410325,嵩县,豫西,马湾镇,1,甲村,219,1,0.02,20\n410325,嵩县,豫西,马湾镇,1,乙村,219,1,0.02,"
         "2\n",
         "代码重复"},
        {"410325,嵩县,豫西,马湾镇,,甲村,219,1,0.02,20\n", "缺少代码"},
        {"410325,嵩县,豫西,马湾镇,1,甲村,二百,1,0.02,20\n", "不是数"},
        {"410325,嵩县,豫西,马湾镇,1,甲村,219,1,1.5,20\n", "入样概率"},
        {"410325,嵩县,豫西,马湾镇,1,甲村,219,1,,20\n", "入样概率"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char messages[4096] = "";
        write_frame(bad[i].rows);
        message_capture(messages, sizeof messages);
        struct frame *f = frame_read(&topic);
        message_capture(NULL, 0);
        assert_null(f);
        if (!strstr(messages, bad[i].message))
            fail_msg("want %s in: %s", bad[i].message, messages);
    }
}

/* A unit serves the levels that its list names, whole words; all when it names none. */
static void kinds(void **state)
{
    (void)state;
    static const struct {
        const char *levels, *level;
        bool serves;
    } cases[] = {
        {"", "households", true},
        {"households", "households", true},
        {"villages households", "households", true},
        {"villages households", "house", false},
        {"households2", "households", false},
        {"producers", "households", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct unit u = {.levels = cases[i].levels};
        struct level l = {.name = cases[i].level};
        assert_int_equal(frame_serves(&u, &l), cases[i].serves);
    }
}

/* A census has no frame: no units, and nothing is found. */
static void no_frame(void **state)
{
    (void)state;
    struct topic census = {.path = "topic.csv"};
    struct frame *f = frame_read(&census);
    assert_non_null(f);
    assert_int_equal(f->count, 0);
    assert_null(frame_unit(f, "410325100208"));
    assert_null(frame_match(f, "410325", "孙营村"));
    frame_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units),
        cmocka_unit_test(names),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(kinds),
        cmocka_unit_test(no_frame),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
