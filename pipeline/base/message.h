/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages to the person at the prompt, in Chinese, on the error stream.
 *
 *     struct place at = {.file = "县表.csv", .row = 5, .column = "收入", .text = "3OOO"};
 *     return error_at(at, "不是数。请改写成阿拉伯数字，如 3000");
 *
 * prints   错误：县表.csv，第5行，“收入”栏，内容“3OOO”：不是数。请改写成阿拉伯数字，如 3000
 * and returns -1.  Library functions report and return -1; programs decide the exit code.
 */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H

#include <stdnoreturn.h>

/* The four exit codes of every program. */
enum {
    DONE = 0,        /* done */
    DATA_FAILED = 1, /* the data failed a check; everything else was still processed */
    MISUSE = 2,      /* wrong command line */
    CANNOT = 3,      /* cannot do it: file missing, disk full, tool absent */
};

/* Where something stands.  Unknown parts are NULL or 0 and are left out of the message. */
struct place {
    const char *file;
    const char *sheet;
    long row;
    const char *column;
    const char *text;
};

/* Names the program in front of nothing but usage errors; called once by options_parse(). */
void message_program(const char *name);

/* Print a message of the given weight.  error() and error_at() return -1, so that a library
 * function can say `return error("...")`.  Texts of places are cut to a line and control
 * characters in them are shown, so that uploaded text cannot drive the terminal. */
int error(const char *format, ...) __attribute__((format(printf, 1, 2)));
int error_at(struct place at, const char *format, ...) __attribute__((format(printf, 2, 3)));
void warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void warning_at(struct place at, const char *format, ...) __attribute__((format(printf, 2, 3)));
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How many errors and warnings were printed so far. */
int error_count(void);

/* Print the message as an error and leave with `code`, removing half-written output files
 * (base/outfile.h). */
noreturn void die(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What an error number of the system means, for people: 没有这个文件或文件夹. */
const char *error_reason(int number);

/* For tests: collect messages into a buffer of `size` bytes instead of printing; NULL ends it. */
void message_capture(char *buffer, unsigned long size);

/* Progress of long work: prints "<what> <done>" now and then when the error stream is a
 * terminal, nothing otherwise.  progress_end() wipes the line. */
void progress(const char *what, long done);
void progress_end(void);

#endif
