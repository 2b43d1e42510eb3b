/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/options.h"

#include "base/message.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_help(const struct program *p, FILE *to)
{
    fprintf(to, "%s —— %s\n用法：%s %s\n", p->name, p->purpose, p->name, p->usage);
    for (const struct option_row *o = p->options; o->letter; o++)
        fprintf(to, "  -%c %s\t%s%s\n", o->letter, o->argument ? o->argument : "", o->help,
                o->needed ? "（必填）" : "");
    fprintf(to, "  -h \t显示本说明\n"
                "退出码：0 完成；1 数据未通过检查；2 用法错误；3 无法执行\n");
}

static noreturn void misuse(const struct program *p, const char *what, const char *token)
{
    error("%s：%s%s%s", p->name, what, *token ? " " : "", token);
    print_help(p, stderr);
    exit(MISUSE);
}

static const struct option_row *find(const struct program *p, char letter)
{
    for (const struct option_row *o = p->options; o->letter; o++)
        if (o->letter == letter)
            return o;
    return NULL;
}

/* Takes the option argv[i]; returns the index of the last word it used. */
static int take(const struct program *p, int argc, char **argv, int i)
{
    const char *word = argv[i];
    const struct option_row *o = find(p, word[1]);
    if (!o)
        misuse(p, "没有这个选项", word);
    if (!o->argument) {
        if (word[2])
            misuse(p, "没有这个选项", word);
        *o->flag = true;
        return i;
    }
    if (word[2])
        *o->value = word + 2;
    else if (i + 1 < argc)
        *o->value = argv[++i];
    else
        misuse(p, "选项缺少内容", word);
    return i;
}

int options_parse(const struct program *p, int argc, char **argv, int least, int most)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    message_program(p->name);
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0) {
            print_help(p, stdout);
            exit(fflush(stdout) ? CANNOT : DONE);
        }
        i = take(p, argc, argv, i);
    }
    for (const struct option_row *o = p->options; o->letter; o++)
        if (o->needed && o->argument && !*o->value)
            misuse(p, "缺少选项", (char[]){'-', o->letter, '\0'});
    if (argc - i < least)
        misuse(p, "缺少文件参数", "");
    if (most >= 0 && argc - i > most)
        misuse(p, "参数太多：", argv[i + most]);
    return i;
}
