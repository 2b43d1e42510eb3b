#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""compare_differences.py RESULTS_DB DIFFERENCES_CSV

Compares the table contrast of a results store with differences made by R's survey package, to
1e-9 relative; prints what differs, then a count; exit 1 if any."""
import csv
import math
import sqlite3
import sys

NUMBERS = ("difference", "se", "t", "p")


def main():
    db = sqlite3.connect(sys.argv[1])
    db.row_factory = sqlite3.Row
    wrong = compared = 0
    with open(sys.argv[2], encoding="utf-8", newline="") as f:
        for want in csv.DictReader(f):
            compared += 1
            got = db.execute(
                "SELECT * FROM contrast WHERE indicator = ? AND level = ? AND domain_a = ? "
                "AND domain_b = ?",
                [want[k] for k in ("indicator", "level", "domain_a", "domain_b")]).fetchone()
            bad = [c for c in NUMBERS if got is None or got[c] is None
                   or not math.isclose(float(want[c]), got[c], rel_tol=1e-9)]
            if got is None or bad or int(want["df"]) != got["df"]:
                wrong += 1
                print("#", dict(want), "got", dict(got) if got else None)
    print("# %d differences compared, %d differ" % (compared, wrong))
    sys.exit(1 if wrong or not compared else 0)


main()
