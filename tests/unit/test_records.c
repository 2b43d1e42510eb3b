/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records written to a clean store and read back, with repeats in repeats, and the tables as
 * other programs see them.
 */
#include "survey/records.h"

#include "base/text.h"
#include "survey/plain.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/test_records_XXXXXX", form_path[64], store_file[64];
static struct form *form;
static struct topic topic;
static struct level levels[4];

static const char questionnaire[] =
    "survey\n,type,name,label,calculation,personal\n"
    ",start,start\n,text,id,编号\n,integer,n,数\n,decimal,d,小数\n,date,day,日期\n"
    ",select_multiple yn,m,多选\n,calculate,calc,算,1\n,text,phone,电话,,yes\n,note,look,看\n"
    ",begin_repeat,plot,地块\n,integer,mu,亩\n"
    ",begin_repeat,crop,作物\n,text,what,什么\n,decimal,yield,产量\n,end_repeat\n"
    ",calculate,mu2,两倍,${mu} * 2\n,end_repeat\n"
    ",begin_repeat,car,车\n,text,plate,牌号\n,end_repeat\n"
    "choices\n,list_name,name,label\n,yn,1,是\n,yn,2,否\n";

static int setup(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(form_path, sizeof form_path, "%s/f.csv", folder);
    snprintf(store_file, sizeof store_file, "%s/clean.db", folder);
    FILE *file = fopen(form_path, "w");
    fputs(questionnaire, file);
    fclose(file);
    form = form_read(form_path);
    static const struct {
        const char *name, *repeat;
        int parent;
    } rows[] = {{"farms", "", -1}, {"plots", "plot", 0}, {"crops", "crop", 1}, {"cars", "car", 0}};
    for (int i = 0; i < 4; i++)
        levels[i] = (struct level){.name = rows[i].name,
                                   .form_name = "f",
                                   .form = form,
                                   .repeat_name = rows[i].repeat,
                                   .repeat = form_repeat(form, rows[i].repeat),
                                   .parent = rows[i].parent};
    topic.levels = levels;
    topic.level_count = 4;
    return form ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    form_free(form);
    remove(form_path);
    remove(store_file);
    return rmdir(folder);
}

/* ---- records that can be made again from their number ------------------------------------------
 */

static unsigned long noise(unsigned long a, unsigned long b)
{
    unsigned long h = a * 0x9E3779B97F4A7C15u + b * 0xBF58476D1CE4E5B9u + 1;
    h = (h ^ h >> 31) * 0x94D049BB133111EBu;
    return h ^ h >> 29;
}

/* The value of a question in a record; *text is its buffer. */
static struct value made_value(const struct question *q, unsigned long record,
                               char text[PLAIN_TEXT])
{
    static const char letters[] = {NOT_ASKED, NO_ANSWER, RETURNED,    BLANK,
                                   OPTIONAL,  UNDECIDED, NOT_COMPUTED};
    static const char *const texts[] = {"张三", "a'b\"c;--", "=1+1", "", " 中 文 ", "0411"};
    unsigned long r = noise(record, (unsigned long)q->index);
    struct value v = {VALUE_OK, text, NAN};
    if (r % 5 == 0)
        return (struct value){(enum missing)letters[r / 5 % 7], "", NAN};
    bool number = q->type == Q_INTEGER || q->type == Q_DECIMAL || (q->type == Q_CALCULATE && r % 3);
    if (number) {
        v.number = (double)(long)(r >> 40) - 8000000;
        if (q->type != Q_INTEGER)
            v.number /= 1 << (r % 7);
        strcpy(text, plain_text(v.number, (char[PLAIN_TEXT]){0}));
    } else if (q->type == Q_DATE) {
        snprintf(text, PLAIN_TEXT, "2025-%02lu-%02lu", r % 12 + 1, r / 100 % 28 + 1);
    } else {
        strcpy(text, texts[r / 7 % 6]);
    }
    return v;
}

struct made {
    struct record record;
    struct value values[32];
    char texts[32][PLAIN_TEXT];
};

static void make_record(struct made *m, int repeat, unsigned long number, int position)
{
    *m = (struct made){.record = {.form = form, .repeat = repeat, .position = position}};
    m->record.values = m->values;
    assert_true(form->question_count <= 32);
    for (int i = 0; i < form->question_count; i++)
        if (form->questions[i].repeat == repeat)
            m->values[i] = made_value(&form->questions[i], number, m->texts[i]);
}

static int plots_of(long farm)
{
    return (int)(noise((unsigned long)farm, 77) % 4);
}

static int crops_of(long farm, int plot)
{
    return (int)(noise((unsigned long)(farm * 8 + plot), 78) % 3);
}

static unsigned long plot_number(long farm, int plot)
{
    return 1000000 + (unsigned long)farm * 8 + (unsigned long)plot;
}

static unsigned long crop_number(long farm, int plot, int crop)
{
    return 9000000 + ((unsigned long)farm * 8 + (unsigned long)plot) * 8 + (unsigned long)crop;
}

enum { FARMS = 500 };

static void write_all(struct record_writer *w)
{
    struct made m;
    char key[32];
    for (long farm = 0; farm < FARMS; farm++) {
        make_record(&m, -1, (unsigned long)farm, 1);
        snprintf(key, sizeof key, "村-%ld", farm);
        long id = record_writer_put(w, &levels[0], &m.record, 0, key, "411523", farm * 10);
        for (int p = 0; p < plots_of(farm); p++) {
            make_record(&m, levels[1].repeat, plot_number(farm, p), p + 1);
            long plot =
                record_writer_put(w, &levels[1], &m.record, id, key, "411523", farm * 10 + p);
            for (int c = 0; c < crops_of(farm, p); c++) {
                make_record(&m, levels[2].repeat, crop_number(farm, p, c), c + 1);
                record_writer_put(w, &levels[2], &m.record, plot, key, "411523", farm);
            }
        }
    }
}

