/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/headtext.h"

#include "intake/units.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Append the plain form: half-width, lower case, no white space and control characters, one
 * sort of dash. */
static void put_plain(struct buf *out, const char *text)
{
    for (uint32_t c; (c = utf8_next(&text));) {
        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
            c = '-';
        if (c >= ' ' && c != 0x7F && !is_space_char(c))
            buf_put_char(out, c);
    }
}

bool headtext_same(struct buf *scratch, const char *a, const char *b)
{
    buf_clear(scratch);
    put_plain(scratch, a);
    size_t n = scratch->len;
    put_plain(scratch, b);
    return n > 0 && scratch->len == 2 * n && !memcmp(scratch->text, scratch->text + n, n);
}

/* ---- variants ----------------------------------------------------------------------------- */

/* Bytes of a run of Chinese digits, 一 to 十. */
static size_t chinese_digits(const char *p)
{
    static const char *const digits[] = {"一", "二", "三", "四", "五",
                                         "六", "七", "八", "九", "十"};
    const char *start = p;
    for (size_t i = 0; i < 10; i++)
        if (starts_with(p, digits[i])) {
            p += strlen(digits[i]);
            i = (size_t)-1;
        }
    return (size_t)(p - start);
}

/* Bytes of numbering at the start: a1. b12 1、 (1) 一、 (二), with the * of a required answer. */
static size_t numbering(const char *text)
{
    const char *p = text + (*text == '*');
    bool bracket = *p == '(';
    p += bracket;
    bool letter = *p >= 'a' && *p <= 'z' && isdigit((unsigned char)p[1]);
    p += letter;
    const char *number = p;
    p += strspn(p, "0123456789");
    if (p == number && !letter)
        p += chinese_digits(p);
    if (p == number || (p - number > 3 && isdigit((unsigned char)*number)))
        return 0;
    if (bracket)
        return *p == ')' ? (size_t)(p + 1 - text) : 0;
    if (starts_with(p, "、"))
        return (size_t)(p - text) + strlen("、");
    if (*p == '.' && !letter && isdigit((unsigned char)p[1]))
        return 0; /* 1.5; but a1.2024年 is numbering */
    if (*p == '.' || *p == ')' || *p == ':')
        return (size_t)(p + 1 - text);
    return letter && (unsigned char)*p >= 0x80 ? (size_t)(p - text) : 0;
}

/* Where the brackets at the end open, or n when there are none; brackets may nest. */
static size_t last_bracket(const char *p, size_t n)
{
    if (n == 0 || p[n - 1] != ')')
        return n;
    int depth = 0;
    for (size_t i = n; i-- > 0;) {
        depth += p[i] == ')';
        depth -= p[i] == '(';
        if (depth == 0)
            return i;
    }
    return n;
}

/* The unit between p and p + n, without 单位: before it; NULL when it is none. */
static const char *unit_between(const char *p, size_t n, char *out, size_t size)
{
    static const char *const leads[] = {"单位:", "计量单位:", "单位"};
    for (size_t i = 0; i < 3; i++)
        if (n > strlen(leads[i]) && !strncmp(p, leads[i], strlen(leads[i]))) {
            p += strlen(leads[i]);
            n -= strlen(leads[i]);
            break;
        }
    if (n == 0 || n >= size)
        return NULL;
    memcpy(out, p, n);
    out[n] = '\0';
    return unit_known(out) ? out : NULL;
}

/* Add a variant unless it is empty or the same as the last. */
static void add_variant(struct headtext *h, size_t from, size_t n)
{
    const char *last = h->bytes.text + h->starts[h->count - 1];
    if (n == 0 || (strlen(last) == n && !memcmp(last, h->bytes.text + from, n)))
        return;
    size_t start = h->bytes.len;
    char *copy = strndup(h->bytes.text + from, n); /* the buffer may move */
    buf_put(&h->bytes, copy ? copy : "", copy ? n : 0);
    buf_putc(&h->bytes, '\0');
    free(copy);
    h->starts[h->count++] = start;
}

static bool is_ascii(const char *text)
{
    while ((unsigned char)*text - 1u < 0x7F)
        text++;
    return !*text;
}

