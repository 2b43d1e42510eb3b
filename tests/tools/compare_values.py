#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""compare_values.py EXPECTED_CSV TABLE EXPORT_CSV KEY...

Compares a CSV of export with expected values (columns table, key, column, value): every row of
EXPECTED for TABLE must be in the export, found by the KEY columns joined by '/', and agree to
1e-9 relative, p values to 1e-7 (they have the statistic's error many times over)."""
import csv
import math
import sys


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def main():
    expected, table, export, *keys = sys.argv[1:]
    found = {"/".join(r[k] for k in keys): r for r in rows(export)}
    checked = wrong = 0
    for want in rows(expected):
        if want["table"] != table:
            continue
        checked += 1
        got = found.get(want["key"], {}).get(want["column"], "")
        tolerance = 1e-7 if want["column"] in ("p", "chisq_p") else 1e-9
        if not got or not math.isclose(float(want["value"]), float(got), rel_tol=tolerance):
            wrong += 1
            print(table, want["key"], want["column"], "wanted", want["value"], "got", got or "nothing")
    print(f"{checked} values, {wrong} differ")
    return 1 if wrong or not checked else 0


sys.exit(main())
