#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""compare_answers.py OUT ANSWERS [--county CODE]... [--show N] [--all-columns]

Compares cleaned records and the problem list with an answers folder.  OUT is a folder of
*.clean.db files (every column, personal ones too), or a report folder (problems.csv and
records/*.csv; personal columns that are not there are passed over).

Prints a line per county and kind: wanted, found, false.  Exit 1 where a record or a cell is wrong,
a returned, held, dropped or file problem is missing or false, or fewer than 99% of the repairs are
found.  --all-columns also compares what is for people only: column, original, corrected, key.
"""
import argparse
import csv
import glob
import os
import re
import sqlite3
import sys
from collections import Counter, defaultdict

HASH = re.compile("hmac:[0-9a-f]{16}")
csv.field_size_limit(1 << 30)

# Record file -> the answers' columns that are its key.
KEYS = {
    "households": ["key"],
    "members": ["key", "m_no"],
    "villages": ["village_code"],
    "counties": ["county"],
    "brands": ["county", "b_no"],
}
PLACE = ["src_file", "src_sheet", "src_row"]
MUST = ["county", "file", "sheet", "row", "field", "kind", "class"]
PEOPLE = ["column", "original", "corrected", "key"]
EXACT = {"returned", "held", "dropped", "file"}


def read_csv(path):
    with open(path, encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


class Databases:
    """Clean stores as they are."""

    def __init__(self, folder):
        self.stores = []
        for path in sorted(glob.glob(os.path.join(folder, "*.clean.db"))):
            db = sqlite3.connect(path)
            db.row_factory = sqlite3.Row
            county = db.execute("SELECT value FROM meta WHERE name = 'county'").fetchone()[0]
            self.stores.append((county, db))

    def records(self, level):
        rows = []
        for county, db in self.stores:
            form = db.execute("SELECT form FROM level WHERE name = ?", (level,)).fetchone()[0]
            for r in db.execute(
                f'SELECT t.*, s.file AS src_file, s.sheet AS src_sheet, s.no AS src_row'
                f' FROM "{level}" AS t LEFT JOIN source AS s ON s.row = t."_row"'
            ):
                row = {k: "" if r[k] is None else str(r[k]) for k in r.keys()}
                row["key"] = r["_key"]
                if "county" not in row:
                    row["county"] = county
                rows.append(row)
        return rows

    def problems(self):
        return [
            {**{k: str(r[k]) for k in r.keys() if k != "col"}, "column": r["col"], "county": county}
            for county, db in self.stores
            for r in db.execute("SELECT * FROM problem ORDER BY id")
        ]


class Report:
    """The CSV files of a report."""

    def __init__(self, folder):
        self.folder = folder

    def records(self, level):
        return read_csv(os.path.join(self.folder, "records", level + ".csv"))

    def problems(self):
        return read_csv(os.path.join(self.folder, "problems.csv"))


def same(a, b):
    a, b = a.replace("\r\n", "\n"), b.replace("\r\n", "\n")
    if a == b or (a and HASH.fullmatch(b)):
        return True  # a personal value; check_hashes.py looks at those
    try:
        x, y = float(a), float(b)
    except ValueError:
        return False
    return abs(x - y) <= 1e-9 * max(abs(x), abs(y))


def county_of(row):
    return (row.get("county") or row.get("village_code") or row.get("key") or "")[:6]


def show(what, items, limit):
    for item in items[:limit]:
        print(f"    {what}: {item}")
    if len(items) > limit:
        print(f"    {what}: … {len(items) - limit} more")


def compare_records(out, answers, counties, limit):
    wrong = 0
    for level, key in KEYS.items():
        key_of = lambda r: tuple(r[k] for k in key)
        want = {key_of(r): r for r in read_csv(os.path.join(answers, level + ".csv"))
                if not counties or county_of(r) in counties}
        rows = [r for r in out.records(level) if not counties or county_of(r) in counties]
        got = {key_of(r): r for r in rows}
        missing = [k for k in want if k not in got]
        extra = [k for k in got if k not in want]
        cells, bad = 0, []
        for k in want:
            for column, value in want[k].items():
                if k not in got or column == "weight" or column not in got[k]:
                    continue
                cells += 1
                if not same(value, got[k][column]):
                    bad.append((k, column, "want", value[:40], "got", got[k][column][:40]))
        repeated = len(rows) - len(got)
        print(f"{level:<11} wanted {len(want):5} got {len(rows):5} missing {len(missing):4} "
              f"extra {len(extra):4} repeated {repeated:3} cells {cells:7} wrong {len(bad):5}")
        show("missing", missing, limit)
        show("extra", extra, limit)
        show("wrong", bad, limit)
        wrong += len(missing) + len(extra) + repeated + len(bad)
    return wrong


def compare_problems(out, answers, counties, limit, columns):
    pick = lambda rows: Counter(tuple(r[c] for c in columns) for r in rows
                                if not counties or r["county"] in counties)
    want, got = pick(read_csv(os.path.join(answers, "problems.csv"))), pick(out.problems())
    table = defaultdict(lambda: [0, 0, 0])
    at = [columns.index(c) for c in ("county", "class", "kind")]
    for line in want | got:
        cell = table[tuple(line[i] for i in at)]
        both = min(want[line], got[line])
        cell[0] += want[line]
        cell[1] += both
        cell[2] += got[line] - both
    for (county, group, kind), (n, found, false) in sorted(table.items()):
        mark = "" if n == found and not false else "   <--"
        print(f"{county} {group:<9} {kind:<16} wanted {n:5} found {found:5} false {false:5}{mark}")
    show("not reported", sorted((want - got).elements()), limit)
    show("false", sorted((got - want).elements()), limit)
    exact = sum(n - found + false for (_, group, _), (n, found, false) in table.items()
                if group in EXACT)
    repairs = [v for (_, group, _), v in table.items() if group == "repaired"]
    share = sum(v[1] for v in repairs) / max(1, sum(v[0] for v in repairs))
    return exact, share if repairs else 1.0, sum(v[2] for v in repairs)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("out")
    options.add_argument("answers")
    options.add_argument("--county", action="append", default=[])
    options.add_argument("--show", type=int, default=10)
    options.add_argument("--all-columns", action="store_true")
    o = options.parse_args()
    stores = glob.glob(os.path.join(o.out, "*.clean.db"))
    out = Databases(o.out) if stores else Report(o.out)
    counties = set(o.county)
    wrong = compare_records(out, o.answers, counties, o.show)
    exact, share, false = compare_problems(out, o.answers, counties, o.show,
                                           MUST + (PEOPLE if o.all_columns else []))
    print(f"records wrong {wrong}; returned, held, dropped and file problems wrong {exact}; "
          f"repairs found {share:.2%}, false {false}")
    sys.exit(1 if wrong or exact or share < 0.99 else 0)


main()
