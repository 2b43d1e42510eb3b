/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remote/sources.h"

#include "base/digest.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_SOURCES = 200, SECRET_BYTES = 4096 };

static const char *const KINDS[] = {"central", "kobo", "openrosa", "webdav", "https"};
static const char *const HEADS[] = {
    "plan",   "topic",  "questionnaire", "kind",        "address", "project", "form",
    "county", "secret", "review",        "certificate", "note",    NULL};

static int wrong(const struct source *s, const char *column, const char *what)
{
    struct place at = s->place;
    at.column = column;
    return error_at(at, "%s", what);
}

static int read_kind(struct source *s, const char *text)
{
    for (int i = 0; i < (int)(sizeof KINDS / sizeof *KINDS); i++)
        if (!strcmp(text, KINDS[i])) {
            s->kind = (enum source_kind)i;
            return 0;
        }
    return wrong(s, "kind", "应是 central、kobo、openrosa、webdav、https 之一");
}

static bool is_folder(const struct source *s)
{
    return s->kind == SOURCE_WEBDAV || s->kind == SOURCE_HTTPS;
}

/* Passwords do not belong into an address. */
static int check_address(const struct source *s)
{
    const char *host = strstr(s->address, "://");
    if (!host || !host[3])
        return wrong(s, "address", "应是完整的网址，如 https://odk.example.org");
    if (memchr(host + 3, '@', strcspn(host + 3, "/")) || strpbrk(s->address, " ?#"))
        return wrong(s, "address",
                     "网址里不能有用户名、密码、空格、? 和 #。密码写在环境变量或文件里，"
                     "secret 栏只写它的名称");
    return 0;
}

static int check_questions(const struct source *s)
{
    for (const char *p = s->county; *p; p += strspn(p, " ")) {
        char name[128];
        size_t n = strcspn(p, " ");
        snprintf(name, sizeof name, "%.*s", (int)n, p);
        if (!form_question(s->form, name))
            return wrong(s, "county", "问卷里没有这个题名");
        p += n;
    }
    if (!*s->county)
        return wrong(s, "county", "要写问卷里哪一题是县代码或村代码，如 village_code county");
    return 0;
}

static int find_form(struct source *s, const struct topic *t)
{
    for (int i = 0; i < t->form_count; i++)
        if (!strcmp(t->form_names[i], s->questionnaire))
            s->form = t->forms[i];
    if (!s->form)
        return wrong(s, "questionnaire", "这个课题没有这份问卷。应写问卷的文件名，如 07-household");
    if (!*s->form_id)
        s->form_id = s->kind == SOURCE_KOBO ? "" : s->form->id;
    if (!*s->form_id)
        return wrong(s, "form", "要写 KoboToolbox 项目的编号（网址里 a 开头的一串）");
    return check_questions(s);
}

static bool is_variable(const char *text)
{
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == strlen(text) &&
           !(text[0] >= '0' && text[0] <= '9');
}

static int check_secret(struct source *s, struct arena *a)
{
    if (is_variable(s->secret))
        return 0;
    if (!strchr(s->secret, '/'))
        return wrong(s, "secret",
                     "只写环境变量的名称（大写字母、数字、下划线），或密码文件的路径（含 /，如 "
                     "./central.secret）。密码本身绝不能写在这里");
    const char *slash = strrchr(s->place.file, '/');
    if (s->secret[0] != '/' && slash)
        s->secret =
            arena_printf(a, "%.*s/%s", (int)(slash - s->place.file), s->place.file, s->secret);
    return 0;
}

static const char *beside(struct arena *a, const char *file, const char *name)
{
    const char *slash = strrchr(file, '/');
    if (!*name || *name == '/' || !slash)
        return name;
    return arena_printf(a, "%.*s/%s", (int)(slash - file), file, name);
}

/* The same source has the same name from run to run. */
static const char *name_source(struct arena *a, const struct source *s)
{
    char hex[DIGEST_TEXT];
    struct buf all = {0};
    buf_printf(&all, "%d\n%s\n%s\n%s", s->kind, s->address, s->project, s->form_id);
    digest_quick(all.text, all.len, hex);
    buf_free(&all);
    return arena_printf(a, "%s-%.8s", s->questionnaire, hex);
}

static bool is_plain_name(const char *text)
{
    return *text && *text != '.' && !strpbrk(text, "/\\") && strlen(text) < 100;
}

