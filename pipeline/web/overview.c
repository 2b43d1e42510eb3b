/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The staff's page of web/pages.h. */
#include "web/pages.h"
#include "web/uploads.h"

#include <stdlib.h>
#include <string.h>

/* How one county stands with one topic. */
struct standing {
    struct submission *s;
    int files;
    time_t last;
};

static struct standing stands(const struct view *v, struct submission *s)
{
    struct received_list list;
    struct standing st = {.s = s};
    checks_want_if_new(v->checks, s);
    received_read(&list, s);
    st.files = list.count;
    st.last = list.count ? list.items[0].when : 0;
    received_free(&list);
    return st;
}

static const char *word(const struct standing *st)
{
    if (st->files == 0)
        return "未报";
    if (st->s->state == CHECK_FAILED)
        return "检查失败";
    if (st->s->state != CHECK_DONE)
        return "正在检查";
    return st->s->summary.rows == 0 ? "没有数据" : st->s->summary.open ? "待核实" : "通过";
}

/* How the word is shown. */
static const char *style(const struct standing *st)
{
    return st->files == 0 ? "word none" : st->s->state == CHECK_FAILED ? "word bad" : "word";
}

static void put_row(struct buf *out, const struct standing *st)
{
    const struct summary *f = &st->s->summary;
    buf_puts(out, "<tr><th scope=\"row\">");
    page_text(out, st->s->county);
    buf_puts(out, " ");
    page_text(out, st->s->name);
    buf_printf(out, "</th><td class=\"%s\">%s</td>", style(st), word(st));
    if (st->s->state == CHECK_DONE && st->files)
        buf_printf(out, "<td>%d</td><td>%ld</td><td>%ld</td><td>%ld</td><td>", st->files, f->rows,
                   f->accepted, f->open);
    else
        buf_printf(out, "<td>%d</td><td></td><td></td><td></td><td>", st->files);
    if (st->files)
        page_time(out, st->last);
    buf_puts(out, "</td></tr>\n");
}

static void put_names(struct buf *out, const struct standing *all, int count, bool open)
{
    int n = 0;
    for (int i = 0; i < count; i++) {
        const struct submission *s = all[i].s;
        bool asked =
            all[i].files && s->state == CHECK_DONE && (s->summary.open || !s->summary.rows);
        if (open ? !asked : all[i].files > 0)
            continue;
        buf_puts(out, n++ ? "、" : "");
        page_text(out, *s->name ? s->name : s->county);
        if (open && s->summary.open)
            buf_printf(out, "（%ld处）", s->summary.open);
        else if (open)
            buf_puts(out, "（文件里没有数据）");
    }
    buf_puts(out, n ? "。\n" : "无。\n");
}

/* The text to be pasted into a message to the counties. */
static void put_reminder(struct buf *out, const struct offered *o, const struct standing *all,
                         int count)
{
    buf_printf(out,
               "<p><label for=\"r%s\">催报的话，可以复制到微信群、短信里：</label></p>\n"
               "<p><textarea id=\"r%s\" readonly rows=\"7\" cols=\"60\">各位：课题%d《",
               o->id, o->id, atoi(o->topic->number));
    page_text(out, o->topic->title);
    buf_puts(out, "》");
    if (*o->due) {
        buf_puts(out, "截止日期是");
        page_text(out, o->due);
    }
    buf_puts(out, "。\n还没有报送的：");
    put_names(out, all, count, false);
    buf_puts(out, "已报送、还有内容要核实的：");
    put_names(out, all, count, true);
    buf_puts(out, "请登录报送网页办理，网页上写明了哪里要改、怎样改。谢谢！</textarea></p>\n");
}

/* A county's cell in the table of all topics. */
static void put_cell(struct buf *out, const struct view *v, const struct offered *o,
                     const char *county)
{
    struct submission *s = catalog_submission(v->catalog, o, county);
    if (!s) {
        buf_puts(out, "<td></td>");
        return;
    }
    struct standing st = stands(v, s);
    buf_printf(out, "<td class=\"%s\">%s", style(&st), word(&st));
    if (st.files && s->state == CHECK_DONE && s->summary.open)
        buf_printf(out, " %ld", s->summary.open);
    buf_puts(out, "</td>");
}

static bool is_first_of_county(const struct view *v, int i)
{
    for (int k = 0; k < i; k++)
        if (strcmp(v->catalog->submissions[k].county, v->catalog->submissions[i].county) == 0)
            return false;
    return true;
}

/* Counties by topics. */
static void put_matrix(struct buf *out, const struct view *v)
{
    const struct catalog *c = v->catalog;
    buf_puts(out, "<p>待核实后面的数是还有几处没有核实。</p>\n<div class=\"scroll\"><table>\n"
                  "<tr><th scope=\"col\">县（市）</th>");
    for (int i = 0; i < c->topic_count; i++) {
        buf_printf(out, "<th scope=\"col\"><a href=\"#t%d\">课题%d</a></th>", i,
                   atoi(c->topics[i].topic->number));
    }
    buf_puts(out, "</tr>\n");
    for (int i = 0; i < c->submission_count; i++) {
        if (!is_first_of_county(v, i))
            continue;
        buf_puts(out, "<tr><th scope=\"row\">");
        page_text(out, c->submissions[i].county);
        buf_puts(out, " ");
        page_text(out, c->submissions[i].name);
        buf_puts(out, "</th>");
        for (int k = 0; k < c->topic_count; k++)
            put_cell(out, v, &c->topics[k], c->submissions[i].county);
        buf_puts(out, "</tr>\n");
    }
    buf_puts(out, "</table></div>\n");
}

static void put_topic(struct buf *out, const struct view *v, const struct offered *o)
{
    struct standing *all = must_alloc(sizeof *all * (size_t)(v->catalog->submission_count + 1));
    int count = 0, sent = 0;
    for (int i = 0; i < v->catalog->submission_count; i++)
        if (v->catalog->submissions[i].offered == o) {
            all[count] = stands(v, &v->catalog->submissions[i]);
            sent += all[count++].files > 0;
        }
    buf_printf(out, "<h2 id=\"t%d\">课题%d　", (int)(o - v->catalog->topics),
               atoi(o->topic->number));
    page_text(out, o->topic->title);
    buf_printf(out, "</h2>\n<p>%d个县（市），已报%d个，未报%d个。", count, sent, count - sent);
    if (*o->due) {
        buf_puts(out, "截止日期：");
        page_text(out, o->due);
    }
    buf_puts(out, "</p>\n<div class=\"scroll\"><table>\n<tr><th scope=\"col\">县（市）</th>"
                  "<th scope=\"col\">情况</th><th scope=\"col\">文件</th><th scope=\"col\">数据行"
                  "</th><th scope=\"col\">入库</th><th scope=\"col\">待核实</th>"
                  "<th scope=\"col\">最近报送</th></tr>\n");
    for (int i = 0; i < count; i++)
        put_row(out, &all[i]);
    buf_puts(out, "</table></div>\n");
    put_reminder(out, o, all, count);
    free(all);
}

void page_overview(struct buf *out, const struct view *v)
{
    page_begin(out,
               &(struct page){
                   .title = "各县报送情况", .session = v->session, .who = "办公室", .wide = true});
    buf_puts(out, "<p><a class=\"button\" href=\"/\">刷新</a></p>\n");
    if (v->catalog->topic_count > 1)
        put_matrix(out, v);
    for (int i = 0; i < v->catalog->topic_count; i++)
        put_topic(out, v, &v->catalog->topics[i]);
    page_end(out);
}