void headtext_set(struct headtext *h, const char *text)
{
    char unit[64];
    buf_clear(&h->bytes);
    put_plain(&h->bytes, text);
    buf_putc(&h->bytes, '\0');
    h->starts[0] = 0;
    h->count = 1;
    size_t start = 0, n = h->bytes.len - 1;
    const char *slash = memrchr(h->bytes.text, '/', n);
    if (!slash && is_ascii(h->bytes.text)) /* ODK Central: g_id-hh_no */
        slash = memrchr(h->bytes.text, '-', n);
    if (slash && (unsigned char)h->bytes.text[0] < 0x80) {
        start = (size_t)(slash + 1 - h->bytes.text);
        add_variant(h, start, n - start);
    }
    for (int twice = 0; twice < 2; twice++) {
        start += numbering(h->bytes.text + start);
        add_variant(h, start, n - start);
    }
    size_t open = last_bracket(h->bytes.text + start, n - start);
    if (open + 2 < n - start &&
        unit_between(h->bytes.text + start + open + 1, n - start - open - 2, unit, sizeof unit)) {
        n = start + open;
        add_variant(h, start, n - start);
        open = last_bracket(h->bytes.text + start, n - start);
    }
    n = start + open;
    while (n > start && strchr("?:.;", h->bytes.text[n - 1]))
        n--;
    add_variant(h, start, n - start);
}

const char *headtext_variant(const struct headtext *h, int i)
{
    return h->bytes.text + h->starts[i];
}

const char *headtext_plain(const struct headtext *h)
{
    return headtext_variant(h, 0);
}

void headtext_free(struct headtext *h)
{
    buf_free(&h->bytes);
}

void headtext_unit(struct buf *out, const char *text)
{
    char unit[64];
    struct buf plain = {0};
    put_plain(&plain, text);
    size_t n = plain.len;
    if (n && n < 200) {
        size_t open = last_bracket(plain.text, n);
        const char *found = unit_between(plain.text, n, unit, sizeof unit);
        if (!found && open + 2 < n)
            found = unit_between(plain.text + open + 1, n - open - 2, unit, sizeof unit);
        if (found)
            buf_puts(out, found);
    }
    buf_free(&plain);
}

/* ---- numbered heads ----------------------------------------------------------------------- */

/* A number of 1 to 99 in digits or Chinese; *p steps over it; 0 when there is none. */
static int take_number(const char **p)
{
    static const char *const digits[] = {"十", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};
    int n = 0;
    const char *s = *p;
    while (isdigit((unsigned char)*s) && s - *p < 2)
        n = n * 10 + *s++ - '0';
    if (s > *p) {
        bool longer = isdigit((unsigned char)*s);
        *p = s;
        return longer ? 0 : n;
    }
    for (int i = 0; i < 10; i++)
        if (starts_with(s, digits[i])) {
            *p = s + strlen(digits[i]);
            return i ? i : 10;
        }
    return 0;
}

static const char *skip_any(const char *p, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (starts_with(p, words[i])) {
            p += strlen(words[i]);
            i = -1;
        }
    return p;
}

static bool put_word(struct wide_head *out, const char *word, size_t n)
{
    if (n == 0 || n >= sizeof out->word)
        return false;
    memcpy(out->word, word, n);
    out->word[n] = '\0';
    return true;
}

static bool put_rest(struct wide_head *out, const char *rest)
{
    int n = snprintf(out->rest, sizeof out->rest, "%s", rest);
    return n > 0 && (size_t)n < sizeof out->rest;
}

static const char *const JOINTS[] = {"_", "-", ".", "/", ":", "[", "]", "(", ")", "的", "、", NULL};

/* 第2个成员的工资, 第2个成员工资, 第2人工资: number first, then perhaps a word. */
static bool take_ordinal(const char *p, struct wide_head *out)
{
    static const char *const counters[] = {"个", "名", "位", "号", "人", NULL};
    out->number = take_number(&p);
    p = skip_any(p, counters);
    out->word[0] = '\0';
    return out->number && put_rest(out, skip_any(p, JOINTS));
}

