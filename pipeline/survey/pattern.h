/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Regular expressions as ODK's regex() means them: Java's syntax, and the whole text must match
 * (java.util.regex.Pattern.matches).
 *
 *     const char *why;
 *     struct pattern *p = pattern_compile("\\d{6}", &why);
 *     pattern_matches(p, "411523");       // true
 *     pattern_matches(p, "4115230");      // false: the whole text counts
 *     pattern_free(p);
 *
 * An own matcher and not regcomp(): POSIX has no \d inside brackets, and glibc knows ranges such
 * as [一-龥] only in locales that a server need not have.  All alternatives are followed at once
 * (Thompson 1968), so the time is bounded by pattern times text, whatever the text.
 *
 * Understood: . [ ] ( ) (?: ) | ^ $ * + ? {n} {n,} {n,m}, each also lazy; \d \D \w \W \s \S, also
 * inside brackets; \t \n \r \f \uhhhh \xhh; escaped punctuation.  Refused: look-around,
 * back-references, possessive quantifiers, flags, \b, \p{…}, counts above 1000, brackets within
 * brackets.
 */
#ifndef SURVEY_PATTERN_H
#define SURVEY_PATTERN_H

#include <stdbool.h>

struct pattern;

/* NULL with *why (a Chinese phrase, static) when the pattern cannot be used. */
struct pattern *pattern_compile(const char *java, const char **why);
bool pattern_matches(const struct pattern *p, const char *text);
/* The pattern as it was given. */
const char *pattern_source(const struct pattern *p);
void pattern_free(struct pattern *p);

#endif
