/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What counts as a number of a person, the keyed hash, and what of a county's personal data is
 * in its clean store.
 */
#include "rawcase.h"

#include "survey/privacy.h"

#include <sodium.h>
#include <sys/stat.h>

static const char KEY_PATH[] = "/tmp/test_privacy.key";

static void write_key(const char *hex)
{
    FILE *f = fopen(KEY_PATH, "w");
    assert_non_null(f);
    fputs(hex, f);
    fclose(f);
}

static const char KEY[] = "4a656665000000000000000000000000000000000000000000000000000000aa\n";

static void test_numbers_of_persons(void **state)
{
    (void)state;
    static const char *const yes[] = {"13812345678",           "138 1234 5678",
                                      "138-1234-5678",         "１３８１２３４５６７８",
                                      "'13812345678",          "13812345678.0",
                                      "+86 13812345678",       "　19912345678　",
                                      "11010519491231002X",    "11010519491231002x",
                                      "110105 19491231 002Ｘ", "440524188001010014"};
    static const char *const no[] = {"",
                                     "12812345678",
                                     "1381234567",
                                     "138123456789",
                                     "110105194912310021",
                                     "411523100201",
                                     "电话13812345678",
                                     "13812345678、13912345678",
                                     "13812345.678",
                                     "+8513812345678",
                                     "53410000MJ00000017",
                                     "1.3812345678E+10",
                                     "13812345678X"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (!is_personal_text(yes[i]))
            fail_msg("%s is one", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (is_personal_text(no[i]))
            fail_msg("%s is none", no[i]);
}

/* Against RFC 2104 written out with plain SHA-256. */
static void hmac(const unsigned char key[32], const char *text, char out[PRIVACY_TEXT])
{
    unsigned char inner[64 + 100], outer[64 + 32], digest[32];
    size_t n = strlen(text);
    assert_true(n <= 100);
    for (int i = 0; i < 64; i++) {
        inner[i] = (unsigned char)((i < 32 ? key[i] : 0) ^ 0x36);
        outer[i] = (unsigned char)((i < 32 ? key[i] : 0) ^ 0x5c);
    }
    memcpy(inner + 64, text, n);
    crypto_hash_sha256(outer + 64, inner, 64 + n);
    crypto_hash_sha256(digest, outer, sizeof outer);
    strcpy(out, "hmac:");
    sodium_bin2hex(out + 5, 17, digest, 8);
}

static void test_hash(void **state)
{
    (void)state;
    unsigned char key[32] = "Jefe";
    key[31] = 0xaa;
    char want[PRIVACY_TEXT], got[PRIVACY_TEXT];
    write_key(KEY);
    struct privacy *p = privacy_open(KEY_PATH);
    assert_non_null(p);
    struct stat s;
    assert_int_equal(stat(KEY_PATH, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
    static const char *const texts[] = {"", "张三", "13812345678"};
    for (int i = 0; i < 3; i++) {
        hmac(key, texts[i], want);
        assert_string_equal(privacy_hash(p, texts[i], got), want);
    }
    assert_string_equal(privacy_hash(p, "138 1234-5678", got), want);
    assert_string_equal(privacy_hash(p, "１３８１２３４５６７８", got), want);
    assert_true(has_privacy_hash(want));
    assert_false(has_privacy_hash("hmac:123"));
    privacy_close(p);
}

static void test_key_file(void **state)
{
    (void)state;
    char a[PRIVACY_TEXT], b[PRIVACY_TEXT];
    remove(KEY_PATH);
    struct privacy *p = privacy_open(KEY_PATH);
    assert_non_null(p);
    privacy_hash(p, "x", a);
    privacy_close(p);
    p = privacy_open(KEY_PATH);
    assert_string_equal(privacy_hash(p, "x", b), a);
    privacy_close(p);
    remove(KEY_PATH);
    p = privacy_open(KEY_PATH);
    assert_string_not_equal(privacy_hash(p, "x", b), a);
    privacy_close(p);
    write_key("");
    assert_null(privacy_open(KEY_PATH));
    write_key("4a65");
    assert_null(privacy_open(KEY_PATH));
    assert_null(privacy_open("/tmp"));
    remove(KEY_PATH);
}

/* A household whose telephone stands in its own question and, written otherwise, in the wrong one.
 */
static void add_household(const char *phone, const char *opinion)
{
    char row[400];
    begin();
    struct table h =
        open_table("住户.csv", false, "households", "village_code hh_no phone opinion");
    snprintf(row, sizeof row, "village_code=411523100201;hh_no=7;phone=%s;opinion=%s", phone,
             opinion);
    add_row_as(&h, "data", 2, 0, (const char *const[]){row, NULL});
}

static void test_records(void **state)
{
    (void)state;
    char phone[PRIVACY_TEXT];
    write_key(KEY);
    privacy = privacy_open(KEY_PATH);
    privacy_hash(privacy, "13812345678", phone);
    add_household("138-1234-5678", "１３８１２３４５６７８");
    clean_rows();
    assert_string_equal(answer("SELECT phone FROM households"), phone);
    assert_string_equal(answer("SELECT opinion FROM households"), phone);
    assert_string_equal(answer("SELECT resp_name IS NULL FROM households"), "1");
    assert_string_equal(answer("SELECT group_concat(kind || ' ' || field || ' ' || class || ' ' ||"
                               " personal || (raw_row > 0) || original || corrected, ', ') FROM"
                               " problem WHERE field IN ('phone', 'opinion')"),
                        "num_format phone repaired 11, personal_value opinion notice 11");
    assert_string_equal(answer("SELECT value FROM meta WHERE name = 'personal'"), "0");
    end();
    /* A bad number is returned without its digits, words in the other questions stay. */
    add_household("138-1234-567", "增加岗位");
    clean_rows();
    assert_string_equal(answer("SELECT phone IS NULL FROM households"), "1");
    assert_string_equal(answer("SELECT opinion FROM households"), "增加岗位");
    assert_string_equal(answer("SELECT kind || personal || original FROM problem WHERE"
                               " field = 'phone'"),
                        "constraint1");
    end();
    privacy_close(privacy);
    privacy = NULL;
    add_household("138-1234-5678", "１３８１２３４５６７８");
    clean_rows();
    assert_string_equal(answer("SELECT phone || opinion FROM households"),
                        "13812345678１３８１２３４５６７８");
    assert_string_equal(answer("SELECT original || corrected FROM problem WHERE field = 'phone'"),
                        "138-1234-567813812345678");
    assert_string_equal(answer("SELECT value FROM meta WHERE name = 'personal'"), "1");
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_of_persons),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_key_file),
        cmocka_unit_test(test_records),
    };
    int rc = cmocka_run_group_tests(tests, read_topic, free_topic);
    remove(KEY_PATH);
    return rc;
}
