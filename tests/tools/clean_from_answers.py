#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""clean_from_answers.py ANSWERS_FOLDER OUT_FOLDER

Makes clean stores (pipeline/store/schema.c, SCHEMA_CLEAN) of topic 7 straight from the answers'
records, one a county, so that the estimates can be tested without ingest and clean.

The answers leave a cell blank for four reasons; which one is worked out here from the
questionnaire's skips, written down below once more, so that the expressions of the topic are
tested against something that is not the form's own."""
import csv
import os
import re
import sqlite3
import sys

INTEGERS = set("""hh_no hh_size labour_cnt n_member n_out wage_calc inc_wage inc_farm inc_transfer
    inc_property inc_total inc_pc remit m_no m_birth_year m_age m_months m_wage m_train_days m_out
    m_wage_year v_hh v_pop v_labour v_out_prov v_in_prov v_local v_out_total v_return v_startup
    v_ws_n v_ws_workers v_post v_train_n v_train_p v_broker_n c_labour c_transfer c_transfer_out
    c_tp_work c_tp_target c_agree_n c_fair_n c_train_p c_train_cert c_brand_n c_brand_people
    c_brand_listed b_no b_year b_people b_wage a_out a_no a_wage""".split())
DECIMALS = set("""land_mu land_out_mu v_out_rate v_info_pct v_coll_income c_tp_rate c_emp_pct
    c_fund c_fund_train""".split())
CALCULATED = set("""m_age m_out m_wage_year n_member n_out wage_calc inc_total inc_pc
    v_out_total v_out_rate c_tp_rate c_brand_listed""".split())
OPTIONAL = set("village_name phone opinion m_id v_opinion c_problem v_diff_oth".split())

# question: (question it hangs on, values for which it is asked)
STATUS = "m_status"
ASKED = {
    "monitor_type": ("hh_type", lambda v: v == "2"),
    "land_out": ("land_mu", lambda v: float(v) > 0),
    "land_out_mu": ("land_out", lambda v: v == "1"),
    "remit": ("n_out", lambda v: int(v) > 0),
    "svc_kinds": ("svc_used", lambda v: v == "1"),
    "needs_oth": ("needs", lambda v: "99" in v.split()),
    "m_place": (STATUS, lambda v: v in "12"),
    "m_dest": ("m_place", lambda v: v in "34"),
    "m_industry": (STATUS, lambda v: v in "12"),
    "m_industry_oth": ("m_industry", lambda v: v == "8"),
    "m_months": (STATUS, lambda v: v in "124"),
    "m_wage": (STATUS, lambda v: v in "124"),
    "m_channel": (STATUS, lambda v: v == "1"),
    "m_contract": (STATUS, lambda v: v == "1"),
    "m_arrears": (STATUS, lambda v: v == "1"),
    "m_train_type": ("m_trained", lambda v: v == "1"),
    "m_train_days": ("m_trained", lambda v: v == "1"),
    "m_cert": ("m_trained", lambda v: v == "1"),
    "m_brand": (STATUS, lambda v: v in "12"),
    "m_brand_name": ("m_brand", lambda v: v == "1"),
}
LEVELS = [("households", "07-household", "", "households.csv"),
          ("members", "07-household", "member", "members.csv"),
          ("villages", "07-village", "", "villages.csv"),
          ("counties", "07-county", "", "counties.csv"),
          ("brands", "07-county", "brand", "brands.csv")]
UNSENT = ("calls", "07-away")  # a form that came after the answers: nobody has sent it
PARENT = {"members": "households", "brands": "counties"}
NOT_QUESTIONS = {"key", "weight", "src_file", "src_sheet", "src_row"}
SCHEMA = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE level(pos INTEGER PRIMARY KEY, name TEXT NOT NULL, form TEXT NOT NULL,
  repeat TEXT NOT NULL) STRICT;
CREATE TABLE question(level TEXT NOT NULL, pos INTEGER NOT NULL, name TEXT NOT NULL,
  type TEXT NOT NULL, personal INTEGER NOT NULL, PRIMARY KEY(level, pos)) STRICT, WITHOUT ROWID;
CREATE TABLE source(row INTEGER PRIMARY KEY, file TEXT NOT NULL, sheet TEXT NOT NULL,
  no TEXT NOT NULL) STRICT;
CREATE TABLE fate(row INTEGER NOT NULL, level TEXT NOT NULL, n INTEGER NOT NULL,
  fate TEXT NOT NULL, key TEXT NOT NULL, listed INTEGER NOT NULL) STRICT;
CREATE TABLE problem(id INTEGER PRIMARY KEY, file TEXT NOT NULL, sheet TEXT NOT NULL,
  row TEXT NOT NULL, col TEXT NOT NULL, field TEXT NOT NULL, kind TEXT NOT NULL,
  class TEXT NOT NULL, original TEXT NOT NULL, corrected TEXT NOT NULL, key TEXT NOT NULL,
  personal INTEGER NOT NULL) STRICT;
