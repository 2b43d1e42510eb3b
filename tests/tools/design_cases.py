#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""design_cases.py BIN REFERENCE WORK [CASE...]

Runs the cases of tests/reference/designs.R through the programs in BIN, as somebody would who has
a CSV with design columns: a questionnaire with ordinary questions made from the CSV's heads, a
topic whose sheets design and margins are the case's, the CSV as a county's file.  Compares
results.csv with values.csv, and the tests, models, scales and differences in results.db with
analyses.csv, to 1e-9 relative (n and df exactly), and prints one TAP line a case."""
import concurrent.futures
import csv
import math
import os
import shutil
import sqlite3
import subprocess
import sys

TOLERANCE = 1e-9
EXACT = ("n", "df")
# Of each sort in analyses.csv: the table of results.db, its key, its columns and their names there.
ANALYSES = {
    "tests": ("test", ("name",), ("estimate", "se", "statistic", "ndf", "ddf", "p", "chisq", "chisq_df", "chisq_p"), {}),
    "models": ("coefficient", ("model", "term", "value"), ("estimate", "se", "statistic", "p"), {"statistic": "t"}),
    "scales": ("scale", ("name",), ("estimate", "se"), {}),
    "contrasts": ("contrast", ("indicator", "domain_a", "domain_b"), ("estimate", "se", "statistic", "p"),
                  {"estimate": "difference", "statistic": "t"}),
}
CLOSE = ("estimate", "se", "ci_low", "ci_high", "deff", "logit_low", "logit_high")


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def sheet(out, name, heads, lines):
    out.append([name])
    out.append([""] + heads)
    out.extend([""] + list(line) for line in lines)


def write(path, lines):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows(lines)


def is_number(text):
    try:
        float(text)
        return True
    except ValueError:
        return False


def questionnaire(data, choices):
    survey, lists = [], []
    for head in data[0]:
        values = [r[head] for r in data if r[head]]
        if head in choices:
            kind = "select_one c_" + head
            lists += [("c_" + head, v, "答" + v) for v in sorted(set(values))]
        elif values and all(is_number(v) for v in values):
            whole = all(v.lstrip("-").isdigit() for v in values)
            kind = "integer" if whole else "decimal"
        else:
            kind = "text"
        survey.append((kind, head, head))
    out = []
    sheet(out, "survey", ["type", "name", "label"], survey)
    sheet(out, "choices", ["list_name", "name", "label"], lists)
    sheet(out, "settings", ["form_title", "form_id", "version"], [("表", "f", "1")])
    return out


def analyses(out):
    sheet(out, "tests", ["name", "label", "kind", "level", "row", "column", "universe", "coefficients"],
          [("chisq", "", "chisq", "records", "sch.wide", "stype", "", ""),
           ("ttest", "", "ttest", "records", "api00", "awards", "", ""),
           ("paired", "", "paired", "records", "api99", "api00", "", ""),
           ("contrast", "", "contrast", "records", "api00", "stype", "", "E=1 H=-0.5 M=-0.5")] +
          [(k, "", k, "records", "api00", "stype" if k == "kruskal" else "awards", "", "")
           for k in ("wilcoxon", "vanderwaerden", "median", "kruskal")])
    sheet(out, "models", ["name", "label", "family", "level", "outcome", "terms", "universe"],
          [("gaussian", "", "gaussian", "records", "api00", "api99 stype api.stu", ""),
           ("binomial", "", "binomial", "records", "${sch.wide} = 'Yes'", "api99 stype api.stu", "")])
    sheet(out, "scales", ["name", "label", "kind", "level", "items", "universe"],
          [("alpha", "", "alpha", "records", "api00 api99 api.stu", ""),
           ("kappa", "", "kappa", "records", "sch.wide awards", "")])


def topic(key, design, margins, asked, by, analysed):
    out = []
    sheet(out, "settings", ["name", "value"], [("title", "设计的例子")])
    sheet(out, "instruments", ["level", "label", "form", "repeat", "unit", "key", "psu", "psu_name",
                               "county", "evidence", "stage"],
          [("records", "记录", "01-data", "", "个", key, "", "", "", "抽样", "")])
    sheet(out, "design", ["name", "value"], [r for r in design if r[0] != "data"])
    if margins:
        sheet(out, "margins", ["variable", "value", "total"],
              [(m["variable"], m["value"], m["total"]) for m in margins])
    sheet(out, "domains", ["name", "label", "source", "column", "label_column"],
          [(b, b, "question", b, "") for b in by])
    lines = []
    for a in asked:
        text = a["y"] if a["stat"] == "counts" else "${%s}" % a["y"]
        if a["stat"] == "prop":
            text += " = '%s'" % a["answer"]
        if a["stat"] == "counts" and any(line[0] == a["name"] for line in lines):
            continue  # one row of the sheet for all answers
        lines.append((a["name"], a["name"], "", "records", a["stat"], text,
                      a["x"] if a["stat"].startswith("fgt") else "${%s}" % a["x"] if a["x"] else "",
                      "", "1", "0"))
    sheet(out, "indicators", ["name", "label", "unit", "level", "statistic", "expression",
                              "denominator", "universe", "scale", "decimals"], lines)
    if analysed:
        analyses(out)
    return out


def has_analyses(reference, case):
    return os.path.exists(os.path.join(reference, case, "analyses.csv"))


def make_plan(case, reference, work):
    folder = os.path.join(reference, case)
    design = [(r["name"], r["value"]) for r in rows(os.path.join(folder, "design.csv"))]
    asked = rows(os.path.join(folder, "indicators.csv"))
    margins_path = os.path.join(folder, "margins.csv")
    margins = rows(margins_path) if os.path.exists(margins_path) else []
    by = asked[0]["by"].split()
    data_path = os.path.join(reference, dict(design)["data"] + ".csv")
    data = rows(data_path)
    choices = set(by) | {a["y"] for a in asked if a["stat"] in ("prop", "counts")} | {"answered"}
    choices |= {v for m in margins if m["value"] for v in m["variable"].split()}
    key = next((k for k in ("cds", "id") if k in data[0]), "")
    write(os.path.join(work, "questionnaires/p/01-data.csv"), questionnaire(data, choices))
    write(os.path.join(work, "topics/p/01/topic.csv"), topic(key, design, margins, asked, by, has_analyses(reference, case)))
    os.makedirs(os.path.join(work, "data"))
    shutil.copy(data_path, os.path.join(work, "data/file.csv"))


def run(binaries, work, *command):
    done = subprocess.run([os.path.join(binaries, command[0])] + list(command[1:]), cwd=work,
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError("%s: exit %d: %s" % (command[0], done.returncode, done.stderr.strip()))


def pipeline(binaries, work):
    t = ["-t", "topics/p/01/topic.csv"]
    run(binaries, work, "ingest", *t, "-c", "410000", "-o", "raw.db", "data")
    run(binaries, work, "clean", *t, "-o", "clean.db", "raw.db")
    run(binaries, work, "weigh", *t, "-o", "weights.db", "clean.db")
    run(binaries, work, "tally", *t, "-w", "weights.db", "-o", "tally.db", "clean.db")
    run(binaries, work, "aggregate", *t, "-o", "results.db", "tally.db")
    run(binaries, work, "export", *t, "-k", "results", "-o", "results.csv", "results.db")
    results = rows(os.path.join(work, "results.csv"))
    # The records and what became of their weights make the number again, or this fails.
    kinds = {r["stat"]: r["indicator"] for r in results if r["level"] == "all" and r["estimate"]}
    for indicator in kinds.values():
        run(binaries, work, "why", *t, "-f", indicator, "results.db", "raw.db", "clean.db", "weights.db")
    return results


def key_of(row):
    return row["indicator"], row["level"], row["domain"]


def differences(want, got):
    for column in EXACT:
        if int(want[column]) != int(got[column] or -1):
            yield column, want[column], got[column]
    if int(want["df"]) <= 0:
        return  # we print no error then
    scale, size = float(want["se"] or 0), abs(float(want["estimate"]))
    if scale < 1e-11 * size:  # without error, as of what a margin fixes; the rest is rounding
        if abs(float(got["estimate"]) - float(want["estimate"])) > TOLERANCE * size:
            yield "estimate", want["estimate"], got["estimate"]
        if float(got["se"] or 0) > 1e-11 * size:
            yield "se", want["se"], got["se"]
        return
    for column in CLOSE:
        if want[column] in ("", "NA"):
            continue
        a, b = float(want[column]), float(got[column]) if got[column] else math.nan
        if not math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE * scale):
            yield column, want[column], got[column]


def analysis_differences(want, got, columns, names):
    if got is None:
        yield "absent", "", ""
        return
    # A tail's relative error is that of the statistic times its square.
    tail = TOLERANCE * max(1, *(float(want[c] or 0) ** 2 for c in ("statistic", "chisq")))
    for column in columns:
        b = got[names.get(column, column)]
        if want[column] in ("", "NA"):
            if column == "p" and b is not None:
                yield column, "not estimable", b
            continue
        a, b = float(want[column]), math.nan if b is None else b
        if not math.isclose(a, b, rel_tol=tail if column in ("p", "chisq_p") else TOLERANCE):
            yield column, want[column], b


def compare_analyses(case, reference, work):
    wrong, wanted = [], rows(os.path.join(reference, case, "analyses.csv"))
    results = sqlite3.connect(os.path.join(work, "results.db"))
    results.row_factory = sqlite3.Row
    for table, (stored, keys, columns, names) in ANALYSES.items():
        got = {tuple(r[k] for k in keys): dict(r) for r in results.execute("SELECT * FROM " + stored)}
        for want in (w for w in wanted if w["table"] == table):
            key = (want["name"], want["term"], want["value"])[:len(keys)]
            ours = got.get(key)
            found = list(analysis_differences(want, ours, columns, names))
            if ours and "n" in ours and ours["n"] != int(want["n"]):
                found.append(("n", want["n"], ours["n"]))
            wrong += ["%s %s: R %s, ours %s" % ((table + " " + "/".join(key),) + f) for f in found]
    return wrong, len(wanted)


def compare(case, reference, results):
    got = {key_of(r): r for r in results}
    wanted = rows(os.path.join(reference, case, "values.csv"))
    wrong = []
    for want in wanted:
        ours = got.get(key_of(want))
        found = [("absent", "", "")] if ours is None else list(differences(want, ours))
        wrong += ["%s %s: R %s, ours %s" % (("/".join(key_of(want)),) + f) for f in found]
    return wrong, len(wanted)


def try_case(case, binaries, reference, work):
    folder = os.path.join(work, case)
    try:
        make_plan(case, reference, folder)
        wrong, count = compare(case, reference, pipeline(binaries, folder))
        if has_analyses(reference, case):
            more = compare_analyses(case, reference, folder)
            wrong, count = wrong + more[0], count + more[1]
    except RuntimeError as e:
        wrong, count = [str(e)], 0
    return wrong, count


def main():
    binaries, reference, work = sys.argv[1:4]
    cases = sys.argv[4:] or sorted(c for c in os.listdir(reference)
                                   if os.path.isdir(os.path.join(reference, c)))
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(lambda c: try_case(c, binaries, reference, work), cases))
    for i, (case, (wrong, count)) in enumerate(zip(cases, outcomes), 1):
        bad += bool(wrong)
        print("%sok %d - %s: %d estimates are those of R" % ("not " if wrong else "", i, case, count))
        for line in wrong[:12]:
            print("#   " + line)
    print("1..%d" % len(cases))
    sys.exit(1 if bad or not cases else 0)


main()
