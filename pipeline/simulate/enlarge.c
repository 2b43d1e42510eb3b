/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulate/enlarge.h"

#include "base/csvout.h"
#include "base/outfile.h"
#include "survey/workbook.h"

#include <stdlib.h>
#include <string.h>

struct enlarging {
    const struct frame *frame;
    struct map next; /* county -> the number that its next new code may have */
    struct arena arena;
    const char *code, *name, *take_head; /* columns */
    const char *take;
};

/* 411523 and six digits that no unit has; a code of another form is numbered.  NULL when the
 * county has no codes left. */
static const char *new_code(struct enlarging *e, const struct unit *u, long copy)
{
    size_t prefix = strlen(u->county), n = strlen(u->code);
    if (n <= prefix || strncmp(u->code, u->county, prefix) != 0 ||
        strspn(u->code + prefix, "0123456789") != n - prefix)
        return arena_printf(&e->arena, "%s-%ld", u->code, copy + 1);
    for (long i = map_get(&e->next, u->county, 0);; i++) {
        const char *code = arena_printf(&e->arena, "%s%0*ld", u->county, (int)(n - prefix), i);
        if (strlen(code) > n)
            return NULL;
        if (frame_unit(e->frame, code))
            continue;
        map_put(&e->next, u->county, i + 1);
        return code;
    }
}

static int write_unit(struct enlarging *e, struct csvout *out, const struct unit *u, long copy)
{
    const struct wsheet *s = e->frame->sheet;
    const char *code = copy ? new_code(e, u, copy) : u->code;
    if (!code)
        return error("县 %s 的代码不够编这么多样本单位，请用 -n 让每村多几份", u->county);
    const char *name = copy ? arena_printf(&e->arena, "%s%ld", u->name, copy + 1) : u->name;
    for (int i = 0; i < s->head_count; i++) {
        const char *head = s->heads[i], *cell = s->rows[u->row].cells[i];
        bool wanted = u->selected && *e->take_head && strcmp(head, e->take_head) == 0;
        csv_field(out, strcmp(head, e->code) == 0   ? code
                       : strcmp(head, e->name) == 0 ? name
                       : wanted                     ? e->take
                                                    : cell);
    }
    csv_end(out);
    return 0;
}

int enlarge_frame(const struct frame *f, const struct topic *t, const char *county, long times,
                  long take, const char *path)
{
    struct enlarging e = {.frame = f,
                          .code = topic_design(t, "psu"),
                          .name = topic_design(t, "psu_name"),
                          .take_head = topic_design(t, "take")};
    struct outfile file;
    struct csvout out;
    int code = 0;
    if (outfile_open(&file, path) < 0)
        return -1;
    csv_begin(&out, file.stream);
    e.take = arena_printf(&e.arena, "%ld", take);
    for (int i = 0; i < f->sheet->head_count; i++)
        csv_field(&out, f->sheet->heads[i]);
    csv_end(&out);
    for (long copy = 0; copy < times && code == 0; copy++)
        for (int i = 0; i < f->count && code == 0; i++)
            if (!county || strcmp(f->units[i].county, county) == 0)
                code = write_unit(&e, &out, &f->units[i], copy);
    map_free(&e.next);
    arena_free(&e.arena);
    if (code == 0)
        return outfile_commit(&file);
    outfile_discard(&file);
    return -1;
}
