/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A questionnaire as an ODK XForm (https://getodk.github.io/xforms-spec/), the form that ODK
 * Collect, KoboToolbox, Enketo and ODK Web Forms load.  Model, binds, item sets and body are those
 * that pyxform makes of the same workbook, but for:
 *   texts keep Chinese quotation marks (pyxform makes them ASCII);
 *   or_other adds 其他 and 请注明 (pyxform: Other, Specify other.);
 *   entities are left out, with a message from form_read().
 */
#ifndef INSTRUMENT_XFORM_H
#define INSTRUMENT_XFORM_H

#include "base/text.h"
#include "survey/form.h"

/* Appends the XForm to `out`.  Returns 0, or -1 after messages when a row cannot be shown on a
 * phone (a question without text, a trigger that nobody sees, an appearance that needs more). */
int xform_write(const struct form *form, struct buf *out);

#endif
