/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Command lines from one table: options, help and checks.
 *
 *     static const char *out;
 *     static bool verbose;
 *     static const struct option_row rows[] = {
 *         {'o', "文件", &out, NULL, "输出文件"},
 *         {'v', NULL, NULL, &verbose, "逐项列出"},
 *         {0},
 *     };
 *     static const struct program me = {"clean", "清理一个县的数据", "[-v] -o 输出 原始库", rows};
 *     int first = options_parse(&me, argc, argv, 1, 1);   // exactly one operand
 *
 * -h prints the help to stdout and exits 0; misuse goes to stderr and exits 2.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>

struct option_row {
    char letter;          /* -o; 0 ends the table */
    const char *argument; /* name of the argument in the help; NULL for a flag */
    const char **value;   /* where an argument goes; its old value is the default */
    bool *flag;           /* where a flag goes */
    const char *help;
    bool needed; /* misuse if absent */
};

struct program {
    const char *name;
    const char *purpose; /* one Chinese line */
    const char *usage;   /* after the name */
    const struct option_row *options;
};

/* Parses; exits on -h and misuse.  `least` and `most` bound the operands (most < 0: no bound).
 * Returns the index in argv of the first operand. */
int options_parse(const struct program *program, int argc, char **argv, int least, int most);

#endif
