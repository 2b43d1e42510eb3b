/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of remote/ that need no server: addresses, the ledger, instances, the shelf, sources.
 */
#include "base/text.h"
#include "remote/instance.h"
#include "remote/ledger.h"
#include "remote/link.h"
#include "remote/shelf.h"
#include "remote/sources.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/test_remote.XXXXXX";
static struct topic *topic;
static char said[4096];

static char *in_folder(const char *name)
{
    struct buf path = {0};
    buf_printf(&path, "%s/%s", folder, name);
    return path.text;
}

static void write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static int set_up(void **state)
{
    (void)state;
    topic = topic_read("topics/henan-2025/07/topic.csv");
    return mkdtemp(folder) && topic ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static int tear_down(void **state)
{
    (void)state;
    topic_free(topic);
    return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- addresses ----------------------------------------------------------------------------- */

static void test_url(void **state)
{
    (void)state;
    struct buf out = {0};
    url_escape(&out, "uuid:a b/中?&#%");
    assert_string_equal(out.text, "uuid%3Aa%20b%2F%E4%B8%AD%3F%26%23%25");
    char *plain = url_unescape(out.text, out.len);
    assert_string_equal(plain, "uuid:a b/中?&#%");
    free(plain);
    buf_free(&out);
    plain = url_unescape("a%00b", 5);
    assert_string_equal(plain, "");
    free(plain);
    static const char *const same[][2] = {
        {"https://a.example/x", "https://A.example:443/y"},
        {"http://127.0.0.1:80", "http://127.0.0.1/"},
    };
    static const char *const other[][2] = {
        {"https://a.example", "http://a.example"},
        {"https://a.example", "https://a.example:8443"},
        {"https://a.example", "https://a.example.evil.example"},
        {"https://a.example", "https://a.example@evil.example/"},
        {"https://a.example", "nonsense"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_true(url_same_server(same[i][0], same[i][1]));
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        assert_false(url_same_server(other[i][0], other[i][1]));
    char *whole = url_resolve("https://a.example/f/g/", "../h%20i");
    assert_string_equal(whole, "https://a.example/f/h%20i");
    free(whole);
}

static void test_link_needs_encryption(void **state)
{
    (void)state;
    static const char *const refused[] = {"http://odk.example.org",      "http://127.0.0.1.example",
                                          "http://localhost.example:80", "ftp://odk.example.org",
                                          "file:///etc/passwd",          ""};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        message_capture(said, sizeof said);
        assert_null(link_open(refused[i], NULL, 60, 1));
        assert_non_null(strstr(said, "https://"));
    }
    message_capture(NULL, 0);
    struct link *l = link_open("http://127.0.0.1:1//", NULL, 60, 1);
    assert_string_equal(link_address(l), "http://127.0.0.1:1");
    link_close(l);
}

/* ---- ledger -------------------------------------------------------------------------------- */

static void put(struct ledger *g, const char *id, const char *version)
{
    struct entry e = {
        .id = id, .version = version, .sha256 = "00", .path = "a,\"b\"\n", .state = "received"};
    assert_int_equal(ledger_put(g, &e), 0);
}

static void test_ledger_keeps_the_last(void **state)
{
    (void)state;
    char *path = in_folder("ledger/one.csv");
    struct ledger *g = ledger_open(path);
    put(g, "uuid:1", "1");
    put(g, "uuid:2", "1");
    put(g, "uuid:1", "2");
    assert_int_equal(ledger_set_etag(g, "W/\"x\""), 0);
    assert_int_equal(ledger_close(g), 0);
    g = ledger_open(path);
    assert_int_equal(ledger_count(g), 2);
    assert_string_equal(ledger_find(g, "uuid:1")->version, "2");
    assert_string_equal(ledger_find(g, "uuid:1")->path, "a,\"b\"\n");
    assert_false(ledger_find(g, "uuid:1")->seen);
    assert_null(ledger_find(g, "uuid:3"));
    assert_string_equal(ledger_etag(g), "W/\"x\"");
    ledger_close(g);
    free(path);
}

/* A run that is cut off leaves part of a line: what was whole counts, and goes on. */
static void test_ledger_cut_off(void **state)
{
    (void)state;
    char *path = in_folder("ledger/two.csv");
    struct ledger *g = ledger_open(path);
    for (int i = 0; i < 200; i++) {
        char id[32];
        snprintf(id, sizeof id, "uuid:%d", i);
        put(g, id, "1");
    }
    ledger_close(g);
    FILE *out = fopen(path, "a");
    fputs("uuid:0,9,00,some/pa", out);
    fclose(out);
    g = ledger_open(path);
    assert_int_equal(ledger_count(g), 200);
    assert_string_equal(ledger_find(g, "uuid:0")->version, "1");
    put(g, "uuid:0", "3");
    ledger_close(g);
    g = ledger_open(path);
    assert_int_equal(ledger_count(g), 200);
    assert_string_equal(ledger_find(g, "uuid:0")->version, "3");
    ledger_close(g);
    free(path);
}

/* ---- instances ----------------------------------------------------------------------------- */

static int take(struct instance *i, const char *xml)
{
    return instance_take(i, xml, strlen(xml), "own", "asset", "village county");
}

static void test_instance(void **state)
{
    (void)state;
    struct instance i;
    static const char plain[] = "<data id=\"own\"><g><county>41</county></g><village/></data>";
    assert_int_equal(take(&i, plain), 0);
    assert_string_equal(i.xml.text, plain);
    assert_string_equal(i.county.text, "\n41\n");
    instance_free(&i);
    assert_int_equal(take(&i, "<asset id=\"asset\"><county>41</county></asset>"), 0);
    assert_non_null(strstr(i.xml.text, "<asset id=\"own\"><county>41</county></asset>"));
    instance_free(&i);
    assert_int_equal(take(&i, "<data id=\"another\"/>"), INSTANCE_OTHER_FORM);
    assert_int_equal(take(&i, "<data id=\"own\"><county>41"), INSTANCE_BAD);
    assert_int_equal(take(&i, "<!DOCTYPE d [<!ENTITY x \"y\">]><data id=\"own\">&x;</data>"),
                     INSTANCE_BAD);
    assert_int_equal(take(&i, ""), INSTANCE_BAD);
}

static void test_instance_in_submission(void **state)
{
    (void)state;
    struct instance i;
    static const char wrapped[] =
        "<submission xmlns=\"http://opendatakit.org/submissions\" "
        "xmlns:orx=\"http://openrosa.org/xforms\"><data><own id=\"own\" xmlns:q=\"urn:q\">"
        "<village>甲</village><orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta>"
        "</own></data><mediaFile><filename>1.jpg</filename></mediaFile></submission>";
    assert_int_equal(take(&i, wrapped), 0);
    assert_string_equal(i.county.text, "甲\n\n");
    assert_true(instance_is_whole(i.xml.text, i.xml.len));
    assert_null(strstr(i.xml.text, "mediaFile"));
    assert_non_null(strstr(i.xml.text, "<orx:instanceID>uuid:1</orx:instanceID>"));
    assert_non_null(strstr(i.xml.text, "xmlns:orx=\"http://openrosa.org/xforms\""));
    instance_free(&i);
}

/* ---- the shelf ----------------------------------------------------------------------------- */

static void expect_county(const struct shelf *s, const char *answers, const char *wanted)
{
    struct buf out = {0};
    assert_int_equal(shelf_county(s, answers, &out), wanted != NULL);
    assert_string_equal(buf_text(&out), wanted ? wanted : "");
    buf_free(&out);
}

static void test_counties(void **state)
{
    (void)state;
    struct source source = {.name = "07-household-0", .questionnaire = "07-household"};
    struct shelf s = {.topic = topic, .source = &source, .data = folder};
    char *there = in_folder("411523-新县老促会"), *longer = in_folder("4115240-别的");
    assert_int_equal(mkdir(there, 0777), 0);
    assert_int_equal(mkdir(longer, 0777), 0);
    expect_county(&s, "411524", "411524-商城县");
    expect_county(&s, "411524107205", "411524-商城县");
    expect_county(&s, " 商城县 ", "411524-商城县");
    expect_county(&s, "411523100201\n411524", "411523-新县老促会");
    expect_county(&s, "\n某村\n411524\n", "411524-商城县");
    expect_county(&s, "41152", NULL);
    expect_county(&s, "999999107205", NULL);
    expect_county(&s, "../411524", NULL);
    expect_county(&s, "", NULL);
    free(there);
    free(longer);
}

static void expect_submission(const struct shelf *s, const char *id, const char *wanted)
{
    struct buf out = {0};
    shelf_submission(s, "411524-商城县", id, &out);
    const char *name = strrchr(out.text, '/') + 1;
    assert_null(strstr(out.text, "/../"));
    assert_int_not_equal(name[0], '.');
    assert_true(strlen(name) < 200);
    if (wanted)
        assert_string_equal(name, wanted);
    buf_free(&out);
}

static void test_names(void **state)
{
    (void)state;
    struct source source = {.name = "x", .questionnaire = "07-household"};
    struct shelf s = {.topic = topic, .source = &source, .data = folder};
    char many[5000];
    memset(many, 'a', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    expect_submission(&s, "uuid:453e9095-2ccd-4d08-8d0d-68fe31ebb160",
                      "453e9095-2ccd-4d08-8d0d-68fe31ebb160.xml");
    expect_submission(&s, "1001", "1001.xml");
    static const char *const odd[] = {"../../etc/passwd", "uuid:../x", "a/b",
                                      ".hidden",          "uuid:",     "x.tmp",
                                      "\n\t\x01",         "\xff\xfe",  ""};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        expect_submission(&s, odd[i], NULL);
    expect_submission(&s, many, NULL);
    struct buf a = {0}, b = {0};
    shelf_submission(&s, "c", "a/b", &a);
    shelf_submission(&s, "c", "a_b", &b);
    assert_string_not_equal(a.text, b.text);
    buf_clear(&a);
    shelf_file(&s, "c", "../../补充/~x/a b.xlsx", &a);
    assert_string_equal(a.text, "c/07-household/_./_./补充/_x/a b.xlsx");
    buf_free(&a);
    buf_free(&b);
}

static void test_put_keeps_what_was(void **state)
{
    (void)state;
    struct source source = {.name = "keep-0", .questionnaire = "07-household"};
    struct shelf s = {.topic = topic, .source = &source, .data = folder};
    char *full = in_folder("c/1.xml"), *kept = in_folder(".fetched/keep-0/kept"), hex[DIGEST_TEXT],
         wanted[DIGEST_TEXT];
    assert_int_equal(shelf_put(&s, "c/1.xml", "one", 3), 0);
    assert_int_equal(shelf_put(&s, "c/1.xml", "one", 3), 0);
    assert_int_not_equal(access(kept, F_OK), 0);
    assert_int_equal(shelf_put(&s, "c/1.xml", "two", 3), 0);
    assert_int_equal(access(kept, F_OK), 0);
    digest_bytes("two", 3, wanted);
    assert_int_equal(digest_file(full, hex), 0);
    assert_string_equal(hex, wanted);
    assert_int_equal(shelf_retire(&s, "c/1.xml", "deleted"), 0);
    assert_int_not_equal(access(full, F_OK), 0);
    assert_int_equal(shelf_retire(&s, "c/1.xml", "deleted"), 0);
    free(full);
    free(kept);
}

/* ---- sources ------------------------------------------------------------------------------- */

/* Reads a table of one row; the messages are in `said`. */
static int read_one(struct sources *s, const char *row)
{
    char *path = in_folder("sources.csv");
    struct buf text = {0};
    buf_printf(&text,
               "sources\n,plan,topic,questionnaire,kind,address,project,form,county,secret,review\n"
               ",%s\n",
               row);
    write_file(path, text.text);
    message_capture(said, sizeof said);
    int code = sources_read(s, path, topic);
    message_capture(NULL, 0);
    buf_free(&text);
    free(path);
    return code;
}

static void test_sources(void **state)
{
    (void)state;
    struct sources s;
    assert_int_equal(read_one(&s, "henan-2025,7,07-household,central,https://a.example,1,,"
                                  "village_code county,ODK,approved edited"),
                     0);
    assert_int_equal(s.count, 1);
    assert_string_equal(s.items[0].form_id, "hn2025_07_household");
    assert_true(source_takes(&s.items[0], "edited"));
    assert_false(source_takes(&s.items[0], "received"));
    assert_false(source_takes(&s.items[0], "approv"));
    sources_free(&s);
    assert_int_equal(read_one(&s, "henan-2025,8,07-household,none,,,,,,"), 0);
    assert_int_equal(s.count, 0);
    sources_free(&s);
}

static void test_wrong_sources(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"henan-2025,7,07-household,odk,https://a.example,1,,county,ODK,", "kind"},
        {"henan-2025,7,07-none,central,https://a.example,1,,county,ODK,", "questionnaire"},
        {"henan-2025,7,07-household,central,https://u:geheim@a.example,1,,county,ODK,", "address"},
        {"henan-2025,7,07-household,central,a.example,1,,county,ODK,", "address"},
        {"henan-2025,7,07-household,central,https://a.example,../1,,county,ODK,", "project"},
        {"henan-2025,7,07-household,central,https://a.example,1,,none,ODK,", "county"},
        {"henan-2025,7,07-household,central,https://a.example,1,,,ODK,", "county"},
        {"henan-2025,7,07-household,central,https://a.example,1,,county,me@a.example:geheim,",
         "secret"},
        {"henan-2025,7,07-household,kobo,https://a.example,,,county,ODK,", "form"},
        {"henan-2025,7,../x,https,https://a.example,,,,ODK,", "questionnaire"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sources s;
        assert_int_equal(read_one(&s, rows[i][0]), -1);
        assert_non_null(strstr(said, rows[i][1]));
        assert_null(strstr(said, "geheim"));
        sources_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_url),
        cmocka_unit_test(test_link_needs_encryption),
        cmocka_unit_test(test_ledger_keeps_the_last),
        cmocka_unit_test(test_ledger_cut_off),
        cmocka_unit_test(test_instance),
        cmocka_unit_test(test_instance_in_submission),
        cmocka_unit_test(test_counties),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_put_keeps_what_was),
        cmocka_unit_test(test_sources),
        cmocka_unit_test(test_wrong_sources),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