"""


def why_missing(row, name):
    """The letter of pipeline/survey/value.h for a blank cell."""
    if name in CALCULATED:
        return "c"
    if name in ASKED:
        parent, asked = ASKED[name]
        if row[parent] == "":
            up = why_missing(row, parent)
            return "s" if up == "s" else "u"
        if not asked(row[parent]):
            return "s"
    return "o" if name in OPTIONAL else "r"


def convert(name, text):
    if name in INTEGERS:
        return int(text)
    return float(text) if name in DECIMALS else text


class Shard:
    def __init__(self, folder, county, version):
        path = os.path.join(folder, county + ".clean.db")
        if os.path.exists(path):
            os.remove(path)
        self.db = sqlite3.connect(path)
        self.db.executescript(SCHEMA)
        self.ids = {}
        for name, value in (("kind", "clean"), ("schema", version), ("plan", "henan-2025"),
                            ("topic", "07"), ("county", county), ("simulated", "1")):
            self.db.execute("INSERT INTO meta VALUES (?, ?)", (name, value))

    def table(self, pos, level, form, repeat, questions):
        self.db.execute("INSERT INTO level VALUES (?, ?, ?, ?)", (pos, level, form, repeat))
        columns = []
        for i, q in enumerate(questions):
            kind = "integer" if q in INTEGERS else "decimal" if q in DECIMALS else "text"
            self.db.execute("INSERT INTO question VALUES (?, ?, ?, ?, 0)", (level, i, q, kind))
            columns.append('"%s" %s' % (q, {"integer": "INTEGER", "decimal": "REAL"}.get(kind, "TEXT")))
        self.db.execute('CREATE TABLE "%s"("_id" INTEGER PRIMARY KEY, "_parent" INTEGER, '
                        '"_key" TEXT NOT NULL, "_no" INTEGER NOT NULL, "_row" INTEGER NOT NULL, '
                        '"_psu" TEXT NOT NULL, %s, "_missing" TEXT NOT NULL) STRICT'
                        % (level, ", ".join(columns)))

    def record(self, level, row, questions):
        key = row.get("key") or row.get("village_code") or row["county"]
        parent = self.ids[PARENT[level], key] if level in PARENT else None
        here = sum(1 for k in self.ids if k[0] == level) if level not in PARENT else 0
        number = int(row.get("m_no") or row.get("b_no") or 1)
        count = self.db.execute('SELECT COUNT(*) FROM "%s"' % level).fetchone()[0]
        self.ids[level, key] = count + 1
        values = [convert(q, row[q]) if row[q] != "" else None for q in questions]
        missing = "".join("." if row[q] != "" else why_missing(row, q) for q in questions)
        cells = [count + 1, parent, key, number, 0, row.get("village_code", "")] + values + [missing]
        self.db.execute('INSERT INTO "%s" VALUES (%s)' % (level, ",".join("?" * len(cells))), cells)
        self.db.execute("INSERT INTO fate VALUES (?, ?, 1, 'accepted', ?, 0)", (here, level, key))


def schema_version():
    schema = os.path.join(os.path.dirname(__file__), "../../pipeline/store/schema.c")
    with open(schema, encoding="utf-8") as f:
        return re.search(r'"clean", (\d+),', f.read()).group(1)


def asked_in(form):
    """The questions of a form that has no repeat."""
    path = os.path.join(os.path.dirname(__file__), "../../questionnaires/henan-2025", form + ".csv")
    with open(path, encoding="utf-8") as f:
        rows = [r[1:3] for r in csv.reader(f) if len(r) > 2 and not r[0]]
    without = ("start", "end", "deviceid", "note", "begin_group", "end_group", "type")
    end = rows.index(["list_name", "name"])
    return [name for kind, name in rows[:end] if kind not in without]


def county_of(row):
    return row["county"] if "county" in row else row["key"][:6]


def main():
    answers, out = sys.argv[1:3]
    version = schema_version()
    shards = {}
    for pos, (level, form, repeat, name) in enumerate(LEVELS):
        with open(os.path.join(answers, name), encoding="utf-8-sig", newline="") as f:
            rows = list(csv.DictReader(f))
        questions = [q for q in rows[0] if q not in NOT_QUESTIONS]
        if level in PARENT:
            questions = [q for q in questions if q != "county"]
        for county in sorted({county_of(r) for r in rows} | set(shards)):
            if county not in shards:
                shards[county] = Shard(out, county, version)
            shards[county].table(pos, level, form, repeat, questions)
        for row in rows:
            shards[county_of(row)].record(level, row, questions)
    level, form = UNSENT
    for shard in shards.values():
        shard.table(len(LEVELS), level, form, "", asked_in(form))
        shard.db.commit()
        shard.db.close()


if __name__ == "__main__":
    main()