bool headtext_wide(const struct headtext *h, struct wide_head *out)
{
    const char *text = headtext_plain(h), *p = text;
    if (starts_with(p, "第"))
        return take_ordinal(p + strlen("第"), out);
    const char *segment = text, *before = NULL; /* of a path */
    for (; *p; p++) {
        const char *number = p;
        out->number = take_number(&number);
        if (out->number && p > text) {
            const char *word = p == segment && before ? before : segment, *end = p;
            while (end > word && strchr("_-./:[(", end[-1]))
                end--;
            return put_word(out, word, (size_t)(end - word)) &&
                   put_rest(out, skip_any(number, JOINTS));
        }
        if (*p == '/') {
            before = segment;
            segment = p + 1;
        }
    }
    return false;
}

const char *headtext_without_repeat(const char *rest, const char *name, const char *label)
{
    struct buf b = {0};
    const char *behind = NULL;
    put_plain(&b, name);
    if (b.len && starts_with(rest, b.text))
        behind = rest + b.len;
    buf_clear(&b);
    put_plain(&b, label);
    for (const char *end = buf_text(&b); !behind && utf8_length(end) >= 2; utf8_next(&end))
        if (starts_with(rest, end))
            behind = rest + strlen(end);
    buf_free(&b);
    return behind ? skip_any(behind, JOINTS) : NULL;
}

/* 姓名2, 姓名(2), m_name_2 */
static bool take_numbered(const char *text, struct wide_head *out)
{
    size_t n = strlen(text);
    bool bracket = n && (text[n - 1] == ')' || text[n - 1] == ']');
    size_t end = n - bracket, start = end;
    while (start > 0 && isdigit((unsigned char)text[start - 1]))
        start--;
    if (start == end || end - start > 2 || (bracket && start && !strchr("([", text[start - 1])))
        return false;
    out->number = atoi(text + start);
    start -= bracket && start;
    while (start > 0 && strchr("_-.", text[start - 1]))
        start--;
    if (start == 0 || start >= sizeof out->rest || out->number == 0)
        return false;
    memcpy(out->rest, text, start);
    out->rest[start] = '\0';
    return true;
}

bool headtext_numbered(const struct headtext *h, struct wide_head *out)
{
    return take_numbered(headtext_plain(h), out);
}

bool headtext_names_repeat(const char *word, const char *name, const char *label)
{
    struct buf b = {0};
    put_plain(&b, name);
    bool same = b.len && !strcmp(b.text, word);
    buf_clear(&b);
    put_plain(&b, label);
    bool part =
        utf8_length(word) >= 2 && b.len && (ends_with(b.text, word) || starts_with(b.text, word));
    buf_free(&b);
    return same || part;
}

