#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Cangzhou 2021: a panel of 112 pairs over five years, rehearsed with simulated uploads.  Changes
# are worked out again here from the records, apart from the programs that print them.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
with='plan=cangzhou-2021'
value() { awk -F, -v i="$1" '$3 == i && $5 == "all" {printf "%.9g", $11}' "$out/results.csv"; }
cat >"$scratch/distinct.py" <<'PY'
import csv, sys
print(len({r["pair_key"] or (r["src_file"], r["pair"]) for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig"))}))
PY
rehearsed() { # number title level more…
    out=reports/cangzhou-2021/$1 number=${1#0} title=$2 level=$3
    shift 3
    check "make plan=cangzhou-2021 topic=$number" run topic="$number" "$out/report.tex" "$out/results.csv" \
        "$out/records/$level.csv" "$@"
    awk '/^[^,]/ {on = $0 == "indicators"; head = 1; next} on && head {head = 0; next} on' "topics/cangzhou-2021/0$number/topic.csv" |
        cut -d, -f2 | while read -r name; do grep -q "^[^,]*,[^,]*,$name[,.]" "$out/results.csv" || echo "$name"; done >"$scratch/missing"
    check_same "topic $number: every indicator has results" '' "$(cat "$scratch/missing")"
    # 8 in each of 14 counties; one whose two returns contradict each other waits for the county.
    n=$(value n)
    check_same "topic $number: no pair twice" "$n" \
        "$(python3 "$scratch/distinct.py" "$out/records/$level.csv")"
    [ "$n" -gt 100 ] && [ "$n" -le 112 ]
    report $? "topic $number: $n of 112 pairs"
    grep -q "$title" "$out/report.tex" && grep -q 模拟数据 "$out/report.tex"
    report $? "topic $number has its title and says that its data are simulated"
}
name=百家理事单位进老区助振兴感恩示范行动
rehearsed 01 "“$name”结对、首次对接和帮扶方案情况" pairs reports/cangzhou-2021/01/tables/published.csv
check_same 'the 112 pairs and 112 units of the source stand beside those of the data, which are simulated' 2 \
    "$(grep -c ",112,$n,模拟数，不对照" $out/tables/published.csv)"
grep -q '三大机制' $out/report.tex && grep -q '二年一次' $out/report.tex
report $? 'the report says where the two texts of the source differ'
[ "$(value ontime10)" != '' ] && awk -v a="$(value ontime10)" -v b="$(value ontime)" -v c="$(value ontime20)" 'BEGIN {exit !(a <= b && b <= c)}'
report $? 'the three readings of 11月中旬前, each no less than the stricter one'
check_same 'first units, firms and secretaries of the source stand beside the register' 3 \
    "$(grep -cE '^(倡议书列名的市区理事单位|到会的农业产业化龙头企业|到会的老区村党支部书记),.,(14|28),' $out/tables/published.csv)"
rehearsed 02 '被帮扶老区村基本情况（一村一份）' villages reports/cangzhou-2021/02/tables/published.csv
check_same 'counties, townships, villages and pairs of the source stand beside the returns' 4 \
    "$(grep -cE ',(14|152|3272|112),[0-9]+,模拟数，不对照$' $out/tables/published.csv)"
# The sheets without pairs: departments that help, mechanisms, and what was due.
sheets() { # number title files…
    out=reports/cangzhou-2021/$1 number=${1#0} title=$2
    shift 2
    check "make plan=cangzhou-2021 topic=$number" run topic="$number" "$out/report.tex" "$out/results.csv" "$out/problems.csv" "$@"
    awk '/^[^,]/ {on = $0 == "indicators"; head = 1; next} on && head {head = 0; next} on' "topics/cangzhou-2021/0$number/topic.csv" |
        cut -d, -f2 | while read -r name; do grep -q "^[^,]*,[^,]*,$name[,.]" "$out/results.csv" || echo "$name"; done >"$scratch/missing"
    check_same "topic $number: every indicator has results" '' "$(cat "$scratch/missing")"
    grep -q "$title" "$out/report.tex" && grep -q 模拟数据 "$out/report.tex"
    report $? "topic $number has its title and says that its data are simulated"
}
sheets 05 '“百个部门助力老区发展”行动情况' reports/cangzhou-2021/05/tables/published.csv
grep -q '^市直部门,.*14,' $out/tables/published.csv && awk -v a="$(value extra)" -v b="$(value money)" 'BEGIN {exit !(a >= 0 && a <= b)}'
report $? 'the 14 departments of the source stand beside the register; new money is part of all money'
sheets 06 "“$name”机制运行和时限办理情况" reports/cangzhou-2021/06/records/tasks.csv
# What was due on the day of the return and had not been done, again from the list of deadlines.
python3 - $out/records/tasks.csv questionnaires/cangzhou-2021/deadlines.csv >"$scratch/overdue" <<'PY'
import csv, sys
tasks, lines = (list(csv.DictReader(open(path, encoding="utf-8-sig"))) for path in sys.argv[1:])
due = {r["name"]: r["due"] for r in lines}
print(sum(1 for r in tasks if r["state"] == "2" and r["svy_date"] and r["svy_date"] > due[r["item"] + "-" + r["yr"]] > ""))
PY
check_same 'what was overdue and not done' "$(cat "$scratch/overdue")" "$(value open)"
check_same 'each is a question to the county' "$(cat "$scratch/overdue")" "$(grep -c ',balance,soft,' $out/problems.csv)"
grep -q '没有一条相同' $out/report.tex && grep -q '二年一次交流促进' $out/report.tex
report $? 'the report says where speech and plan differ'
rehearsed 04 "“$name”交流促进和五年总结" pairs reports/cangzhou-2021/04/tests.csv
sed 's,.unittie{},,g' $out/report.tex | grep -q '按单位名单与2021-12-31的一轮（相隔1461天）对照：两轮都有的'
report $? 'the report says how far the baseline is away, and how many are in both'
rehearsed 03 "“$name”年度成效评定" pairs reports/cangzhou-2021/03/tests.csv reports/cangzhou-2021/03/records/years.csv
# Pairs with a score of this year, which the card's date tells, and of the year before: their mean
# change and Student's t; and so for each pair of years.
cat >"$scratch/years.py" <<'PY'
import csv, math, sys
read = lambda path: list(csv.DictReader(open(path, encoding="utf-8-sig")))
dated = {r["pair_key"]: r["svy_date"] for r in read(sys.argv[1]) if r["svy_date"]}
year = {k: int(d[:4]) - (int(d[5:7]) < 7) for k, d in dated.items()}
score = {(r["pair"], int(r["year"])): float(r["score"]) for r in read(sys.argv[2]) if r["score"] and r["year"]}
d = [score[k, y] - score[k, y - 1] for k, y in year.items() if (k, y) in score and (k, y - 1) in score]
n, mean = len(d), sum(d) / len(d)
t = mean / math.sqrt(sum((x - mean) ** 2 for x in d) / (n - 1) / n)
test = [r for r in read(sys.argv[3]) if r["name"] == "score"][0]
print(n, test["n"] == str(n), test["ddf"] == str(n - 1), abs(float(test["statistic"]) - t) < 1e-9, "%.9g" % mean, sorted(set(year.values())))
for y in 2023, 2024:
    d = [score[k, z] - score[k, z - 1] for k, z in score if z == y and (k, z - 1) in score]
    print(y, len(d), "%.9g" % (sum(d) / len(d)))
PY
python3 "$scratch/years.py" $out/records/pairs.csv $out/records/years.csv $out/tests.csv >"$scratch/again"
check_same 'the change is tested on the pairs of both years' "$(value both) True True True $(value diff) [$(value round)]" \
    "$(sed -n 1p "$scratch/again")"
check_same 'each year beside the year before, on the pairs of both' "$(sed 1d "$scratch/again")" \
    "$(for y in 2023 2024; do awk -F, -v y=$y '$5 == "year" && $6 == y && $3 == "y_both" {n = $11} $5 == "year" && $6 == y && $3 == "y_diff" {printf "%s %s %.9g", y, n, $11}' $out/results.csv; echo; done)"
first=$(python3 -c 'import csv, sys; print(sum(r["year"] == "2021" and r["score"] != "" for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig"))))' $out/records/years.csv)
check_same 'the ten weeks of 2021 have no score' 0 "$first"
# The first full year has none before it: the same topic, with cards of that winter.
sed -i 's/svy_date,2024-12-02..2025-01-20/svy_date,2022-12-02..2023-01-20/' topics/cangzhou-2021/03/topic.csv
check 'cards of the first winter make a report too' run topic=3 $out/report.tex $out/results.csv $out/tables/years.csv
check_same '  of 2022, compared with nothing' '2022 ' "$(value round) $(value both)"
grep -q '没有上年可比，只报当年' $out/report.tex && grep -q '没有符合条件的记录' $out/tables/years.csv
report $? '  and it says so'

# ---- the baseline of 2021 beside the later rounds, by the unit list -----------------------------------
# Scores of 2021 that nobody copies: those of topic 2 under the key of the pair, worked out here.
out=reports/cangzhou-2021/04
check 'make panel: the baseline for the summary' run panel topic=4
cat >"$scratch/again.py" <<'PY'
import csv, sys
read = lambda path: list(csv.DictReader(open(path, encoding="utf-8-sig")))
base = {r["pair_key"]: r for r in read(sys.argv[1]) if r["pair_key"]}
scores = []
for r in read(sys.argv[2]):
    was = base.get(r["pair_key"] or "%s-%s" % (r["county"], r["pair"]))
    values = [was["b%d" % k] for k in range(1, 7)] if was and r["pair_key"] else [""]
    if all(values) and all(r["e%d" % k] for k in range(1, 7)):  # only those that have both
        scores.append(sum(map(float, values)) / 6 * 20)
print(len(scores), "%.9g" % (sum(scores) / len(scores)))
PY
run topic=4 $out/results.csv $out/records/pairs.csv >"$scratch/out" 2>&1
check_same 'the baseline of each pair is that of its village card' \
    "$(python3 "$scratch/again.py" reports/cangzhou-2021/02/records/villages.csv $out/records/pairs.csv)" \
    "$(awk -F, '$3 == "base" && $5 == "all" {printf "%s ", $7}' $out/results.csv)$(value base)"
sed -i 's/^\(130921-2,.*\),2021-10-19,,$/\1,2021-10-19,2021-12-31,130921-3/' questionnaires/cangzhou-2021/units.csv
mkdir -p data/cangzhou-2021/02/130921-沧县
printf '%s\n' '县（市）,本县结对编号,乡镇和村名,户数,户籍人口' '沧县,2,甲镇乙村,300,900' '沧县,3,甲镇丙村,310,930' \
    >data/cangzhou-2021/02/130921-沧县/一村一份.csv
out=reports/cangzhou-2021/02
run topic=2 $out/problems.csv >"$scratch/out" 2>&1
check_same 'a pair that ended goes back with its successor, which is taken' \
    'unit_ended 沧县第2对（130921-2）2021-12-31停用，接续的是沧县第3对（130921-3）' \
    "$(awk -F, '$7 ~ /^unit_/ {print $7, $10}' $out/problems.csv)"
# ---- what the source itself prints -------------------------------------------------------------------
# No simulation: the lists and figures of the source are the data.
mkdir -p data/cangzhou-2021
cp -r "$root/data/cangzhou-2021/07" data/cangzhou-2021/
out=reports/cangzhou-2021/07
check 'make plan=cangzhou-2021 topic=7' run topic=7 $out/report.tex $out/results.csv $out/tables/published.csv $out/problems.csv
of() { awk -F, -v i="$1" -v d="$2" '$3 == i && $6 == d {printf "%.9g", $11}' $out/results.csv; }
check_same 'counted names: units, departments, mechanisms of either text' '14 14 3 3' \
    "$(of listed first) $(of listed departments) $(of listed deputy) $(of listed plan)"
check_same 'exchanges: yearly in the speech, every two years in the plan' '1 2' "$(of s_tour deputy) $(of s_tour plan)"
check_same 'derived: villages a county and a township, share of villages in pairs' '233.714286 21.5263158 0.0342298289' \
    "$(of per_county all) $(of per_town all) $(of pairs_share all)"
check_same 'a name such as 百家 is asked about, never a value' 2 "$(grep -c ',bad_value,returned,百[家个],' $out/problems.csv)"
check_same 'nothing printed differs from the lists' 0 "$(grep -c 不一致 $out/tables/published.csv)"
! grep -q 模拟数据 $out/report.tex
report $? 'the report does not say that its data are simulated'
finish
