/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any text as LaTeX that prints it: computed text, names of places and brands, answers.
 *
 *     latex_text(&out, "50% \\input{x}");   // 50\% \textbackslash{}input\{x\}
 *
 * Every character prints as itself; none is a command, a ligature, an argument or a comment.
 *   line ends, tabs           one blank
 *   variation selectors, zero-width joiners (U+FE00..FE0F, U+200D)   left out: they print nothing
 *   characters outside the common ones    \rarechar{1F600}: the document looks for a font that
 *                             has the glyph, and prints 〔U+1F600〕 when none has
 *   ～                        \wavedash{}: fonts disagree about its height
 * The commands that may occur need nothing but LaTeX itself, and LATEX_RARECHAR.
 */
#ifndef OUTPUT_LATEX_H
#define OUTPUT_LATEX_H

#include "base/text.h"

/* Lines that make a fragment with \rarechar and \wavedash usable in any document. */
#define LATEX_RARECHAR                                                                             \
    "\\providecommand{\\rarechar}[1]{〔U+#1〕}\n\\providecommand{\\wavedash}{～}\n"

void latex_text(struct buf *out, const char *text);

#endif
