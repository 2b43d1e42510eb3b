/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/pages.h"

#include "web/uploads.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- signing in, messages ------------------------------------------------------------------- */

void page_sign_in(struct buf *out, const char *token, const char *code, const char *why)
{
    page_begin(out, &(struct page){.title = "请登录"});
    if (*why)
        page_notice(out, "bad", why);
    buf_puts(out, "<form method=\"post\" action=\"/sign-in\" class=\"card\">\n");
    page_token(out, token);
    buf_puts(out, "<p><label for=\"code\">县代码（6位数字）</label><br>\n"
                  "<input id=\"code\" name=\"code\" type=\"text\" maxlength=\"12\" "
                  "autocomplete=\"username\" autocapitalize=\"none\" required value=\"");
    page_text(out, code);
    buf_puts(
        out,
        "\"></p>\n<p><label for=\"passphrase\">口令（12位数字，短横线写不写都行）</label><br>\n"
        "<input id=\"passphrase\" name=\"passphrase\" type=\"password\" maxlength=\"60\" "
        "autocomplete=\"current-password\" required></p>\n"
        "<p><button type=\"submit\">登　录</button></p>\n</form>\n"
        "<p>县代码和口令是办公室发给您县的。口令忘了，请办公室重发。</p>\n");
    page_end(out);
}

static const char *who(const struct view *v)
{
    const char *account = v->session->account.name;
    const char *name = catalog_county_name(v->catalog, account);
    return session_is_staff(v->session) ? "办公室" : *name ? name : account;
}

static void begin(struct buf *out, const struct view *v, const char *title, int refresh)
{
    page_begin(out, &(struct page){.title = title,
                                   .session = v->session,
                                   .who = v->session ? who(v) : "",
                                   .refresh = refresh,
                                   .wide = v->session && session_is_staff(v->session)});
}

void page_message(struct buf *out, const struct view *v, const char *kind, const char *title,
                  const char *why, const char *link, const char *link_text)
{
    begin(out, v, title, 0);
    page_notice(out, kind, why);
    buf_puts(out, "<p><a class=\"button\" href=\"");
    page_text(out, link);
    buf_puts(out, "\">");
    page_text(out, link_text);
    buf_puts(out, "</a></p>\n");
    page_end(out);
}

/* ---- one topic: how it stands --------------------------------------------------------------- */

static bool is_checking(const struct submission *s)
{
    return s->state == CHECK_WAITING || s->state == CHECK_RUNNING;
}

static void put_number(struct buf *out, const struct submission *s)
{
    buf_printf(out, "课题%d", atoi(s->offered->topic->number));
}

static void put_due(struct buf *out, const struct submission *s)
{
    if (*s->offered->due) {
        buf_puts(out, "截止日期：");
        page_text(out, s->offered->due);
    }
}

/* What the check found, in a sentence. */
static void put_result(struct buf *out, const struct submission *s)
{
    const struct summary *f = &s->summary;
    if (f->rows == 0) {
        page_notice(
            out, "bad",
            "文件收到了，但是里面没有找到这个课题的数据。请看是不是选错了文件、选错了课题。");
        return;
    }
    struct buf text = {0};
    if (f->open)
        buf_printf(&text, "检查完了：有 %ld 处要请您核实，见下面。", f->open);
    else
        buf_puts(&text, "检查完了：没有发现问题。谢谢！");
    buf_printf(&text, "收到数据 %ld 行，已采用 %ld 行。", f->rows, f->accepted);
    if (f->repaired)
        buf_printf(&text, "另有 %ld 处写法已替您规范，不用管。", f->repaired);
    page_notice(out, f->open ? "plain" : "good", text.text);
    buf_free(&text);
}

/* A page with a form is not fetched again by itself: what was chosen in it would be lost. */
static void put_state(struct buf *out, const struct submission *s, int files, bool refreshes)
{
    if (files == 0)
        page_notice(out, "plain", "还没有收到您县的资料。");
    else if (is_checking(s))
        page_notice(out, "plain",
                    refreshes
                        ? "正在检查您报来的文件，一般几秒钟。本页会自动更新，请稍等。"
                        : "正在检查您报来的文件，一般几秒钟。过一会儿请按下面的“看检查结果”。");
    else if (s->state == CHECK_FAILED)
        page_notice(out, "bad",
                    "文件已经收下，但是没能检查完。不用重报，办公室会处理。"
                    "如果文件特别大，可以去掉照片等内容再报一次。");
    else if (s->state == CHECK_DONE)
        put_result(out, s);
}

/* ---- problems ------------------------------------------------------------------------------- */

