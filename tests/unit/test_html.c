/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Web pages that are called .xls: tables, spans, nested tables, references, numbers of Excel's,
 * sloppy and hostile markup.
 */
#include "files.h"

#include "formats/htmltags.h"

static void test_tables(void **state)
{
    (void)state;
    assert_string_equal(
        shown(WRITE("a.xls", "<html><head><meta charset=gbk><title>x</title><style>td{a:b}</style>"
                             "</head><body>\n<h3>\xB1\xED \xCC\xE2</h3><TABLE border=1><tr>"
                             "<th colspan=\"2\">\xBB\xA7</th><th rowspan=2>b</th></tr>"
                             "<tr><td> 1\n 2 <td>&nbsp;&#25143;&#x6237;&lt;</tr></table></body>")),
        "[]\n1,0-1,1\n1,2-2,2\n1 t:表 题\n2 t:户 e: t:b\n3 t:1 2 t:\xC2\xA0户户<\n");
    assert_string_equal(shown(WRITE("b.xls", "<meta http-equiv='Content-Type'><table><tr><td>1<td>"
                                             "<td>3<tr><td></table><table><tr><td>4<br>5<p>6</p>")),
                        "[]\n1 t:1 e: t:3\n3 t:4/5/6\n");
}

/* A cell from above moves those below to the right, but not beyond its table. */
static void test_spans(void **state)
{
    (void)state;
    assert_string_equal(
        shown(WRITE("s.xls", "<table><tr><td rowspan=3>a<td>b<tr><td>c<td>d</table>"
                             "<table><tr><td rowspan=9>e<tr><td>f<tr><td>g</table>")),
        "[]\n0,0-1,0\n2,0-4,0\n1 t:a t:b\n2 e: t:c t:d\n3 t:e\n4 e: t:f\n5 e: t:g\n");
    assert_string_equal(shown(WRITE("n.xls", "<table><tr><td>a<table><tr><td>1<td>2</table>"
                                             "<td>b</table>")),
                        "[]\n1 t:a\n2 t:1 t:2\n3 t:b\n");
}

/* Excel stores what a number is beside how it shows it; dates it shows better. */
static void test_excel_numbers(void **state)
{
    (void)state;
    assert_string_equal(
        shown(WRITE("x.xls", "<table><tr><td x:num=\"411523100201\">4.11523E+11<td sdval='7'>7.0"
                             "<td x:num=\"0.30000000000000004\">0.30<td x:num='45806'>2025/5/29"
                             "<td x:num='nan'>1<td style='vnd.ms-excel.numberformat:@'>007")),
        "[]\n1 n:411523100201 n:7 n:0.3 t:2025/5/29 t:1 t:007\n");
}

static void test_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum file_format format;
    } cases[] = {
        {"<!DOCTYPE html><html><body>", FORMAT_HTML},
        {"<!-- x --><table>", FORMAT_HTML},
        {"<?xml version='1.0'?><html xmlns='x'/>", FORMAT_HTML},
        {"<?xml version='1.0'?><p id='q'/>", FORMAT_XML},
        {"<data id='q'/>", FORMAT_XML},
        {"<5, 男\n<6, 女\n", FORMAT_CSV},
        {"收入<table>", FORMAT_CSV},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *encoding, *path = write_bytes("k", cases[i].text, strlen(cases[i].text));
        assert_string_equal(format_name(sheets_detect(path, &encoding)),
                            format_name(cases[i].format));
    }
}

/* Markup that never ends is text or nothing, and takes no time. */
static void test_hostile(void **state)
{
    (void)state;
    static const char *const openings[] = {"<table><tr><td a=\"", "<table><!--",
                                           "<table><script>",     "<table><!",
                                           "<table><td x='<",     "<table><tr>"};
    static const char *const parts[] = {"<a ", "<td '", "<td \"",  "&#",
                                        "<!",  "</",    "<table>", "<td colspan=999>"};
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++)
        for (size_t j = 0; j < sizeof parts / sizeof *parts; j++) {
            struct buf b = {0};
            buf_puts(&b, openings[i]);
            while (b.len < 300000)
                buf_puts(&b, parts[j]);
            shown(write_bytes("h.xls", b.text, b.len));
            buf_free(&b);
        }
    assert_memory_equal(shown(WRITE("w.xls", "<table><tr><td colspan=1000><td colspan=1000>"
                                             "<td colspan=1000><td colspan=1000><td colspan=1000>"
                                             "<td colspan=1000><td colspan=1000><td colspan=1000>"
                                             "<td colspan=1000><td colspan=1000><td colspan=1000>"
                                             "<td colspan=1000><td colspan=1000><td colspan=1000>"
                                             "<td colspan=1000><td colspan=1000><td colspan=1000>"
                                             "x")),
                        "! ", 2);
}

static void test_attributes(void **state)
{
    (void)state;
    char value[8];
    static const char tag[] = "<td a=1 COLSPAN = '2' title=\"a>b\" nowrap width=3/>rest";
    struct html_scan s = {tag, tag + sizeof tag - 1};
    struct html_piece p;
    assert_true(html_next(&s, &p));
    assert_string_equal(p.name, "td");
    assert_true(html_attribute(&p, "colspan", value, sizeof value));
    assert_string_equal(value, "2");
    assert_true(html_attribute(&p, "title", value, sizeof value));
    assert_string_equal(value, "a>b");
    assert_true(html_attribute(&p, "nowrap", value, sizeof value));
    assert_string_equal(value, "");
    assert_false(html_attribute(&p, "b", value, sizeof value));
    assert_true(html_next(&s, &p));
    assert_int_equal(p.n, 4);
    assert_false(html_next(&s, &p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_excel_numbers), cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_hostile),       cmocka_unit_test(test_attributes),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
