/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The records of a BIFF workbook stream ([MS-XLS], Excel 5 to 2003) and the strings in them.
 */
#ifndef FORMATS_BIFF_H
#define FORMATS_BIFF_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum biff_record {
    BIFF_FORMULA = 0x0006,
    BIFF_EOF = 0x000A,
    BIFF_DATEMODE = 0x0022,
    BIFF_FILEPASS = 0x002F,
    BIFF_CONTINUE = 0x003C,
    BIFF_BOUNDSHEET = 0x0085,
    BIFF_MULRK = 0x00BD,
    BIFF_RSTRING = 0x00D6,
    BIFF_XF = 0x00E0,
    BIFF_MERGES = 0x00E5,
    BIFF_SST = 0x00FC,
    BIFF_LABELSST = 0x00FD,
    BIFF_NUMBER = 0x0203,
    BIFF_LABEL = 0x0204,
    BIFF_BOOLERR = 0x0205,
    BIFF_STRING = 0x0207,
    BIFF_RK = 0x027E,
    BIFF_FORMAT = 0x041E,
    BIFF_BOF = 0x0809,
};

/* A place in the stream. */
struct biff {
    const unsigned char *bytes;
    size_t size, next; /* next: offset of the following record */
    /* The record that biff_next() read. */
    unsigned type;
    const unsigned char *data;
    size_t length;
    bool unicode; /* BIFF8: strings are Unicode; else bytes of code page 936 */
};

/* The next record; false at the end of the stream or at a damaged one. */
bool biff_next(struct biff *b);

unsigned biff_u16(const unsigned char *p);
uint32_t biff_u32(const unsigned char *p);
double biff_double(const unsigned char *p);
double biff_rk(uint32_t rk);

/* Append the string at `offset` of the record, and of the CONTINUE records that follow, which
 * are stepped over.  The character count takes `count_bytes` (1 or 2).  Returns false when it is
 * damaged. */
bool biff_string(struct biff *b, size_t offset, int count_bytes, struct buf *out);

/* The shared strings of an SST record: string i is out[starts[i], starts[i + 1]); *starts has
 * *count + 1 elements, caller frees.  Returns false when the record promises more than are whole
 * in it, which is damage only if a cell wants one of those. */
bool biff_shared(struct biff *b, struct buf *out, size_t **starts, size_t *count);

#endif
