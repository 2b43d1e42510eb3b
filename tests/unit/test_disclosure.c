/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Complementary suppression: what an intruder works out before, and that he works out nothing
 * after, in small tables by hand and in many random ones.
 */
#include "reference.h"

#include "estimate/disclosure.h"

static void test_one_small_cell(void **state)
{
    (void)state;
    struct disclosure *d = disclosure_new(3);
    int all = disclosure_cell(d, 62, 900, false, 0), part[4];
    static const long n[] = {2, 30, 9, 21};
    for (int i = 0; i < 4; i++)
        part[i] = disclosure_cell(d, n[i], 10.0 * n[i], n[i] < 3, 0);
    disclosure_equation(d, all, part, 4);
    bool known[5];
    assert_int_equal(disclosure_recover(d, known), 1);
    assert_true(known[part[0]]);
    disclosure_protect(d);
    assert_int_equal(disclosure_recover(d, NULL), 0);
    assert_true(d->cells[part[2]].hidden && !d->cells[part[1]].hidden && !d->cells[all].hidden);
    disclosure_free(d);
}

/* 1 + 1 = 2 and 1 + 2 = 3 say that both are small. */
static void test_small_sums(void **state)
{
    (void)state;
    for (int second = 1; second <= 2; second++) {
        struct disclosure *d = disclosure_new(3);
        int all = disclosure_cell(d, 11 + second, 0, false, 0), part[3];
        part[0] = disclosure_cell(d, 1, 0, true, 0);
        part[1] = disclosure_cell(d, second, 0, true, 0);
        part[2] = disclosure_cell(d, 10, 0, false, 0);
        disclosure_equation(d, all, part, 3);
        assert_int_equal(disclosure_recover(d, NULL), 2);
        disclosure_protect(d);
        assert_int_equal(disclosure_recover(d, NULL), 0);
        assert_true(d->cells[part[2]].hidden);
        disclosure_free(d);
    }
}

/* Two by two with margins: one hidden cell hides all four. */
static void test_cross(void **state)
{
    (void)state;
    struct disclosure *d = disclosure_new(3);
    static const long n[2][2] = {{1, 9}, {12, 20}};
    int cell[2][2], row[2], column[2], all = disclosure_cell(d, 42, 0, false, 0);
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 2; k++)
            cell[i][k] = disclosure_cell(d, n[i][k], 0, n[i][k] < 3, 0);
    for (int i = 0; i < 2; i++) {
        row[i] = disclosure_cell(d, n[i][0] + n[i][1], 0, false, 0);
        column[i] = disclosure_cell(d, n[0][i] + n[1][i], 0, false, 0);
        disclosure_equation(d, row[i], cell[i], 2);
    }
    for (int k = 0; k < 2; k++)
        disclosure_equation(d, column[k], (int[]){cell[0][k], cell[1][k]}, 2);
    disclosure_equation(d, all, row, 2);
    disclosure_equation(d, all, column, 2);
    disclosure_protect(d);
    assert_int_equal(disclosure_recover(d, NULL), 0);
    for (int i = 0; i < 4; i++)
        assert_true(d->cells[cell[i / 2][i % 2]].hidden);
    assert_false(d->cells[all].hidden);
    disclosure_free(d);
}

/* A cell that dominates is not covered by a cell with next to nothing. */
static void test_dominance(void **state)
{
    (void)state;
    struct disclosure *d = disclosure_new(3);
    int all = disclosure_cell(d, 30, 1106, false, 0), part[3];
    part[0] = disclosure_cell(d, 10, 1000, true, 90);
    part[1] = disclosure_cell(d, 5, 6, false, 0);
    part[2] = disclosure_cell(d, 15, 100, false, 0);
    disclosure_equation(d, all, part, 3);
    disclosure_protect(d);
    assert_int_equal(disclosure_recover(d, NULL), 0);
    assert_true(d->cells[part[2]].hidden);
    disclosure_free(d);
}

/* Missing answers: the parts do not come to the total, which then tells nothing. */
static void test_missing_answers(void **state)
{
    (void)state;
    struct disclosure *d = disclosure_new(3);
    int all = disclosure_cell(d, 20, 0, false, 0), part[2];
    part[0] = disclosure_cell(d, 2, 0, true, 0);
    part[1] = disclosure_cell(d, 15, 0, false, 0);
    disclosure_equation(d, all, part, 2);
    disclosure_protect(d);
    assert_false(d->cells[part[1]].hidden);
    disclosure_free(d);
}

/* An intruder of another kind: every way to fill the hidden cells of a random table with whole
 * numbers, by trying; a hidden cell that is the same in all of them is found. */
