/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/measure.h"

#include "verify/words.h"

#include <string.h>

/* Words that begin like a measure and are none. */
static const struct measure MEASURES[] = {
    {"位数", DIM_WORD, 1},       {"位一体", DIM_WORD, 1},        {"名列", DIM_WORD, 1},
    {"个人", DIM_PERSON, 1},     {"人次", DIM_VISIT, 1},         {"户次", DIM_OTHER, 1},
    {"人", DIM_PERSON, 1},       {"名", DIM_PERSON, 1},          {"位", DIM_PERSON, 1},
    {"户", DIM_HOUSEHOLD, 1},    {"元", DIM_MONEY, 1},           {"块钱", DIM_MONEY, 1},
    {"美元", DIM_OTHER, 1},      {"日元", DIM_OTHER, 1},         {"港元", DIM_OTHER, 1},
    {"欧元", DIM_OTHER, 1},      {"%", DIM_PERCENT, 1},          {"成", DIM_PERCENT, 10},
    {"‰", DIM_PERCENT, 0.1},     {"个百分点", DIM_POINT, 1},     {"百分点", DIM_POINT, 1},
    {"倍", DIM_MULTIPLE, 1},     {"亩", DIM_AREA, 10000.0 / 15}, {"公顷", DIM_AREA, 10000},
    {"平方公里", DIM_AREA, 1e6}, {"平方千米", DIM_AREA, 1e6},    {"平方米", DIM_AREA, 1},
    {"平米", DIM_AREA, 1},       {"公里", DIM_LENGTH, 1000},     {"千米", DIM_LENGTH, 1000},
    {"米", DIM_LENGTH, 1},       {"吨", DIM_MASS, 1000},         {"公斤", DIM_MASS, 1},
    {"千克", DIM_MASS, 1},       {"斤", DIM_MASS, 0.5},          {"年", DIM_TIME, 1},
    {"个月", DIM_TIME, 1},       {"个多月", DIM_TIME, 1},        {"天", DIM_TIME, 1},
    {"小时", DIM_TIME, 1},       {"个小时", DIM_TIME, 1},        {"分钟", DIM_TIME, 1},
    {"周年", DIM_TIME, 1},       {"周岁", DIM_TIME, 1},          {"周", DIM_TIME, 1},
    {"岁", DIM_TIME, 1},         {"学年", DIM_TIME, 1},          {"个学期", DIM_TIME, 1},
    {"学期", DIM_TIME, 1},       {"分", DIM_SCORE, 1},           {"立方米", DIM_OTHER, 1},
    {"千瓦", DIM_OTHER, 1},      {"度", DIM_OTHER, 1},           {"个", DIM_THING, 1},
    {"家", DIM_THING, 1},        {"项", DIM_THING, 1},           {"所", DIM_THING, 1},
    {"处", DIM_THING, 1},        {"条", DIM_THING, 1},           {"座", DIM_THING, 1},
    {"支", DIM_THING, 1},        {"只", DIM_THING, 1},           {"批", DIM_THING, 1},
    {"种", DIM_THING, 1},        {"类", DIM_THING, 1},           {"件", DIM_THING, 1},
    {"本", DIM_THING, 1},        {"份", DIM_THING, 1},           {"篇", DIM_THING, 1},
    {"期", DIM_THING, 1},        {"次", DIM_THING, 1},           {"场", DIM_THING, 1},
    {"场次", DIM_THING, 1},      {"块", DIM_THING, 1},           {"幅", DIM_THING, 1},
    {"台", DIM_THING, 1},        {"套", DIM_THING, 1},           {"辆", DIM_THING, 1},
    {"头", DIM_THING, 1},        {"株", DIM_THING, 1},           {"棵", DIM_THING, 1},
    {"盏", DIM_THING, 1},        {"口", DIM_THING, 1},           {"间", DIM_THING, 1},
    {"栋", DIM_THING, 1},        {"眼", DIM_THING, 1},           {"张", DIM_THING, 1},
    {"枚", DIM_THING, 1},        {"对", DIM_THING, 1},           {"组", DIM_THING, 1},
    {"班", DIM_THING, 1},        {"轮", DIM_THING, 1},           {"点", DIM_THING, 1},
    {"方面", DIM_THING, 1},      {"个方面", DIM_THING, 1},       {"大", DIM_THING, 1},
    {"部", DIM_THING, 1},        {"册", DIM_THING, 1},           {"集", DIM_THING, 1},
    {"门", DIM_THING, 1},        {"片", DIM_THING, 1},           {"起", DIM_THING, 1},
    {"例", DIM_THING, 1},        {"宗", DIM_THING, 1},           {"笔", DIM_THING, 1},
    {"级", DIM_THING, 1},        {"层", DIM_THING, 1},           {"县", DIM_THING, 1},
    {"市", DIM_THING, 1},        {"区", DIM_THING, 1},           {"乡", DIM_THING, 1},
    {"镇", DIM_THING, 1},        {"村", DIM_THING, 1},           {"校", DIM_THING, 1},
    {"省", DIM_THING, 1},        {"趟", DIM_THING, 1},           {"届", DIM_OTHER, 1},
};

const struct measure *measure_at(const char *text, size_t i, bool arabic)
{
    const struct measure *best = NULL;
    for (size_t k = 0; k < sizeof MEASURES / sizeof *MEASURES; k++) {
        const struct measure *m = &MEASURES[k];
        if (word_at(text, i, m->text) && (!best || strlen(m->text) > strlen(best->text)))
            best = m;
    }
    if (best && !arabic && (best->dim == DIM_SCORE || best->dim == DIM_LENGTH) &&
        strlen(best->text) == 3)
        return NULL;
    if (best && !strcmp(best->text, "成")) {
        static const char *const words[] = {"成立", "成员", "成为", "成就", "成果", "成功", NULL};
        if (any_at(text, i, words))
            return NULL;
    }
    return best;
}

bool dimension_counted(enum dimension d)
{
    return d == DIM_THING || d == DIM_PERSON || d == DIM_VISIT || d == DIM_HOUSEHOLD;
}
