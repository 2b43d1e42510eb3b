/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/intake_private.h"

#include <string.h>
#include <strings.h>

const char *name_of(const char *path)
{
    const char *name = path;
    for (; *path; path++)
        if (*path == '/' || *path == '!')
            name = path + 1;
    return name;
}

const char *extension_of(const char *path)
{
    const char *dot = strrchr(name_of(path), '.');
    return dot ? dot + 1 : "";
}

const char *ignored_name(const char *path)
{
    const char *name = name_of(path);
    if (!strcmp(name, "SIMULATED"))
        return "模拟资料的标记";
    if (starts_with(name, "~$") || starts_with(name, ".~"))
        return "办公软件的临时文件";
    if (*name == '.' || !strcasecmp(name, "thumbs.db") || !strcasecmp(name, "desktop.ini") ||
        strstr(path, "__MACOSX/"))
        return "系统文件";
    return NULL;
}

bool is_correction(const struct topic *t, const char *path)
{
    const char *words = topic_rule(t, "correction_names");
    const char *name = path;
    for (const char *p = path;; p++) {
        if (*p == '/') {
            name = p + 1;
            continue;
        }
        if (*p && *p != '!')
            continue;
        for (const char *w = words; *w;) { /* the name of the file, or of its archive */
            size_t n = strcspn(w, "|");
            if (n && memmem(name, (size_t)(p - name), w, n))
                return true;
            w += n + (w[n] == '|');
        }
        if (!*p)
            return false;
        name = p + 1;
    }
}

static bool is_one_of(const char *extension, const char *const *list)
{
    for (; *list; list++)
        if (!strcasecmp(extension, *list))
            return true;
    return false;
}

static const char *const CSV_NAMES[] = {"csv", "txt", "tsv", "tab", "text", NULL};
static const char *const XLSX_NAMES[] = {"xlsx", "xlsm", "xltx", NULL};
static const char *const XLS_NAMES[] = {"xls", "xlt", "et", NULL};
static const char *const XML_NAMES[] = {"xml", NULL};
static const char *const ZIP_NAMES[] = {"zip", NULL};
static const char *const FOREIGN_NAMES[] = {"doc", "docx", "pdf",  "jpg", "jpeg", "png", "wps",
                                            "rar", "7z",   "json", "ods", "html", "htm", NULL};

bool extension_lies(const char *path, enum file_format format)
{
    static const struct {
        enum file_format format;
        const char *const *names;
    } kinds[] = {{FORMAT_CSV, CSV_NAMES}, {FORMAT_XLSX, XLSX_NAMES}, {FORMAT_XLS, XLS_NAMES},
                 {FORMAT_XML, XML_NAMES}, {FORMAT_ZIP, ZIP_NAMES},   {FORMAT_OTHER, FOREIGN_NAMES}};
    const char *extension = extension_of(path);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (is_one_of(extension, kinds[i].names))
            return kinds[i].format != format;
    return false; /* an extension that promises nothing */
}

bool promises_table(const char *path)
{
    const char *e = extension_of(path);
    return is_one_of(e, CSV_NAMES) || is_one_of(e, XLSX_NAMES) || is_one_of(e, XLS_NAMES) ||
           is_one_of(e, XML_NAMES) || is_one_of(e, ZIP_NAMES);
}

bool promises_prose(const char *path)
{
    static const char *const names[] = {"txt", "text", "md",  "doc", "docx",
                                        "wps", "rtf",  "odt", NULL};
    return is_one_of(extension_of(path), names);
}
