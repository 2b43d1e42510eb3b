/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Regular expressions as ODK's regex() means them: Java's syntax, and the whole text must match
 * (java.util.regex.Pattern.matches).  They are translated to POSIX extended syntax.
 *
 *     const char *why;
 *     struct pattern *p = pattern_compile("\\d{6}", &why);
 *     pattern_matches(p, "411523");       // true
 *     pattern_matches(p, "4115230");      // false: the whole text counts
 *     pattern_free(p);
 *
 * Understood: \d \D \w \W \s \S (also inside [ ]), \t \n \r, \uhhhh, \x hh, escaped punctuation,
 * (?: ), greedy and lazy quantifiers, ranges of any characters such as [\u4e00-\u9fa5].  Refused:
 * look-around, back-references, possessive quantifiers, flags, \p{…}, counts above 1000.
 */
#ifndef SURVEY_PATTERN_H
#define SURVEY_PATTERN_H

#include <stdbool.h>

struct pattern;

/* NULL with *why (a Chinese phrase, static) when the pattern cannot be used. */
struct pattern *pattern_compile(const char *java, const char **why);
/* Texts above 64 KB do not match anything. */
bool pattern_matches(const struct pattern *p, const char *text);
/* The pattern as it was given. */
const char *pattern_source(const struct pattern *p);
void pattern_free(struct pattern *p);

#endif
