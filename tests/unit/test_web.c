/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The upload page's parts: names, accounts, lock-out, sessions, receipts, pages, and what a
 * confined process can do.  The whole is tested by e2e/receive.sh.
 */
#include "files.h"

#include "base/arena.h"
#include "base/message.h"
#include "web/accounts.h"
#include "web/confine.h"
#include "web/journal.h"
#include "web/lockout.h"
#include "web/page.h"
#include "web/sessions.h"
#include "web/uploads.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- names of files ------------------------------------------------------------------------- */

static void test_safe_names(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"住户.csv", "住户.csv"},
        {"C:\\Users\\老张\\桌面\\住户.csv", "住户.csv"},
        {"../../../etc/passwd", "passwd"},
        {"..\\..\\boot.ini", "boot.ini"},
        {"a/../../b.csv", "b.csv"},
        {"..", "文件"},
        {"...", "文件"},
        {"", "文件"},
        {"/", "文件"},
        {"-rf.csv", "rf.csv"},
        {".key", "key"},
        {" 住户 表.csv", "住户_表.csv"},
        {"~$林州.xlsx", "林州.xlsx"},
        {"a'b\"c$d`e;f|g&h<i>j*k?l%m#n:o.csv", "abcdefghijklmno.csv"},
        {"line\nbreak\r.csv", "linebreak.csv"},
        {"\xE2\x80\xAEgpj.xlsx", "gpj.xlsx"}, /* right-to-left override */
        {"\xC4\xE3\xBA\xC3.csv", "csv"},      /* GBK bytes are no UTF-8 */
        {"a\xEF\xBF\xBD.csv", "a.csv"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[STORED_NAME_TEXT];
        upload_safe_name(cases[i][0], out);
        assert_string_equal(out, cases[i][1]);
    }
}

static void test_long_names(void **state)
{
    (void)state;
    struct buf name = {0};
    char out[STORED_NAME_TEXT];
    for (int i = 0; i < 5000; i++)
        buf_puts(&name, "县");
    buf_puts(&name, ".xlsx");
    upload_safe_name(name.text, out);
    assert_true(strlen(out) <= 128);
    assert_true(ends_with(out, "县.xlsx"));
    assert_true(utf8_valid(out, strlen(out)));
    buf_free(&name);
}

static void test_stored_names(void **state)
{
    (void)state;
    assert_string_equal(received_shown("20251122-001530-0042-住户.csv"), "住户.csv");
    assert_string_equal(received_shown("20251122-001530-12345-住户.csv"), "住户.csv");
    assert_string_equal(received_shown("住户.csv"), "住户.csv");
    assert_string_equal(received_shown("20251122-0042-住户.csv"), "20251122-0042-住户.csv");
    assert_string_equal(received_shown("2025-住户.csv"), "2025-住户.csv");
}

/* ---- accounts ------------------------------------------------------------------------------- */

