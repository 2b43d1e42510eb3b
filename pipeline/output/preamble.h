/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fixed LaTeX of the report: page, fonts and heads of GB/T 9704, tables and charts.
 *
 *     buf_puts(out, PREAMBLE);
 *     buf_puts(out, PREAMBLE_RARE);   // only when the text has a \rarechar: it loads fonts
 *
 * GB/T 9704-2012: 156 x 225 mm of 28 characters by 22 lines.  Those numbers close with the
 * traditional 3号 of 15.75 bp and a pitch of 28.95 bp, not with 16 bp.  仿宋, 黑体, 楷体 and 小标宋
 * are Fandol's; ideographs that Fandol lacks come from Noto CJK.  A glyph that no font has
 * stops the typesetting (\tracinglostchars=3).
 *
 * Commands that the text uses:
 *   \numlink{indicator}{text}         a number, linked to its definition
 *   \exhibitlink{tab:id}{表3}         a reference
 *   \tabletitle{id}{表3}{title}       in tableexhibit (floats) or longexhibit (breaks)
 *   \figuretitle{id}{图2}{title}      in figureexhibit
 *   \annex{number}{title}             a new page
 *   \definition{indicator}{head}{text}
 *   \simulatedreport                  the mark on every page
 */
#ifndef OUTPUT_PREAMBLE_H
#define OUTPUT_PREAMBLE_H

extern const char PREAMBLE[], PREAMBLE_RARE[], PREAMBLE_SIMULATED[];

#endif