static int check_source(struct sources *all, struct source *s, const struct topic *t)
{
    struct arena *a = &all->arena;
    if (check_address(s) < 0 || check_secret(s, a) < 0)
        return -1;
    if (!is_plain_name(s->questionnaire))
        return wrong(s, "questionnaire", "要写问卷的文件名；共享文件夹写一个名称，如 网上报送");
    if (!is_folder(s) && find_form(s, t) < 0)
        return -1;
    if (s->kind == SOURCE_CENTRAL &&
        (!*s->project || strspn(s->project, "0123456789") != strlen(s->project)))
        return wrong(s, "project", "要写 ODK Central 的项目号，如 1");
    s->certificate = beside(a, s->place.file, s->certificate);
    s->name = name_source(a, s);
    return 0;
}

static bool is_of_topic(const struct wsheet *sheet, int row, const struct topic *t)
{
    const char *number = wsheet_get(sheet, row, "topic");
    return !strcmp(wsheet_get(sheet, row, "plan"), t->plan) && *number &&
           atoi(number) == atoi(t->number);
}

static int read_row(struct sources *all, const struct wsheet *sheet, int row, const struct topic *t)
{
    if (all->count == MOST_SOURCES)
        return error("%s：一个课题的来源太多", sheet->path);
    struct source *s = &all->items[all->count];
    *s = (struct source){.questionnaire = wsheet_get(sheet, row, "questionnaire"),
                         .address = wsheet_get(sheet, row, "address"),
                         .project = wsheet_get(sheet, row, "project"),
                         .form_id = wsheet_get(sheet, row, "form"),
                         .county = wsheet_get(sheet, row, "county"),
                         .review = wsheet_get(sheet, row, "review"),
                         .certificate = wsheet_get(sheet, row, "certificate"),
                         .secret = wsheet_get(sheet, row, "secret"),
                         .place = {.file = sheet->path, .row = sheet->rows[row].no}};
    if (read_kind(s, wsheet_get(sheet, row, "kind")) < 0 || check_source(all, s, t) < 0)
        return -1;
    all->count++;
    return 0;
}

int sources_read(struct sources *s, const char *path, const struct topic *t)
{
    *s = (struct sources){.book = workbook_read(path)};
    const struct wsheet *sheet = s->book ? workbook_sheet(s->book, "sources") : NULL;
    if (!sheet)
        return s->book ? error("%s 里没有 sources 表", path) : -1;
    int code = 0;
    wsheet_check_heads(sheet, HEADS);
    s->items = arena_alloc(&s->arena, (MOST_SOURCES + 1) * sizeof *s->items);
    for (int r = 0; r < sheet->row_count; r++)
        if (is_of_topic(sheet, r, t) && read_row(s, sheet, r, t) < 0)
            code = -1;
    return code;
}

void sources_free(struct sources *s)
{
    if (s->book)
        workbook_free(s->book);
    arena_free(&s->arena);
}

bool source_takes(const struct source *s, const char *state)
{
    if (!*s->review)
        return strcmp(state, "rejected") != 0;
    size_t n = strlen(state);
    for (const char *p = s->review; *p; p += strspn(p, " ")) {
        size_t word = strcspn(p, " ");
        if (word == n && !strncmp(p, state, n))
            return true;
        p += word;
    }
    return false;
}

static char *first_line(FILE *in)
{
    char *line = must_alloc(SECRET_BYTES);
    if (!fgets(line, SECRET_BYTES, in))
        line[0] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

static char *secret_of_file(const struct source *s)
{
    struct stat st;
    FILE *in = fopen(s->secret, "r");
    char *secret = NULL;
    if (!in)
        wrong(s, "secret", "密码文件打不开。请建立这个文件，第一行写“用户名:密码”或令牌");
    else if (fstat(fileno(in), &st) < 0 || !S_ISREG(st.st_mode) || (st.st_mode & 077))
        wrong(s, "secret", "密码文件别人也能读，没有使用。请运行 chmod 600 再试");
    else
        secret = first_line(in);
    if (in)
        fclose(in);
    return secret;
}

char *source_secret(const struct source *s)
{
    char *secret = NULL;
    if (!*s->secret)
        return must_strdup("");
    if (strchr(s->secret, '/')) {
        secret = secret_of_file(s);
    } else if (getenv(s->secret)) {
        secret = must_strdup(getenv(s->secret));
    } else {
        struct place at = s->place;
        at.column = "secret";
        error_at(at, "没有设置环境变量 %s。运行前先设置：export %s='用户名:密码'", s->secret,
                 s->secret);
    }
    if (secret && (!*secret || strpbrk(secret, "\r\n"))) {
        wrong(s, "secret", "密码是空的，或者不止一行");
        free(secret);
        secret = NULL;
    }
    return secret;
}
