/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * form: checks a questionnaire workbook, and writes what is made of it: with -o the one-file CSV
 * workbook that the repository keeps and that pyxform reads, with -x the phone form.
 */
#include "instrument/codebook.h"
#include "instrument/countybook.h"
#include "instrument/paper.h"
#include "instrument/samplelist.h"
#include "instrument/xform.h"

#include "base/csvout.h"
#include "base/message.h"
#include "base/options.h"
#include "base/outfile.h"
#include "base/text.h"
#include "survey/workbook.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *out_path, *xform_path, *paper_path, *codebook_path, *list_path, *county_path,
    *topic_path, *county = "";

static const struct option_row OPTIONS[] = {
    {'o', "文件", &out_path, NULL, "另存为单文件CSV问卷", false},
    {'x', "文件", &xform_path, NULL, "手机问卷（ODK XForm，.xml）", false},
    {'p', "文件", &paper_path, NULL, "纸质问卷（.tex，再用 typeset 排成 PDF）", false},
    {'d', "文件", &codebook_path, NULL,
     "编码手册：.xml 是 DDI-Codebook，.csv 是表，.tex 再用 typeset 排成 PDF", false},
    {'w', "文件", &county_path, NULL, "县填报表（.xlsx），要写 -t，不写问卷", false},
    {'l', "文件", &list_path, NULL, "给 make 用：课题有哪些问卷、哪些县", false},
    {'t', "课题", &topic_path, NULL, "课题文件 topic.csv", false},
    {'c', "代码", &county, NULL, "县（市）代码：填报表里预先填好样本村", false},
    {0},
};
static const struct program ME = {"form", "检查一份问卷（XLSForm），做成手机问卷等",
                                  "[-o 问卷.csv] [-x 手机问卷.xml] [-p 纸表.tex] [-d "
                                  "编码手册.xml|csv] [-t 课题] 问卷.xlsx|问卷.csv\n"
                                  "      form -w 填报表.xlsx -t 课题 [-c 县代码]\n"
                                  "      form -l 清单.mk -t 课题",
                                  OPTIONS};

static void print_summary(const struct form *f)
{
    int answers = 0;
    for (int i = 0; i < f->question_count; i++)
        answers += question_has_data(&f->questions[i]);
    printf("%s（%s，版本 %s）\n", f->title, f->id, *f->version ? f->version : "未写");
    printf("题目 %d 个，选项表 %d 个，循环 %d 个\n", answers, f->list_count, f->repeat_count);
    for (int i = 0; i < f->repeat_count; i++) {
        int inside = 0;
        for (int k = 0; k < f->question_count; k++)
            inside += f->questions[k].repeat == i && question_has_data(&f->questions[k]);
        printf("  循环 %s（%s）：题目 %d 个\n", f->repeats[i].name, f->repeats[i].label, inside);
    }
}

/* Told here only: who reads the answers can do nothing about it. */
static void tell_phone_only(const struct form *f)
{
    struct buf names = {0};
    for (int i = 0; i < f->question_count; i++)
        if (f->questions[i].phone_only)
            buf_printf(&names, "%s%s", names.len ? "、" : "", f->questions[i].name);
    if (names.len)
        warning_at((struct place){.file = f->path},
                   "这些算式只有手机会算（如 random()），清理时不重算，照报来的收下：%s",
                   names.text);
    buf_free(&names);
}

/* The sheet's name alone in the first column, then its head and rows, indented by one. */
static void write_sheet(struct csvout *out, const struct wsheet *s)
{
    csv_field(out, s->name);
    csv_end(out);
    for (int row = -1; row < s->row_count; row++) {
        csv_field(out, "");
        for (int i = 0; i < s->head_count; i++)
            csv_field(out, row < 0 ? s->heads[i] : s->rows[row].cells[i]);
        csv_end(out);
    }
}

static int write_workbook(const struct form *f, const char *path)
{
    struct outfile file;
    if (outfile_open(&file, path) < 0)
        return -1;
    struct csvout out = {.stream = file.stream}; /* no BOM: pyxform would take it for a name */
    for (int i = 0; i < f->book->sheet_count; i++)
        write_sheet(&out, &f->book->sheets[i]);
    return outfile_commit(&file);
}

static int write_text(const struct buf *text, const char *path)
{
    struct outfile file;
    if (outfile_open(&file, path) < 0)
        return CANNOT;
    fwrite(text->text, 1, text->len, file.stream);
    return outfile_commit(&file) < 0 ? CANNOT : DONE;
}

static int write_xform(const struct form *f, const char *path)
{
    struct buf text = {0};
    int code = xform_write(f, &text) < 0 ? DATA_FAILED : write_text(&text, path);
    buf_free(&text);
    return code;
}

/* The topic, when one is named, lends its issuer and document number. */
static int write_paper(const struct form *f, const char *path)
{
    struct topic *t = topic_path ? topic_read(topic_path) : NULL;
    struct buf text = {0};
    int code = DATA_FAILED;
    if ((t || !topic_path) && paper_write(f, t, &text) == 0)
        code = write_text(&text, path);
    buf_free(&text);
    topic_free(t);
    return code;
}

