/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/units.h"

#include <stddef.h>
#include <string.h>

/* Units of the same dimension convert; `size` is in the dimension's first unit.  1 亩 is 1/15
 * hectare; 1 斤 is half a kilogram.  Dimensions of one unit only serve unit_known(): 人次 are
 * not 人, 户次 are not 户. */
static const struct unit_name {
    const char *name;
    int dimension;
    double size;
} UNITS[] = {
    {"元", 1, 1},          {"圆", 1, 1},       {"人民币元", 1, 1},   {"角", 1, 0.1},
    {"百元", 1, 1e2},      {"千元", 1, 1e3},   {"万元", 1, 1e4},     {"十万元", 1, 1e5},
    {"百万元", 1, 1e6},    {"千万元", 1, 1e7}, {"亿元", 1, 1e8},     {"亩", 2, 1},
    {"万亩", 2, 1e4},      {"公顷", 2, 15},    {"万公顷", 2, 15e4},  {"平方公里", 2, 1500},
    {"平方千米", 2, 1500}, {"人", 3, 1},       {"名", 3, 1},         {"百人", 3, 1e2},
    {"千人", 3, 1e3},      {"万人", 3, 1e4},   {"户", 4, 1},         {"千户", 4, 1e3},
    {"万户", 4, 1e4},      {"个", 5, 1},       {"万个", 5, 1e4},     {"%", 6, 1},
    {"百分比", 6, 1},      {"‰", 6, 0.1},      {"斤", 7, 1},         {"公斤", 7, 2},
    {"千克", 7, 2},        {"吨", 7, 2000},    {"万吨", 7, 2e7},     {"人次", 8, 1},
    {"万人次", 8, 1e4},    {"平方米", 9, 1},   {"㎡", 9, 1},         {"万平方米", 9, 1e4},
    {"米", 10, 1},         {"公里", 10, 1000}, {"千米", 10, 1000},   {"个月", 11, 1},
    {"月", 11, 1},         {"天", 12, 1},      {"日", 12, 1},        {"工日", 13, 1},
    {"岁", 14, 1},         {"年", 15, 1},      {"份", 16, 1},        {"场", 17, 1},
    {"次", 18, 1},         {"家", 19, 1},      {"所", 20, 1},        {"项", 21, 1},
    {"件", 22, 1},         {"台", 23, 1},      {"套", 24, 1},        {"头", 25, 1},
    {"只", 26, 1},         {"户次", 27, 1},    {"场次", 17, 1},      {"元/月", 28, 1},
    {"万元/月", 28, 1e4},  {"元/人", 29, 1},   {"万元/人", 29, 1e4}, {"小时", 30, 1},
    {"分钟", 31, 1},       {"元/年", 32, 1},   {"万元/年", 32, 1e4}, {"分", 33, 1},
};

static const struct unit_name *find(const char *name)
{
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++)
        if (!strcmp(UNITS[i].name, name))
            return &UNITS[i];
    return NULL;
}

bool unit_known(const char *unit)
{
    return find(unit) != NULL;
}

bool unit_factor(const char *from, const char *to, double *factor)
{
    const struct unit_name *a = find(from), *b = find(to);
    if (!a || !b || a->dimension != b->dimension)
        return false;
    *factor = a->size / b->size;
    return true;
}
