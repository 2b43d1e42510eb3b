/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every number of a draft, and what sort of number it is.
 *
 *     quantity  = [about] number [range] [measure] [around] | share | date | document | word
 *     number    = Arabic digits with at most one point, then 万, 亿, 千 …  | Chinese numeral
 *                 more (多, 余, 来, 几) may stand before or behind the scale: 60多万, 1万多
 *     range     = (-, ~, 至, 到) number:  50到60岁, 10%~15%;  一、二件, 两三个, 几十, 十几
 *     about     = 约, 近, 超过, 不足, 至少 …        around = 左右, 以上, 以内 …
 *     share     = 三成, 三成五, 百分之四十一点二, 三分之一, 过半, 一半
 *     date      = 2025年4月11日, 2025/4/11, 2025.4.11, 4月11日, 19日至20日, 2003 alone, 2024-2027,
 *                 二〇二五年, 四月
 *     document  = 〔2025〕6号, [2021]3号, 3号文件
 *     word      = a name: in short quotation marks or 《》 without a measure of money, people or
 *                 per cent (“四个意识”, “123”), a power of ten alone (百家), letters or a plus or
 *                 a colon at it (1+1, G20, 3:1); an ordinal (第二轮, 前三位, 二十届, 一等奖,
 * 一、, 1.)
 *
 * Damaged are: three or more digits before 日 (514日), a day or month that cannot be, a document
 * number without one of its brackets (〔2020128号), six or seven digits that begin with a year
 * alone on a line (2021128), counts of eight digits and more written out (16414912人).
 * 一 before a measure word (一个, 一批) is no quantity.
 */
#ifndef VERIFY_QUANTITY_H
#define VERIFY_QUANTITY_H

#include "verify/draft.h"
#include "verify/measure.h"
#include "verify/words.h"

enum kind {
    KIND_EXACT,   /* counted and printed in full: 351人, 3000元 */
    KIND_ROUNDED, /* 96.8%, 19.8万元 */
    KIND_FUZZY,   /* an interval: 60多万元, 约三成 */
    KIND_NAME,
    KIND_DATE,
    KIND_DOCUMENT,
    KIND_ORDINAL,
    KIND_DAMAGED,
    KIND_IMPOSSIBLE, /* a date that does not exist */
};

struct quantity {
    enum kind kind;
    size_t from, to;  /* with its measure, without the words about and around */
    double value;     /* in the base unit of its dimension; of a name: the numeral */
    double low, high; /* what the words allow: half a unit of the last printed place, or the
                         interval of a fuzzy one; high may be INFINITY */
    double half;      /* half a unit of the last printed decimal; 0 without decimals */
    int decimals;     /* printed behind the point */
    double unit;      /* one printed unit in base units: 10000 for 万元 */
    enum dimension dim;
    const struct measure *measure;      /* NULL: none */
    struct extent noun;                 /* the Han run behind it, at most 12 characters */
    size_t clause, sentence, paragraph; /* where those it stands in begin */
    struct extent quoted;               /* what the quotation marks around it hold; empty */
    bool arabic;
    bool bare_day;  /* 13日 without a month */
    char hint[120]; /* damaged: what it may have been; "" */
};

struct quantities {
    struct quantity *items;
    int count, room;
};

void quantities_read(struct quantities *qs, const struct draft *d);
void quantities_free(struct quantities *qs);

/* Whether it is a number that arithmetic may use. */
bool is_number(const struct quantity *q);

/* Ends of clauses: , ; : 。 ! ? ( ) and line ends. */
bool ends_clause(const char *text, size_t i);
size_t clause_end(const char *text, size_t i);
size_t sentence_end(const char *text, size_t i);

/* What stands in the clause before the number. */
struct extent label_of(const struct quantity *q);

/* Whether two numbers count the same sort of thing: 2 certainly, 1 perhaps (个 of unlike nouns),
 * 0 no. */
int same_sort(const char *text, const struct quantity *a, const struct quantity *b);

#endif