static int write_codebook_csv(const struct form *f, const struct topic *t, const char *path)
{
    struct outfile file;
    struct csvout out;
    if (outfile_open(&file, path) < 0)
        return CANNOT;
    csv_begin(&out, file.stream);
    codebook_csv(f, t, &out);
    return outfile_commit(&file) < 0 ? CANNOT : DONE;
}

static int write_codebook(const struct form *f, const char *path)
{
    struct topic *t = topic_path ? topic_read(topic_path) : NULL;
    struct buf text = {0};
    int code = DATA_FAILED;
    if ((t || !topic_path) && ends_with(path, ".csv")) {
        code = write_codebook_csv(f, t, path);
    } else if (t || !topic_path) {
        if (ends_with(path, ".tex"))
            codebook_tex(f, t, &text);
        else
            codebook_ddi(f, t, &text);
        code = write_text(&text, path);
    }
    buf_free(&text);
    topic_free(t);
    return code;
}

/* A word that make takes as it is. */
static bool is_plain(const char *word)
{
    return *word && !strpbrk(word, " \t$#%:=\\'\"|&;<>()`*?~");
}

/* The counties that have a part of the sample. */
static void list_sampled(struct topic *t, struct buf *out)
{
    struct frame *f = samplelist_possible(t) ? frame_read(t) : NULL;
    const char *last = "";
    buf_puts(out, "\nSAMPLE_COUNTIES :=");
    for (int i = 0; f && i < f->count; i++) {
        const struct unit *u = &f->units[i];
        if (u->selected && is_plain(u->county) && strcmp(u->county, last) != 0) {
            buf_printf(out, " %s", u->county);
            last = u->county;
        }
    }
    frame_free(f);
}

/* FORMS, form.<name>, FORM_COUNTIES and SAMPLE_COUNTIES, for the Makefile's target `forms`. */
static int write_list(struct topic *t)
{
    struct buf text = {0};
    buf_puts(&text, "# written by form; do not edit\nFORMS :=");
    for (int i = 0; i < t->form_count; i++)
        buf_printf(&text, is_plain(t->form_names[i]) ? " %s" : "", t->form_names[i]);
    for (int i = 0; i < t->form_count; i++)
        if (is_plain(t->form_names[i]) && is_plain(t->forms[i]->path))
            buf_printf(&text, "\nform.%s := %s", t->form_names[i], t->forms[i]->path);
    buf_puts(&text, "\nFORM_COUNTIES :=");
    const struct domain *d = topic_domain(t, "county");
    for (int i = 0; d && i < d->value_count; i++)
        buf_printf(&text, is_plain(d->values[i].name) ? " %s" : "", d->values[i].name);
    list_sampled(t, &text);
    buf_putc(&text, '\n');
    struct outfile file;
    int code = CANNOT;
    if (outfile_open(&file, list_path) == 0) {
        fwrite(text.text, 1, text.len, file.stream);
        code = outfile_commit_if_changed(&file) < 0 ? CANNOT : DONE;
    }
    buf_free(&text);
    return code;
}

static int write_countybook(struct topic *t)
{
    struct frame *f = frame_read(t);
    struct outfile file;
    int code = DATA_FAILED;
    if (f && outfile_reserve(&file, county_path) < 0)
        code = CANNOT;
    else if (f && countybook_write(t, f, county, file.tmp_path) < 0)
        outfile_discard(&file);
    else if (f)
        code = outfile_commit(&file) < 0 ? CANNOT : DONE;
    frame_free(f);
    return code;
}

/* What is made of a topic. */
static int write_topic(void)
{
    if (!topic_path)
        die(MISUSE, "-w 和 -l 要和 -t 一起用，写明课题文件");
    struct topic *t = topic_read(topic_path);
    int code = !t ? DATA_FAILED : county_path ? write_countybook(t) : DONE;
    if (code == DONE && list_path)
        code = write_list(t);
    topic_free(t);
    return code;
}

/* What is made of one questionnaire. */
static int write_all(const struct form *f)
{
    int code = DONE;
    if (out_path)
        code = write_workbook(f, out_path) < 0 ? CANNOT : DONE;
    if (code == DONE && xform_path)
        code = write_xform(f, xform_path);
    if (code == DONE && paper_path)
        code = write_paper(f, paper_path);
    if (code == DONE && codebook_path)
        code = write_codebook(f, codebook_path);
    if (!out_path && !xform_path && !paper_path && !codebook_path)
        print_summary(f);
    return code;
}

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 0, 1);
    bool of_topic = county_path || list_path;
    if (of_topic && first == argc)
        return write_topic();
    if (of_topic || first == argc)
        die(MISUSE,
            of_topic ? "-w 和 -l 不写问卷，只写课题：-w 填报表.xlsx -t 课题" : "请写明问卷");
    if (out_path && !ends_with(out_path, ".csv"))
        die(MISUSE, "-o 后面的文件名应以 .csv 结尾");
    if (access(argv[first], R_OK) != 0)
        die(CANNOT, "打不开 %s：%s", argv[first], error_reason(errno));
    struct form *f = form_read(argv[first]);
    if (!f)
        return DATA_FAILED;
    if (!out_path && !paper_path && !codebook_path)
        tell_phone_only(f);
    int code = write_all(f);
    form_free(f);
    return code;
}
