/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records into cells, by hand: who is in a domain, what missing answers do, weights by stage,
 * and that neither the order of records nor the memory allowed changes the sums.
 */
#include "reference.h"

#include "base/text.h"
#include "estimate/cells.h"
#include "estimate/tabulate.h"

#include <sys/stat.h>
#include <unistd.h>

static const char FORM[] = "survey\n"
                           ",type,name,label,repeat_count\n"
                           ",text,v,村,\n"
                           ",select_one kind,kind,类,\n"
                           ",select_multiple need,need,需,\n"
                           ",decimal,y,数,\n"
                           ",begin_repeat,m,人,\n"
                           ",integer,age,岁,\n"
                           ",end_repeat,,,\n"
                           "choices\n"
                           ",list_name,name,label\n"
                           ",kind,1,甲\n,kind,2,乙\n,need,a,路\n,need,b,水\n"
                           "settings\n,form_title,form_id,version\n,表,f,1\n";
static const char TOPIC[] =
    "settings\n,name,value\n,title,试\n"
    "instruments\n,level,label,form,repeat,unit,key,psu,psu_name,county,evidence,stage\n"
    ",hh,户,f,,户,v,v,,,抽样,2\n"
    ",mm,人,f,m,人,v,,,,抽样,2\n"
    "design\n,name,value\n,frame,frame.csv\n,psu,code\n"
    "domains\n,name,label,source,column,label_column\n"
    ",kind,类,question,kind,\n,need,需,question,need,\n"
    "indicators\n"
    ",name,label,unit,level,statistic,expression,denominator,universe,scale,decimals\n"
    ",total,和,,hh,total,${y},,,1,0\n"
    ",mean1,均,,hh,mean,${y},,${kind} = '1',1,0\n"
    ",median,中,,hh,median,${y},,,1,0\n"
    ",big,大,,hh,prop,${y} > 5,,,1,0\n"
    ",age,岁,,mm,mean,${age},,,1,0\n";

struct fixture {
    char root[64];
    struct topic *topic;
    struct weights weights;
    struct design *design;
    const struct form *form;
    int y, kind, need, age;
};

static void write_file(const char *path, const char *text)
{
    struct outfile out;
    assert_int_equal(outfile_open(&out, path), 0);
    fputs(text, out.stream);
    assert_int_equal(outfile_commit(&out), 0);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    char path[200];
    strcpy(f->root, "/tmp/tabulate-XXXXXX");
    assert_non_null(mkdtemp(f->root));
    snprintf(path, sizeof path, "%s/questionnaires/p/f.csv", f->root);
    write_file(path, FORM);
    snprintf(path, sizeof path, "%s/topics/p/01/frame.csv", f->root);
    write_file(path, "code\np1\np2\n");
    snprintf(path, sizeof path, "%s/topics/p/01/topic.csv", f->root);
    write_file(path, TOPIC);
    f->topic = topic_read(path);
    assert_non_null(f->topic);
    f->design = design_read(f->topic);
    assert_non_null(f->design);
    static struct psu psus[] = {{.code = "p1", .weight = 2, .first_weight = 7},
                                {.code = "p2", .weight = 3, .first_weight = 7}};
    f->weights = (struct weights){.psus = psus, .count = 2};
    for (int i = 0; i < 2; i++)
        map_put(&f->weights.by_code, psus[i].code, i);
    f->form = f->topic->levels[0].form;
    f->y = form_question(f->form, "y")->index;
    f->kind = form_question(f->form, "kind")->index;
    f->need = form_question(f->form, "need")->index;
    f->age = form_question(f->form, "age")->index;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char path[200];
    static const char *const parts[] = {"questionnaires/p/f.csv",
                                        "topics/p/01/topic.csv",
                                        "t.db",
                                        "questionnaires/p",
                                        "questionnaires",
                                        "topics/p/01",
                                        "topics/p",
                                        "topics",
                                        ""};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        snprintf(path, sizeof path, "%s/%s", f->root, parts[i]);
        remove(path);
    }
    map_free(&f->weights.by_code);
    design_free(f->design);
    topic_free(f->topic);
    free(f);
    return 0;
}

