/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Logs as xelatex (TeX Live 2022) wrote them, and the messages that people get.
 */
#include "base/message.h"
#include "output/texlog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Lines 3 to 5 come from lines 10 to 12 of the narrative, line 7 from none. */
static const char TEX[] = "\\documentclass{x}\n"
                          "%@ topics/a/report.tex:10\n"
                          "第十行\n"
                          "正文\\foo 后面\n"
                          "表情😀\n"
                          "%@ :\n"
                          "附件\n";
static char messages[4096];

static int check(const char *log)
{
    message_capture(messages, sizeof messages);
    int n = texlog_check(log, TEX, "r/report.tex");
    message_capture(NULL, 0);
    return n;
}

static void expect(const char *log, const char *part, const char *other)
{
    assert_int_equal(check(log), 1);
    assert_non_null(strstr(messages, part));
    assert_non_null(strstr(messages, other));
}

static void test_errors(void **state)
{
    (void)state;
    expect("! Undefined control sequence.\nl.4 正文\\foo\n               后面\n", "第11行", "宏名");
    expect("! Missing character: There is no 😀 (U+1F600) in font FandolFang!\n", "第12行", "😀");
    /* the line number of a package is not one of the narrative */
    expect("! Font x not loadable.\nl.4 \\font\\x=y\n", "r/report.tex", "LaTeX 报错");
    assert_null(strstr(messages, "第"));
}

static void test_warnings(void **state)
{
    (void)state;
    expect("Overfull \\hbox (12.5pt too wide) in paragraph at lines 3--3\n", "第10行", "12.5");
    expect("Overfull \\hbox (2.0pt too wide) in alignment at lines 7--9\n", "r/report.tex",
           "第7行");
    expect("LaTeX Warning: Reference `x' on page 1 undefined on input line 5.\n", "第12行",
           "没有定义");
    assert_int_equal(check("Overfull \\hbox (0.9pt too wide) in paragraph at lines 3--3\n"
                           "Underfull \\hbox (badness 10000) in paragraph at lines 3--3\n"
                           "LaTeX Font Warning: x\nOutput written on job.pdf (1 page).\n"),
                     0);
    assert_int_equal(check(""), 0);
}

/* What the preamble writes: see output/preamble.c. */
static void test_own_marks(void **state)
{
    (void)state;
    expect("survey: findings 51.2pt\n", "要点超过一页", "约3行");
    expect("survey: head 1 3\nsurvey: text 1 3\n[3]survey: head 2 3\n[4]\nsurvey: text 2 4\n",
           "第2个小标题", "第3页");
    assert_int_equal(check("survey: head 12 5\nsurvey: head 1 3\nsurvey: text 1 3\n"
                           "survey: text 12 5\n"),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_own_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
