/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "estimate/quality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int read_threshold(const struct topic *t, const char *name, double otherwise, double *out)
{
    const char *text = topic_rule(t, name);
    if (!*text)
        text = topic_design(t, name);
    char *end;
    *out = *text ? strtod(text, &end) : otherwise;
    if (*text && (*end || !(*out >= 0)))
        return error_at(
            (struct place){.file = t->path, .sheet = "rules", .column = name, .text = text},
            "应为不小于0的数");
    return 0;
}

int quality_read(const struct topic *t, struct quality *q)
{
    int rc = read_threshold(t, "n_withhold", 3, &q->n_withhold);
    rc |= read_threshold(t, "n_bracket", 30, &q->n_bracket);
    rc |= read_threshold(t, "rse_bracket", 0.30, &q->rse_bracket);
    rc |= read_threshold(t, "rse_withhold", 0.50, &q->rse_withhold);
    rc |= read_threshold(t, "df_withhold", 2, &q->df_withhold);
    rc |= read_threshold(t, "dominance_k", 0.85, &q->dominance_k);
    rc |= read_threshold(t, "dominance_p", 0.15, &q->dominance_p);
    q->confidential = topic_rule(t, "confidential_levels");
    return rc;
}

char quality_mark(const struct quality *q, const struct estimate *e)
{
    if (isnan(e->value))
        return '-';
    double rse = e->se == 0 ? 0 : e->se / fabs(e->value);
    if ((double)e->n < q->n_withhold || rse > q->rse_withhold || e->df < q->df_withhold)
        return 'x';
    if ((double)e->n < q->n_bracket || rse > q->rse_bracket || isnan(rse))
        return 'b';
    return ' ';
}

char quality_mark_census(const struct quality *q, const struct estimate *e, bool persons)
{
    if (isnan(e->value))
        return '-';
    return persons && (double)e->n < q->n_withhold ? 'x' : ' ';
}

static bool is_listed(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; (p = strstr(p, word)); p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return true;
    return false;
}

bool quality_secret(const struct quality *q, const struct level *l)
{
    return is_listed(q->confidential, l->name);
}

bool quality_personal(const struct quality *q, const struct level *l)
{
    return strcmp(l->unit, "人") == 0 || strcmp(l->unit, "户") == 0 || quality_secret(q, l);
}

bool quality_confidential(const struct quality *q, const struct level *l)
{
    return l->sampled || quality_personal(q, l);
}

double quality_dominance(const struct quality *q, const struct level *l, double total,
                         const double *top)
{
    double size = fabs(total), rest = size - top[0] - top[1];
    bool dominates = top[0] + top[1] > q->dominance_k * size || rest < q->dominance_p * top[0];
    return quality_secret(q, l) && size > 0 && dominates ? q->dominance_p * top[0] : 0;
}
