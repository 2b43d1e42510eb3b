/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * .xls workbooks: the container, records, kinds of cells, passwords, damage.
 */
#include "files.h"

#include "formats/biff.h"
#include "formats/cfb.h"

/* ---- a compound file of a few streams ----------------------------------------------------- */

enum { SECTOR = 512, STREAM = 8 * SECTOR }; /* each stream takes 8 sectors: none is a small one */

struct part {
    const char *name;
    const struct buf *bytes; /* NULL: a storage, the parts behind it stand inside */
};

static void put16(unsigned char *p, unsigned v)
{
    p[0] = (unsigned char)v;
    p[1] = (unsigned char)(v >> 8);
}

static void put32(unsigned char *p, uint32_t v)
{
    put16(p, v & 0xFFFF);
    put16(p + 2, v >> 16);
}

static void put_entry(unsigned char *e, const char *name, int type, uint32_t right, uint32_t child,
                      uint32_t start, uint32_t size)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < n; i++)
        put16(e + 2 * i, (unsigned char)name[i]);
    put16(e + 64, 2 * (unsigned)(n + 1));
    e[66] = (unsigned char)type;
    put32(e + 68, 0xFFFFFFFF);
    put32(e + 72, right);
    put32(e + 76, child);
    put32(e + 116, start);
    put32(e + 120, size);
}

/* Sectors: 0 the FAT, 1 and 2 the directory, then the streams. */
static const char *write_compound(const char *name, const struct part *parts, uint32_t count)
{
    static unsigned char file[SECTOR + 3 * SECTOR + 6 * STREAM];
    memset(file, 0, sizeof file);
    memcpy(file, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    put16(file + 30, 9);
    put16(file + 32, 6);
    put32(file + 44, 1);
    put32(file + 48, 1);
    put32(file + 56, 4096);
    put32(file + 60, 0xFFFFFFFE);
    put32(file + 68, 0xFFFFFFFE);
    memset(file + 76, 0xFF, SECTOR - 76);
    put32(file + 76, 0);
    unsigned char *fat = file + SECTOR, *directory = fat + SECTOR;
    memset(fat, 0xFF, SECTOR);
    put32(fat, 0xFFFFFFFD);
    put32(fat + 4, 2);
    put32(fat + 8, 0xFFFFFFFE);
    put_entry(directory, "Root Entry", 5, 0xFFFFFFFF, 1, 0xFFFFFFFE, 0);
    bool inside = false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t start = 3 + i * (STREAM / SECTOR), next = i + 1 < count ? i + 2 : 0xFFFFFFFF;
        bool storage = !parts[i].bytes;
        put_entry(directory + 128 * (i + 1), parts[i].name, storage ? 1 : 2,
                  storage && !inside ? 0xFFFFFFFF : next, storage ? next : 0xFFFFFFFF, start,
                  STREAM);
        inside = inside || storage;
        for (uint32_t s = 0; s < STREAM / SECTOR; s++)
            put32(fat + 4 * (start + s), s + 1 < STREAM / SECTOR ? start + s + 1 : 0xFFFFFFFE);
        if (!storage)
            memcpy(file + SECTOR + SECTOR * (size_t)start, parts[i].bytes->text,
                   parts[i].bytes->len);
    }
    return write_bytes(name, file, SECTOR + SECTOR * (3 + (size_t)count * (STREAM / SECTOR)));
}

/* ---- records ------------------------------------------------------------------------------ */

static void record(struct buf *b, unsigned type, const void *bytes, size_t n)
{
    unsigned char head[4];
    put16(head, type);
    put16(head + 2, (unsigned)n);
    buf_put(b, (const char *)head, 4);
    buf_put(b, bytes, n);
}
#define RECORD(b, type, literal) record((b), (type), (literal), sizeof(literal) - 1)

/* The globals, a sheet named S with `cells`, and the end. */
static struct buf book(const struct buf *cells, const struct buf *globals)
{
    struct buf b = {0};
    RECORD(&b, BIFF_BOF, "\x00\x06\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00");
    buf_put(&b, buf_text(globals), globals->len);
    size_t sheet = b.len + 4;
    RECORD(&b, BIFF_BOUNDSHEET, "\x00\x00\x00\x00\x00\x00\x01\x00S");
    RECORD(&b, BIFF_EOF, "");
    put32((unsigned char *)b.text + sheet, (uint32_t)b.len);
    RECORD(&b, BIFF_BOF, "\x00\x06\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00");
    buf_put(&b, buf_text(cells), cells->len);
    RECORD(&b, BIFF_EOF, "");
    return b;
}

static const char STRINGS[] = "\x02\x00\x00\x00\x02\x00\x00\x00\x01\x00\x01\x32\x75\x01\x00\x00"
                              "A"; /* 甲, A */

static void test_cells(void **state)
{
    (void)state;
    struct buf cells = {0}, globals = {0};
    RECORD(&globals, BIFF_SST, STRINGS);
    RECORD(&globals, BIFF_XF, "\x00\x00\x00\x00");
    RECORD(&globals, BIFF_XF, "\x00\x00\x0E\x00"); /* a date */
    RECORD(&cells, BIFF_LABELSST, "\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00");
    RECORD(&cells, BIFF_RK, "\x01\x00\x01\x00\x00\x00\x1E\x00\x00\x00"); /* 7 */
    RECORD(&cells, BIFF_RK, "\x01\x00\x02\x00\x01\x00\xBA\xCB\x02\x00"); /* 45806 */
    RECORD(&cells, BIFF_LABEL,
           "\x01\x00\x03\x00\x00\x00\x02\x00\x00"
           "bc");
    RECORD(&cells, BIFF_BOOLERR, "\x00\x00\x01\x00\x00\x00\x17\x01"); /* not in order */
    struct buf b = book(&cells, &globals);
    const struct part parts[] = {{"WORKBOOK", &b}};
    assert_string_equal(shown(write_compound("a.xls", parts, 1)),
                        "[S]\n1 e: x:#REF!\n2 t:甲 n:7 d:2025-05-29 t:bc\n");
    buf_free(&b);
    buf_free(&cells);
    buf_free(&globals);
}

