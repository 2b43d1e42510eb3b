#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""answers.py PUBLISHED_CSV RECORDS_CSV WORD...

Tries to work out the hidden answers of a published table from all that is printed beside them.
Every number of records with given values in some columns is an unknown; whatever is printed is known,
and so is every sum over a column.  A hidden cell with one or two records, or with all but one or two,
or hidden for the others' sake, that the printed ones determine is an error.  WORD says what is printed:
  village=village both=village+water    a domain and the columns it is by
  kind:kind                             shares or counts of the answers to a question, kind.<answer>
  sat45:sat:4,5                         the share of some of its answers
  satm:sat:mean                         the mean of its answers
All records have an answer in all columns."""
import collections
import sys

from intruder import rows, solve


def main():
    published, records = rows(sys.argv[1]), rows(sys.argv[2])
    domains, printed = {"all": []}, {}
    for word in sys.argv[3:]:
        if "=" in word:
            name, columns = word.split("=")
            domains[name] = columns.split("+")
        else:
            name, *rest = word.split(":")
            printed[name] = rest
    questions = sorted({rest[0] for rest in printed.values()})
    answers = {q: sorted({r[q] for r in records}) for q in questions}

    # Records by the columns of a domain, and with the answer to a question besides.
    keys = {tuple(sorted(set(columns + extra))) for columns in domains.values()
            for extra in [[]] + [[q] for q in questions]}
    count = collections.Counter(frozenset((c, r[c]) for c in key) for r in records for key in keys)

    def entry(row):
        columns = domains[row["level"]]
        return frozenset(zip(columns, row["domain"].split(" ") if len(columns) > 1 else [row["domain"]]))

    known, equations, targets = {frozenset()}, [], {}
    for row in published:
        if row["level"] not in domains:
            continue
        group, _, answer = row["indicator"].partition(".")
        rest, at = printed.get(group), entry(row)
        if row["n"] and rest:
            known.add(at)
        if not rest:
            continue
        if answer:
            cell = at | {(rest[0], answer)}
            if len(dict(cell)) < len(cell):
                continue  # another answer of the domain's own question: none
            if row["estimate"]:
                known.add(cell)
            else:
                n, total = count[cell], count[at]
                if 0 < n < 3 or 0 < total - n < 3 or row["mark"] == "s" and n:
                    targets[cell] = (row["indicator"], row["level"], row["domain"], n)
        elif row["estimate"]:
            codes = answers[rest[0]] if rest[1] == "mean" else rest[1].split(",")
            weight = {c: int(c) if rest[1] == "mean" else 1 for c in codes}
            terms = {at | {(rest[0], c)}: w for c, w in weight.items() if at | {(rest[0], c)} in count}
            equations.append(terms)
    columns = set(questions).union(*domains.values())
    for cell in list(count):
        for q in columns - set(dict(cell)):
            parts = [p for p in (cell | {(q, v)} for v in sorted({r[q] for r in records})) if p in count]
            if parts:
                equations.append({cell: 1, **{p: -1 for p in parts}})
    system = [({c: k for c, k in e.items() if c not in known}, 0) for e in equations]
    found = [c for c in solve([(c, b) for c, b in sorted(system, key=lambda e: len(e[0])) if c]) if c in targets]
    for cell in found:
        print("found:", *targets[cell])
    print(f"{len(targets)} hidden answers, {len(found)} found, {len(known)} printed")
    return 1 if found or not targets else 0


if __name__ == "__main__":
    sys.exit(main())
