/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/catalog.h"

#include "base/arena.h"
#include "base/message.h"
#include "base/text.h"
#include "web/accounts.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* ---- folders -------------------------------------------------------------------------------- */

/* What a county's name may not have where it is part of a path that make reads. */
static bool plain_name(const char *name)
{
    return *name && !strpbrk(name, "/'$#\\`\n\r:;|&<>\"*?% \t");
}

/* Whether a folder of that name is the county's: as pipeline/prepare.c has it. */
static bool is_folder_of(const struct submission *s, const char *name)
{
    size_t n = strspn(name, "0123456789");
    return n >= 6 ? strlen(s->county) == n && strncmp(name, s->county, n) == 0
                  : *s->name && strcmp(name, s->name) == 0;
}

static char *data_folder(const struct topic *t, const char *name)
{
    struct buf path = {0};
    buf_printf(&path, "%s/data/%s/%s/%s", t->root, t->plan, t->number, name);
    return path.text;
}

void submission_find_folder(struct submission *s)
{
    struct buf name = {0};
    char *parent = data_folder(s->offered->topic, "");
    DIR *d = opendir(parent);
    for (struct dirent *e; d && !name.len && (e = readdir(d));)
        if (e->d_name[0] != '.' && is_folder_of(s, e->d_name))
            buf_puts(&name, e->d_name);
    if (d)
        closedir(d);
    if (!name.len)
        buf_printf(&name, plain_name(s->name) ? "%s-%s" : "%s", s->county, s->name);
    free(parent);
    free(s->folder);
    s->folder = data_folder(s->offered->topic, name.text);
    buf_free(&name);
}

/* ---- reading -------------------------------------------------------------------------------- */

static void add_submission(struct catalog *c, const struct offered *o, const char *county,
                           const char *name)
{
    struct buf work = {0};
    const struct topic *t = o->topic;
    if (catalog_submission(c, o, county) || !account_name_valid(county))
        return;
    GROW(c->submissions, c->submission_count, c->room);
    struct submission *s = &c->submissions[c->submission_count++];
    buf_printf(&work, "%s/reports/%s/%s/receive/%s", t->root, t->plan, t->number, county);
    *s = (struct submission){.offered = o, .county = county, .name = name, .work = work.text};
    submission_find_folder(s);
}

static void add_counties(struct catalog *c, const struct offered *o, const struct topic *of)
{
    const struct domain *d = topic_domain(of, "county");
    for (int i = 0; d && i < d->value_count; i++)
        add_submission(c, o, d->values[i].name, d->values[i].value);
}

static int by_topic_and_county(const void *a, const void *b)
{
    const struct submission *x = a, *y = b;
    return x->offered != y->offered ? (x->offered < y->offered ? -1 : 1)
                                    : strcmp(x->county, y->county);
}

static bool add_topic(struct catalog *c, const char *path)
{
    struct topic *t = topic_read(path);
    if (!t) {
        warning("课题 %s 有错，没有列入报送网页", path);
        return false;
    }
    const char *words = topic_rule(t, "correction_names");
    c->topics[c->topic_count++] = (struct offered){
        .topic = t,
        .id = arena_printf(&c->arena, "%s/%s", t->plan, t->number),
        .due = topic_setting(t, "due"),
        .correction = arena_strndup(&c->arena, words, strcspn(words, "|")),
    };
    return true;
}

int catalog_read(struct catalog *c, char **paths, int count)
{
    *c = (struct catalog){0};
    c->topics = must_alloc((size_t)count * sizeof *c->topics);
    for (int i = 0; i < count; i++)
        add_topic(c, paths[i]);
    if (c->topic_count == 0)
        return error("没有可以报送的课题");
    for (int i = 0; i < c->topic_count; i++) {
        const struct offered *o = &c->topics[i];
        add_counties(c, o, o->topic);
        if (!topic_domain(o->topic, "county")) /* asks the counties of all others */
            for (int k = 0; k < c->topic_count; k++)
                add_counties(c, o, c->topics[k].topic);
    }
    if (c->submission_count)
        qsort(c->submissions, (size_t)c->submission_count, sizeof *c->submissions,
              by_topic_and_county);
    return 0;
}

void catalog_free(struct catalog *c)
{
    for (int i = 0; i < c->submission_count; i++) {
        free(c->submissions[i].folder);
        free(c->submissions[i].work);
    }
    for (int i = 0; i < c->topic_count; i++)
        topic_free(c->topics[i].topic);
    free(c->submissions);
    free(c->topics);
    arena_free(&c->arena);
}

/* ---- looking up ----------------------------------------------------------------------------- */

const struct offered *catalog_topic(const struct catalog *c, const char *id)
{
    for (int i = 0; i < c->topic_count; i++)
        if (strcmp(c->topics[i].id, id) == 0)
            return &c->topics[i];
    return NULL;
}

struct submission *catalog_submission(const struct catalog *c, const struct offered *o,
                                      const char *county)
{
    for (int i = 0; i < c->submission_count; i++)
        if (c->submissions[i].offered == o && strcmp(c->submissions[i].county, county) == 0)
            return &c->submissions[i];
    return NULL;
}

const char *catalog_county_name(const struct catalog *c, const char *county)
{
    for (int i = 0; i < c->submission_count; i++)
        if (strcmp(c->submissions[i].county, county) == 0)
            return c->submissions[i].name;
    return "";
}