/* A string that a cell wants must be there; one that none wants need not. */
static void test_missing_string(void **state)
{
    (void)state;
    struct buf cells = {0}, globals = {0};
    record(&globals, BIFF_SST, STRINGS, sizeof STRINGS - 3);
    RECORD(&cells, BIFF_LABELSST, "\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00");
    struct buf b = book(&cells, &globals);
    const struct part parts[] = {{"Workbook", &b}};
    assert_string_equal(shown(write_compound("a.xls", parts, 1)), "[S]\n2 t:甲\n");
    buf_free(&b);
    RECORD(&cells, BIFF_LABELSST, "\x01\x00\x01\x00\x00\x00\x01\x00\x00\x00");
    b = book(&cells, &globals);
    assert_memory_equal(shown(write_compound("b.xls", parts, 1)), "! ", 2);
    buf_free(&b);
    buf_free(&cells);
    buf_free(&globals);
}

/* What stands inside an embedded object does not make the file a Word document. */
static void test_embedded(void **state)
{
    (void)state;
    struct buf none = {0}, b = book(&none, &none);
    const char *encoding;
    const struct part book_parts[] = {{"Workbook", &b}, {"MBD1", NULL}, {"WordDocument", &b}};
    const struct part word_parts[] = {{"WordDocument", &b}, {"MBD1", NULL}, {"Workbook", &b}};
    assert_int_equal(sheets_detect(write_compound("a", book_parts, 3), &encoding), FORMAT_XLS);
    assert_int_equal(sheets_detect(write_compound("b", word_parts, 3), &encoding), FORMAT_OTHER);
    buf_free(&b);
}

static void test_passwords(void **state)
{
    (void)state;
    struct buf none = {0}, globals = {0};
    const char *encoding;
    RECORD(&globals, BIFF_FILEPASS, "\x01\x00\x01\x00\x01\x00");
    struct buf b = book(&none, &globals);
    const struct part biff[] = {{"Workbook", &b}},
                      ooxml[] = {{"EncryptionInfo", &b}, {"EncryptedPackage", &b}};
    assert_int_equal(sheets_detect(write_compound("a", biff, 1), &encoding), FORMAT_ENCRYPTED);
    assert_int_equal(sheets_detect(write_compound("b", ooxml, 2), &encoding), FORMAT_ENCRYPTED);
    buf_free(&b);
    buf_free(&globals);
}

/* Cells that all want the same long string are beyond what any file of this size holds. */
static void test_bomb(void **state)
{
    (void)state;
    struct buf b = {0}, cells = {0}, globals = {0}, strings = {0};
    buf_put(&strings, "\x01\x00\x00\x00\x01\x00\x00\x00\x00\x20\x00", 11);
    for (int i = 0; i < 8192; i++)
        buf_putc(&strings, 'x');
    record(&globals, BIFF_SST, strings.text, strings.len);
    for (int i = 0; i < 100000; i++) {
        unsigned char cell[10] = {(unsigned char)i, (unsigned char)(i >> 8)};
        record(&cells, BIFF_LABELSST, cell, sizeof cell);
    }
    b = book(&cells, &globals);
    /* Written as it is, with the sectors one behind the other. */
    size_t sectors = (b.len + SECTOR - 1) / SECTOR, fats = sectors / 128 + 1;
    size_t size = SECTOR * (1 + fats + 1 + sectors);
    unsigned char *file = calloc(1, size);
    memcpy(file, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    put16(file + 30, 9);
    put16(file + 32, 6);
    put32(file + 44, (uint32_t)fats);
    put32(file + 48, (uint32_t)fats);
    put32(file + 56, 4096);
    put32(file + 60, 0xFFFFFFFE);
    assert_true(fats < 109);
    for (size_t i = 0; i < fats; i++)
        put32(file + 76 + 4 * i, (uint32_t)i);
    for (size_t i = 0; i < fats * 128; i++)
        put32(file + SECTOR + 4 * i,
              i == fats || i >= fats + sectors ? 0xFFFFFFFE : (uint32_t)i + 1);
    unsigned char *directory = file + SECTOR * (1 + fats);
    put_entry(directory, "Root Entry", 5, 0xFFFFFFFF, 1, 0xFFFFFFFE, 0);
    put_entry(directory + 128, "Workbook", 2, 0xFFFFFFFF, 0xFFFFFFFF, (uint32_t)fats + 1,
              (uint32_t)b.len);
    memcpy(directory + SECTOR, b.text, b.len);
    assert_memory_equal(shown(write_bytes("bomb.xls", file, size)), "! ", 2);
    free(file);
    buf_free(&b);
    buf_free(&cells);
    buf_free(&globals);
    buf_free(&strings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),    cmocka_unit_test(test_missing_string),
        cmocka_unit_test(test_embedded), cmocka_unit_test(test_passwords),
        cmocka_unit_test(test_bomb),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
