/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * typeset: a report from LaTeX to PDF.
 *
 * xelatex runs without shell escape and may read and write only below the report's folder; it
 * works in a private folder there, as often as the references need, and the PDF is renamed to
 * its place when everything is right.  A missing glyph, a line wider than the page by more than
 * 1 pt, and an undefined reference are failures: the message names the line of the narrative.
 */
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "base/run.h"
#include "output/texlog.h"

#include <errno.h>
#include <ftw.h>
#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *out_path;

static const struct option_row OPTIONS[] = {
    {'o', "报告.pdf", &out_path, NULL, "输出文件", true},
    {0},
};
static const struct program ME = {"typeset", "把报告排成 PDF", "-o 报告.pdf 报告.tex", OPTIONS};

enum { PASSES = 5 };

/* The report and the private folder in which it is set. */
struct job {
    char *folder;  /* of the .tex */
    char *name;    /* of the .tex in it */
    char work[64]; /* private folder in `folder` */
    char *work_path;
    struct buf tex, log, pdf, auxiliary;
};

static int read_file(const char *path, struct buf *out)
{
    buf_clear(out);
    FILE *f = fopen(path, "rb");
    if (!f)
        return error("不能读取 %s：%s", path, strerror(errno));
    char piece[65536];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_put(out, piece, n);
    fclose(f);
    return 0;
}

/* A file that xelatex left in the private folder, all named job.*; missing ones read empty. */
static void read_left(const struct job *j, const char *ending, struct buf *out)
{
    struct buf path = {0};
    buf_printf(&path, "%s/job.%s", j->work_path, ending);
    buf_clear(out);
    if (access(path.text, R_OK) == 0)
        read_file(path.text, out);
    buf_free(&path);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

/* Private folders of runs that were killed. */
static void remove_stale(const char *folder)
{
    struct buf pattern = {0};
    glob_t found;
    buf_printf(&pattern, "%s/typeset-*", folder);
    if (glob(pattern.text, GLOB_NOSORT, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            long pid = atol(strrchr(found.gl_pathv[i], '-') + 1);
            if (pid > 0 && kill((pid_t)pid, 0) < 0 && errno == ESRCH)
                nftw(found.gl_pathv[i], remove_one, 8, FTW_DEPTH | FTW_PHYS);
        }
        globfree(&found);
    }
    buf_free(&pattern);
}

static int prepare(struct job *j, const char *tex)
{
    const char *slash = strrchr(tex, '/');
    j->folder = slash ? strndup(tex, (size_t)(slash - tex)) : strdup(".");
    j->name = strdup(slash ? slash + 1 : tex);
    if (strspn(j->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") !=
        strlen(j->name))
        return error("文件名 %s 只能用字母、数字、点和短横线", j->name);
    remove_stale(j->folder);
    snprintf(j->work, sizeof j->work, "typeset-%ld", (long)getpid());
    if (read_file(tex, &j->tex) < 0 || asprintf(&j->work_path, "%s/%s", j->folder, j->work) < 0)
        return -1;
    if (mkdir(j->work_path, 0700) < 0)
        return error("不能建立文件夹 %s：%s", j->work_path, strerror(errno));
    return 0;
}

static void clean_up(struct job *j)
{
    if (j->work_path)
        nftw(j->work_path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(j->folder);
    free(j->name);
    free(j->work_path);
    buf_free(&j->tex);
    buf_free(&j->log);
    buf_free(&j->pdf);
    buf_free(&j->auxiliary);
}

/* One pass.  Returns the exit code of xelatex, or -1 after a message. */
static int run_pass(struct job *j)
{
    struct buf where = {0}, epoch = {0};
    const char *mark = strstr(buf_text(&j->tex), "\n%!epoch ");
    buf_printf(&where, "-output-directory=%s", j->work);
    buf_printf(&epoch, "SOURCE_DATE_EPOCH=%ld", mark ? strtol(mark + 9, NULL, 10) : 946684800L);
    char *argv[] = {
        "xelatex",      "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode",
        "-jobname=job", where.text,         j->name,          NULL};
    const char *extra[] = {"openin_any=p", "openout_any=p", epoch.text, "max_print_line=1000",
                           NULL};
    struct run r = {.argv = argv, .folder = j->folder, .extra = extra, .seconds = 300};
    int rc = run_tool(&r);
    buf_free(&r.output);
    buf_free(&where);
    buf_free(&epoch);
    read_left(j, "log", &j->log);
    return rc < 0 ? -1 : r.exit_code;
}

/* Passes until the auxiliary files stand still. */
static int run_passes(struct job *j)
{
    struct buf before = {0}, part = {0};
    int rc = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        progress("排版第几遍", pass + 1);
        rc = run_pass(j);
        if (rc != 0)
            break;
        buf_clear(&j->auxiliary);
        read_left(j, "aux", &part);
        buf_put(&j->auxiliary, buf_text(&part), part.len);
        read_left(j, "out", &part);
        buf_put(&j->auxiliary, buf_text(&part), part.len);
        bool still = before.len == j->auxiliary.len && before.len &&
                     memcmp(before.text, j->auxiliary.text, before.len) == 0;
        if (still)
            break;
        buf_clear(&before);
        buf_put(&before, buf_text(&j->auxiliary), j->auxiliary.len);
    }
    progress_end();
    buf_free(&before);
    buf_free(&part);
    return rc;
}

static int write_pdf(struct job *j)
{
    struct outfile out;
    read_left(j, "pdf", &j->pdf);
    if (j->pdf.len == 0)
        return error("xelatex 没有写出 PDF");
    if (outfile_open(&out, out_path) < 0)
        return -1;
    fwrite(j->pdf.text, 1, j->pdf.len, out.stream);
    return outfile_commit(&out);
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    struct job j = {0};
    int code = CANNOT;
    if (prepare(&j, argv[first]) == 0) {
        int rc = run_passes(&j);
        if (rc >= 0 &&
            (texlog_check(buf_text(&j.log), buf_text(&j.tex), argv[first]) > 0 || rc != 0)) {
            error("报告没有排成 PDF，原有的 %s 未改动", out_path);
            code = DATA_FAILED;
        } else if (rc == 0) {
            code = write_pdf(&j) < 0 ? CANNOT : DONE;
        }
    }
    clean_up(&j);
    return code;
}
