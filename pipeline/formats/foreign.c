/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/foreign.h"

#include "formats/cfb.h"
#include "formats/zipfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define RESEND "请改用表格文件（.xlsx、.xls或.csv）报送"
#define SAVE_AS "请用WPS或Excel打开后另存为.xlsx再报"
#define UNPACK "打不开。请解压后把里面的文件放进来，或改用ZIP压缩包"

static const char WORD[] = "是Word文档，里面的表格读不了。若是调查数据，" RESEND;

/* ---- first bytes -------------------------------------------------------------------------- */

static const struct mark {
    size_t offset;
    const char *bytes;
    size_t n;
    int sort;
    const char *advice;
} MARKS[] = {
#define MARK(offset, bytes, sort, advice)                                                          \
    {                                                                                              \
        offset, bytes, sizeof(bytes) - 1, sort, advice                                             \
    }
    MARK(0, "%PDF", FOREIGN_DOCUMENT, "是PDF文件，里面的表格读不了。若是调查数据，" RESEND),
    MARK(0, "{\\rtf", FOREIGN_DOCUMENT, WORD),
    MARK(0, "Rar!", FOREIGN_DATA, "是RAR压缩包，" UNPACK),
    MARK(0, "7z\xBC\xAF\x27\x1C", FOREIGN_DATA, "是7z压缩包，" UNPACK),
    MARK(0, "\x1F\x8B", FOREIGN_DATA, "是GZ压缩包，" UNPACK),
    MARK(0, "MIME-Version:", FOREIGN_DATA, "是单个网页文件（MHT），" SAVE_AS),
    MARK(4, "Standard Jet DB", FOREIGN_DATA, "是Access数据库，请导出为.xlsx或.csv再报"),
    MARK(4, "Standard ACE DB", FOREIGN_DATA, "是Access数据库，请导出为.xlsx或.csv再报"),
    MARK(0, "$FL2", FOREIGN_DATA, "是SPSS数据文件，请导出为.xlsx或.csv再报"),
    MARK(0, "$FL3", FOREIGN_DATA, "是SPSS数据文件，请导出为.xlsx或.csv再报"),
    MARK(0, "<stata_dta>", FOREIGN_DATA, "是Stata数据文件，请导出为.xlsx或.csv再报"),
    MARK(0, "SQLite format 3", FOREIGN_DATA, "是SQLite数据库，请导出为.xlsx或.csv再报"),
    MARK(0, "\x09\x00\x04\x00", FOREIGN_DATA, "是早期Excel文件，" SAVE_AS),
    MARK(0, "\x09\x02\x06\x00", FOREIGN_DATA, "是早期Excel文件，" SAVE_AS),
    MARK(0, "\x09\x04\x06\x00", FOREIGN_DATA, "是早期Excel文件，" SAVE_AS),
    MARK(0, "\x89PNG", FOREIGN_OTHER, ""),
    MARK(0, "\xFF\xD8\xFF", FOREIGN_OTHER, ""),
    MARK(0, "GIF8", FOREIGN_OTHER, ""),
    MARK(0, "RIFF", FOREIGN_OTHER, ""),
    MARK(4, "ftyp", FOREIGN_OTHER, ""),
    MARK(0, "ID3", FOREIGN_OTHER, ""),
#undef MARK
};

/* Two letters may also begin a text: these need a NUL near. */
static bool is_picture(const char *head, size_t n)
{
    return n >= 4 && memchr(head, '\0', n) &&
           (!memcmp(head, "II*", 3) || !memcmp(head, "MM\0", 3) || !memcmp(head, "BM", 2));
}

/* dBASE and FoxPro: version, a date, and a head of 32 bytes a field and one or more besides. */
static bool is_dbf(const unsigned char *p, size_t n)
{
    if (n < 68 || !strchr("\x03\x30\x31\x83\x8B\xF5", p[0]) || p[0] == 0)
        return false;
    size_t head = (size_t)p[8] | (size_t)p[9] << 8, record = (size_t)p[10] | (size_t)p[11] << 8;
    bool date = p[2] >= 1 && p[2] <= 12 && p[3] >= 1 && p[3] <= 31;
    return date && head >= 65 && record >= 2 && p[32] >= 0x20 && memchr(p + 32, '\0', 11) &&
           strchr("CNDLMFBITYG", p[43]) && p[43];
}

