/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * generate HOUSEHOLDS FOLDER: a project of its own for the bench: topic 7's questionnaire and
 * indicators over a frame of as many villages as are needed, and two counties' wide CSV files of
 * 60 columns with plausible answers that satisfy every constraint and skip.  Seeded, so that
 * every run is the same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTIES = 2, PER_VILLAGE = 50 };
static const char *const COUNTY[COUNTIES] = {"411523", "411524"};

static uint64_t state = 20250411;

/* xorshift64*, Vigna 2016. */
static unsigned below(unsigned n)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (unsigned)((state * 2685821657736338717u) >> 33) % n;
}

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        exit(3);
    }
    return f;
}

static void village_code(char out[16], int county, long village)
{
    snprintf(out, 16, "%s%03ld%03ld", COUNTY[county], village / 800, 200 + village % 800);
}

static void write_frame(const char *folder, long villages)
{
    FILE *f = create(folder, "villages.csv");
    fputs("stratum,county_code,county_name,town,village_code,village_name,households,selected,pi1,"
          "hh_to_interview\n",
          f);
    for (int c = 0; c < COUNTIES; c++)
        for (long v = 0; v < villages; v++) {
            char code[16];
            village_code(code, c, v);
            fprintf(f, "片区%d,%s,县%d,镇%ld,%s,村%ld,400,1,1,%d\n", c + 1, COUNTY[c], c + 1,
                    v / 800, code, v % 800, PER_VILLAGE);
        }
    fclose(f);
}

static const char HEAD[] =
    "interviewer,svy_date,county,village_code,village_name,hh_no,resp_name,phone,hh_size,"
    "labour_cnt,hh_type,monitor_type,land_mu,land_out,land_out_mu,inc_wage,inc_farm,inc_transfer,"
    "inc_property,remit,inc_total,inc_pc,n_member,n_out,wage_calc,svc_used,svc_kinds,sat_info,"
    "sat_train,sat_match,sat_rights,sat_overall,know_brand,needs,needs_oth,intend,opinion,"
    "member1_m_name,member1_m_sex,member1_m_birth_year,member1_m_age,member1_m_id,member1_m_rel,"
    "member1_m_edu,member1_m_status,member1_m_place,member1_m_dest,member1_m_industry,"
    "member1_m_industry_oth,member1_m_months,member1_m_wage,member1_m_channel,member1_m_contract,"
    "member1_m_arrears,member1_m_insure,member1_m_trained,member1_m_train_type,"
    "member1_m_train_days,member1_m_cert,member1_m_brand\n";

struct job {
    unsigned status, place, months, wage, year;
    int out;
};

static struct job draw_job(void)
{
    struct job j = {.status = 1 + below(6)};
    if (j.status == 1 || j.status == 2)
        j.place = 1 + below(4);
    j.out = j.place == 3 || j.place == 4;
    if (j.status == 1 || j.status == 2 || j.status == 4) {
        j.months = 1 + below(12);
        j.wage = 100 * (15 + below(80));
    }
    j.year = j.months * j.wage;
    return j;
}

static void put_member(FILE *f, const struct job *j)
{
    unsigned born = 1950 + below(55), trained = 1 + below(2);
    fprintf(f, ",张某某,%u,%u,%u,,1,%u,%u", 1 + below(2), born, 2025 - born, 1 + below(6), j->status);
    if (j->place)
        fprintf(f, ",%u", j->place);
    else
        fputc(',', f);
    if (j->out)
        fprintf(f, ",%u", j->place == 3 ? 31 + below(3) : 41 + below(5));
    else
        fputc(',', f);
    if (j->place)
        fprintf(f, ",%u,", 1 + below(7));
    else
        fputs(",,", f);
    if (j->months)
        fprintf(f, ",%u,%u", j->months, j->wage);
    else
        fputs(",,", f);
    if (j->status == 1)
        fprintf(f, ",%u,%u,%u", 1 + below(7), 1 + below(4), 1 + below(2));
    else
        fputs(",,,", f);
    fprintf(f, ",5 6,%u", trained);
    if (trained == 1)
        fprintf(f, ",%u,%u,%u", 1 + below(7), 1 + below(60), 1 + below(2));
    else
        fputs(",,,", f);
    fputs(j->place ? ",2\n" : ",\n", f);
}

static void put_household(FILE *f, int county, long village, int number)
{
    struct job j = draw_job();
    unsigned size = 1 + below(6), wage = j.year ? j.year : 100 * below(500);
    unsigned farm = 100 * below(300), transfer = 10 * (20 + below(400)), property = 0;
    unsigned total = wage + farm + transfer + property, land = below(120), type = 1 + below(3);
    unsigned used = 1 + below(2), rent = 1 + below(2);
    char code[16];
    village_code(code, county, village);
    if (wage < 100)
        total -= wage, wage = 0;
    if (farm < 100)
        total -= farm, farm = 0;
    fprintf(f, "D%03u,2025-05-%02u,%s,%s,镇%ld村%ld,%d,李某某,154%08u,%u,1,%u,", below(1000),
            1 + below(31), COUNTY[county], code, village / 800, village % 800, number,
            below(100000000), size, type);
    if (type == 2)
        fprintf(f, "%u", 1 + below(3));
    fprintf(f, ",%u.%u,", land / 10, land % 10);
    if (land)
        fprintf(f, "%u,", rent);
    else
        fputc(',', f);
    if (land && rent == 1)
        fprintf(f, "%u.%u", land / 10, land % 10);
    fprintf(f, ",%u,%u,%u,%u,", wage, farm, transfer, property);
    if (j.out)
        fprintf(f, "%u", wage);
    fprintf(f, ",%u,%u,1,%d,%u,%u,", total, total / size, j.out, j.year, used);
    if (used == 1)
        fprintf(f, "%u", 1 + below(7));
    fprintf(f, ",%u,%u,%u,%u,%u,%u,%u %u,,%u,", 1 + below(5), 1 + below(5), 1 + below(5),
            1 + below(5), 1 + below(5), 1 + below(2), 1 + below(4), 5 + below(4), 1 + below(4));
    put_member(f, &j);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: generate HOUSEHOLDS FOLDER\n", stderr);
        return 2;
    }
    long villages = (atol(argv[1]) + COUNTIES * PER_VILLAGE - 1) / (COUNTIES * PER_VILLAGE);
    if (villages > 800 * 1000)
        return 2;
    write_frame(argv[2], villages);
    for (int c = 0; c < COUNTIES; c++) {
        char name[64];
        snprintf(name, sizeof name, "%s.csv", COUNTY[c]);
        FILE *f = create(argv[2], name);
        fputs(HEAD, f);
        for (long v = 0; v < villages; v++)
            for (int h = 1; h <= PER_VILLAGE; h++)
                put_household(f, c, v, h);
        if (fclose(f) != 0)
            return 3;
    }
    return 0;
}