static void put_line(struct buf *out, const char *name, const char *text)
{
    if (!*text)
        return;
    buf_printf(out, "<p><b>%s</b>", name);
    page_text(out, text);
    buf_puts(out, "</p>\n");
}

/* 住户.csv 第5行“联系电话”栏 */
static void put_place(struct buf *out, const struct found *p)
{
    page_text(out, received_shown(p->text[FOUND_FILE]));
    if (*p->text[FOUND_SHEET]) {
        buf_puts(out, "，工作表“");
        page_text(out, p->text[FOUND_SHEET]);
        buf_puts(out, "”");
    }
    if (*p->text[FOUND_ROW]) {
        bool digits = strspn(p->text[FOUND_ROW], "0123456789") == strlen(p->text[FOUND_ROW]);
        buf_puts(out, digits ? "，第" : "，");
        page_text(out, p->text[FOUND_ROW]);
        buf_puts(out, digits ? "行" : "列");
    }
    if (*p->text[FOUND_COLUMN]) {
        bool bracketed = strncmp(p->text[FOUND_COLUMN], "（", 3) == 0;
        buf_puts(out, bracketed ? "" : "，“");
        page_text(out, p->text[FOUND_COLUMN]);
        buf_puts(out, bracketed ? "" : "”栏");
    }
}

static void put_problem(struct buf *out, const struct found *p)
{
    buf_puts(out, "<li>\n<p class=\"place\">");
    put_place(out, p);
    buf_puts(out, "</p>\n");
    put_line(out, "记录编号：", p->text[FOUND_KEY]);
    put_line(out, "原来填的：", p->text[FOUND_ORIGINAL]);
    put_line(out, "问题：", p->text[FOUND_WRONG]);
    put_line(out, "怎样改：", p->text[FOUND_EXPECTED]);
    buf_puts(out, "</li>\n");
}

static void put_button(struct buf *out, const struct submission *s, const char *file,
                       const char *text)
{
    buf_printf(out, "<a class=\"button\" href=\"/topics/%s/%s\">%s</a>\n", s->offered->id, file,
               text);
}

/* What to do about them, first of all. */
static void put_steps(struct buf *out, const struct submission *s)
{
    if (s->state != CHECK_DONE || !s->summary.open)
        return;
    buf_puts(out, "<h2>怎样核实</h2>\n<div class=\"card\">\n<ol>\n<li>点这个按钮，把<b>回填单</b>"
                  "存到电脑上，用 WPS 打开：<br>\n");
    put_button(out, s, "returns.xlsx", "下载回填单");
    buf_puts(out, "</li>\n<li>在“改为”栏写正确的内容；没有填错的，在“核实说明”栏写“情况属实”"
                  "和原因；</li>\n<li>存盘，再在下面“报送文件”那里报上来。</li>\n</ol>\n"
                  "<p>也可以直接改好您原来的表，再报一次，报的时候选“改好的资料”。</p>\n</div>\n");
}

static void put_problems(struct buf *out, const struct submission *s)
{
    struct findings f;
    if (s->state != CHECK_DONE)
        return;
    char *path = check_file(s, CHECK_PROBLEMS);
    if (findings_read(&f, path, PROBLEMS_SHOWN) == 0 && f.total) {
        buf_printf(out, "<h2 id=\"problems\">要核实的内容（%ld处）</h2>\n", f.total);
        buf_puts(out, "<ol class=\"problems\">\n");
        for (int i = 0; i < f.count; i++)
            put_problem(out, &f.items[i]);
        buf_puts(out, "</ol>\n");
        if (f.total > f.count)
            buf_printf(out, "<p>这里只列前%d处，其余%ld处见回填单。</p>\n", f.count,
                       f.total - f.count);
    }
    findings_free(&f);
    free(path);
}

/* ---- sending -------------------------------------------------------------------------------- */

static void put_upload_form(struct buf *out, const struct view *v, const struct submission *s,
                            int files)
{
    buf_printf(out,
               "<h2>报送文件</h2>\n<form method=\"post\" enctype=\"multipart/form-data\" "
               "action=\"/topics/%s/files\" class=\"card upload\" data-most=\"%ld\">\n",
               s->offered->id, v->upload_mb);
    page_token(out, v->session->token);
    buf_puts(out, "<p><label for=\"files\">选您要报的文件（可以一次选几个）</label><br>\n"
                  "<input id=\"files\" name=\"files\" type=\"file\" multiple required></p>\n");
    if (files && *s->offered->correction)
        buf_puts(out, "<fieldset>\n<legend>这次报的是</legend>\n"
                      "<p><label><input type=\"radio\" name=\"kind\" value=\"new\" checked> "
                      "新的资料，或者填好的回填单</label></p>\n"
                      "<p><label><input type=\"radio\" name=\"kind\" value=\"correction\"> "
                      "改好的资料（代替以前报的同一户、同一村）</label></p>\n</fieldset>\n");
    buf_puts(out, "<p><button type=\"submit\">报　送</button></p>\n"
                  "<p>WPS、Excel 表格、CSV、手机采集的压缩包都可以，不用改名，不用改格式。"
                  "Word、PDF、照片读不了。</p>\n</form>\n");
}

