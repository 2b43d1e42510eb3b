#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""compare_estimates.py RESULTS_CSV ESTIMATES_CSV [STRATA]

Compares a run's results.csv with estimates made by R's survey package over the same records
(scope visible8, strata_var county unless told otherwise).  Estimates, standard errors, intervals and design effects
must agree to 1e-9 relative, which leaves room only for another order of summation; n, the PSU
and stratum counts and df must be equal.  The width of a Woodruff interval is a difference of two
observed values, so it is exact as well.  Prints each difference, then a count; exit 1 if any."""
import csv
import math
import sys

EXACT = ("n", "n_psu", "n_strata", "df")
CLOSE = ("estimate", "se", "ci_low", "ci_high", "deff", "logit_low", "logit_high")
TOLERANCE = 1e-9


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def key(row):
    return row["indicator"], row["stat"], row["level"], row["domain"]


def differences(want, got):
    for column in EXACT:
        if want[column] and int(want[column]) != int(got[column] or -1):
            yield column, want[column], got[column]
    for column in CLOSE:
        if want.get(column, "") in ("", "NA"):
            continue
        a = float(want[column])
        b = float(got[column]) if got[column] else math.nan
        if not math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE * abs(float(want["se"] or 0))):
            yield column, want[column], got[column]


def main():
    results = {key(r): r for r in rows(sys.argv[1])}
    strata = sys.argv[3] if len(sys.argv) > 3 else "county"
    wanted = [r for r in rows(sys.argv[2]) if r["scope"] == "visible8" and r["strata_var"] == strata]
    wrong = 0
    for want in wanted:
        got = results.get(key(want))
        found = [("absent", "", "")] if got is None else list(differences(want, got))
        wrong += bool(found)
        for column, a, b in found:
            print("# %s %s: wanted %s, got %s" % ("/".join(key(want)), column, a, b))
    print("# %d estimates compared, %d differ" % (len(wanted), wrong))
    sys.exit(1 if wrong or not wanted else 0)


main()
