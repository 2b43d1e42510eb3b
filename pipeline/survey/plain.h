/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers as XPath and ODK write and round them.
 *
 *     char text[PLAIN_TEXT];
 *     puts(plain_text(411523100201.0, text));   // 411523100201, never 4.1e+11
 *     plain_round(2.675, 2);                    // 2.68
 */
#ifndef SURVEY_PLAIN_H
#define SURVEY_PLAIN_H

enum { PLAIN_TEXT = 400 }; /* room for any number written without exponent */

/* XPath's string() of a number: no exponent, the fewest digits that read back as the same
 * double; NaN, Infinity.  The text is in the buffer, not always at its start, or constant. */
const char *plain_text(double number, char text[PLAIN_TEXT]);

/* XPath's number() of a text: blanks around, sign, digits, one point; NaN for anything else. */
double plain_number(const char *text);

/* JavaRosa's round(): the shortest decimal form of the number is rounded, halves up for positive
 * and towards zero for negative numbers (2.5 gives 3, -2.5 gives -2, and 2.675 to two places
 * 2.68).  Negative places round left of the point by the same rule; NaN beyond 30 places. */
double plain_round(double number, int places);

#endif
