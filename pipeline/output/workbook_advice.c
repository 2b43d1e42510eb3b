/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/workbook_advice.h"

#include "review/answers.h"
#include "survey/expr.h"

#include <string.h>

/* What the second half of the advice is made of, beside the text of the kind. */
enum form_of_answer {
    NOTHING,
    VALUE,     /* how this question is answered, and its constraint */
    DEPENDS,   /* the questions that decide whether this one is asked */
    AGREEMENT, /* its constraint, and the questions that it is compared with */
};

struct kind_text {
    const char *kind, *wrong, *expected;
    enum form_of_answer answer;
};

static const struct kind_text KINDS[] = {
    /* returned */
    {"bad_value", "填写的内容不能确定是什么，没有采用", "", VALUE},
    {"constraint", "填写的内容不符合问卷的要求", "", AGREEMENT},
    {"unit_suspect", "金额疑似用错了单位（万元当成元，或元当成万元）", "请核对单位", VALUE},
    {"id_bad",
     "身份证号码有误：位数或校验码不对，或与性别、出生年份不符，或被表格软件改成了科学计数",
     "请核对证件，写明18位号码；没有的写“不详”", NOTHING},
    {"code_bad", "代码有误：位数、校验码或开头的字符不对，或调查时没有这个行政区划代码",
     "请对照证书或行政区划代码表，写明正确的代码", NOTHING},
    {"skip_violation", "按问卷的跳转规定，这一题不应回答，却填写了",
     "如确实不应回答，请在“改为”栏写“" ANSWER_CLEAR "”；如应当回答，请改正前面的题", DEPENDS},
    {"required_blank", "应当回答，但是空着", "请补填；确实问不到的写“不详”", VALUE},
    {"count_mismatch", "这里填的数目与实际登记的行数不一致",
     "请核对：数目错的，在“改为”栏写正确的数；登记漏了或多了的，请补报或更正登记表", NOTHING},
    {"multi_conflict", "多选题的汇总栏与各选项的0/1栏不一致", "请写明究竟选了哪几项", VALUE},
    /* soft */
    {"balance", "合计与分项之和不一致", "请核对合计和各分项；确实如此的，写“" ANSWER_TRUE "”和原因",
     NOTHING},
    {"roster", "人数与登记表的行数不一致", "请核对；确实如此的，写“" ANSWER_TRUE "”和原因",
     NOTHING},
    {"condition", "需要说明或核实", "请照“问题”栏的要求答复；原来填错的，在“改为”栏写正确的",
     NOTHING},
    {"near_duplicate", "与另一份问卷的答案几乎完全相同",
     "请核对是否重复录入或没有入户；确实如此的，写“" ANSWER_TRUE "”和原因", NOTHING},
    {"similar_texts", "与本县另一份的文字几乎完全相同",
     "请核对是否抄录错了，或两处本来就用同一份文本；确实如此的，写“" ANSWER_TRUE "”和原因",
     NOTHING},
    /* held */
    {"village_unknown", "村代码和村名不能确定是本县的哪个样本村，整条记录暂未采用",
     "请对照样本村名单，在“改为”栏写正确的12位村代码", NOTHING},
    {"unit_unknown", "单位名单里没有这个名称、代码，没有采用",
     "请对照单位名单，在“改为”栏写正确的编号或名称；名单漏了的告诉课题组", NOTHING},
    {"unit_several", "填写的名称、代码不止一个单位用，不能确定是哪一个，没有采用",
     "请在“改为”栏写单位名单上的编号，或带上乡镇写全名", NOTHING},
    {"unit_ended", "填表时这个单位已经停用（合并、拆分、撤销）或还没有，没有采用",
     "请对照单位名单，在“改为”栏写现在的编号或名称", NOTHING},
    {"hhno_reused", "同一个村里不止一户用了这个户编号，内容又不相同，这几条记录都暂未采用",
     "请对照样本户名单，在编号写错的那一户的“改为”栏写正确的户编号", NOTHING},
    {"orphan_member", "这一行找不到它所属的户（或县），整条记录暂未采用",
     "请核对村代码和户编号是否写错；如果是住户漏报，请补报该户", NOTHING},
    {"truncated_row", "文件的最后一行没有写完，整条记录暂未采用", "请补全这一行，重新报送文件",
     NOTHING},
    /* file */
    {"file_duplicate", "整个文件与已报的文件内容相同，只算一份",
     "如果报错了文件，请把正确的报来；否则不必处理", NOTHING},
    {"file_encrypted", "文件加了密码，打不开", "请去掉密码，重新报送", NOTHING},
    {"file_empty", "文件是空的，没有内容", "请检查后重新报送", NOTHING},
    {"file_corrupt", "文件损坏或不完整，打不开", "请用原来的软件打开检查，另存后重新报送", NOTHING},
    {"file_format", "这种格式的文件读不了", "请另存或导出为.xlsx（压缩包请解压），重新报送",
     NOTHING},
    {"key_missing", "这张表没有编号栏，不知道各行是谁的，整张表没有读入",
     "请补上编号栏（如村代码、户编号）后重新报送", NOTHING},
    {"file_type", "文件的扩展名与实际格式不符，已按实际格式读取",
     "不必处理；以后请用软件的“另存为”改格式，不要只改文件名", NOTHING},
    /* repaired */
    {"fullwidth", "全角数字、字母改成了半角", "", NOTHING},
    {"num_format", "去掉了数字或号码中的千分位、单位、空格等", "", NOTHING},
    {"cn_number", "中文数字改成了阿拉伯数字", "", NOTHING},
    {"date_format", "日期改成了统一的写法", "", NOTHING},
    {"multi_sep", "多选题的分隔符改成了统一的写法", "", NOTHING},
    {"label_variant", "选项的写法改成了与问卷一致", "", NOTHING},
    {"village_name", "村代码按村名（或工作表名）补正", "", NOTHING},
    {"unit_former", "用的是从前的名称或代码，已按单位名单改为现在的", "", NOTHING},
    {"unit_alias", "名称的另一种写法，已按单位名单认定", "", NOTHING},
    {"unit_name", "名单上没有这个名称，已按代码（编号）认定；改了名的请告诉课题组", "", NOTHING},
    {"unit_code", "名单上没有这个代码（编号），已按名称认定", "", NOTHING},
    {"unit_successor", "这个单位已停用，已按单位名单记到接续的单位", "", NOTHING},
    {"missing_code", "按“问了，没有答案”处理", "", NOTHING},
    {"none_zero", "“无”按0处理", "", NOTHING},
    {"calc_mismatch", "合计、差额等按公式重新计算，以重算数为准", "", NOTHING},
    {"county_code", "所在县（市）以村代码（单位编号）为准", "", NOTHING},
    {"unit_header", "表头写明的单位与问卷不同，整列已换算", "", NOTHING},
    {"control_char", "删去了看不见的控制字符", "", NOTHING},
    /* dropped and notices */
    {"duplicate", "与前面一条完全相同，只留一份", "", NOTHING},
    {"superseded", "已由更正的内容替代", "", NOTHING},
    {"unit_absent", "上一轮有、这一轮还没有报的单位；漏报的请补报，已合并、撤销的告诉课题组", "",
     NOTHING},
    {"code_unknown", "行政区划代码表里没有这个代码，可能是近年新设的，照常采用", "", NOTHING},
    {"personal_value", "这一格是手机号码或身份证号码，不留在清理后的记录里", "", NOTHING},
    {"form_version", "问卷版本不是现行版本，题目一致的照常采用", "", NOTHING},
    {"extra_field", "问卷里没有这一栏，没有采用", "", NOTHING},
    {"unknown_form", "没有找到本课题问卷的表头，没有采用。若是本课题的资料，请照填报表写好表头后重报", "", NOTHING},
    {"answer_stale", "回填单里的这一条没有用上：文件或这一格的内容后来又变了", "", NOTHING},
    {"answer_in_place", "直接改在回填单后面的表里，没有采用；请写在“改为”栏", "", NOTHING},
};

