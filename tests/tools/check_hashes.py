#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check_hashes.py ANSWERS CLEAN.db...: in the clean stores every personal value of the answers has
one hash, the same in all counties, and different values have different ones; at least one value
stands in two counties.  Exit 1 otherwise."""
import csv
import re
import sqlite3
import sys

COLUMNS = {"households": ("resp_name", "phone"), "members": ("m_name", "m_id"),
           "counties": ("c_phone",)}
HASH = re.compile("hmac:[0-9a-f]{16}")


def read(answers, level):
    with open(f"{answers}/{level}.csv", encoding="utf-8-sig", newline="") as f:
        return {(r.get("key") or r.get("county"), r.get("m_no", "")): r for r in csv.DictReader(f)}


def records(db, level):
    if level == "members":
        return db.execute('SELECT p."_key", CAST(m.m_no AS TEXT), m.* FROM members AS m'
                          ' JOIN households AS p ON p."_id" = m."_parent"')
    return db.execute(f'SELECT "_key", \'\', * FROM "{level}"')


def main():
    hashes, values, counties, bad, n = {}, {}, {}, 0, 0
    for level, columns in COLUMNS.items():
        answers = read(sys.argv[1], level)
        for path in sys.argv[2:]:
            db = sqlite3.connect(path)
            db.row_factory = sqlite3.Row
            for r in records(db, level):
                want = answers[(r[0], r[1])]
                for c in columns:
                    n += 1
                    if not want[c] or r[c] is None:
                        bad += bool(want[c]) != (r[c] is not None)
                        continue
                    bad += not HASH.fullmatch(r[c])
                    hashes.setdefault(want[c], set()).add(r[c])
                    values.setdefault(r[c], set()).add(want[c])
                    counties.setdefault(want[c], set()).add(path)
    bad += sum(len(h) != 1 for h in hashes.values()) + sum(len(v) != 1 for v in values.values())
    shared = sum(len(c) > 1 for c in counties.values())
    print(f"{n} cells, {len(hashes)} values, {shared} in more than one county, {bad} wrong")
    sys.exit(1 if bad or not shared else 0)


main()
