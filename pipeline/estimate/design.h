/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How the records of a topic were sampled and how they are weighted: sheets `design` and
 * `margins` of the topic, read and checked.  topics/README.md explains every row to staff.
 *
 *     struct design *d = design_read(topic);
 *     struct design_columns columns;
 *     if (design_columns(d, level, &columns) < 0) …
 *     design_free(d);
 *
 * Two routes.  With a frame (`frame`, survey/frame.h) the PSU is looked up by the code in the
 * record, and strata, weights and populations are those of the frame.  Without one, questions of
 * the form hold strata, clusters, weights and populations, as columns of a data frame do for R's
 * svydesign() and svrepdesign().
 */
#ifndef ESTIMATE_DESIGN_H
#define ESTIMATE_DESIGN_H

#include "estimate/calibration.h"
#include "estimate/replicates.h"
#include "survey/topic.h"

struct names {
    const char **items;
    int count;
};

/* One known total: sum of the weights of the records with these answers, or of a number. */
struct margin {
    struct names questions;
    struct names answers; /* none: the questions are one number, or none: all records */
    double total;
    const char *label; /* stype=E, for messages */
};

struct design {
    const struct topic *topic;
    struct arena arena;
    bool plain; /* questions, not a frame */
    struct names cluster, strata, fpc, weight, probability;
    bool nest;   /* cluster codes are unique within their stratum only */
    bool brewer; /* fpc are inclusion probabilities, pps = "brewer" */
    enum lonely lonely;
    struct replicate_plan replicates;
    struct names replicate_weights; /* patterns: repw* */
    bool combined;                  /* given replicate weights contain the weight */
    struct calibration_rule calibration;
    struct margin *margins;
    int margin_count;
    struct names *margin_variables; /* the different sets of questions, in order */
    int margin_variable_count;
    double trim_low, trim_high;
    bool trim_strict;
    const char *respondent; /* condition of the records that answered; "" all */
    struct names response_class;
};

/* NULL after messages. */
struct design *design_read(const struct topic *t);
void design_free(struct design *d);

/* The questions of a form that the design names, as indices; -1 for a stage without a question
 * (every record is a cluster).  Arrays belong to the design. */
struct question_list {
    int *items;
    int count;
};
struct design_columns {
    struct question_list cluster, strata, fpc, weight, probability, replicates;
    struct question_list classes; /* of categories of margins and of the response class */
    struct question_list numbers; /* of margins of numbers */
    bool calibrated;              /* the form has the questions of the margins */
    bool weight_matters;          /* units must not mix weights */
    struct expr *respondent;      /* or NULL; the caller frees */
};
/* For a sampled level without a level above it; -1 after messages. */
int design_columns(struct design *d, const struct level *l, struct design_columns *out);

/* Stages that variances look at: as many as have a correction, one at least. */
int design_stages(const struct design *d);

#endif
