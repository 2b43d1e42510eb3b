/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * prepare: what there is to do for one topic, as a fragment of a Makefile.
 *
 * Checks the topic workbook and its questionnaires, finds the counties' folders, and writes
 *   <work>/topic.mk        COUNTIES, LEVELS, TABLES, CHARTS, ANALYSES, INPUTS, DATA, folder.<code>
 *   <work>/<code>.files    the files of one county: path, size, time of change
 * Both keep their time stamp when nothing changed; that is what lets make do nothing.
 */
#include "base/arena.h"
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "base/text.h"
#include "survey/lookup.h"
#include "survey/panel.h"
#include "survey/topic.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *data_folder, *work_folder;

static const struct option_row OPTIONS[] = {
    {'d', "文件夹", &data_folder, NULL, "各县资料所在的文件夹，如 data/henan-2025/07", true},
    {'w', "文件夹", &work_folder, NULL, "写 topic.mk 和收件清单的文件夹", true},
    {0},
};
static const struct program ME = {"prepare", "检查课题工作簿，列出要做的事",
                                  "-d 资料文件夹 -w 工作文件夹 topic.csv", OPTIONS};

struct county {
    char code[32];
    char *folder;
};
struct counties {
    struct county *items;
    int count, room;
};

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct county *)a)->code, ((const struct county *)b)->code);
}

/* The code that leads a folder's name, else the code of the county of that name. */
static bool code_of_folder(const struct topic *t, const char *name, char code[32])
{
    size_t n = strspn(name, "0123456789");
    if (n >= 6 && n < 32) {
        snprintf(code, 32, "%.*s", (int)n, name);
        return true;
    }
    const struct domain *d = topic_domain(t, "county");
    for (int i = 0; d && i < d->value_count; i++)
        if (strcmp(d->values[i].value, name) == 0 && strlen(d->values[i].name) < 32) {
            snprintf(code, 32, "%s", d->values[i].name);
            return true;
        }
    return false;
}

/* Folder names go into a Makefile and, in single quotes, to the shell. */
static bool safe_name(const char *name)
{
    return !strpbrk(name, "'$#\\`\n\r:;|&<>\"*?%") && name[0] != '-';
}

static int add_county(const struct topic *t, struct counties *all, const char *parent,
                      const char *name)
{
    struct county one = {.folder = NULL};
    struct buf path = {0};
    buf_printf(&path, "%s/%s", parent, name);
    if (!safe_name(name) || !code_of_folder(t, name, one.code)) {
        warning("没有读取文件夹 %s：名称应以6位县代码开头（如 411525-固始县），"
                "且不含引号等特殊符号。请改名后重新运行",
                path.text);
        buf_free(&path);
        return -1;
    }
    for (int i = 0; i < all->count; i++)
        if (strcmp(all->items[i].code, one.code) == 0) {
            error("两个文件夹是同一个县：%s 和 %s。请合并为一个", all->items[i].folder, path.text);
            buf_free(&path);
            return -1;
        }
    one.folder = path.text;
    GROW(all->items, all->count, all->room);
    all->items[all->count++] = one;
    return 0;
}

/* A folder without a file is that of a county that has sent nothing yet. */
static bool has_file(char *folder)
{
    char *roots[] = {folder, NULL};
    FTS *walk = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
    bool found = false;
    for (FTSENT *e; !found && walk && (e = fts_read(walk));)
        found = e->fts_info == FTS_F && e->fts_name[0] != '.';
    if (walk)
        fts_close(walk);
    return found;
}

/* All county folders below `parent`, by code.  Returns how many names were refused. */
static int find_counties(const struct topic *t, const char *parent, struct counties *all)
{
    DIR *d = opendir(parent);
    int refused = 0;
    for (struct dirent *e; d && (e = readdir(d));) {
        struct buf path = {0};
        struct stat st;
        buf_printf(&path, "%s/%s", parent, e->d_name);
        bool folder = e->d_name[0] != '.' && stat(path.text, &st) == 0 && S_ISDIR(st.st_mode);
        if (folder && has_file(path.text))
            refused += add_county(t, all, parent, e->d_name) < 0;
        else if (!folder && e->d_name[0] != '.' && !starts_with(e->d_name, "README") &&
                 strcmp(e->d_name, "SIMULATED") != 0)
            warning("没有读取 %s：资料要放在各县自己的文件夹里，如 %s/411525-固始县/", path.text,
                    parent);
        buf_free(&path);
    }
    if (d)
        closedir(d);
    if (all->count)
        qsort(all->items, (size_t)all->count, sizeof *all->items, by_code);
    return refused;
}

