/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * XML spreadsheets 2003 and OpenDocument spreadsheets.
 */
#include "files.h"

#include <zip.h>

#define SS(body)                                                                                   \
    "<?xml version=\"1.0\" encoding=\"GB2312\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n"    \
    "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" "                            \
    "xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">" body "</Workbook>"

static void test_xmlss(void **state)
{
    (void)state;
    const char *path = WRITE(
        "a.xls",
        SS("<Worksheet ss:Name=\"\xBC\xD7\"><Table><Column ss:Width=\"9\"/><Row>"
           "<Cell ss:MergeAcross=\"1\" ss:MergeDown=\"1\"><Data ss:Type=\"String\">\xE9"
           "F\xBB\xA7"
           "</Data><Comment><Data ss:Type=\"String\">no</Data></Comment></Cell>"
           "<Cell><Data ss:Type=\"Number\">411523100201</Data></Cell></Row>"
           "<Row ss:Index=\"4\" ss:Span=\"1\"><Cell ss:Index=\"3\"><Data ss:Type=\"DateTime\">"
           "2025-05-29T00:00:00.000</Data></Cell><Cell><Data ss:Type=\"DateTime\">"
           "1899-12-31T08:30:00.000</Data></Cell><Cell><Data ss:Type=\"Boolean\">1</Data></Cell>"
           "<Cell><Data ss:Type=\"Error\">#N/A</Data></Cell><Cell ss:Formula=\"=RC[-1]\"/></Row>"
           "<Row><Cell><Data ss:Type=\"String\"><B xmlns=\"x\">a</B>b</Data></Cell></Row></Table>"
           "</Worksheet><Worksheet ss:Name=\"b\"><Table/><WorksheetOptions>"
           "<Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>"));
    assert_string_equal(shown(path), "[甲]\n0,0-1,1\n1 t:镕户 e: n:411523100201\n"
                                     "4 e: e: d:2025-05-29 d:08:30:00 b:TRUE x:#N/A f:=RC[-1]\n"
                                     "6 t:ab\n[b] hidden\n");
    assert_memory_equal(shown(WRITE("cut.xml", "<?xml version='1.0'?><Workbook xmlns='urn:schemas-"
                                               "microsoft-com:office:spreadsheet'><Worksheet>")),
                        "! ", 2);
    assert_memory_equal(
        shown(WRITE("far.xml", SS("<Worksheet><Table><Row><Cell ss:Index='16385'/></Row></Table>"
                                  "</Worksheet>"))),
        "! ", 2);
    assert_memory_equal(shown(WRITE("dtd.xml", "<!DOCTYPE Workbook [<!ENTITY a 'b'>]><Workbook "
                                               "xmlns='urn:schemas-microsoft-com:office:spreadsheet"
                                               "'></Workbook>")),
                        "! ", 2);
}

/* ---- OpenDocument ------------------------------------------------------------------------- */

static void add(zip_t *z, const char *name, const char *text)
{
    zip_source_t *s = zip_source_buffer(z, text, strlen(text), 0);
    assert_true(s && zip_file_add(z, name, s, 0) >= 0);
}

static const char *write_ods(const char *name, const char *type, const char *manifest,
                             const char *content)
{
    int error;
    const char *path = test_path(name);
    zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    assert_non_null(z);
    if (*type)
        add(z, "mimetype", type);
    add(z, "META-INF/manifest.xml", manifest);
    add(z, "content.xml", content);
    assert_int_equal(zip_close(z), 0);
    return path;
}

#define TYPE "application/vnd.oasis.opendocument.spreadsheet"
#define ODS(tables)                                                                                \
    "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' "    \
    "xmlns:table='t' xmlns:text='x' xmlns:style='s'><office:automatic-styles>"                     \
    "<style:style style:name='ta1'><style:table-properties table:display='true'/></style:style>"   \
    "<style:style style:name='ta2'><style:table-properties table:display='false'/></style:style>"  \
    "</office:automatic-styles><office:body><office:spreadsheet>" tables                           \
    "</office:spreadsheet></office:body></office:document-content>"
#define CELL(attributes, text)                                                                     \
    "<table:table-cell " attributes "><text:p>" text "</text:p></table:table-cell>"

static void test_ods(void **state)
{
    (void)state;
    const char *path = write_ods(
        "a.ods", TYPE, "",
        ODS("<table:table table:name='甲' table:style-name='ta1'><table:table-column/>"
            "<table:table-row>"
            "<table:table-cell office:value-type='string' table:number-columns-spanned='2' "
            "table:number-rows-spanned='1'><text:p>两<text:s text:c='2'/><text:span>段</text:span>"
            "</text:p><text:p>二</text:p><office:annotation><text:p>no</text:p></office:annotation>"
            "</table:table-cell><table:covered-table-cell/>" CELL(
                "office:value-type='float' office:value='411523100201'", "4E11") //
            CELL("office:value-type='percentage' office:value='0.125'", "12.5%") CELL(
                "office:value-type='date' office:date-value='2025-05-29T00:00:00'",
                "5月") CELL("office:value-type='time' office:time-value='PT08H30M00S'", "8:30")
                CELL("office:value-type='boolean' office:boolean-value='true'", "真")
                    CELL("table:formula='of:=[.A1]' office:value-type='string'", "#REF!") CELL(
                        "table:number-columns-repeated='2'",
                        "x") "<table:table-cell "
                             "table:number-columns-repeated='16300'/></table:table-row>"
                             "<table:table-row "
                             "table:number-rows-repeated='3'><table:table-cell/></table:table-row>"
                             "<table:table-row table:number-rows-repeated='2'>" CELL(
                                 "", "y") "</table:table-row>"
                                          "<table:table-row "
                                          "table:number-rows-repeated='1048570'><table:table-cell/>"
                                          "</table:table-row></table:table>"
                                          "<table:table table:name='乙' table:style-name='ta2'/>"));
    assert_string_equal(shown(path),
                        "[甲]\n0,0-0,1\n1 t:两  段/二 e: n:411523100201 n:0.125 d:2025-05-29 "
                        "d:08:30:00 b:TRUE x:#REF! t:x t:x\n5 t:y\n6 t:y\n[乙] hidden\n");
}

static void test_ods_kinds(void **state)
{
    (void)state;
    const char *encoding;
    const char *content = ODS("<table:table/>");
    assert_int_equal(sheets_detect(write_ods("e", TYPE, "<encryption-data/>", content), &encoding),
                     FORMAT_ENCRYPTED);
    assert_int_equal(sheets_detect(write_ods("n", "", "", content), &encoding), FORMAT_ODS);
    assert_int_equal(
        sheets_detect(write_ods("t", "application/vnd.oasis.opendocument.text", "", content),
                      &encoding),
        FORMAT_OTHER);
    assert_int_equal(sheets_detect(write_ods("z", "", "", "<a/>"), &encoding), FORMAT_ZIP);
}

/* Cells and rows that repeat without end. */
static void test_ods_hostile(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "<table:table-row table:number-rows-repeated='1048577'>" CELL("", "x"),
        "<table:table-row>" CELL("table:number-columns-repeated='16385'", "x"),
        "<table:table-row table:number-rows-repeated='1000000'>" //
        CELL("table:number-columns-repeated='16384'", "x"),
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b = {0};
        buf_printf(&b, ODS("<table:table>%s</table:table-row></table:table>"), rows[i]);
        assert_memory_equal(shown(write_ods("h.ods", TYPE, "", b.text)), "! ", 2);
        buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xmlss),
        cmocka_unit_test(test_ods),
        cmocka_unit_test(test_ods_kinds),
        cmocka_unit_test(test_ods_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
