/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every cell that the answers to the field rehearsal (tests/field) name by file, sheet, row and
 * head is read with the text that they print.
 */
#include "files.h"

#include "base/arena.h"
#include "base/map.h"
#include "formats/number.h"

#include <glob.h>

/* One sheet's cells by "sheet|row|column"; the row of a key is enough to tell it is there. */
struct table {
    char *texts[400000];
    int count;
    struct map cells;
    char sheet[300];
};

static bool take_sheet(void *user, const char *name, bool hidden)
{
    struct table *t = user;
    snprintf(t->sheet, sizeof t->sheet, "%s", name);
    return !hidden;
}

static bool take_row(void *user, long no, const struct cell *cells, int count, bool cut)
{
    struct table *t = user;
    char key[400];
    (void)cut;
    for (int i = 0; i < count; i++) {
        snprintf(key, sizeof key, "%s|%ld|%d", t->sheet, no, i);
        assert_true(t->count < 400000);
        map_put(&t->cells, key, t->count);
        t->texts[t->count++] = must_strdup(cells[i].text);
    }
    return true;
}

static void clear(struct table *t)
{
    for (int i = 0; i < t->count; i++)
        free(t->texts[i]);
    map_free(&t->cells);
    *t = (struct table){0};
}

static void load(struct table *t, const char *path)
{
    const char *encoding;
    char why[512];
    struct sheet_handler h = {.sheet = take_sheet, .row = take_row, .user = t};
    enum file_format f = sheets_detect(path, &encoding);
    clear(t);
    assert_int_equal(sheets_read(path, f, encoding, &h, why, sizeof why), 0);
}

static const char *at(const struct table *t, const char *sheet, long row, int column)
{
    char key[400];
    snprintf(key, sizeof key, "%s|%ld|%d", sheet, row, column);
    long i = map_get(&t->cells, key, -1);
    return i < 0 ? "" : t->texts[i];
}

/* Column of a head in the first rows, or -1. */
static int column_of(const struct table *t, const char *sheet, const char *head)
{
    for (long row = 1; row <= 5; row++)
        for (int column = 0; column < 200; column++)
            if (!strcmp(at(t, sheet, row, column), head))
                return column;
    return -1;
}

enum { COUNTY, FILE_NAME, SHEET, ROW, COLUMN, FIELD, KIND, CLASS, ORIGINAL };

static void check(struct table *files, const char *const line[9])
{
    static char loaded[1024];
    char pattern[1024];
    glob_t found;
    snprintf(pattern, sizeof pattern, "topics/henan-2025/07/rehearsal/%s-*/%s", line[COUNTY],
             line[FILE_NAME]);
    if (strcmp(pattern, loaded) != 0) {
        assert_int_equal(glob(pattern, GLOB_NOCHECK, NULL, &found), 0);
        load(files, found.gl_pathv[0]);
        globfree(&found);
        strcpy(loaded, pattern);
    }
    int column = column_of(files, line[SHEET], line[COLUMN]);
    if (column < 0)
        fail_msg("%s: no head %s", line[FILE_NAME], line[COLUMN]);
    const char *text = at(files, line[SHEET], atol(line[ROW]), column);
    if (strcmp(text, line[ORIGINAL]) != 0)
        fail_msg("%s, row %s, %s: '%s' is not '%s'", line[FILE_NAME], line[ROW], line[COLUMN], text,
                 line[ORIGINAL]);
}

static void test_cells_of_problems(void **state)
{
    (void)state;
    static struct table problems, files;
    int checked = 0;
    load(&problems, "tests/field/henan-2025-07/problems.csv");
    for (long row = 2; *at(&problems, "", row, COUNTY); row++) {
        const char *line[9];
        for (int i = 0; i < 9; i++)
            line[i] = at(&problems, "", row, i);
        if (!*line[ROW] || !*line[COLUMN] || ends_with(line[FILE_NAME], ".xml"))
            continue;
        check(&files, line);
        checked++;
    }
    assert_true(checked > 3000);
    clear(&files);
    clear(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cells_of_problems)};
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
