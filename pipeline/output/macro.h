/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The macros by which staff write numbers in the narrative, the findings and the notes.  They
 * are expanded here and not in TeX, so that a wrong name is reported with file and line.
 *
 *     外出务工户占\est{out_hh}，其中脱贫户占\est[hh_type=1]{out_hh}。
 *
 *   \est{i}  \ci{i}  \se{i}  \rse{i}  \n{i}     value, 95% interval, standard error, relative
 *                                standard error in %, unweighted n of an indicator
 *       [county=411525] [hh_type=脱贫户]  of a domain value, by code or printed name
 *       [in=万]                  in ten thousands (or 亿), one decimal; 万 is printed
 *       [decimals=1] [plain]     other decimals; no % sign
 *   \max[county]{i}  \min[county]{i}            name of the domain value with the largest value
 *   \maxest[county]{i}  \minest[county]{i}      that value
 *   \rank[county=411525]{i}      its rank, 1 the best (or the largest, when neither is better)
 *   \top[county,3]{i}            the first three: 新县（45.3%）、嵩县（41.0%）…; ties
 *                                together: 江苏、上海与新疆（均为3县）
 *   \top[categories,3]{needs}    the three most frequent answers of a categories indicator
 *   \distinct{village}           how many categories (or, with [county], values) are not 0
 *   \compare[hh_type=1][hh_type=3]{i}   高3.2个百分点 / 低120 / 持平, first against second; one
 *                                [] against the whole.  Of a sample the design's test decides:
 *                                （差异不显著） is added when it does not tell them apart, and a
 *                                pair that was not tested is an error
 *   \versus[hh_type=1][hh_type=3]{i}    高于一般农户 / 低于一般农户 / 与一般农户无显著差异
 *   \about{i}                    a share in words: 约三成 (29-31), 三成多 (31-37), 近四成,
 * 一半以上, 不到一成 \ofwhich[county=411525]{i}   其中固始县120人: a part of a total
 *   \change[before]{after}       提高3.2个百分点 (of %) or 增长12.3%: two indicators of one unit
 *   \count{returned}  \count[county=411525]{accepted:households}   counts of the data quality;
 *       {counties} sent something, {counties-asked}, {psus} sampled units with records;
 *       {published-agree}, {published-differ}: figures of sheet `published` so compared
 *   \place[county=411525]{index}    第3名（抽样误差内为第2至第5，去掉任何一个指标为第3至第4）: its
 * place in a ranking of sheet `indices`, never without its ranges \alike{index}
 * 名次相邻而不分先后的有：新县与嵩县、嵩县与鲁山县 \coupling[county=411525]{index}
 * 0.713（中级协调），按修正公式为0.652（初级协调） \consistency{index}          the consistency
 * ratio of AHP weights \pvalue{test}  \scale{name}  P of a test (0.032, 小于0.001); alpha or kappa
 *   \tested{test}                差异显著（P值0.032）, 没有发现显著关联（P值0.350）
 *   \scope{}                     已报送的8个县（市）, or 14个县（市） when all have reported
 *   \setting{period}             a line of the topic's sheet `settings`
 *   \published{boys-share}       a figure of sheet `published`, as its source prints it
 *   \differences{}               those that differ: 男生占比（原文41.2%，按资料算41.8%）、…
 *   \showtable{id}  \showchart{id}     puts the table or chart here
 *   \tableref{id}  \figref{id}   表3, 图2
 *
 * A known macro that is not followed by [ or { is left to LaTeX (\min, \max of formulas), and so
 * is all else; a comment (% to the end of the line) is copied as it is.  An unknown indicator,
 * domain or value, and a withheld number, are errors.  Line ends are kept.
 */
#ifndef OUTPUT_MACRO_H
#define OUTPUT_MACRO_H

#include "output/results.h"

struct macros {
    struct results *results;
    /* Puts a table or chart into the text; NULL where \showtable has no place.  Returns 0 or -1
     * after a message. */
    int (*show)(struct buf *out, struct macros *m, const struct exhibit *x, bool chart);
    bool links;         /* numbers link to their definition (\numlink) */
    int *table_numbers; /* of topic->tables; 0 until numbered */
    int *chart_numbers;
    int last_table, last_chart;
    int withheld; /* withheld numbers met so far; each is also an error unless `lenient` */
    bool lenient; /* withheld numbers are counted, not reported */
};

void macros_init(struct macros *m, struct results *r);
void macros_free(struct macros *m);

/* Number the tables and charts in the order in which the text shows them; after the last text,
 * macros_number_rest() numbers those that nothing shows.  Returns 0, or -1 after messages. */
int macros_number(struct macros *m, const char *text, const char *file, long line);
void macros_number_rest(struct macros *m);

/* Appends the text with its macros expanded; `line` is the line (or row) of its first line.
 * Returns 0, or -1 after messages for every mistake. */
int macros_expand(struct macros *m, struct buf *out, const char *text, const char *file, long line);

/* The same for a cell of the topic workbook, where % & # are just characters. */
int macros_expand_cell(struct macros *m, struct buf *out, const char *text, const char *sheet,
                       long row);

/* Comparisons joined by "and": \est{a} >= 60 and \n{a} > \n[hh_type=1]{a}; operands are numbers
 * and the macros \est \n \se \rse \count \published, as printed.  Empty is true.  Returns 1 or 0,
 * or -1 after a message; a withheld number makes it false. */
int macros_condition(struct macros *m, const char *text, const char *file, long line);

#endif
