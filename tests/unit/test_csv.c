/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text files: encodings, delimiters, quotes, row numbers, cut files; cells packed and unpacked.
 */
#include "files.h"

#include "formats/csv.h"
#include "formats/textfile.h"

static const char *encoding_of(const char *path)
{
    const char *encoding;
    enum file_format f = sheets_detect(path, &encoding);
    return f == FORMAT_CSV ? encoding : format_name(f);
}

static void test_quotes_and_rows(void **state)
{
    (void)state;
    assert_string_equal(
        shown(WRITE("a.csv", "甲,\"乙,\"\"丙\"\"\",\n\n\"两\n行\",b\"c,\"d\"e\r\n1\r2")),
        "[]\n1 t:甲 t:乙,\"丙\" e:\n3 t:两/行 t:b\"c t:de\n4 t:1\n5! t:2\n");
    assert_string_equal(shown(WRITE("b.csv", "\xEF\xBB\xBF甲,乙\n1,2\n,\n")),
                        "[]\n1 t:甲 t:乙\n2 t:1 t:2\n");
    assert_string_equal(shown(WRITE("c.csv", "a,b\n1\0x,2\n")), "[]\n1 t:a t:b\n2 t:10x t:2\n");
}

/* A quote that is never closed must not swallow the file; one at the very end is a cut row. */
static void test_open_quotes(void **state)
{
    (void)state;
    struct buf b = {0};
    for (int i = 0; i < 30; i++)
        buf_puts(&b, i == 3 ? "1,\"2\n" : "1,2\n");
    const char *text = shown(write_bytes("open.csv", b.text, b.len));
    assert_non_null(strstr(text, "4 t:1 t:\"2\n5 t:1 t:2\n"));
    assert_non_null(strstr(text, "\n30 t:1 t:2\n"));
    assert_string_equal(shown(WRITE("cut.csv", "a,b\n1,\"x\ny")), "[]\n1 t:a t:b\n2! t:1 t:x/y\n");
    buf_free(&b);
}

static void test_delimiters(void **state)
{
    (void)state;
    assert_int_equal(csv_delimiter("a;b;c\n1,5;2;3\n", 14), ';');
    assert_int_equal(csv_delimiter("a\tb\n1,2\t3,4\n", 12), '\t');
    assert_int_equal(csv_delimiter("a,b\n\"x;y;z;\",2\n", 15), ',');
    assert_int_equal(csv_delimiter("一句话，没有分隔符。\n", 28), ',');
}

static void test_encodings(void **state)
{
    (void)state;
    assert_string_equal(encoding_of(WRITE("u8", "村名,户数\n甲,1\n")), "utf-8");
    assert_string_equal(encoding_of(WRITE("gb", "\xB4\xE5,\xC5\xAE\n")), "gb18030");
    /* 女 alone in GBK is the valid UTF-8 letter U+016E */
    assert_string_equal(encoding_of(WRITE("woman", "sex\n\xC5\xAE\n")), "gb18030");
    assert_string_equal(encoding_of(WRITE("u16", "\xFF\xFE\x51\x67,\0")), "utf-16le");
    assert_string_equal(encoding_of(WRITE("u16b", "\xFE\xFF\x67\x51\0,")), "utf-16be");
    assert_string_equal(encoding_of(WRITE("bare16", "a\0,\0b\0\n\0"
                                                    "1\0,\0"
                                                    "2\0\n\0")),
                        "utf-16le");
    assert_string_equal(encoding_of(WRITE("empty", "")), "empty");
    assert_string_equal(encoding_of(WRITE("blank", "\xEF\xBB\xBF \r\n\t")), "empty");
    assert_string_equal(encoding_of(WRITE("noise", "\x01\x02\xFF\xFF\x80\x03\x04\x07\x05")),
                        "unknown");
    assert_string_equal(encoding_of(WRITE("pdf", "%PDF-1.4\n")), "unknown");
    assert_string_equal(encoding_of(WRITE("xml", "\xEF\xBB\xBF <?xml version='1.0'?><a/>")), "xml");
}

/* What keeps a spreadsheet from taking digits for numbers; line ends and marks of joined files. */
static void test_spreadsheet_tricks(void **state)
{
    (void)state;
    assert_string_equal(shown(WRITE("sep.csv", "sep=;\r\na;b,c\r\n1;2\r\n")),
                        "[]\n1 t:a t:b,c\n2 t:1 t:2\n");
    assert_string_equal(
        shown(WRITE("text.csv",
                    "a,b,c\n=\"0123\",\"=\"\"01\"\"\",'0123\n=1+1,'twas,='\n=\"\",',=\"\n")),
        "[]\n1 t:a t:b t:c\n2 t:0123 t:01 t:'0123\n3 t:=1+1 t:'twas t:='\n4 e: t:' t:=\"\n");
    assert_string_equal(shown(WRITE("tab.csv", "a,b\n411523100201\t,1\n\"411523100202\t\",\t2\n")),
                        "[]\n1 t:a t:b\n2 t:411523100201\t t:1\n3 t:411523100202\t t:\t2\n");
    assert_string_equal(shown(WRITE("mac.csv", "a,b\r1,2\r\r3,4\r")),
                        "[]\n1 t:a t:b\n2 t:1 t:2\n4 t:3 t:4\n");
    assert_string_equal(shown(WRITE("joined.csv", "\xEF\xBB\xBF\"a\",b\n1,2\n"
                                                  "\xEF\xBB\xBF\"a\",b\n3,4\n")),
                        "[]\n1 t:a t:b\n2 t:1 t:2\n3 t:a t:b\n4 t:3 t:4\n");
}

