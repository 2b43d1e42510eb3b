/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * typeset: a report from LaTeX to PDF.
 *
 * xelatex runs without shell escape and may read and write only below the report's folder; it
 * works in a private folder there, as often as the references need, and the PDF is renamed to
 * its place when everything is right.  A missing glyph, a line wider than the page by more than
 * 1 pt, an undefined reference, findings that leave their page and a heading that stands alone
 * at the foot of a page are failures: the message names the line of the narrative.
 *
 * With -k the references of the last run are kept, so that a changed sentence costs one pass.
 */
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "base/run.h"
#include "output/pdftext.h"
#include "output/texlog.h"

#include <errno.h>
#include <ftw.h>
#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *out_path, *kept;

static const struct option_row OPTIONS[] = {
    {'o', "报告.pdf", &out_path, NULL, "输出文件", true},
    {'k', "文件夹", &kept, NULL, "留存页码和引用，下次少排一遍", false},
    {0},
};
static const struct program ME = {"typeset", "把报告排成 PDF", "[-k 文件夹] -o 报告.pdf 报告.tex",
                                  OPTIONS};

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
        return error("不能读取 %s：%s", path, error_reason(errno));
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
        return error("不能建立文件夹 %s：%s", j->work_path, error_reason(errno));
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

/* Runs a tool in the report's folder.  Its exit code, or -1 after a message. */
static int run_in_folder(struct job *j, char *const *argv)
{
    struct buf epoch = {0};
    const char *mark = strstr(buf_text(&j->tex), "\n%!epoch ");
    buf_printf(&epoch, "SOURCE_DATE_EPOCH=%ld", mark ? strtol(mark + 9, NULL, 10) : 946684800L);
    const char *extra[] = {"openin_any=p", "openout_any=p", epoch.text, "max_print_line=1000",
                           NULL};
    struct run r = {.argv = argv, .folder = j->folder, .extra = extra, .seconds = 300};
    int rc = run_tool(&r);
    if (rc == 0 && r.exit_code != 0 && strcmp(argv[0], "xelatex") != 0)
        error("%s：%.400s", argv[0], buf_text(&r.output));
    buf_free(&r.output);
    buf_free(&epoch);
    return rc < 0 ? -1 : r.exit_code;
}

static int run_pass(struct job *j)
{
    struct buf where = {0};
    buf_printf(&where, "-output-directory=%s", j->work);
    char *argv[] = {"xelatex", "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode",
                    "-no-pdf", "-jobname=job",     where.text,       j->name,
                    NULL};
    int rc = run_in_folder(j, argv);
    buf_free(&where);
    read_left(j, "log", &j->log);
    return rc;
}

/* ---- references ---------------------------------------------------------------------------- */

/* What a pass leaves for the next one. */
static const char *const AUXILIARY[] = {"aux", "out", "toc"};
enum { AUXILIARIES = 3 };

static void read_auxiliary(const struct job *j, struct buf *all)
{
    struct buf part = {0};
    buf_clear(all);
    for (int i = 0; i < AUXILIARIES; i++) {
        read_left(j, AUXILIARY[i], &part);
        buf_put(all, buf_text(&part), part.len);
    }
    buf_free(&part);
}

static void copy_file(const char *from, const char *to)
{
    struct buf text = {0};
    struct outfile out;
    if (access(from, R_OK) == 0 && read_file(from, &text) == 0 && outfile_open(&out, to) == 0) {
        fwrite(buf_text(&text), 1, text.len, out.stream);
        outfile_commit_if_changed(&out);
    }
    buf_free(&text);
}

/* Between the private folder and the one of -k. */
static void move_auxiliary(const struct job *j, bool keep)
{
    for (int i = 0; kept && i < AUXILIARIES; i++) {
        struct buf inside = {0}, outside = {0};
        buf_printf(&inside, "%s/job.%s", j->work_path, AUXILIARY[i]);
        buf_printf(&outside, "%s/%.*s.%s", kept, (int)strcspn(j->name, "."), j->name, AUXILIARY[i]);
        copy_file(keep ? inside.text : outside.text, keep ? outside.text : inside.text);
        buf_free(&inside);
        buf_free(&outside);
    }
}

/* Passes until the auxiliary files stand still. */
static int run_passes(struct job *j)
{
    struct buf before = {0};
    int rc = 0;
    read_auxiliary(j, &before);
    for (int pass = 0; pass < PASSES; pass++) {
        progress("排版第几遍", pass + 1);
        rc = run_pass(j);
        if (rc != 0)
            break;
        read_auxiliary(j, &j->auxiliary);
        if (before.len == j->auxiliary.len && before.len &&
            memcmp(before.text, j->auxiliary.text, before.len) == 0)
            break;
        buf_clear(&before);
        buf_put(&before, buf_text(&j->auxiliary), j->auxiliary.len);
    }
    progress_end();
    buf_free(&before);
    return rc;
}

/* With the references of the last run, and where xelatex cannot take these, without. */
static int set_report(struct job *j)
{
    move_auxiliary(j, false);
    int rc = run_passes(j);
    if (rc <= 0 || !kept)
        return rc;
    for (int i = 0; i < AUXILIARIES; i++) {
        struct buf path = {0};
        buf_printf(&path, "%s/job.%s", j->work_path, AUXILIARY[i]);
        unlink(path.text);
        buf_free(&path);
    }
    return run_passes(j);
}

/* ---- the PDF ------------------------------------------------------------------------------- */

/* The map from the CIDs of Fandol to Unicode. */
static int read_cmap(struct buf *cmap)
{
    char *argv[] = {"kpsewhich", "-format=cmap", "Adobe-GB1-UCS2", NULL};
    struct run r = {.argv = argv, .seconds = 30};
    int rc = run_tool(&r);
    if (rc == 0 && r.output.len > 1) {
        r.output.text[strcspn(r.output.text, "\n")] = '\0';
        rc = read_file(r.output.text, cmap);
    } else if (rc == 0) {
        rc = error("缺少字符对照表 Adobe-GB1-UCS2，请安装 poppler-data 和 texlive-lang-chinese");
    }
    buf_free(&r.output);
    return rc;
}

static int make_pdf(struct job *j)
{
    struct buf from = {0}, to = {0}, cmap = {0};
    buf_printf(&from, "%s/job.xdv", j->work);
    buf_printf(&to, "%s/job.pdf", j->work);
    /* 0x40: every object by itself, for pdf_add_unicode() */
    char *argv[] = {"xdvipdfmx", "-q", "-C", "0x40", "-o", to.text, from.text, NULL};
    int rc = run_in_folder(j, argv);
    if (rc == 0)
        rc = read_cmap(&cmap);
    read_left(j, "pdf", &j->pdf);
    if (rc == 0)
        rc = pdf_add_unicode(&j->pdf, buf_text(&cmap), buf_text(&j->tex)) < 0 ? -1 : 0;
    buf_free(&from);
    buf_free(&to);
    buf_free(&cmap);
    return rc;
}

static int write_pdf(struct job *j)
{
    struct outfile out;
    if (make_pdf(j) != 0 || outfile_open(&out, out_path) < 0)
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
        int rc = set_report(&j);
        if (rc >= 0 &&
            (texlog_check(buf_text(&j.log), buf_text(&j.tex), argv[first]) > 0 || rc != 0)) {
            error("报告没有排成 PDF，原有的 %s 未改动", out_path);
            code = DATA_FAILED;
        } else if (rc == 0) {
            code = write_pdf(&j) < 0 ? CANNOT : DONE;
            if (code == DONE)
                move_auxiliary(&j, true);
        }
    }
    clean_up(&j);
    return code;
}
