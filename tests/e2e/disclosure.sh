#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What may not be published cannot be worked out from what is: topic 7's records with domains that
# make small cells, and an intruder who knows all that a reader can know (tools/attack.py).
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
tools=$root/tests/tools
topic=topics/henan-2025/07/topic.csv
mkdir shards && python3 "$tools/clean_from_answers.py" "$root/tests/field/henan-2025-07" shards || exit 3
sed -i '/^,hh_type,农户类型/a\
,know,,question,know_brand,\
,type_know,,cross,hh_type know,\
,zone_type,,cross,zone hh_type,' "$topic"
sed -i '/^,today,/a\
,confidential_levels,brands,' "$topic"
for c in shards/*.clean.db; do
    c=${c%.clean.db}
    "$bin/weigh" -t "$topic" -o "$c.weights.db" "$c.clean.db" &&
        "$bin/tally" -t "$topic" -w "$c.weights.db" -o "$c.tally.db" "$c.clean.db" || exit 3
done
check 'aggregate' "$bin/aggregate" -t "$topic" -o results.db shards/*.tally.db
check 'export results' "$bin/export" -t "$topic" -k results -o results.csv results.db
check 'export published' "$bin/export" -t "$topic" -k published -o published.csv results.db
check 'export differences' "$bin/export" -t "$topic" -k contrasts -o contrasts.csv results.db
attack() { python3 "$tools/attack.py" "$@"; }
check 'no hidden number can be worked out' attack -c contrasts.csv "$topic" published.csv shards/*.tally.db
# The test can fail: the same table with some of its secondary cells printed.
careless() {
    python3 - "$@" <<'EOF'
import csv, sys
full, public = ([*csv.DictReader(open(p, encoding="utf-8-sig"))] for p in sys.argv[1:3])
with open(sys.argv[3], "w") as out:
    w = csv.DictWriter(out, public[0])
    w.writeheader()
    for f, r in zip(full, public):
        w.writerow(dict(f, mark="") if r["mark"] == "s" and r["indicator"].startswith(sys.argv[4]) else r)
EOF
}
careless results.csv published.csv careless.csv know
check_exit 1 'without secondary cells it can' attack "$topic" careless.csv shards/*.tally.db
grep -q '^found: know' "$scratch/out"
report $? 'and the intruder names them'
check_same 'differences with hidden cells are not there' 0 "$(python3 -c 'import sqlite3
print(sqlite3.connect("results.db").execute("""SELECT COUNT(*) FROM contrast c JOIN estimate e USING(indicator, level)
 WHERE e.mark = ? AND e.domain IN (c.domain_a, c.domain_b)""", ("s",)).fetchone()[0])')"

# ---- answers: a census of households, and a sample ---------------------------------------------------
# 240 households of one county in 12 villages.  Sums over villages and over answers, shares of several
# answers and means of them, domains by the answers themselves.
mkdir -p topics/census/01 topics/census/02 questionnaires/census census
cat >questionnaires/census/01-household.csv <<'END'
survey
,type,name,label
,text,hh,户编号
,select_one village,village,村
,select_one kind,kind,类型
,select_one yesno,water,通水
,select_one sat,sat,满意程度
,decimal,w,权数
choices
,list_name,name,label
END
for v in 01 02 03 04 05 06 07 08 09 10 11 12; do echo ",village,$v,村$v"; done >>questionnaires/census/01-household.csv
for k in a b c d e; do echo ",kind,$k,类$k"; done >>questionnaires/census/01-household.csv
for k in 1 2 3 4 5; do echo ",sat,$k,第$k档"; done >>questionnaires/census/01-household.csv
printf ',yesno,1,是\n,yesno,2,否\nsettings\n,form_title,form_id,version\n,户表,hh,1\n' >>questionnaires/census/01-household.csv
cat >topics/census/01/topic.csv <<'END'
settings
,name,value
,title,全部住户
instruments
,level,label,form,repeat,unit,key,psu,psu_name,county,evidence,stage
,households,住户,01-household,,户,hh,,,,普查,
domains
,name,label,source,column,label_column
,village,村,question,village,
,water,通水,question,water,
,both,,cross,village water,
indicators
,name,label,unit,level,statistic,expression,denominator,universe,scale,decimals,better
,kind,类型,%,households,categories,kind,,,100,1
,kinds,各类型户数,户,households,counts,kind,,,1,0
,watered,通水,%,households,prop,${water} = '1',,,100,1,high
,sat,满意程度,%,households,categories,sat,,,100,1
,sat45,满意,%,households,prop,${sat} >= 4,,,100,1,high
,satm,满意程度均值,分,households,mean,${sat},,,1,2
indices
,name,label,kind,by,indicators,weights,matrix,base
,good,通水和满意,score,village,watered sat45,equal,,
END
sed 's/,普查,/,抽样,/; s/^indicators/design\n,name,value\n,strata,village\n,weight,w\n&/' topics/census/01/topic.csv \
    >topics/census/02/topic.csv
awk 'BEGIN { print "hh,village,kind,water,sat,w"; srand(3)
    for (i = 1; i <= 240; i++) printf "H%03d,%02d,%s,%d,%d,%.2f\n", i, 1 + i % 12,
        substr("aaaaaabbbbccdde", 1 + int(15 * rand()), 1), 1 + (rand() < 0.3),
        substr("1223334444555", 1 + int(13 * rand()), 1), 1 + rand() }' >census/户.csv
published() {
    topic=topics/census/$1/topic.csv
    "$bin/ingest" -t "$topic" -c 410000 -o "$1.raw.db" census && "$bin/clean" -t "$topic" -o "$1.clean.db" "$1.raw.db" &&
        "$bin/weigh" -t "$topic" -o "$1.weights.db" "$1.clean.db" &&
        "$bin/tally" -t "$topic" -w "$1.weights.db" -o "$1.tally.db" "$1.clean.db" &&
        "$bin/aggregate" -t "$topic" -o "$1.db" "$1.tally.db" &&
        "$bin/export" -t "$topic" -k published -o "$1.published.csv" "$1.db" &&
        "$bin/export" -t "$topic" -k results -o "$1.results.csv" "$1.db"
}
for t in 01 02; do
    topic=topics/census/$t/topic.csv
    check "evidence of topic $t: estimates" published $t
    check 'no answer of one or two households can be worked out' attack "$topic" $t.published.csv $t.tally.db
    careless $t.results.csv $t.published.csv $t.careless.csv kind
    check_exit 1 'without secondary cells they can' attack "$topic" $t.careless.csv $t.tally.db
    grep -q '^found: kind' "$scratch/out"
    report $? 'and the intruder names them'
done

# Scores are of what may be published only.
check 'export rankings' "$bin/export" -t topics/census/01/topic.csv -k rankings -o rankings.csv 01.db
check 'villages with a hidden number have neither score nor place, the others have both' python3 - <<'END'
import csv
rows = lambda p: [*csv.DictReader(open(p, encoding="utf-8-sig"))]
hidden = {r["domain"] for r in rows("01.published.csv")
          if r["level"] == "village" and r["indicator"] in ("watered", "sat45") and not r["estimate"]}
placed = {r["domain"] for r in rows("rankings.csv") if r["score"] or r["rank"]}
assert hidden and placed and not hidden & placed and len(hidden | placed) == 12, (hidden, placed)
END
finish