struct foreign foreign_head(const char *head, size_t n)
{
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        const struct mark *m = &MARKS[i];
        if (n >= m->offset + m->n && !memcmp(head + m->offset, m->bytes, m->n))
            return (struct foreign){m->sort, m->advice};
    }
    if (is_picture(head, n))
        return (struct foreign){FOREIGN_OTHER, ""};
    if (is_dbf((const unsigned char *)head, n))
        return (struct foreign){FOREIGN_DATA, "是DBF数据库，" SAVE_AS};
    return (struct foreign){FOREIGN_NONE, ""};
}

/* ---- zip files ---------------------------------------------------------------------------- */

/* Whether an entry holds these bytes. */
static bool entry_holds(struct zipfile *z, int entry, const char *bytes)
{
    enum { CHUNK = 65536 };
    size_t n = strlen(bytes), have = 0;
    struct zipstream *s = zipfile_stream(z, entry);
    char *chunk = malloc(CHUNK);
    bool found = false;
    long got;
    while (s && chunk && !found && (got = zipstream_read(s, chunk + have, CHUNK - have)) > 0) {
        have += (size_t)got;
        found = memmem(chunk, have, bytes, n) != NULL;
        size_t keep = have < n ? have : n;
        memmove(chunk, chunk + have - keep, keep);
        have = keep;
    }
    free(chunk);
    zipstream_close(s);
    return found;
}

static struct foreign in_zip(struct zipfile *z)
{
    int word = zipfile_find(z, "word/document.xml"), text = zipfile_find(z, "content.xml");
    if (zipfile_find(z, "xl/workbook.bin") >= 0)
        return (struct foreign){FOREIGN_DATA, "是.xlsb二进制工作簿，读不了。" SAVE_AS};
    if (word >= 0)
        return entry_holds(z, word, "<w:tbl>") ? (struct foreign){FOREIGN_DOCUMENT, WORD}
                                               : (struct foreign){FOREIGN_OTHER, ""};
    if (zipfile_find(z, "OFD.xml") >= 0)
        return (struct foreign){FOREIGN_DOCUMENT,
                                "是OFD版式文件，里面的表格读不了。若是调查数据，" RESEND};
    if (zipfile_find(z, "Index/Document.iwa") >= 0)
        return (struct foreign){FOREIGN_DATA, "是苹果办公软件的文件，请导出为.xlsx再报"};
    if (text >= 0)
        return entry_holds(z, text, "<table:table ") ? (struct foreign){FOREIGN_DOCUMENT, WORD}
                                                     : (struct foreign){FOREIGN_OTHER, ""};
    return (struct foreign){FOREIGN_OTHER, ""};
}

/* ---- compound files ----------------------------------------------------------------------- */

/* Word marks the paragraphs of tables with sprmPFInTable, 1 ([MS-DOC] 2.6.2). */
static bool word_has_table(const struct cfb *c)
{
    size_t n;
    unsigned char *bytes = cfb_stream(c, "WordDocument", &n);
    bool found = bytes && memmem(bytes, n, "\x16\x24\x01", 3);
    free(bytes);
    return found;
}

static struct foreign in_compound(const struct cfb *c)
{
    if (cfb_has(c, "WordDocument") && word_has_table(c))
        return (struct foreign){FOREIGN_DOCUMENT, WORD};
    return (struct foreign){FOREIGN_OTHER, ""};
}

/* ---- the file ----------------------------------------------------------------------------- */

struct foreign foreign_file(const char *path)
{
    char head[512];
    struct foreign f = {FOREIGN_NONE, ""};
    FILE *file = fopen(path, "rb");
    if (!file)
        return f;
    size_t n = fread(head, 1, sizeof head, file);
    fclose(file);
    if (n >= 4 && !memcmp(head, "PK\3\4", 4)) {
        struct zipfile *z = zipfile_open(path);
        if (z)
            f = in_zip(z);
        zipfile_close(z);
    } else if (n >= 8 && !memcmp(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8)) {
        struct cfb *c = cfb_open(path);
        if (c)
            f = in_compound(c);
        cfb_close(c);
    } else {
        f = foreign_head(head, n);
    }
    return f;
}
