/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hostile text as LaTeX, as gnuplot strings and as table cells.  Whether it prints as itself is
 * seen by setting it with xelatex (tests/e2e/hostile.sh); here, that no character is left that
 * could do anything.
 */
#include "output/figure.h"
#include "output/latex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *text, const char *want)
{
    struct buf b = {0};
    latex_text(&b, text);
    assert_string_equal(buf_text(&b), want);
    buf_free(&b);
}

static void test_specials(void **state)
{
    (void)state;
    expect("\\input{/etc/passwd}", "\\textbackslash{}input\\{/etc/passwd\\}");
    expect("%_#&$^~", "\\%\\_\\#\\&\\$\\textasciicircum{}\\textasciitilde{}");
    expect("`touch x`", "\\textasciigrave{}touch x\\textasciigrave{}");
    expect("'; DROP TABLE x; --", "\\textquotesingle{}; DROP TABLE x; -{}-{}");
    expect("[*] \"a\"", "{[}{*}] \\textquotedbl{}a\\textquotedbl{}");
    expect("a<b>|c", "a\\textless{}b\\textgreater{}\\textbar{}c");
    expect("^^5cinput", "\\textasciicircum{}\\textasciicircum{}5cinput");
}

static void test_space(void **state)
{
    (void)state;
    expect("第一行\n\n第二行\t三\r\n", "第一行 第二行 三 ");
    expect("a\xC2\xA0"
           "b",
           "a b");
}

static void test_rare(void **state)
{
    (void)state;
    expect("表情😀浉河区", "表情\\rarechar{1F600}浉河区");
    expect("①", "\\rarechar{2460}");
    expect("\xEF\xB8\x8F\xE2\x80\x8D", "");     /* variation selector, joiner */
    expect("\xE2\x80\xAE", "\\rarechar{202E}"); /* right-to-left override is shown */
    expect("\x01\x7F", "\\rarechar{0001}\\rarechar{007F}");
    expect("\xFF", "\\rarechar{FFFD}"); /* not UTF-8 */
    expect("1～2", "1\\wavedash{}2");
}

/* Over every byte and many characters: outside of our own commands nothing special remains. */
static void test_nothing_left(void **state)
{
    (void)state;
    for (uint32_t c = 1; c < 0x30000; c++) {
        if (c >= 0xD800 && c < 0xE000)
            continue;
        struct buf in = {0}, out = {0};
        buf_put_char(&in, c);
        latex_text(&out, in.text);
        const char *p = buf_text(&out);
        if (*p == '\\') {
            assert_true(p[1] != '\\' && p[1] != '\0');
        } else {
            assert_null(strpbrk(p, "%$#&_^~`'\"\n\t"));
            assert_true(!strpbrk(p, "{}") || p[0] == '{' || p[1] == '{');
        }
        buf_free(&in);
        buf_free(&out);
    }
}

/* In a gnuplot single-quoted string only the quote itself can end it. */
static void test_gnuplot(void **state)
{
    (void)state;
    struct buf b = {0};
    figure_quote(&b, "it's'.system(\"id\").'`id`\n$x");
    assert_string_equal(b.text, "'it''s''.system(”id”).''`id` $x'");
    buf_clear(&b);
    figure_text(&b, "a\tb\"c\n😀");
    assert_string_equal(b.text, "a b”c 〔U+1F600〕");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_specials), cmocka_unit_test(test_space),
        cmocka_unit_test(test_rare),     cmocka_unit_test(test_nothing_left),
        cmocka_unit_test(test_gnuplot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