static struct value answer(const char *text)
{
    if (!text)
        return (struct value){RETURNED, "", NAN};
    char *end;
    double number = strtod(text, &end);
    return (struct value){VALUE_OK, text, *text && !*end ? number : NAN};
}

/* One household with a member of the given age (NULL: no member). */
struct row {
    const char *psu, *kind, *need, *y, *age;
};

static int tabulate_row(const struct fixture *f, struct placing *p, struct tabulation *t,
                        const struct row *row)
{
    struct value *values = calloc((size_t)f->form->question_count, sizeof *values);
    struct value *below = calloc((size_t)f->form->question_count, sizeof *below);
    for (int i = 0; i < f->form->question_count; i++)
        values[i] = below[i] = (struct value){NOT_ASKED, "", NAN};
    values[f->y] = answer(row->y);
    values[f->kind] = answer(row->kind);
    values[f->need] = answer(row->need);
    below[f->age] = answer(row->age);
    struct record top = {.form = f->form, .repeat = -1, .values = values};
    struct record member = {
        .form = f->form, .repeat = 0, .values = below, .parent = &top, .position = 1};
    struct record *children[] = {&member};
    top.children = children;
    top.child_count = row->age != NULL;
    struct placed at;
    int rc = placing_find(p, &f->topic->levels[0], &top, row->psu, "x", &at);
    if (rc == 0)
        tabulate_record(t, &top, &at);
    free(values);
    free(below);
    return rc;
}

static const struct row ROWS[] = {
    {"p1", "1", "a", "10", "30"},  {"p1", "2", "a b", "4", "50"}, {"p1", "1", "", NULL, NULL},
    {"p2", NULL, "b", "6", "20"},  {"p2", "1", "", "0.1", NULL},  {"p2", "1", "a", "0.1", "41"},
    {"p1", "2", "b", "4", "1000"},
};
enum { ROW_COUNT = sizeof ROWS / sizeof *ROWS };

/* indicator/domain/value/unit and what is in it, of each cell with cases. */
static void put_cells(struct buf *text, struct store *s, const struct cell_layout *l,
                      const struct indicator *ind)
{
    struct cell_sums sums = cell_sums_new(indicator_sums(ind), l->count);
    struct points *points = must_alloc((size_t)l->count * sizeof *points);
    cells_sum(l, &s, ind, false, &sums, statistic_needs_values(ind->statistic) ? points : NULL);
    for (int g = 0; g < l->group_count; g++)
        for (int c = l->groups[g].first; c < l->groups[g].first + l->groups[g].count; c++) {
            struct moments m = sums_moments(sums.kind, cell_sums_at(&sums, c));
            if (m.n == 0)
                continue;
            buf_printf(text, "%s/%s/%s/%d n=%ld w=%g mean=%.12g s=%.12g top=%g", ind->name,
                       l->groups[g].domain, l->groups[g].value, l->units[c], m.n, m.w, m.mean_y,
                       m.s_yy, m.top[1]);
            points_sort(&points[c]);
            for (int i = 0; i < points[c].count; i++)
                buf_printf(text, " %g*%g*%ld", points[c].items[i].value, points[c].items[i].w,
                           points[c].items[i].n);
            buf_puts(text, "\n");
            points_free(&points[c]);
        }
    free(points);
    cell_sums_free(&sums);
}

static void put_all(struct buf *text, const struct fixture *f, struct store *s)
{
    struct tally_units *u = tally_units_read(&s, 1, &f->topic->levels[0]);
    for (int l = 0; l < f->topic->level_count; l++) {
        struct cell_layout *layout = cell_layout_read(&s, 1, &f->topic->levels[l], u);
        for (int i = 0; i < f->topic->indicator_count; i++)
            if (f->topic->indicators[i].level == l)
                put_cells(text, s, layout, &f->topic->indicators[i]);
        cell_layout_free(layout);
    }
    for (int i = 0; i < u->count; i++)
        buf_printf(text, "unit/%s/%s n=%ld w=%g\n", u->level->name, u->items[i].code, u->items[i].n,
                   sum_value(&u->items[i].w));
    tally_units_free(u);
}

