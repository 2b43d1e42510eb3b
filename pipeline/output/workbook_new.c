/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_new_private.h"

#include "output/workbook_list.h"

enum {
    CREATED = 1735660800, /* the same in every file: equal answers give equal bytes */
    TEXT_FORMAT = 49,     /* "@" (ECMA-376 18.8.30) */
};

void book_check(struct book *b, lxw_error e)
{
    if (e != LXW_NO_ERROR && b->bad == LXW_NO_ERROR)
        b->bad = e;
}

/* ---- formats ------------------------------------------------------------------------------ */

static lxw_format *new_format(struct book *b, const char *font, double size, uint32_t fill)
{
    lxw_format *f = workbook_add_format(b->file);
    format_set_font_name(f, font);
    format_set_font_size(f, size);
    format_set_num_format_index(f, TEXT_FORMAT);
    format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
    if (fill) {
        format_set_pattern(f, LXW_PATTERN_SOLID);
        format_set_bg_color(f, fill);
    }
    return f;
}

static lxw_format *wrapped(lxw_format *f)
{
    format_set_text_wrap(f);
    return f;
}

static lxw_format *bordered(lxw_format *f)
{
    format_set_border(f, LXW_BORDER_THIN);
    return f;
}

static void make_formats(struct book *b)
{
    enum { YELLOW = 0xFFFF99, GREY = 0xE7E6E6 };
    b->title = new_format(b, "黑体", 20, 0);
    b->notice = wrapped(new_format(b, "宋体", 14, 0));
    b->head = wrapped(bordered(new_format(b, "黑体", 13, GREY)));
    format_set_align(b->head, LXW_ALIGN_CENTER);
    b->cell = wrapped(bordered(new_format(b, "宋体", 13, 0)));
    b->small = wrapped(bordered(new_format(b, "宋体", 11, 0)));
    b->link = bordered(new_format(b, "宋体", 13, 0));
    format_set_font_color(b->link, 0x0000FF);
    format_set_underline(b->link, LXW_UNDERLINE_SINGLE);
    b->answer = wrapped(bordered(new_format(b, "宋体", 13, YELLOW)));
    b->plain = new_format(b, "宋体", 11, 0);
    b->copy_head = wrapped(new_format(b, "黑体", 11, GREY));
    b->doubt = bordered(new_format(b, "宋体", 11, DOUBT_COLOUR));
    b->held = new_format(b, "宋体", 11, HELD_COLOUR);
}

/* ------------------------------------------------------------------------------------------- */

int workbook_new_write(const struct return_book *in, const char *path)
{
    lxw_workbook_options rows_at_once = {.constant_memory = LXW_TRUE};
    struct book b = {.in = in, .file = workbook_new_opt(path, &rows_at_once)};
    if (!b.file)
        return error("内存不足");
    lxw_doc_properties properties = {.title = LIST_ASKED, .created = CREATED};
    book_check(&b, workbook_set_properties(b.file, &properties));
    make_formats(&b);
    book_write_asked(&b);
    book_write_answered(&b);
    book_write_told(&b);
    book_write_copies(&b);
    lxw_error closed = workbook_close(b.file);
    book_check(&b, closed);
    book_free_copies(&b);
    buf_free(&b.text);
    return b.bad == LXW_NO_ERROR ? 0
                                 : error("不能写回填单 %s：%s。请检查磁盘是否已满、有无写权限",
                                         path, lxw_strerror(b.bad));
}
