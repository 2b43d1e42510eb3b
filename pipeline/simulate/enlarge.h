/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A frame large enough for any number of answers: the topic's own frame several times, each copy
 * of a unit with a code and a name of its own.  Sizes, probabilities and strata stay what they
 * were, and so does what the design says of them.
 */
#ifndef SIMULATE_ENLARGE_H
#define SIMULATE_ENLARGE_H

#include "survey/frame.h"

/* Writes the units of a county (NULL: of all) `times` times to a CSV with the columns of the frame;
 * in sampled units `take` answers are wanted.  Returns 0, or -1 after messages. */
int enlarge_frame(const struct frame *f, const struct topic *t, const char *county, long times,
                  long take, const char *path);

#endif