enum { ROWS = 3, COLUMNS = 3, TRIES_MAX = 2000000 };
struct table2 {
    long n[ROWS][COLUMNS];
    bool hidden[ROWS][COLUMNS], row_hidden[ROWS], column_hidden[COLUMNS];
    long row[ROWS], column[COLUMNS];
    long least[ROWS][COLUMNS], most[ROWS][COLUMNS], now[ROWS][COLUMNS], tries;
    int open; /* hidden cells with one number so far */
};

static void fill(struct table2 *t, int at)
{
    if (++t->tries > TRIES_MAX || t->open == 0)
        return;
    if (at == ROWS * COLUMNS) {
        long column[COLUMNS] = {0};
        for (int i = 0; i < ROWS; i++)
            for (int k = 0; k < COLUMNS; k++)
                column[k] += t->now[i][k];
        for (int k = 0; k < COLUMNS; k++)
            if (!t->column_hidden[k] && column[k] != t->column[k])
                return;
        t->open = 0;
        for (int i = 0; i < ROWS; i++)
            for (int k = 0; k < COLUMNS; k++) {
                t->least[i][k] = t->now[i][k] < t->least[i][k] ? t->now[i][k] : t->least[i][k];
                t->most[i][k] = t->now[i][k] > t->most[i][k] ? t->now[i][k] : t->most[i][k];
                t->open += t->hidden[i][k] && t->least[i][k] == t->most[i][k];
            }
        return;
    }
    int i = at / COLUMNS, k = at % COLUMNS;
    long used = 0;
    for (int c = 0; c < k; c++)
        used += t->now[i][c];
    for (long v = t->hidden[i][k] ? 1 : t->n[i][k]; v <= (t->hidden[i][k] ? 12 : t->n[i][k]); v++) {
        t->now[i][k] = v;
        if (k == COLUMNS - 1 && !t->row_hidden[i] && used + v != t->row[i])
            continue;
        if (!t->row_hidden[i] && used + v > t->row[i])
            break;
        fill(t, at + 1);
    }
}

static void try_table(unsigned *seed, int *finished)
{
    struct table2 t = {0};
    struct disclosure *d = disclosure_new(3);
    int cell[ROWS][COLUMNS], row[ROWS], column[COLUMNS];
    long all_n = 0;
    for (int i = 0; i < ROWS; i++)
        for (int k = 0; k < COLUMNS; k++) {
            *seed = *seed * 1664525u + 1013904223u;
            long n = 1 + (long)((*seed >> 16) % 9);
            t.n[i][k] = n;
            t.row[i] += n;
            t.column[k] += n;
            all_n += n;
            cell[i][k] = disclosure_cell(d, n, (double)n, n < 3, 0);
        }
    int all = disclosure_cell(d, all_n, 0, false, 0);
    for (int i = 0; i < ROWS; i++) {
        row[i] = disclosure_cell(d, t.row[i], 0, false, 0);
        disclosure_equation(d, row[i], cell[i], COLUMNS);
    }
    for (int k = 0; k < COLUMNS; k++) {
        int parts[ROWS];
        for (int i = 0; i < ROWS; i++)
            parts[i] = cell[i][k];
        column[k] = disclosure_cell(d, t.column[k], 0, false, 0);
        disclosure_equation(d, column[k], parts, ROWS);
    }
    disclosure_equation(d, all, row, ROWS);
    disclosure_equation(d, all, column, COLUMNS);
    disclosure_protect(d);
    assert_int_equal(disclosure_recover(d, NULL), 0);
    for (int i = 0; i < ROWS; i++) {
        t.row_hidden[i] = d->cells[row[i]].hidden;
        for (int k = 0; k < COLUMNS; k++) {
            t.column_hidden[k] = d->cells[column[k]].hidden;
            t.hidden[i][k] = d->cells[cell[i][k]].hidden;
            t.least[i][k] = 1000;
        }
    }
    t.open = 1;
    fill(&t, 0);
    (*finished) += t.tries <= TRIES_MAX;
    for (int i = 0; i < ROWS; i++)
        for (int k = 0; k < COLUMNS; k++)
            if (t.hidden[i][k] && t.tries <= TRIES_MAX && t.least[i][k] == t.most[i][k])
                fail_msg("cell %d %d can only be %ld", i, k, t.least[i][k]);
    disclosure_free(d);
}

static void test_random_tables(void **state)
{
    (void)state;
    unsigned seed = 20250411;
    int finished = 0;
    for (int i = 0; i < 300; i++)
        try_table(&seed, &finished);
    assert_true(finished > 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_small_cell),  cmocka_unit_test(test_small_sums),
        cmocka_unit_test(test_cross),           cmocka_unit_test(test_dominance),
        cmocka_unit_test(test_missing_answers), cmocka_unit_test(test_random_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
