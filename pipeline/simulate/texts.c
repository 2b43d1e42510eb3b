/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/texts.h"

#include "survey/checkdigit.h"
#include "survey/days.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PICK(c, list) ((list)[chance_below((c), (long)(sizeof(list) / sizeof *(list)))])

/* ---- words ----------------------------------------------------------------------------------- */

const char *person_name(struct arena *a, struct chance *c)
{
    static const char *const families[] = {"张", "王", "李", "赵", "陈", "杨", "郭", "孙",
                                           "马", "胡", "朱", "高", "何", "宋", "程", "曹",
                                           "袁", "许", "韩", "冯", "董", "萧", "邵", "欧阳"};
    static const char *const given[] = {"伟", "芳", "军", "敏", "静", "丽", "强", "磊", "洋",
                                        "艳", "勇", "杰", "娟", "涛", "明", "超", "霞", "平",
                                        "刚", "红", "玲", "梅", "桂", "峰", "㳇"};
    const char *second = chance_hits(c, 0.7) ? PICK(c, given) : "";
    return arena_printf(a, "%s%s%s", PICK(c, families), PICK(c, given), second);
}

const char *short_phrase(struct chance *c)
{
    static const char *const phrases[] = {
        "希望多关心", "交通补贴", "路灯和道路", "照看老人", "电商培训", "帮助联系用工单位",
        "法律咨询",   "缺少资金", "年轻人少",   "家乡月嫂", "山里匠人", "社区（试点）服务",
    };
    return PICK(c, phrases);
}

const char *opinion(struct chance *c)
{
    static const char *const opinions[] = {
        "暂无",
        "无",
        "没有",
        "不详",
        "希望把培训办到村部，时间放在农闲。",
        "岗位信息都是群里转的,不知道真假。",
        "村里说\"先培训,后上岗\",但名额太少。",
        "=SUM(A1:A9)",
        "+补贴要及时",
        "@老乡：多联系",
        "培训费~500元/人 & 食宿{自理} 100% #1_a^b$ \\x",
        "第一，路要修；\n第二，灯要亮。",
        "服务态度好👍",
        "合计三条意见：工资、社保、培训",
        "家里老人有病;只能在附近找活|没有别的",
        "=1+1",
        "-",
        "注：去年提过",
        "老板姓㳇，工资按月发",
    };
    return PICK(c, opinions);
}

const char *document_text(struct arena *a, struct chance *c)
{
    static const char *const articles[] = {
        "爱护公共设施和花草树木，不乱搭乱建",
        "垃圾入桶，房前屋后自己打扫",
        "尊敬老人，按月看望，不分家产先尽孝",
        "邻里和睦，有话好好说，不打架骂人",
        "喜事新办，酒席从简，不攀比",
        "丧事简办，不占道搭棚，不燃放鞭炮",
        "不赌博，不参加迷信活动",
        "看好自家牲畜，不糟蹋庄稼",
        "村里的账目每季度张榜公布",
        "修路清渠等公益事情，大家商量着办",
        "外出务工人员家中老人，由邻居轮流照看",
        "发生纠纷先找调解委员会",
        "遵守防火规定，不烧秸秆",
        "教育子女完成学业，不中途退学",
        "诚实守信，借钱还钱，租地给租",
        "参加村民会议，按票数定事",
    };
    enum { ARTICLES = sizeof articles / sizeof *articles };
    bool model = chance_hits(c, 0.2);
    const char *text = "";
    for (int i = 0, n = 0; i < ARTICLES; i++)
        if (model || chance_hits(c, 0.5))
            text = arena_printf(a, "%s第%d条　%s。", text, ++n, articles[i]);
    return *text ? text : articles[0];
}

/* ---- identity numbers ------------------------------------------------------------------------ */

char identity_check(const char *digits)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += weights[i] * (digits[i] - '0');
    return "10X98765432"[sum % 11];
}