static const struct kind_text *text_of(const char *kind)
{
    static const struct kind_text other = {"", "请核实", "请核实后填写", VALUE};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (strcmp(KINDS[i].kind, kind) == 0)
            return &KINDS[i];
    return &other;
}

void advice_wrong(struct buf *out, const struct problem *p)
{
    bool about = kind_is_check(p->kind) || kind_of_unit(p->kind);
    about = about && p->corrected && *p->corrected;
    buf_printf(out, "%s%s%s", text_of(p->kind)->wrong, about ? "：" : "",
               about ? p->corrected : "");
}

/* ---- what is expected --------------------------------------------------------------------- */

/* Begins a further sentence. */
static void put_next(struct buf *out, const char *sentence)
{
    const char *text = buf_text(out);
    bool ended = ends_with(text, "。") || ends_with(text, "？") || ends_with(text, "！");
    if (*text && !ended && *sentence)
        buf_puts(out, "。");
    buf_puts(out, sentence);
}

static void put_choices(struct buf *out, const struct question *q)
{
    enum { SHOWN = 15 };
    put_next(out, q->type == Q_SELECT_ONE ? "请选一项：" : "可选几项，用顿号隔开：");
    for (int i = 0; i < q->list->count && i < SHOWN; i++)
        buf_printf(out, "%s%s", i ? "、" : "", q->list->choices[i].label);
    if (q->list->count > SHOWN)
        buf_printf(out, "等%d项，见问卷", q->list->count);
}