/* ---- system columns ----------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum column_role role;
} SYSTEM[] = {
    {"_index", COLUMN_INDEX},
    {"_parent_index", COLUMN_PARENT},
    {"key", COLUMN_INDEX},
    {"parent_key", COLUMN_PARENT},
    {"start", COLUMN_SYSTEM},
    {"end", COLUMN_SYSTEM},
    {"today", COLUMN_SYSTEM},
    {"deviceid", COLUMN_SYSTEM},
    {"subscriberid", COLUMN_SYSTEM},
    {"simserial", COLUMN_SYSTEM},
    {"phonenumber", COLUMN_SYSTEM},
    {"username", COLUMN_SYSTEM},
    {"email", COLUMN_SYSTEM},
    {"audit", COLUMN_SYSTEM},
    {"instanceid", COLUMN_SYSTEM},
    {"instancename", COLUMN_SYSTEM},
    {"deprecatedid", COLUMN_SYSTEM},
    {"submissiondate", COLUMN_SYSTEM},
    {"submitterid", COLUMN_SYSTEM},
    {"submittername", COLUMN_SYSTEM},
    {"status", COLUMN_SYSTEM},
    {"reviewstate", COLUMN_SYSTEM},
    {"edits", COLUMN_SYSTEM},
    {"formversion", COLUMN_SYSTEM},
    {"formdef_version", COLUMN_SYSTEM},
    {"attachmentspresent", COLUMN_SYSTEM},
    {"attachmentsexpected", COLUMN_SYSTEM},
    {"no", COLUMN_SYSTEM},
    {"no.", COLUMN_SYSTEM},
    {"序号", COLUMN_SYSTEM},
    {"行号", COLUMN_SYSTEM},
    {"编号", COLUMN_SYSTEM},
    {"备注", COLUMN_SYSTEM},
    {"提交人", COLUMN_SYSTEM},
    {"提交者", COLUMN_SYSTEM},
    {"提交时间", COLUMN_SYSTEM},
    {"提交日期", COLUMN_SYSTEM},
    {"提交答卷时间", COLUMN_SYSTEM},
    {"修改时间", COLUMN_SYSTEM},
    {"更新时间", COLUMN_SYSTEM},
    {"创建时间", COLUMN_SYSTEM},
    {"开始时间", COLUMN_SYSTEM},
    {"结束时间", COLUMN_SYSTEM},
    {"所用时间", COLUMN_SYSTEM},
    {"答题时长", COLUMN_SYSTEM},
    {"来源", COLUMN_SYSTEM},
    {"来源详情", COLUMN_SYSTEM},
    {"来自ip", COLUMN_SYSTEM},
    {"ip", COLUMN_SYSTEM},
    {"ip地址", COLUMN_SYSTEM},
    {"总分", COLUMN_SYSTEM},
    {"得分", COLUMN_SYSTEM},
    {"答卷编号", COLUMN_SYSTEM},
    {"答题序号", COLUMN_SYSTEM},
    {"填写者", COLUMN_SYSTEM},
    {"填写时间", COLUMN_SYSTEM},
    {"填写时长", COLUMN_SYSTEM},
    {"填写设备", COLUMN_SYSTEM},
    {"填写地区", COLUMN_SYSTEM},
    {"开始答题时间", COLUMN_SYSTEM},
    {"结束答题时间", COLUMN_SYSTEM},
    {"清洗数据结果", COLUMN_SYSTEM},
    {"智能清洗数据无效概率", COLUMN_SYSTEM},
    {"地理位置国家和地区", COLUMN_SYSTEM},
    {"地理位置省", COLUMN_SYSTEM},
    {"地理位置市", COLUMN_SYSTEM},
    {"用户类型", COLUMN_SYSTEM},
    {"用户id", COLUMN_SYSTEM},
    {"昵称", COLUMN_SYSTEM},
    {"微信昵称", COLUMN_SYSTEM},
    {"微信openid", COLUMN_SYSTEM},
    {"操作系统", COLUMN_SYSTEM},
    {"浏览器", COLUMN_SYSTEM},
    {"ua", COLUMN_SYSTEM},
    {"referrer", COLUMN_SYSTEM},
    {"语言", COLUMN_SYSTEM},
    {"提交者(自动)", COLUMN_SYSTEM},
    {"提交时间(自动)", COLUMN_SYSTEM},
    {"设备号", COLUMN_SYSTEM},
    {"版本", COLUMN_SYSTEM},
    {"版本号", COLUMN_SYSTEM},
    {"问卷版本", COLUMN_SYSTEM},
};

enum column_role headtext_system(const char *text)
{
    struct headtext h = {0};
    headtext_set(&h, text);
    const char *plain = headtext_plain(&h), *last = headtext_variant(&h, h.count > 1 ? 1 : 0);
    enum column_role role = COLUMN_NONE;
    for (size_t i = 0; i < sizeof SYSTEM / sizeof *SYSTEM && role == COLUMN_NONE; i++)
        if (!strcmp(SYSTEM[i].name, plain) || !strcmp(SYSTEM[i].name, last))
            role = SYSTEM[i].role;
    bool system = plain[0] == '_' || last[0] == '_' || starts_with(plain, "meta/") ||
                  starts_with(plain, "meta-") || starts_with(plain, "set-of-") ||
                  !strcmp(plain, "meta");
    if (role == COLUMN_NONE && system)
        role = COLUMN_SYSTEM;
    headtext_free(&h);
    return role;
}