/* UTF-16 without a mark, nearly all of it Chinese. */
static void test_bare_utf16(void **state)
{
    (void)state;
    static const char text[] = "村代码，户主姓名，户籍人口数，劳动力人数,家庭总收入\n";
    struct buf b = {0};
    for (const char *p = text; *p;) {
        uint32_t c = utf8_next(&p);
        buf_putc(&b, (char)(c & 0xFF));
        buf_putc(&b, (char)(c >> 8));
    }
    const char *path = write_bytes("bare.csv", b.text, b.len);
    assert_string_equal(encoding_of(path), "utf-16le");
    assert_string_equal(shown(path),
                        "[]\n1 t:村代码，户主姓名，户籍人口数，劳动力人数 t:家庭总收入\n");
    buf_free(&b);
}

/* The decoder against the C library's: every two-byte code and some of four. */
static void test_gb18030(void **state)
{
    (void)state;
    struct buf out = {0};
    assert_int_equal(gb18030_decode(&out, "a\xB4\xE5\x82\x35\x8F\x33\x80", 8, true), 8);
    assert_string_equal(out.text, "a村\xE9\xBE\xA6\xEF\xBF\xBD"); /* U+9FA6, then no character */
    buf_clear(&out);
    assert_int_equal(gb18030_decode(&out, "a\xB4", 2, false), 1); /* waits for the second byte */
    assert_int_equal(gb18030_decode(&out, "\xB4", 1, true), 1);
    assert_string_equal(out.text, "a\xEF\xBF\xBD");
    assert_string_equal(shown(WRITE("gb.csv", "\xB4\xE5,\xBB\xA7\n\xBC\xD7,1\n\xD2")),
                        "[]\n1 t:村 t:户\n2 t:甲 t:1\n3! t:\xEF\xBF\xBD\n");
    buf_free(&out);
}

/* Characters, quotes and line ends that fall on the border of the reader's pieces. */
static void test_borders(void **state)
{
    (void)state;
    struct buf b = {0};
    for (int i = 0; i < 60000; i++)
        buf_printf(&b, "%d,\"村\"\"%d\",甲乙\r\n", i, i);
    const char *encoding, *path = write_bytes("large.csv", b.text, b.len);
    assert_int_equal(sheets_detect(path, &encoding), FORMAT_CSV);
    char *text = strdup(shown(path)), line[100];
    const char *p = strchr(text, '\n') + 1;
    for (int i = 0; i < 60000; i++) {
        int n = snprintf(line, sizeof line, "%d t:%d t:村\"%d t:甲乙\n", i + 1, i, i);
        assert_memory_equal(p, line, n);
        p += n;
    }
    assert_string_equal(p, "");
    free(text);
    buf_free(&b);
}

static void test_limits(void **state)
{
    (void)state;
    struct buf b = {0};
    for (int i = 0; i < 20000; i++)
        buf_puts(&b, "1,");
    assert_memory_equal(shown(write_bytes("wide.csv", b.text, b.len)), "! 第1行过长", 15);
    buf_free(&b);
}

static void test_packed_cells(void **state)
{
    (void)state;
    char large[300];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    const struct cell cells[] = {
        {CELL_TEXT, "a\0b", 3}, {CELL_EMPTY, "", 0}, {CELL_NUMBER, large, sizeof large - 1}};
    struct buf packed = {0};
    struct cells back = {0};
    cells_pack(&packed, cells, 3);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(cells_unpack(&back, packed.text, packed.len), 0);
        assert_int_equal(back.count, 3);
        assert_memory_equal(back.items[0].text, "a\0b", 4);
        assert_int_equal(back.items[1].kind, CELL_EMPTY);
        assert_string_equal(back.items[2].text, large);
    }
    for (size_t n = 1; n < packed.len; n++) /* cut blobs are refused, or are whole cells */
        if (cells_unpack(&back, packed.text, n) == 0)
            assert_true(n == 5 || n == 7);
    assert_int_equal(cells_unpack(&back, "z\0", 2), -1);
    buf_clear(&packed); /* a thousand empty cells are three bytes */
    struct cell *many = calloc(1001, sizeof *many);
    for (int i = 0; i < 1001; i++)
        many[i] = (struct cell){i < 1000 ? CELL_EMPTY : CELL_TEXT, "x", i < 1000 ? 0 : 1};
    cells_pack(&packed, many, 1001);
    assert_int_equal(packed.len, 3 + 3);
    assert_int_equal(cells_unpack(&back, packed.text, packed.len), 0);
    assert_int_equal(back.count, 1001);
    assert_string_equal(back.items[999].text, "");
    assert_string_equal(back.items[1000].text, "x");
    assert_int_equal(cells_unpack(&back, "e\xFF\xFF\xFF\x7F", 5), -1);
    free(many);
    cells_free(&back);
    buf_free(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes_and_rows),
        cmocka_unit_test(test_open_quotes),
        cmocka_unit_test(test_delimiters),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_gb18030),
        cmocka_unit_test(test_borders),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_packed_cells),
        cmocka_unit_test(test_spreadsheet_tricks),
        cmocka_unit_test(test_bare_utf16),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