static void test_account_names(void **state)
{
    (void)state;
    assert_true(account_name_valid("411525"));
    assert_true(account_name_valid("office"));
    static const char *const bad[] = {"",          "41",     "4115251234567", "41152a",
                                      "../411525", "Office", "411525\t",      "４１１５２５"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(account_name_valid(bad[i]));
}

static void test_accounts(void **state)
{
    (void)state;
    struct accounts a = {.path = must_strdup(test_path("accounts"))};
    char first[PASSPHRASE_TEXT], second[PASSPHRASE_TEXT], other[PASSPHRASE_TEXT];
    char digits[PASSPHRASE_TEXT] = "", wide[64] = "";
    struct stat st;
    assert_int_equal(accounts_refresh(&a), 0); /* no file: nobody */
    assert_false(accounts_verify(&a, "411525", "1234-5678-9012"));
    assert_int_equal(accounts_reset(a.path, "411525", first), 0);
    assert_int_equal(accounts_reset(a.path, "410325", other), 0);
    assert_int_equal(stat(a.path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(accounts_refresh(&a), 0);
    assert_int_equal(a.count, 2);
    for (int i = 0, n = 0, w = 0; first[i]; i++)
        if (first[i] != '-') {
            digits[n++] = first[i];
            w += snprintf(wide + w, sizeof wide - (size_t)w, "\xEF\xBC%c",
                          (char)(0x90 + first[i] - '0'));
        }
    assert_true(accounts_verify(&a, "411525", first));
    assert_true(accounts_verify(&a, "411525", digits));
    assert_true(
        accounts_verify(&a, "411525", wide)); /* full-width, as an input method gives them */
    assert_false(accounts_verify(&a, "411525", other));
    assert_false(accounts_verify(&a, "411525", ""));
    assert_false(accounts_verify(&a, "999999", first));
    assert_int_equal(accounts_reset(a.path, "411525", second), 0);
    assert_int_equal(accounts_refresh(&a), 0);
    assert_int_equal(a.count, 2);
    assert_false(accounts_verify(&a, "411525", first));
    assert_true(accounts_verify(&a, "411525", second));
    assert_true(accounts_verify(&a, "410325", other));
    free((char *)a.path);
    accounts_free(&a);
}

static void test_damaged_accounts(void **state)
{
    (void)state;
    char messages[512];
    struct accounts a = {.path = must_strdup(WRITE("damaged", "411525\tplain text\n"))};
    message_capture(messages, sizeof messages);
    assert_int_equal(accounts_refresh(&a), -1);
    message_capture(NULL, 0);
    assert_non_null(strstr(messages, "第1行坏了"));
    assert_null(strstr(messages, "plain text"));
    assert_false(accounts_verify(&a, "411525", "plain text"));
    free((char *)a.path);
    accounts_free(&a);
}

/* ---- lock-out ------------------------------------------------------------------------------- */

static void test_lockout(void **state)
{
    (void)state;
    struct lockout *l = calloc(1, sizeof *l);
    time_t now = 1000000;
    for (int i = 0; i < 5; i++) {
        assert_false(lockout_holds(l, "411525", "10.0.0.1", now));
        lockout_count(l, "411525", "10.0.0.1", now);
    }
    assert_true(lockout_holds(l, "411525", "10.0.0.1", now));
    assert_false(lockout_holds(l, "411525", "10.0.0.2", now)); /* the county itself */
    assert_false(lockout_holds(l, "410325", "10.0.0.1", now));
    assert_true(lockout_holds(l, "411525", "10.0.0.1", now + LOCKOUT_SECONDS - 1));
    assert_false(lockout_holds(l, "411525", "10.0.0.1", now + LOCKOUT_SECONDS));
    lockout_count(l, "411525", "10.0.0.1", now + LOCKOUT_SECONDS); /* begins again */
    assert_false(lockout_holds(l, "411525", "10.0.0.1", now + LOCKOUT_SECONDS));
    free(l);
}

static void test_lockout_of_many(void **state)
{
    (void)state;
    struct lockout *l = calloc(1, sizeof *l);
    char name[32];
    for (int i = 0; i < 30; i++) { /* one address, one try at each of many accounts */
        snprintf(name, sizeof name, "41%04d", i);
        assert_false(lockout_holds(l, name, "10.0.0.1", 100));
        lockout_count(l, name, "10.0.0.1", 100);
    }
    assert_true(lockout_holds(l, "419999", "10.0.0.1", 100));
    for (int i = 0; i < 5000; i++) { /* many addresses, one account: whatever falls off the table */
        snprintf(name, sizeof name, "10.1.%d.%d", i / 250, i % 250);
        lockout_count(l, "411525", name, 200);
    }
    assert_true(lockout_holds(l, "411525", "10.9.9.9", 200));
    free(l);
}

/* ---- sessions ------------------------------------------------------------------------------- */

static void test_sessions(void **state)
{
    (void)state;
    struct sessions *all = calloc(1, sizeof *all);
    struct account one = {"411525", "hash one"};
    struct accounts known = {.items = &one, .count = 1};
    struct session *s = sessions_begin(all, &one, 1000);
    char id[TOKEN_TEXT];
    memcpy(id, s->id, sizeof id);
    assert_int_equal(strlen(id), 64);
    assert_string_not_equal(s->id, s->token);
    assert_ptr_equal(sessions_find(all, id, &known, 1000), s);
    assert_null(sessions_find(all, "", &known, 1000));
    assert_null(sessions_find(all, s->token, &known, 1000));
    id[63] ^= 1;
    assert_null(sessions_find(all, id, &known, 1000));
    id[63] ^= 1;
    assert_null(sessions_find(all, id, &known, 1000 + SESSION_IDLE + 1)); /* ended for good */
    assert_null(sessions_find(all, id, &known, 1000));
    s = sessions_begin(all, &one, 1000);
    memcpy(id, s->id, sizeof id);
    for (time_t t = 1000; t <= 1000 + SESSION_MOST; t += SESSION_IDLE)
        assert_non_null(sessions_find(all, id, &known, t));
    assert_null(sessions_find(all, id, &known, 1000 + SESSION_MOST + 1));
    s = sessions_begin(all, &one, 1000);
    memcpy(id, s->id, sizeof id);
    struct account reset = {"411525", "hash two"}; /* a new passphrase */
    known.items = &reset;
    assert_null(sessions_find(all, id, &known, 1001));
    free(all);
}

static void test_too_many_sessions(void **state)
{
    (void)state;
    struct sessions *all = calloc(1, sizeof *all);
    struct account one = {"411525", "hash"};
    struct accounts known = {.items = &one, .count = 1};
    char first[TOKEN_TEXT], second[TOKEN_TEXT];
    memcpy(first, sessions_begin(all, &one, 1000)->id, TOKEN_TEXT);
    memcpy(second, sessions_begin(all, &one, 1001)->id, TOKEN_TEXT);
    for (int i = 0; i < SESSIONS_MAX - 1; i++)
        sessions_begin(all, &one, 1002);
    assert_null(sessions_find(all, first, &known, 1003)); /* idle longest */
    assert_non_null(sessions_find(all, second, &known, 1003));
    free(all);
}

/* ---- receipts ------------------------------------------------------------------------------- */

static void test_receipts(void **state)
{
    (void)state;
    const char *path = test_path("journal");
    struct journal j;
    struct tm noon = {.tm_year = 125, .tm_mon = 10, .tm_mday = 22, .tm_hour = 12, .tm_isdst = -1};
    time_t now = mktime(&noon);
    char receipt[RECEIPT_TEXT];
    assert_int_equal(journal_open(&j, path), 0);
    journal_receipt(&j, now, receipt);
    assert_string_equal(receipt, "20251122-0001");
    assert_int_equal(
        journal_add(&j, now, (struct entry){"upload", "411525", "p/07", receipt, 1, 9}), 0);
    journal_receipt(&j, now, receipt);
    assert_string_equal(receipt, "20251122-0002");
    assert_int_equal(
        journal_add(&j, now, (struct entry){"upload", "411525", "p/07", receipt, 1, 9}), 0);
    journal_close(&j);
    assert_int_equal(journal_open(&j, path), 0);   /* after a restart */
    journal_receipt(&j, now - 86400 * 3, receipt); /* with a clock that was set back */
    assert_string_equal(receipt, "20251122-0003");
    journal_receipt(&j, now + 86400, receipt);
    assert_string_equal(receipt, "20251123-0001");
    journal_close(&j);
}

/* ---- pages ---------------------------------------------------------------------------------- */

static void test_page_text(void **state)
{
    (void)state;
    struct buf b = {0};
    page_text(&b, "<script>alert('1')</script>&\"\x01\x7f\n户\xE2\x80\xAEx\xFF");
    assert_string_equal(
        b.text, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot; 户x\xEF\xBF\xBD");
    buf_free(&b);
}

/* ---- confinement ---------------------------------------------------------------------------- */

static const char *allowed, *forbidden, *writable;

/* What the confined child tries; the number of the first thing that goes as it must not. */
static int try_all(void)
{
    const char *readable[] = {allowed, NULL};
    struct confinement c = {
        .readable = readable, .writable = writable, .file_mb = 1, .cpu_seconds = 10};
    char path[600], megabyte[1 << 16] = "";
    if (confine(&c) < 0)
        return 1;
    if (open(allowed, O_RDONLY) < 0 || open(allowed, O_WRONLY) >= 0)
        return 2;
    if (open(forbidden, O_RDONLY) >= 0 || errno != EACCES || open("/etc/passwd", O_RDONLY) >= 0)
        return 3;
    snprintf(path, sizeof path, "%s/new", writable);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    if (fd < 0)
        return 4;
    if (symlink("/etc/passwd", "link") == 0 || unlink(forbidden) == 0 ||
        rename(path, forbidden) == 0)
        return 5;
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0)
        return 6;
    if (kill(getppid(), 0) == 0 || setsid() >= 0)
        return 7;
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 0; i < 32; i++)
        if (write(fd, megabyte, sizeof megabyte) != sizeof megabyte)
            return i == 16 && errno == EFBIG ? 0 : 8;
    return 9;
}

static void test_confinement(void **state)
{
    (void)state;
    if (!confine_has_landlock()) {
        print_message("# no Landlock in this kernel\n");
        skip();
    }
    allowed = must_strdup(WRITE("allowed", "a"));
    forbidden = must_strdup(WRITE("forbidden", "f"));
    writable = must_strdup(test_path("work"));
    assert_int_equal(mkdir(writable, 0700), 0);
    int status;
    pid_t pid = fork();
    if (pid == 0)
        _exit(try_all());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_safe_names),   cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_stored_names), cmocka_unit_test(test_account_names),
        cmocka_unit_test(test_accounts),     cmocka_unit_test(test_damaged_accounts),
        cmocka_unit_test(test_lockout),      cmocka_unit_test(test_lockout_of_many),
        cmocka_unit_test(test_sessions),     cmocka_unit_test(test_too_many_sessions),
        cmocka_unit_test(test_receipts),     cmocka_unit_test(test_page_text),
        cmocka_unit_test(test_confinement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