static void put_form(struct buf *out, const struct problem *p)
{
    const struct question *q = p->question;
    switch (q->type) {
    case Q_SELECT_ONE:
    case Q_SELECT_MULTIPLE:
        put_choices(out, q);
        break;
    case Q_INTEGER:
        put_next(out, "请填整数");
        break;
    case Q_DECIMAL:
        put_next(out, "请填一个数");
        break;
    case Q_DATE:
        put_next(out, "请填年月日，如 2025-04-11");
        break;
    default:
        break;
    }
    if (*q->unit && (q->type == Q_INTEGER || q->type == Q_DECIMAL))
        buf_printf(out, "，单位%s%s", p->scaled ? "照表头" : "是", p->scaled ? "" : q->unit);
}

/* Names the other questions that an expression looks at, "与 A、B 有关". */
static void put_references(struct buf *out, const struct expr *e, const struct question *self,
                           const struct form *form, const char *before, const char *after)
{
    int count = 0, named = 0;
    const int *indices = e ? expr_references(e, &count) : NULL;
    for (int i = 0; i < count && named < 6; i++) {
        const struct question *q = &form->questions[indices[i]];
        if (q == self)
            continue;
        if (named == 0)
            put_next(out, before);
        buf_printf(out, "%s“%s”", named ? "、" : "", question_caption(q));
        named++;
    }
    if (named)
        buf_puts(out, after);
}

static void put_answer(struct buf *out, const struct problem *p, enum form_of_answer answer)
{
    const struct question *q = p->question;
    const struct form *form = p->level ? p->level->form : NULL;
    if (!q)
        return;
    if (answer == VALUE)
        put_form(out, p);
    if (answer == DEPENDS && form)
        put_references(out, q->relevant, q, form, "这一题问不问，要看", "怎样填");
    if (answer != NOTHING && answer != DEPENDS)
        put_next(out, q->constraint_message ? q->constraint_message : "");
    if (answer == AGREEMENT && form)
        put_references(out, q->constraint, q, form, "请与", "对照");
}

void advice_expected(struct buf *out, const struct problem *p)
{
    const struct kind_text *k = text_of(p->kind);
    if (!p->asked)
        return;
    buf_puts(out, k->expected);
    put_answer(out, p, k->answer);
    bool confirmable = kind_confirmable(p->kind, p->question);
    if (p->explained)
        put_next(out, confirmable ? "上次的核实说明没有写清原因，请补写"
                                  : "上次的核实说明收到了，但这一题不能例外，请改正");
    if (confirmable)
        put_next(out, "如果没有填错，请在“核实说明”栏写“" ANSWER_TRUE "”和原因");
    else if (*p->field && out->len == 0)
        buf_puts(out, "请核实后在“改为”栏写正确的内容");
}
