/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The map to Unicode for fonts of Adobe-GB1, over a file written here by hand.  The real thing is
 * checked by tests/e2e/report.sh with poppler and qpdf.
 */
#include "base/message.h"
#include "output/pdftext.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char CMAP[] = "%%Title: (Adobe-GB1-UCS2)\n/XUID [1 10] def\n"
                           "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
                           "2 beginbfchar\n<0001> <0020>\n<0009> <d840dc0b>\nendbfchar\n"
                           "2 beginbfrange\n<0010> <0012> <4e00>\n<0020> <0021> [<4f60> <597d>]\n"
                           "endbfrange\nendcmap\n";
static const char *const OBJECTS[] = {
    "1 0 obj\n<</Type/Catalog>>\nendobj\n",
    "2 0 obj\n<</Type/Font/Subtype/Type0/DescendantFonts[3\n0 R]>>\nendobj\n",
    "3 0 obj\n<</CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 5>>>>\nendobj\n",
    "4 0 obj\n<</Type/Font/Subtype/Type0/DescendantFonts[3 0 R]/ToUnicode 9 0 R>>\nendobj\n",
    "5 0 obj\n<</Type/Font/Subtype/Type0/DescendantFonts[6 0 R]>>\nendobj\n",
    "6 0 obj\n<</CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)>>>>\nendobj\n",
};
enum { COUNT = sizeof OBJECTS / sizeof *OBJECTS };

static void write_pdf(struct buf *pdf)
{
    struct buf table = {0};
    buf_puts(pdf, "%PDF-1.5\n");
    buf_printf(&table, "xref\n0 %d\n0000000000 65535 f \n", COUNT + 1);
    for (int i = 0; i < COUNT; i++) {
        buf_printf(&table, "%010zu 00000 n \n", pdf->len);
        buf_puts(pdf, OBJECTS[i]);
    }
    size_t xref = pdf->len;
    buf_printf(pdf, "%strailer\n<</Root 1 0 R/Size %d/Info 2 0 R>>\nstartxref\n%zu\n%%%%EOF\n",
               table.text, COUNT + 1, xref);
    buf_free(&table);
}

static void test_update(void **state)
{
    (void)state;
    struct buf pdf = {0};
    write_pdf(&pdf);
    size_t before = pdf.len;
    assert_int_equal(pdf_add_unicode(&pdf, CMAP, "丂好 "), 1);
    const char *tail = pdf.text + before;
    /* only the characters of the text; a character beyond the basic plane is none */
    assert_non_null(strstr(tail, "3 beginbfchar\n<0001> <0020>\n<0012> <4E02>\n<0021> <597D>\n"
                                 "endbfchar"));
    assert_non_null(strstr(tail, "2 0 obj\n<</Type/Font/Subtype/Type0/DescendantFonts[3 0 R]"
                                 "/ToUnicode 7 0 R>>\nendobj"));
    assert_null(strstr(tail, "\n5 0 obj"));
    assert_non_null(strstr(tail, "<</Root 1 0 R/Size 8/Prev "));
    assert_non_null(strstr(tail, "/Info 2 0 R>>\nstartxref\n"));
    /* the table points at the objects */
    long at = strtol(strstr(tail, "xref\n2 1\n") + 9, NULL, 10);
    assert_true(starts_with(pdf.text + at, "2 0 obj\n"));
    buf_free(&pdf);
}

static void test_others(void **state)
{
    (void)state;
    static char messages[1000];
    struct buf pdf = {0};
    for (int i = 0; i < 20; i++)
        buf_puts(&pdf, "no PDF startxref 5 ");
    message_capture(messages, sizeof messages);
    assert_int_equal(pdf_add_unicode(&pdf, CMAP, "好"), -1);
    message_capture(NULL, 0);
    assert_non_null(strstr(messages, "PDF"));
    buf_free(&pdf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_update),
        cmocka_unit_test(test_others),
    };
    return cmocka_run_group_tests_name("pdftext", tests, NULL, NULL);
}
