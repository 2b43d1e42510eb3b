/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * form: checks a questionnaire workbook, and writes what is made of it: with -o the one-file CSV
 * workbook that the repository keeps and that pyxform reads, with -x the phone form.
 */
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

static const char *out_path, *xform_path;

static const struct option_row OPTIONS[] = {
    {'o', "文件", &out_path, NULL, "另存为单文件CSV问卷", false},
    {'x', "文件", &xform_path, NULL, "手机问卷（ODK XForm，.xml）", false},
    {0},
};
static const struct program ME = {"form", "检查一份问卷（XLSForm），做成手机问卷等",
                                  "[-o 问卷.csv] [-x 手机问卷.xml] 问卷.xlsx|问卷.csv", OPTIONS};

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

int main(int argc, char **argv)
{
    int first = options_parse(&ME, argc, argv, 1, 1);
    if (out_path && !ends_with(out_path, ".csv"))
        die(MISUSE, "-o 后面的文件名应以 .csv 结尾");
    if (access(argv[first], R_OK) != 0)
        die(CANNOT, "打不开 %s：%s", argv[first], strerror(errno));
    struct form *f = form_read(argv[first]);
    if (!f)
        return DATA_FAILED;
    int code = DONE;
    if (out_path)
        code = write_workbook(f, out_path) < 0 ? CANNOT : DONE;
    if (code == DONE && xform_path)
        code = write_xform(f, xform_path);
    if (!out_path && !xform_path)
        print_summary(f);
    form_free(f);
    return code;
}
