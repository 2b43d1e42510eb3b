/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a xelatex log complains about, for people: with the line of the narrative, not of the
 * generated file.
 */
#ifndef OUTPUT_TEXLOG_H
#define OUTPUT_TEXLOG_H

/* Reports errors, missing glyphs, lines wider than the page by more than 1 pt, and undefined
 * references, findings that leave their page, and headings apart from their text (both as the
 * preamble writes them into the log).  `tex` is the text that was set, named `path`; its lines "%@
 * file:line" lead back to the source.  Returns how many were reported. */
int texlog_check(const char *log, const char *tex, const char *path);

#endif
