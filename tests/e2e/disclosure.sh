#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What may not be published cannot be worked out from what is: topic 7's records with domains that
# make small cells, and an intruder who knows every sum.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
tools=$root/tests/tools
topic=topics/henan-2025/07/topic.csv
mkdir shards && python3 "$tools/clean_from_answers.py" "$root/tests/field/henan-2025-07" shards || exit 3
sed -i '/^,hh_type,农户类型/a\
,know,,question,know_brand,\
,county_type,,cross,county hh_type,\
,type_know,,cross,hh_type know,\
,county_type_know,,cross,county hh_type know,\
,zone_type,,cross,zone hh_type,' "$topic"
sed -i '/^,today,/a\
,n_withhold,8,\
,confidential_levels,brands,' "$topic"
for c in shards/*.clean.db; do
    c=${c%.clean.db}
    "$bin/weigh" -t "$topic" -o "$c.weights.db" "$c.clean.db" &&
        "$bin/tally" -t "$topic" -w "$c.weights.db" -o "$c.tally.db" "$c.clean.db" || exit 3
done
check 'aggregate' "$bin/aggregate" -t "$topic" -o results.db shards/*.tally.db
check 'export results' "$bin/export" -t "$topic" -k results -o results.csv results.db
check 'export published' "$bin/export" -t "$topic" -k published -o published.csv results.db
check 'no hidden number of cases can be worked out' python3 "$tools/intruder.py" published.csv results.csv \
    topics/henan-2025/07/frame/villages.csv zone=zone county=county hh_type=hh_type know=know \
    county_type=county+hh_type type_know=hh_type+know county_type_know=county+hh_type+know zone_type=zone+hh_type
# The test can fail: the same table with its secondary cells printed.
python3 - <<'EOF'
import csv
full = {(r["indicator"], r["level"], r["domain"]): r for r in csv.DictReader(open("results.csv", encoding="utf-8-sig"))}
with open("published.csv", encoding="utf-8-sig") as f, open("careless.csv", "w") as out:
    rows = csv.DictReader(f)
    w = csv.DictWriter(out, rows.fieldnames)
    w.writeheader()
    kept = False
    for r in rows:
        if r["mark"] == "s" and (kept or not r["indicator"].startswith("know")):
            r = dict(full[r["indicator"], r["level"], r["domain"]], mark="")
        kept |= r["mark"] == "s"
        w.writerow(r)
EOF
check_exit 1 'without secondary cells they can' python3 "$tools/intruder.py" careless.csv results.csv \
    topics/henan-2025/07/frame/villages.csv zone=zone county=county hh_type=hh_type know=know \
    county_type=county+hh_type type_know=hh_type+know county_type_know=county+hh_type+know zone_type=zone+hh_type
grep -q '^found:' "$scratch/out"
report $? 'and the intruder names them'
check_same 'differences with hidden cells are not there' 0 "$(python3 -c 'import sqlite3
print(sqlite3.connect("results.db").execute("""SELECT COUNT(*) FROM contrast c JOIN estimate e USING(indicator, level)
 WHERE e.mark = ? AND e.domain IN (c.domain_a, c.domain_b)""", ("s",)).fetchone()[0])')"
finish