/* ---- comparing ----------------------------------------------------------------------------------
 */

static void assert_same(const struct record *read, int repeat, unsigned long number, int position)
{
    struct made m;
    make_record(&m, repeat, number, position);
    assert_int_equal(read->repeat, repeat);
    assert_int_equal(read->position, position);
    for (int i = 0; i < form->question_count; i++) {
        const struct question *q = &form->questions[i];
        const struct value *got = &read->values[i], *wanted = &m.values[i];
        if (q->repeat != repeat || !question_has_data(q)) {
            assert_string_equal(got->text, "");
            continue;
        }
        assert_int_equal(got->missing, wanted->missing);
        assert_string_equal(got->text, wanted->text);
        if (q->type == Q_DATE && *wanted->text)
            assert_true(got->number > 20088 && got->number < 20454); /* days of 2025 */
        else if (isnan(wanted->number))
            assert_true(isnan(got->number));
        else
            assert_true(got->number == wanted->number);
    }
}

static void assert_same_plot(const struct records *r, const struct record *plot, long farm, int p)
{
    assert_same(plot, levels[1].repeat, plot_number(farm, p), p + 1);
    assert_int_equal(records_row(r, plot), farm * 10 + p);
    assert_int_equal(plot->child_count, crops_of(farm, p));
    for (int c = 0; c < plot->child_count; c++) {
        assert_ptr_equal(plot->children[c]->parent, plot);
        assert_same(plot->children[c], levels[2].repeat, crop_number(farm, p, c), c + 1);
    }
}

static void records_come_back(void **state)
{
    struct store *s = store_create(store_file, &SCHEMA_CLEAN);
    struct record_writer *w = record_writer_create(s, &topic, NULL);
    (void)state;
    assert_non_null(w);
    write_all(w);
    record_writer_close(w);
    store_commit(s);
    s = store_open(store_file, &SCHEMA_CLEAN);
    struct records *r = records_open(s, &topic, "f");
    long farm = 0;
    for (const struct record *rec; (rec = records_next(r)); farm++) {
        char key[32];
        snprintf(key, sizeof key, "村-%ld", farm);
        assert_string_equal(records_key(r), key);
        assert_string_equal(records_psu(r), "411523");
        assert_same(rec, -1, (unsigned long)farm, 1);
        assert_int_equal(rec->child_count, plots_of(farm));
        for (int p = 0; p < rec->child_count; p++)
            assert_same_plot(r, rec->children[p], farm, p);
    }
    assert_int_equal(farm, FARMS);
    assert_null(records_next(r));
    records_close(r);
    store_close(s);
}

static long count_rows(struct store *s, const char *sql)
{
    struct query *q = store_query(s, sql);
    long n = query_next(q) ? col_long(q, 0) : -1;
    query_end(q);
    return n;
}

/* Other programs read the tables with plain SQL. */
static void tables_are_as_described(void **state)
{
    struct store *s = store_open(store_file, &SCHEMA_CLEAN);
    (void)state;
    assert_int_equal(count_rows(s, "SELECT count(*) FROM level"), 4);
    assert_int_equal(count_rows(s, "SELECT count(*) FROM question"), 7 + 2 + 2 + 1);
    assert_int_equal(count_rows(s, "SELECT count(*) FROM question WHERE personal"), 1);
    assert_int_equal(count_rows(s, "SELECT count(*) FROM farms"), FARMS);
    assert_int_equal(count_rows(s, "SELECT count(*) FROM cars"), 0);
    assert_int_equal(count_rows(s, "SELECT count(*) FROM crops c JOIN plots p ON c._parent = p._id"
                                   " JOIN farms f ON p._parent = f._id WHERE c._key = f._key"),
                     count_rows(s, "SELECT count(*) FROM crops"));
    assert_int_equal(count_rows(s, "SELECT count(*) FROM farms WHERE typeof(n) NOT IN"
                                   " ('integer', 'null') OR typeof(d) NOT IN ('real', 'null')"
                                   " OR length(_missing) <> 7"),
                     0);
    assert_true(count_rows(s, "SELECT count(*) FROM farms WHERE typeof(calc) = 'text'") > 50);
    assert_true(count_rows(s, "SELECT count(*) FROM farms WHERE typeof(calc) = 'real'") > 50);
    assert_int_equal(count_rows(s, "SELECT count(*) FROM farms WHERE n IS NULL AND"
                                   " substr(_missing, 2, 1) = '.'"),
                     0);
    store_close(s);
}

static void names_of_other_tables_are_refused(void **state)
{
    static const char *const names[] = {"problem", "Meta", "sqlite_x"};
    char messages[2000];
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct store *s = store_create(store_file, &SCHEMA_CLEAN);
        levels[0].name = names[i];
        message_capture(messages, sizeof messages);
        assert_null(record_writer_create(s, &topic, NULL));
        message_capture(NULL, 0);
        assert_non_null(strstr(messages, names[i]));
        store_commit(s);
    }
    levels[0].name = "farms";
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_back),
        cmocka_unit_test(tables_are_as_described),
        cmocka_unit_test(names_of_other_tables_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
