/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * .xlsx workbooks: kinds of cells, dates, rich text, merged areas, hidden sheets, damage and
 * hostile files.
 */
#include "files.h"

#include "formats/number.h"

#include <zip.h>

static const char RELATIONS[] = "<Relationships><Relationship Id='r1' Type='x/officeDocument' "
                                "Target='xl/workbook.xml'/></Relationships>";
static const char BOOK_RELATIONS[] =
    "<Relationships><Relationship Id='s1' Type='x/worksheet' Target='worksheets/a.xml'/>"
    "<Relationship Id='s2' Type='x/worksheet' Target='/xl/worksheets/b.xml'/>"
    "<Relationship Id='t' Type='x/sharedStrings' Target='strings.xml'/>"
    "<Relationship Id='y' Type='x/styles' Target='styles.xml'/></Relationships>";
static const char STYLES[] =
    "<styleSheet><numFmts><numFmt numFmtId='176' formatCode='yyyy\"年\"m\"月\"d\"日\"'/>"
    "<numFmt numFmtId='177' formatCode='0.00\"days\"'/></numFmts>"
    "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='176'/><xf numFmtId='177'/><xf numFmtId='22'/>"
    "<xf numFmtId='31'/></cellXfs></styleSheet>";

static void add(zip_t *z, const char *name, const char *text)
{
    zip_source_t *s = zip_source_buffer(z, text, strlen(text), 0);
    assert_non_null(s);
    assert_true(zip_file_add(z, name, s, 0) >= 0);
}

static const char *write_book(const char *name, const char *book_options, const char *sheet,
                              const char *strings)
{
    int error;
    static struct buf book;
    const char *path = test_path(name);
    zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    assert_non_null(z);
    buf_clear(&book);
    buf_printf(&book,
               "<workbook xmlns:r='r'>%s<sheets><sheet name='甲' r:id='s1'/>"
               "<sheet name='乙' state='veryHidden' r:id='s2'/></sheets></workbook>",
               book_options);
    add(z, "_rels/.rels", RELATIONS);
    add(z, "xl/workbook.xml", book.text);
    add(z, "xl/_rels/workbook.xml.rels", BOOK_RELATIONS);
    add(z, "xl/styles.xml", STYLES);
    add(z, "xl/strings.xml", strings);
    add(z, "xl/worksheets/a.xml", sheet);
    add(z, "xl/worksheets/b.xml", "<worksheet><sheetData/></worksheet>");
    assert_int_equal(zip_close(z), 0);
    return path;
}

#define SHEET(cells) "<worksheet><sheetData>" cells "</sheetData></worksheet>"

static void test_kinds(void **state)
{
    (void)state;
    const char *path = write_book(
        "kinds.xlsx", "",
        SHEET("<row r='2'><c r='A2' t='s'><v>0</v></c><c r='C2'><v>1.5</v></c>"
              "<c t='inlineStr'><is><r><t>甲</t></r><r><t>乙</t></r><rPh><t>x</t></rPh></is></c>"
              "<c t='b'><v>1</v></c><c t='e'><v>#REF!</v></c><c t='str'><f>A1</f><v>丙</v></c>"
              "<c><f>A1+1</f><v>7</v></c><c><f>SUM(A1)</f></c><c s='1'/></row>"
              "<row><c t='s'><v>1</v></c><c t='s'><v>9</v></c></row>"),
        "<sst><si><t>一_x000D_</t></si><si><r><t>富</t></r><r><t xml:space='preserve'> 文</t></r>"
        "<rPh><t>音</t></rPh></si></sst>");
    assert_string_equal(shown(path), "[甲]\n2 t:一\r e: n:1.5 t:甲乙 b:TRUE x:#REF! t:丙 n:7 "
                                     "f:=SUM(A1) e:\n3 t:富 文 e:\n[乙] hidden\n");
}

static void test_numbers_and_dates(void **state)
{
    (void)state;
    static const char sheet[] =
        SHEET("<row><c><v>411422101206</v></c><c><v>411499197705301234</v></c>"
              "<c><v>0.30000000000000004</v></c><c><v>1E-7</v></c><c s='1'><v>45806</v></c>"
              "<c s='2'><v>45806</v></c><c s='3'><v>45806.75</v></c><c s='4'><v>0.5</v></c>"
              "<c t='d'><v>2025-05-29T00:00:00</v></c></row>");
    assert_string_equal(shown(write_book("n.xlsx", "", sheet, "<sst/>")),
                        "[甲]\n1 n:411422101206 n:4.11499197705301E+17 n:0.3 n:1E-07 "
                        "d:2025-05-29 n:45806 d:2025-05-29T18:00:00 d:12:00:00 "
                        "d:2025-05-29\n[乙] hidden\n");
    const char *text =
        shown(write_book("1904.xlsx", "<workbookPr date1904='1'/>", sheet, "<sst/>"));
    assert_non_null(strstr(text, "d:2029-05-30 n:45806")); /* 1462 days later */
}

