#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check_ranking.py RESULTS_CSV RANKINGS_CSV INDICES_CSV NAME INDICATOR+ INDICATOR- ...

Works an entropy-weighted score over counties out once more from the estimates of results.csv
(+ more is better, - less is) and compares weights, scores, places and TOPSIS with those of the
run, to 1e-9; so with the ranges of places without one indicator each, and with which neighbours
that turns round."""
import csv
import math
import sys


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def scores(x, negative, keep):
    n, m = len(x), len(negative)
    scaled = []
    for j in range(m):
        column = [r[j] for r in x]
        low, high = min(column), max(column)
        scaled.append([(high - v if negative[j] else v - low) / (high - low) for v in column])
    free = []
    for j in range(m):
        total = sum(scaled[j])
        entropy = -sum(v / total * math.log(v / total) for v in scaled[j] if v > 0) / math.log(n)
        free.append(1 - entropy if keep[j] else 0)
    w = [f / sum(free) for f in free]
    score = [sum(w[j] * scaled[j][i] for j in range(m)) for i in range(n)]
    v = [[(1 / r[j] if negative[j] else r[j]) for j in range(m)] for r in x]
    norm = [math.sqrt(sum(r[j] ** 2 for r in v)) for j in range(m)]
    v = [[w[j] * r[j] / norm[j] for j in range(m)] for r in v]
    best = [max(r[j] for r in v) for j in range(m)]
    worst = [min(r[j] for r in v) for j in range(m)]
    close = [math.dist(r, worst) / (math.dist(r, worst) + math.dist(r, best)) for r in v]
    return w, score, close


def place(values, i):
    return 1 + sum(v > values[i] for v in values)


def main():
    results, rankings, parts, name, *words = sys.argv[1:]
    names = [w[:-1] for w in words]
    negative = [w[-1] == "-" for w in words]
    estimate = {(r["indicator"], r["domain"]): r for r in rows(results) if r["level"] == "county"}
    counties = sorted({d for (i, d) in estimate if i == names[0]})
    x = [[float(estimate[i, c]["estimate"]) for i in names] for c in counties]
    w, score, close = scores(x, negative, [True] * len(names))
    got = {r["domain"]: r for r in rows(rankings) if r["name"] == name}
    weights = {r["part"]: float(r["value"]) for r in rows(parts)
               if r["name"] == name and r["domain"] == "" and r["part"].startswith("weight:")}
    wrong = 0
    for j, i in enumerate(names):
        wrong += not math.isclose(weights["weight:" + i], w[j], rel_tol=1e-9)
    drops = [scores(x, negative, [k != j for k in range(len(names))])[1] for j in range(len(names))]
    order = sorted(range(len(counties)), key=lambda i: -score[i])
    after = dict(zip(order, order[1:]))
    for i, c in enumerate(counties):
        r = got[c]
        turned = "" if i not in after else str(int(any(d[i] <= d[after[i]] for d in drops)))
        without = [place(d, i) for d in drops]
        fine = (math.isclose(float(r["score"]), score[i], rel_tol=1e-9, abs_tol=1e-12)
                and math.isclose(float(r["other"]), close[i], rel_tol=1e-9, abs_tol=1e-12)
                and int(r["rank"]) == place(score, i) and int(r["other_rank"]) == place(close, i)
                and int(r["drop_low"]) == min(without) and int(r["drop_high"]) == max(without)
                and r["drop_turned"] == turned)
        if not fine:
            wrong += 1
            print(c, score[i], close[i], place(score, i), without, r)
    print(f"{len(counties)} units, {wrong} differ")
    return 1 if wrong or len(counties) < 2 else 0


sys.exit(main())