static int by_path(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int write_file_list(const struct county *c)
{
    struct buf path = {0};
    struct outfile out;
    buf_printf(&path, "%s/%s.files", work_folder, c->code);
    int rc = outfile_open(&out, path.text);
    buf_free(&path);
    if (rc < 0)
        return -1;
    fprintf(out.stream, "%s\n", c->folder);
    char *roots[] = {c->folder, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_path);
    for (FTSENT *e; walk && (e = fts_read(walk));)
        if (e->fts_info == FTS_F)
            fprintf(out.stream, "%s\t%lld\t%lld.%09ld\n", e->fts_path,
                    (long long)e->fts_statp->st_size, (long long)e->fts_statp->st_mtim.tv_sec,
                    e->fts_statp->st_mtim.tv_nsec);
    if (walk)
        fts_close(walk);
    return outfile_commit_if_changed(&out) < 0 ? -1 : 0;
}

static void write_ids(FILE *to, const char *name, const struct exhibit *items, int count)
{
    fprintf(to, "%s :=", name);
    for (int i = 0; i < count; i++)
        fprintf(to, " %s", items[i].id);
    fputc('\n', to);
}

static void write_inputs(FILE *to, struct topic *t)
{
    fprintf(to, "INPUTS := %s", t->path);
    if (t->plan_book)
        fprintf(to, " %s", t->plan_book->path);
    for (int i = 0; i < t->form_count; i++)
        fprintf(to, " %s", t->forms[i]->path);
    for (int i = 0; i < t->form_count; i++)
        for (int k = 0; lookups_path(t->forms[i]->lookups, k); k++)
            fprintf(to, " %s", lookups_path(t->forms[i]->lookups, k));
    if (*topic_design(t, "frame"))
        fprintf(to, " %s", topic_file(t, topic_design(t, "frame")));
    if (*topic_setting(t, "units"))
        fprintf(to, " %s", topic_file(t, topic_setting(t, "units")));
    fputc('\n', to);
}

/* Real answers beside simulated ones of an earlier round would be nonsense. */
static int check_panels(struct topic *t, const char *data)
{
    struct panel *panels;
    int count = panels_read(&t->arena, t, &panels), rc = count < 0 ? -1 : 0;
    bool simulated = access(arena_printf(&t->arena, "%s/SIMULATED", data), F_OK) == 0;
    for (int i = 0; i < count && !simulated; i++) {
        struct workbook *w = workbook_read(panels[i].path);
        const struct wsheet *s = w && w->sheet_count ? &w->sheets[0] : NULL;
        if (s && s->row_count && *wsheet_get(s, 0, "earlier_simulated"))
            rc = error("%s 里%s的数是模拟的，不能与真资料对照。请先把那边的资料放进 "
                       "data/%s/%s/，再运行 make panel plan=%s topic=%s",
                       panels[i].path, panels[i].by_list ? "上一轮" : "另一个课题", panels[i].plan,
                       panels[i].number, t->plan, t->number);
        workbook_free(w);
    }
    return rc;
}

static bool has_rows(const struct topic *t, const char *sheet)
{
    const struct wsheet *s = workbook_sheet(t->book, sheet);
    return s && s->row_count > 0;
}

static bool compares_texts(const struct topic *t)
{
    const struct wsheet *s = workbook_sheet(t->book, "checks");
    for (int r = 0; s && r < s->row_count; r++)
        if (strcmp(wsheet_get(s, r, "kind"), "similar_texts") == 0)
            return true;
    return false;
}

/* The tables of results that this topic has, besides results.csv: contents of export. */
static void write_analyses(FILE *to, const struct topic *t)
{
    static const char *const sheets[] = {"tests", "models", "scales", "indices"};
    bool sampled = false;
    fputs("ANALYSES := published", to);
    for (int i = 0; i < t->level_count; i++)
        sampled |= t->levels[i].sampled;
    if (sampled)
        fputs(" contrasts", to);
    if (compares_texts(t))
        fputs(" alike", to);
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
        if (has_rows(t, sheets[i]))
            fprintf(to, " %s", sheets[i]);
    fputs(has_rows(t, "indices") ? " rankings\n" : "\n", to);
}

static int write_makefile(struct topic *t, const struct counties *all, const char *data)
{
    struct buf path = {0};
    struct outfile out;
    buf_printf(&path, "%s/topic.mk", work_folder);
    int rc = outfile_open(&out, path.text);
    buf_free(&path);
    if (rc < 0)
        return -1;
    fprintf(out.stream, "# written by prepare; do not edit\nDATA := %s\n", data);
    fputs("COUNTIES :=", out.stream);
    for (int i = 0; i < all->count; i++)
        fprintf(out.stream, " %s", all->items[i].code);
    fputc('\n', out.stream);
    for (int i = 0; i < all->count; i++)
        fprintf(out.stream, "folder.%s := %s\n", all->items[i].code, all->items[i].folder);
    fputs("LEVELS :=", out.stream);
    for (int i = 0; i < t->level_count; i++)
        fprintf(out.stream, " %s", t->levels[i].name);
    fputc('\n', out.stream);
    write_ids(out.stream, "TABLES", t->tables, t->table_count);
    write_ids(out.stream, "CHARTS", t->charts, t->chart_count);
    write_analyses(out.stream, t);
    write_inputs(out.stream, t);
    return outfile_commit_if_changed(&out) < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    struct topic *t = topic_read(argv[first]);
    if (!t)
        return DATA_FAILED;
    struct counties all = {0};
    const char *data = data_folder;
    int refused = find_counties(t, data, &all);
    if (all.count == 0 && refused == 0) {
        data = topic_file(t, "rehearsal");
        find_counties(t, data, &all);
    }
    if (all.count == 0 && refused == 0) { /* what simulate wrote */
        data = arena_printf(&t->arena, "%s/rehearsal", work_folder);
        find_counties(t, data, &all);
    }
    if (all.count == 0)
        die(CANNOT, "%s 中没有任何县的资料。请把各县报来的文件放进 %s/县代码-县名/", data_folder,
            data_folder);
    if (check_panels(t, data) < 0)
        return DATA_FAILED;
    int rc = 0;
    for (int i = 0; i < all.count; i++)
        rc |= write_file_list(&all.items[i]);
    rc |= write_makefile(t, &all, data);
    for (int i = 0; i < all.count; i++)
        free(all.items[i].folder);
    free(all.items);
    topic_free(t);
    return rc < 0 ? CANNOT : DONE;
}