static void put_forms(struct buf *out, const struct submission *s)
{
    const struct topic *t = s->offered->topic;
    char *workbook = county_workbook(s);
    struct buf papers = {0};
    for (int i = 0; i < t->form_count; i++) {
        char *path = paper_form(s, i);
        if (path) {
            buf_printf(&papers, "<li><a href=\"/topics/%s/paper/%d\">纸质问卷：", s->offered->id,
                       i + 1);
            page_text(&papers, t->forms[i]->title);
            buf_puts(&papers, "（PDF，可打印）</a></li>\n");
        }
        free(path);
    }
    if (workbook || papers.len) {
        buf_puts(out, "<h2>空白的表</h2>\n<ul class=\"card plain\">\n");
        if (workbook)
            buf_printf(out,
                       "<li><a href=\"/topics/%s/form.xlsx\">您县的填报表（Excel，"
                       "用 WPS 打开填写）</a></li>\n",
                       s->offered->id);
        buf_puts(out, buf_text(&papers));
        buf_puts(out, "</ul>\n");
    }
    buf_free(&papers);
    free(workbook);
}

static void put_file(struct buf *out, const struct received *r)
{
    buf_puts(out, "<li><b>");
    page_text(out, r->shown);
    buf_puts(out, "</b><br>");
    page_time(out, r->when);
    buf_puts(out, "，");
    page_size(out, r->bytes);
}

static void put_withdrawal(struct buf *out, const struct view *v, const struct submission *s,
                           const struct received *r)
{
    buf_printf(out, "\n<form method=\"post\" action=\"/topics/%s/withdraw\">", s->offered->id);
    page_token(out, v->session->token);
    buf_puts(out, "<input type=\"hidden\" name=\"file\" value=\"");
    page_text(out, r->stored);
    buf_puts(out, "\"><button type=\"submit\" class=\"small\" aria-label=\"撤回 ");
    page_text(out, r->shown);
    buf_puts(out, "\">撤回</button></form>");
}

static void put_received(struct buf *out, const struct view *v, const struct submission *s,
                         const struct received_list *list)
{
    enum { SHOWN = 200 };
    if (list->count == 0)
        return;
    buf_printf(out, "<h2>已经收到的文件（%d个）</h2>\n<ul class=\"card files\">\n", list->count);
    for (int i = 0; i < list->count && i < SHOWN; i++) {
        const struct received *r = &list->items[i];
        put_file(out, r);
        if (*r->receipt) {
            buf_printf(out, "，回执号 %s", r->receipt);
            put_withdrawal(out, v, s, r);
        }
        buf_puts(out, "</li>\n");
    }
    buf_puts(out, "</ul>\n<p>报错了的文件可以撤回。填错了不用撤回，照上面说的改就行。</p>\n");
}

static void put_heading(struct buf *out, const struct submission *s)
{
    buf_puts(out, "<p class=\"topic\">");
    page_text(out, s->offered->topic->title);
    buf_puts(out, "</p>\n");
    if (*s->offered->due) {
        buf_puts(out, "<p>");
        put_due(out, s);
        buf_puts(out, "</p>\n");
    }
}

static void put_foot(struct buf *out, const struct view *v, const struct submission *s)
{
    const char *contact = topic_setting(s->offered->topic, "contact");
    int topics = 0;
    for (int i = 0; i < v->catalog->submission_count; i++)
        topics += strcmp(v->catalog->submissions[i].county, s->county) == 0;
    if (topics > 1)
        buf_puts(out, "<p><a href=\"/\">回到课题列表</a></p>\n");
    if (*contact)
        put_line(out, "有疑问请联系：", contact);
}

/* ---- whole pages ---------------------------------------------------------------------------- */

enum { REFRESH = 2 };

void page_topic(struct buf *out, const struct view *v, struct submission *s)
{
    struct received_list list;
    struct buf title = {0};
    checks_want_if_new(v->checks, s);
    received_read(&list, s);
    put_number(&title, s);
    begin(out, v, title.text, 0);
    put_heading(out, s);
    put_state(out, s, list.count, false);
    if (list.count && is_checking(s)) {
        buf_puts(out, "<p>");
        put_button(out, s, "", "看检查结果");
        buf_puts(out, "</p>\n");
    }
    put_steps(out, s);
    put_upload_form(out, v, s, list.count);
    put_problems(out, s);
    put_forms(out, s);
    put_received(out, v, s, &list);
    put_foot(out, v, s);
    page_end(out);
    received_free(&list);
    buf_free(&title);
}

