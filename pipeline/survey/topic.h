/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A topic workbook: what is asked, of whom, how it was sampled, what is computed, and how it is
 * shown.  It stands at <root>/topics/<plan>/<NN>/topic.csv (or .xlsx); root, plan and number
 * are read off that path.  topics/README.md explains every sheet to staff.
 *
 *     struct topic *t = topic_read("topics/henan-2025/07/topic.csv");
 *     const struct level *l = topic_level(t, "members");
 *     topic_free(t);
 */
#ifndef SURVEY_TOPIC_H
#define SURVEY_TOPIC_H

#include "survey/analysis.h"
#include "survey/expr.h"
#include "survey/form.h"
#include "survey/published.h"
#include "survey/workbook.h"

/* Sheet `settings` and all other name/value sheets. */
struct setting {
    const char *name, *value;
};

/* Sheet `instruments`: one row a level, that is a form or a repeat of one. */
struct level {
    const char *name;        /* households: table, record file and message name */
    const char *label;       /* 住户 */
    const char *form_name;   /* 07-household: questionnaires/<plan>/07-household.csv or .xlsx */
    struct form *form;       /* shared by the levels of one form */
    const char *repeat_name; /* "" or member */
    int repeat;              /* index in form->repeats, or -1 */
    int parent;              /* index of the level one up, or -1 */
    const char *unit;        /* 户, 人, 村 */
    const char **key;        /* questions that make the record's key, joined by '-' */
    int key_count;
    const char *psu;       /* question with the PSU code, "" when there is none */
    const char *psu_name;  /* question with its name */
    const char *unit_kind; /* kind of the units in the unit list, "" for any */
    const char *county;    /* question with the county code */
    const char *evidence;  /* 抽样, 普查, 部门, 典型 */
    bool sampled;          /* evidence is 抽样: design weights apply */
    int stage;             /* sampled: 1 units are the PSUs (weight 1/p1), 2 units within them,
                              3 an equal share of those of every PSU, with the weight of these: good
                              for what does not change when all weights are multiplied */
};

/* Sheet `domains`. */
struct domain {
    const char *name, *label; /* county, 县（市） */
    const char *source;       /* "frame" (a column of the frame, constant in a PSU), "question",
                                 "cross" of two or three other domains, or a level whose records
                                 are the PSUs: what the village answered, for its households */
    const struct level *of;   /* that level; NULL: another source */
    const char *column;       /* frame column, question name, or names of domains */
    int factors[3];           /* of a cross: indices in topic->domains */
    int factor_count;
    const char *label_column; /* frame column with the printed name of the value, list of choices
                                 of a calculated question, or "" */
    struct setting *values;   /* code and printed label, in printing order */
    int value_count;          /* filled from the choices, or from the frame */
};

enum statistic {
    STAT_TOTAL,
    STAT_MEAN,
    STAT_SHARE,
    STAT_RATIO,
    STAT_MEDIAN,
    STAT_QUANTILE, /* p1 … p99 */
    STAT_VARIANCE,
    STAT_FGT, /* fgt0, fgt1, fgt2; the denominator is the poverty line */
    STAT_GINI,
    STAT_THEIL_T,
    STAT_THEIL_L,
    STAT_LORENZ, /* lorenz1 … lorenz99: the share of the poorest so many percent */
};

/* Sheet `indicators`. */
struct indicator {
    const char *name, *label, *unit;
    const char *short_label; /* heads of tables; the label when the sheet gives none */
    int level;               /* index in topic->levels */
    enum statistic statistic;
    const char *statistic_name; /* as in results.csv: total, mean, prop, median, p25 … */
    double quantile;            /* share below: 0.5 of a median, 0.25 of p25 and lorenz25; else 0 */
    double power;               /* of fgt */
    struct expr *expression;    /* value, condition of a share, or numerator */
    struct expr *denominator;   /* ratio only */
    struct expr *universe;      /* NULL: all records */
    const char *expression_text, *denominator_text, *universe_text; /* as compiled; "" */
    double scale; /* printed value = estimate x scale (100 for %) */
    int decimals;
    const char *better; /* high, low or "" */
    const char *definition, *source;
    const char *group, *group_label; /* name and label of the categories row, "" for others */
    long row;
};

/* Sheets `tables`, `charts`, `findings`: read as they are, shown by output/. */
struct exhibit {
    const char *id, *title, *type;
    const char **indicators;
    int indicator_count;
    const char *ranking; /* of a table of that type: the name in sheet indices; else "" */
    const char *by;      /* domain name, or "" */
    const char *show;    /* columns to show: estimate ci se n rse … */
    const char *note, *source;
    long row;
};
struct finding {
    const char *id, *when, *text;
    long row;
};

/* Sheet `aliases`: a head that counties of this plan or topic use. */
struct alias {
    const char *form_name, *question, *head;
};

struct topic {
    struct workbook *book;      /* texts below live in it, in plan_book or in the arena */
    struct workbook *plan_book; /* topics/<plan>/plan.csv: defaults of all its topics; or NULL */
    struct arena arena;
    const char *path, *root, *plan, *number; /* number as in the path, "07" */
    const char *folder;                      /* <root>/topics/<plan>/<NN> */
    const char *title;
    struct setting *settings, *design, *rules;
    int setting_count, design_count, rule_count;
    struct form **forms;
    const char **form_names;
    int form_count;
    struct level *levels;
    int level_count;
    struct domain *domains;
    int domain_count;
    struct indicator *indicators;
    int indicator_count;
    struct analysis *analyses; /* sheets tests, models, scales */
    int analysis_count;
    struct exhibit *tables, *charts;
    int table_count, chart_count;
    struct finding *findings;
    int finding_count;
    struct published *published;
    int published_count;
    struct alias *aliases;
    int alias_count;
};

/* Reads the topic and its questionnaires; prints every mistake with sheet, row and column; NULL
 * if there was one. */
struct topic *topic_read(const char *path);
/* Its workbooks and name/value sheets alone: for what is made before the questionnaires can be
 * read. */
struct topic *topic_open(const char *path);
void topic_free(struct topic *t);

/* Whether the distinct values of the cases are needed, not sums alone. */
bool statistic_needs_values(enum statistic s);

const char *topic_setting(const struct topic *t, const char *name); /* "" when absent */
const char *topic_design(const struct topic *t, const char *name);  /* "" when absent */
const char *topic_rule(const struct topic *t, const char *name);    /* "" when absent */
const struct level *topic_level(const struct topic *t, const char *name);
const struct level *topic_form_level(const struct topic *t, const char *form_name,
                                     const char *repeat_name);
const struct domain *topic_domain(const struct topic *t, const char *name);
/* Whether all records of a PSU have one value: source frame or a level. */
bool domain_of_psu(const struct domain *d);
const struct indicator *topic_indicator(const struct topic *t, const char *name);
/* The day of the survey, since 1970-01-01: rule survey_date, else today, else the real day. */
long topic_survey_day(const struct topic *t);
/* Path of a file beside the topic, arena-owned. */
const char *topic_file(struct topic *t, const char *name);

#endif
