#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""intruder.py PUBLISHED_CSV RESULTS_CSV FRAME_CSV DOMAIN=COLUMN+COLUMN...

Tries to work out the hidden numbers of cases in a published table: for every indicator, all sums
that its whole, its domains and their crossings obey (where the records really add up; the frame
gives which county lies in which zone), reduced exactly over the rationals.  A hidden cell that
the printed ones determine is an error, as is an indicator with a small cell and nothing hidden
besides.  Estimates withheld because they are poor, or for the sake of others' answers (answers.py), keep
their number of cases."""
import csv
import itertools
import sys
from fractions import Fraction


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def solve(equations):
    """Variables that a linear system (dict of coefficients, right side) determines."""
    done = []
    for coefficients, right in equations:
        c, b = dict(coefficients), Fraction(right)
        for pivot, pc, pb in done:
            f = c.get(pivot, 0)
            if f:
                for k, v in pc.items():
                    c[k] = c.get(k, 0) - f * v
                b -= f * pb
        c = {k: v for k, v in c.items() if v}
        if not c:
            continue
        pivot = next(iter(c))
        f = c[pivot]
        c, b = {k: Fraction(v) / f for k, v in c.items()}, b / f
        for i, (p, pc, pb) in enumerate(done):
            g = pc.get(pivot, 0)
            if g:
                for k, v in c.items():
                    pc[k] = pc.get(k, 0) - g * v
                done[i] = (p, {k: v for k, v in pc.items() if v}, pb - g * b)
        done.append((pivot, c, b))
    return [p for p, c, _ in done if len(c) == 1]


def main():
    published, results, frame, *words = sys.argv[1:]
    factors = {"all": []}
    for w in words:
        name, columns = w.split("=")
        factors[name] = columns.split("+")
    zone_of = {r["county_code"]: r["stratum"] for r in rows(frame)}
    truth = {(r["indicator"], r["level"], r["domain"]): int(r["n"]) for r in rows(results)}
    marked = [r for r in rows(published) if r["mark"] in ("x", "s")]
    hidden_rows = [r for r in marked if r["n"] == ""]
    if any(r["estimate"] for r in marked) or not all(r["n"] or r["mark"] in ("x", "s") for r in rows(published)):
        print("a hidden number is printed")
        return 1
    hidden = {(r["indicator"], r["level"], r["domain"]) for r in hidden_rows}

    def value_at(level, domain, want):
        parts = dict(zip(factors[level], domain.split(" ") if len(factors[level]) > 1 else [domain]))
        if want == "zone" and "zone" not in parts:
            return zone_of.get(parts.get("county"))
        return parts.get(want)

    wrong = checked = 0
    for indicator in sorted({k[0] for k in hidden}):
        cells = [k for k in truth if k[0] == indicator and k[1] in factors]
        equations = []
        for total in cells:
            for level in factors:
                if level == total[1]:
                    continue
                mine = dict(zip(factors[total[1]], total[2].split(" ") if len(factors[total[1]]) > 1 else [total[2]]))
                parts = [k for k in cells if k[1] == level and
                         all(value_at(level, k[2], f) == v for f, v in mine.items())]
                if not parts or sum(truth[k] for k in parts) != truth[total]:
                    continue
                c, right = {}, 0
                for k, sign in [(total, 1)] + [(p, -1) for p in parts]:
                    if k in hidden:
                        c[k] = c.get(k, 0) + sign
                    else:
                        right -= sign * truth[k]
                equations.append((c, right))
        known = solve(equations)
        checked += len([k for k in hidden if k[0] == indicator])
        for k in known:
            wrong += 1
            print("found:", *k, truth[k])
    secondary = sum(r["mark"] == "s" for r in hidden_rows)
    print(f"{checked} hidden cells, {secondary} of them secondary, {wrong} found")
    return 1 if wrong or not secondary else 0


if __name__ == "__main__":
    sys.exit(main())