static void put_receipt(struct buf *out, const struct received_list *list, const char *receipt,
                        bool again)
{
    page_notice(out, "good",
                again ? "这个文件以前已经收到过，内容完全一样，不用再报。" : "收到了！");
    buf_puts(out, "<div class=\"card\">\n<p>回执号：<span class=\"receipt\">");
    page_text(out, receipt);
    buf_puts(out, "</span></p>\n<ul class=\"files\">\n");
    for (int i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].receipt, receipt) != 0)
            continue;
        put_file(out, &list->items[i]);
        buf_puts(out, "</li>\n");
    }
    buf_puts(out, "</ul>\n</div>\n");
}

void page_receipt(struct buf *out, const struct view *v, struct submission *s, const char *receipt,
                  bool again)
{
    struct received_list list;
    struct buf title = {0};
    checks_want_if_new(v->checks, s);
    received_read(&list, s);
    put_number(&title, s);
    buf_puts(&title, "　报送回执");
    begin(out, v, title.text, is_checking(s) ? REFRESH : 0);
    put_receipt(out, &list, receipt, again);
    put_state(out, s, list.count, true);
    buf_puts(out, "<p>");
    buf_printf(out, "<a class=\"button\" href=\"/topics/%s\">%s</a></p>\n", s->offered->id,
               s->state == CHECK_DONE && s->summary.open ? "看要核实的内容，报送改好的"
                                                         : "继续报送其他文件");
    put_problems(out, s);
    put_foot(out, v, s);
    page_end(out);
    received_free(&list);
    buf_free(&title);
}

static void put_card(struct buf *out, const struct view *v, struct submission *s)
{
    struct received_list list;
    checks_want_if_new(v->checks, s);
    received_read(&list, s);
    buf_puts(out, "<li class=\"card\">\n<p class=\"topic\">");
    put_number(out, s);
    buf_puts(out, "　");
    page_text(out, s->offered->topic->title);
    buf_puts(out, "</p>\n<p>");
    put_due(out, s);
    buf_puts(out, *s->offered->due ? "　" : "");
    if (list.count == 0)
        buf_puts(out, "还没有报");
    else if (s->state == CHECK_DONE)
        buf_printf(out,
                   s->summary.open ? "已收到%d个文件，还有<b>%ld处</b>要核实"
                                   : "已收到%d个文件，没有问题",
                   list.count, s->summary.open);
    else
        buf_printf(out, "已收到%d个文件", list.count);
    buf_puts(out, "</p>\n<p>");
    buf_printf(out, "<a class=\"button\" href=\"/topics/%s\">进入", s->offered->id);
    put_number(out, s);
    buf_puts(out, "</a></p>\n</li>\n");
    received_free(&list);
}

void page_county(struct buf *out, const struct view *v)
{
    const char *county = v->session->account.name;
    struct submission *only = NULL;
    int count = 0;
    for (int i = 0; i < v->catalog->submission_count; i++)
        if (strcmp(v->catalog->submissions[i].county, county) == 0 && count++ == 0)
            only = &v->catalog->submissions[i];
    if (count == 1) {
        page_topic(out, v, only);
        return;
    }
    begin(out, v, "要报的课题", 0);
    if (count == 0)
        page_notice(out, "plain", "现在没有要您县报送的课题。");
    buf_puts(out, "<ul class=\"topics\">\n");
    for (int i = 0; i < v->catalog->submission_count; i++)
        if (strcmp(v->catalog->submissions[i].county, county) == 0)
            put_card(out, v, &v->catalog->submissions[i]);
    buf_puts(out, "</ul>\n");
    page_end(out);
}

/* ---- files to fetch ------------------------------------------------------------------------- */

static char *made_form(const struct submission *s, const char *folder, const char *name,
                       const char *extension)
{
    const struct topic *t = s->offered->topic;
    struct buf path = {0};
    buf_printf(&path, "%s/reports/%s/%s/forms/%s/%s%s", t->root, t->plan, t->number, folder, name,
               extension);
    if (access(path.text, R_OK) == 0)
        return path.text;
    buf_free(&path);
    return NULL;
}

char *county_workbook(const struct submission *s)
{
    return made_form(s, "county", s->county, ".xlsx");
}

char *paper_form(const struct submission *s, int form)
{
    const struct topic *t = s->offered->topic;
    return form < 0 || form >= t->form_count ? NULL
                                             : made_form(s, "paper", t->form_names[form], ".pdf");
}
