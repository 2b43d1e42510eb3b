/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ODK submissions (instance XML) into the raw store.  All instances of a form share one block a
 * level; each file is a sheet of one top-level row and the rows of its repeats.
 */
#ifndef INTAKE_INSTANCES_H
#define INTAKE_INSTANCES_H

#include "formats/xmltree.h"
#include "intake/rawstore.h"

struct instances;
struct instances *instances_new(struct raw *r, const struct topic *t);
void instances_free(struct instances *s);

/* The form of an instance (index in topic->forms), by its id; -1 when it is none of the topic. */
int instance_form(const struct topic *t, const struct xmltree *tree);

/* Write the instance; `path` is what rows and problems are listed under. */
void instances_add(struct instances *s, long file, const char *path, const struct xmltree *tree);

#endif
