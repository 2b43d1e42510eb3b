/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What counties can send for: the topics, their counties, and for each pair what was sent and what
 * its check found.
 *
 *     struct catalog c;
 *     if (catalog_read(&c, paths, 2) < 0) …
 *     const struct offered *o = catalog_topic(&c, "henan-2025/07");
 *     struct submission *s = catalog_submission(&c, o, "411525");
 */
#ifndef WEB_CATALOG_H
#define WEB_CATALOG_H

#include "survey/topic.h"
#include "web/findings.h"

#include <sys/types.h>
#include <time.h>

/* A topic. */
struct offered {
    struct topic *topic;
    const char *id;         /* henan-2025/07, as in links */
    const char *due;        /* setting `due`, "" when absent */
    const char *correction; /* the word in a file's name that makes it a correction; "" */
};

enum check_state {
    CHECK_NONE, /* never since the server began */
    CHECK_WAITING,
    CHECK_RUNNING,
    CHECK_DONE,
    CHECK_FAILED, /* could not be done: too large, too long, or our mistake */
};

/* One county's part of one topic. */
struct submission {
    const struct offered *offered;
    const char *county, *name; /* code and name */
    char *folder;              /* data/henan-2025/07/411525-固始县; it may not be there yet */
    char *work;                /* reports/henan-2025/07/receive/411525: what the check makes */
    enum check_state state;
    pid_t check;            /* of the running one */
    time_t began;           /* of the running one */
    struct timespec seen;   /* newest change in the folder when the last one began */
    bool again;             /* files came while it ran */
    unsigned long turn;     /* place in the queue */
    struct summary summary; /* of the last one */
};

struct catalog {
    struct arena arena;
    struct offered *topics;
    int topic_count;
    struct submission *submissions; /* of the topics in turn, by county code */
    int submission_count, room;
};

/* Reads the topics; one that has mistakes is left out after their messages.  Returns 0, or -1
 * after a message when none is left. */
int catalog_read(struct catalog *c, char **paths, int count);
void catalog_free(struct catalog *c);

/* NULL when it is not on offer. */
const struct offered *catalog_topic(const struct catalog *c, const char *id);
/* NULL when the topic does not ask that county. */
struct submission *catalog_submission(const struct catalog *c, const struct offered *o,
                                      const char *county);
/* The county's name in any topic; "" when none knows it. */
const char *catalog_county_name(const struct catalog *c, const char *county);

/* Finds out the county's folder in the topic's data anew (staff may have made or renamed it). */
void submission_find_folder(struct submission *s);

#endif