const char *identity_number(struct arena *a, struct chance *c, const char *county, int year)
{
    char digits[64];
    struct civil first = {year, 1, 1};
    struct civil born = civil_from_days(days_from_civil(first) + chance_below(c, 365));
    snprintf(digits, sizeof digits, "%.4s99%04d%02d%02d%03ld", county, born.year % 10000,
             born.month % 100, born.day % 100, chance_below(c, 1000));
    return arena_printf(a, "%.17s%c", digits, identity_check(digits));
}

const char *credit_code(struct arena *a, struct chance *c, const char *start)
{
    static const char row[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const char *head = *start ? start : "91";
    char *code = arena_strdup(a, "______99XXXXXXXXXX");
    for (int i = 0; code[i]; i++)
        if (i < (int)strlen(head))
            code[i] = head[i];
        else if (code[i] == '_')
            code[i] = (char)('0' + chance_below(c, 10));
        else if (code[i] == 'X')
            code[i] = row[chance_below(c, 31)];
    for (int i = 0; i < 31; i++) {
        code[17] = row[i];
        if (credit_code_valid(code))
            break;
    }
    return code;
}

/* ---- patterns -------------------------------------------------------------------------------- */

/* What one place of a pattern allows: ASCII characters. */
struct set {
    char items[128];
    int count;
};

static void add(struct set *s, char c)
{
    if (s->count < (int)sizeof s->items)
        s->items[s->count++] = c;
}

static void add_span(struct set *s, char from, char to)
{
    for (int c = from; c <= to; c++)
        add(s, (char)c);
}

/* Reads a class behind its '['; NULL when it is none of ours. */
static const char *read_class(struct set *s, const char *p)
{
    if (*p == '^')
        return NULL;
    for (; *p && *p != ']'; p++) {
        if ((unsigned char)*p >= 0x80)
            return NULL;
        if (*p == '\\' && p[1] == 'd') {
            add_span(s, '0', '9');
            p++;
        } else if (p[1] == '-' && p[2] && p[2] != ']') {
            add_span(s, *p, p[2]);
            p += 2;
        } else {
            add(s, *p);
        }
    }
    return *p == ']' && s->count ? p + 1 : NULL;
}

/* Reads one place; NULL when it is none of ours. */
static const char *read_place(struct set *s, const char *p)
{
    if (*p == '[')
        return read_class(s, p + 1);
    if (*p == '\\' && p[1] == 'd') {
        add_span(s, '0', '9');
        return p + 2;
    }
    if (*p == '\\' && ispunct((unsigned char)p[1])) {
        add(s, p[1]);
        return p + 2;
    }
    if (!*p || (unsigned char)*p >= 0x80 || strchr("()|.*+?{}]", *p))
        return NULL;
    add(s, *p);
    return p + 1;
}

/* Reads {n}, {n,m}, ?, * or +. */
static const char *read_times(const char *p, int *least, int *most)
{
    *least = *most = 1;
    if (*p == '{') {
        char *end;
        *least = *most = (int)strtol(p + 1, &end, 10);
        if (*end == ',')
            *most = end[1] == '}' ? *least + 3 : (int)strtol(end + 1, &end, 10);
        const char *close = strchr(end, '}');
        return close && *least >= 0 && *most >= *least && *most < 100 ? close + 1 : NULL;
    }
    if (*p != '?' && *p != '*' && *p != '+')
        return p;
    *least = *p == '+';
    *most = *p == '?' ? 1 : 4;
    return p + 1;
}

bool text_of_pattern(struct buf *out, struct chance *c, const char *pattern)
{
    size_t before = out->len;
    const char *p = pattern + (*pattern == '^');
    while (p && *p && !(*p == '$' && !p[1])) {
        struct set s = {.count = 0};
        int least = 1, most = 1;
        p = read_place(&s, p);
        p = p ? read_times(p, &least, &most) : NULL;
        for (long n = p ? chance_between(c, least, most) : 0; n > 0; n--)
            buf_putc(out, s.items[chance_below(c, s.count)]);
    }
    if (!p && out->len > before) {
        out->len = before;
        out->text[before] = '\0';
    }
    return p != NULL;
}