/* All cells and units as text; caller frees.  Backwards: from the last record, in p1 first. */
static char *tabulated(const struct fixture *f, bool backwards, size_t memory)
{
    char path[100];
    snprintf(path, sizeof path, "%s/t.db", f->root);
    struct store *out = store_create(path, &SCHEMA_TALLY);
    struct placing *p = placing_begin(f->design, &f->weights, "410000");
    struct tabulation *t = tabulate_begin(p, f->topic, out, memory);
    for (int i = 0; i < ROW_COUNT; i++)
        assert_int_equal(tabulate_row(f, p, t, &ROWS[backwards ? ROW_COUNT - 1 - i : i]), 0);
    tabulate_end(t);
    placing_write(p, out);
    placing_free(p);
    store_commit(out);
    struct buf text = {0};
    struct store *s = store_open(path, &SCHEMA_TALLY);
    put_all(&text, f, s);
    store_close(s);
    return text.text;
}

static void assert_has(const char *text, const char *line)
{
    if (!strstr(text, line))
        fail_msg("no \"%s\" in\n%s", line, text);
}

static void test_cells(void **state)
{
    char *text = tabulated(*state, false, TABULATE_MEMORY);
    assert_has(text, "total/all/all/0 n=3 w=6 mean=6 s=48 top=8"); /* one y was sent back */
    assert_has(text, "total/all/all/1 n=3 w=9 mean=2.06666666667 ");
    assert_has(text, "total/kind/1/0 n=1 w=2 mean=10 ");
    assert_has(text, "total/kind/1/1 n=2 ");            /* one kind is not known */
    assert_has(text, "total/need/a/0 n=2 w=4 mean=7 "); /* "a b" is in both */
    assert_has(text, "total/need/b/0 n=2 w=4 mean=4 s=0");
    assert_has(text, "mean1/all/all/0 n=1 "); /* universe */
    assert_has(text, "mean1/all/all/1 n=2 "); /* unknown universe is out */
    assert_has(text, "big/all/all/0 n=3 w=6 mean=0.333333333333 s=1.33333333333");
    assert_has(text, "age/all/all/0 n=3 w=6 mean=360 ");
    assert_has(text, "age/kind/2/0 n=2 w=4 mean=525 "); /* the household's answer */
    assert_has(text, "unit/hh/p1 n=4 w=8");
    assert_has(text, "unit/hh/p2 n=3 w=9");
    assert_null(strstr(text, "mean1/kind/2"));
    assert_has(text, "median/all/all/0 n=3 w=6 mean=6 s=48 top=0 4*4*2 10*2*1"); /* joined */
    free(text);
}

static void test_order_and_memory(void **state)
{
    char *forwards = tabulated(*state, false, TABULATE_MEMORY);
    char *backwards = tabulated(*state, true, TABULATE_MEMORY);
    char *between = tabulated(*state, false, 1 << 10);
    char *always = tabulated(*state, false, 1); /* written after every record */
    assert_string_equal(forwards, backwards);
    assert_string_equal(forwards, between);
    assert_string_equal(forwards, always);
    free(forwards);
    free(backwards);
    free(between);
    free(always);
}

static void test_unknown_psu(void **state)
{
    const struct fixture *f = *state;
    char path[100], messages[500];
    snprintf(path, sizeof path, "%s/t.db", f->root);
    struct store *out = store_create(path, &SCHEMA_TALLY);
    struct placing *p = placing_begin(f->design, &f->weights, "410000");
    struct tabulation *t = tabulate_begin(p, f->topic, out, 10);
    message_capture(messages, sizeof messages);
    assert_int_equal(tabulate_row(f, p, t, &(struct row){"p9", "1", "", "1", NULL}), -1);
    message_capture(NULL, 0);
    assert_non_null(strstr(messages, "p9"));
    tabulate_end(t);
    placing_free(p);
    store_commit(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_order_and_memory),
        cmocka_unit_test(test_unknown_psu),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