static void test_serials(void **state)
{
    (void)state;
    char t[NUMBER_TEXT];
    assert_string_equal(serial_text(1, false, t), "1900-01-01");
    assert_string_equal(serial_text(59, false, t), "1900-02-28");
    assert_string_equal(serial_text(60, false, t), "1900-02-29"); /* which never was */
    assert_string_equal(serial_text(61, false, t), "1900-03-01");
    assert_string_equal(serial_text(2958465, false, t), "9999-12-31");
    assert_string_equal(serial_text(0, true, t), "1904-01-01");
    assert_null(serial_text(-1, false, t));
    assert_null(serial_text(2958466, false, t));
    assert_string_equal(number_text(-0.0, t), "0");
    assert_string_equal(number_text(1e6, t), "1000000");
    assert_string_equal(number_text(109.09999999999999, t), "109.1");
    assert_true(format_is_date(0, "[$-804]yyyy\"年\";@"));
    assert_true(format_is_date(0, "[h]:mm"));
    assert_false(format_is_date(0, "[Red]0.0;\"d\""));
    assert_false(format_is_date(0, "General"));
    assert_false(format_is_date(0, "0.00E+00"));
}

static void test_merges(void **state)
{
    (void)state;
    const char *path =
        write_book("m.xlsx", "",
                   "<worksheet><sheetData><row r='1'><c r='A1'><v>1</v></c></row></sheetData>"
                   "<mergeCells count='2'><mergeCell ref='A1:C1'/><mergeCell ref=\"D1:D2\"/>"
                   "<mergeCell ref=\"B3:A9\"/></mergeCells></worksheet>",
                   "<sst/>");
    assert_string_equal(shown(path), "[甲]\n0,0-0,2\n0,3-1,3\n1 n:1\n[乙] hidden\n");
}

static void test_hostile(void **state)
{
    (void)state;
    static const char row[] = "<row><c><v>1</v></c></row>";
    struct buf b = {0};
    buf_printf(&b, "<!DOCTYPE w [<!ENTITY a 'x'>]><worksheet><sheetData>%s</sheetData></worksheet>",
               row);
    assert_memory_equal(shown(write_book("dtd.xlsx", "", b.text, "<sst/>")), "! ", 2);
    buf_clear(&b);
    buf_puts(&b, "<worksheet><sheetData><row");
    for (int i = 0; i < 20000; i++)
        buf_printf(&b, " a%d='>'", i);
    buf_puts(&b, "/></sheetData></worksheet>");
    assert_memory_equal(shown(write_book("tag.xlsx", "", b.text, "<sst/>")), "! ", 2);
    assert_memory_equal(shown(write_book("cut.xlsx", "", "<worksheet><sheetData><row>", "<sst/>")),
                        "! ", 2);
    buf_clear(&b);
    buf_puts(&b, "<worksheet><sheetData>");
    char *blanks = calloc(1, 30 << 20);
    memset(blanks, ' ', (30 << 20) - 1);
    buf_puts(&b, blanks); /* 30 MiB that deflate to 30 KiB */
    assert_memory_equal(shown(write_book("bomb.xlsx", "", b.text, "<sst/>")), "! ", 2);
    free(blanks);
    buf_free(&b);
}

static bool count_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    size_t *bytes = user;
    for (int i = 0; i < count; i++)
        *bytes += cells[i].len;
    return no > 0 && !cut;
}

/* A long text named by a thousand cells: the file is refused before it has grown to a gigabyte. */
static void test_named_again(void **state)
{
    (void)state;
    char why[256] = "";
    size_t bytes = 0, texts = 1000, length = 1 << 20;
    struct buf sheet = {0}, strings = {0};
    buf_puts(&strings, "<sst><si><t>");
    for (size_t i = 0; i < length; i++)
        buf_putc(&strings, 'x');
    buf_puts(&strings, "</t></si></sst>");
    buf_puts(&sheet, "<worksheet><sheetData>");
    for (size_t i = 0; i < texts; i++)
        buf_puts(&sheet, "<row><c t='s'><v>0</v></c></row>");
    buf_puts(&sheet, "</sheetData></worksheet>");
    struct sheet_handler h = {.row = count_row, .user = &bytes};
    const char *path = write_book("again.xlsx", "", sheet.text, strings.text);
    assert_int_equal(sheets_read(path, FORMAT_XLSX, "", &h, why, sizeof why), -1);
    assert_non_null(strstr(why, "展开后"));
    assert_in_range(bytes, length, 100 * length);
    buf_free(&sheet);
    buf_free(&strings);
}

static void test_cut_archive(void **state)
{
    (void)state;
    char bytes[4096];
    const char *encoding;
    FILE *f = fopen(write_book("whole.xlsx", "", SHEET(""), "<sst/>"), "rb");
    assert_non_null(f);
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    assert_int_equal(sheets_detect(write_bytes("half.xlsx", bytes, n / 2), &encoding),
                     FORMAT_CORRUPT);
    assert_int_equal(
        sheets_detect(WRITE("stub.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 cut"), &encoding),
        FORMAT_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),       cmocka_unit_test(test_numbers_and_dates),
        cmocka_unit_test(test_serials),     cmocka_unit_test(test_merges),
        cmocka_unit_test(test_hostile),     cmocka_unit_test(test_named_again),
        cmocka_unit_test(test_cut_archive),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
