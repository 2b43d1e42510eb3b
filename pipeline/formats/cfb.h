/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Compound files ([MS-CFB]): the container of .xls, .doc and encrypted .xlsx.
 *
 *     struct cfb *c = cfb_open("表.xls");
 *     size_t n;
 *     unsigned char *bytes = cfb_stream(c, "Workbook", &n);   // caller frees
 *     cfb_close(c);
 *
 * The file is held in memory; at most 512 MiB.
 */
#ifndef FORMATS_CFB_H
#define FORMATS_CFB_H

#include <stdbool.h>
#include <stddef.h>

struct cfb;
struct cfb *cfb_open(const char *path); /* NULL: none, or damaged beyond its directory */
void cfb_close(struct cfb *c);
/* A stream or storage directly below the root; names are ASCII, their case does not count. */
bool cfb_has(const struct cfb *c, const char *name);
/* NULL when there is none, or it is not whole. */
unsigned char *cfb_stream(const struct cfb *c, const char *name, size_t *n);

#endif
