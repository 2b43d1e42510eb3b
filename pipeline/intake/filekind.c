/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/intake_private.h"

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

static const char *extension_of(const char *path)
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

/* The formats that an extension may hold. */
static const struct promise {
    const char *extension;
    enum file_format formats[3]; /* unused ones are the first */
} PROMISES[] = {
#define ONE(extension, f)                                                                          \
    {                                                                                              \
        extension,                                                                                 \
        {                                                                                          \
            f, f, f                                                                                \
        }                                                                                          \
    }
    ONE("csv", FORMAT_CSV),
    ONE("txt", FORMAT_CSV),
    ONE("tsv", FORMAT_CSV),
    ONE("tab", FORMAT_CSV),
    ONE("text", FORMAT_CSV),
    ONE("xlsx", FORMAT_XLSX),
    ONE("xlsm", FORMAT_XLSX),
    ONE("xltx", FORMAT_XLSX),
    ONE("xls", FORMAT_XLS),
    ONE("xlt", FORMAT_XLS),
    ONE("ods", FORMAT_ODS),
    ONE("ots", FORMAT_ODS),
    ONE("zip", FORMAT_ZIP),
    ONE("xlsb", FORMAT_OTHER),
    ONE("html", FORMAT_HTML),
    ONE("htm", FORMAT_HTML),
    ONE("doc", FORMAT_OTHER),
    ONE("docx", FORMAT_OTHER),
    ONE("pdf", FORMAT_OTHER),
    ONE("jpg", FORMAT_OTHER),
    ONE("jpeg", FORMAT_OTHER),
    ONE("png", FORMAT_OTHER),
    ONE("wps", FORMAT_OTHER),
    ONE("rar", FORMAT_OTHER),
    ONE("7z", FORMAT_OTHER),
    ONE("json", FORMAT_OTHER),
    {"et", {FORMAT_XLS, FORMAT_XLSX, FORMAT_XLS}},
    {"ett", {FORMAT_XLS, FORMAT_XLSX, FORMAT_XLS}},
    {"xml", {FORMAT_XML, FORMAT_XMLSS, FORMAT_XML}},
#undef ONE
};

static const struct promise *promise_of(const char *path)
{
    for (size_t i = 0; i < sizeof PROMISES / sizeof *PROMISES; i++)
        if (!strcasecmp(extension_of(path), PROMISES[i].extension))
            return &PROMISES[i];
    return NULL; /* an extension that promises nothing */
}

bool extension_lies(const char *path, enum file_format format)
{
    const struct promise *p = promise_of(path);
    for (int i = 0; p && i < 3; i++)
        if (p->formats[i] == format)
            return false;
    return p != NULL;
}

bool promises_table(const char *path)
{
    const struct promise *p = promise_of(path);
    return p && (p->formats[0] == FORMAT_ZIP || p->formats[0] == FORMAT_XML ||
                 format_is_table(p->formats[0]));
}

bool promises_prose(const char *path)
{
    static const char *const names[] = {"txt", "text", "md",  "doc", "docx",
                                        "wps", "rtf",  "odt", NULL};
    return is_one_of(extension_of(path), names);
}
