#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Shanxi 2025: the surveys that the source only names, rehearsed with simulated uploads.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
with='plan=shanxi-2025'
value() { awk -F, -v i="$1" '$3 == i && $5 == "all" {print $11}' $out/results.csv; }
rehearsed() { # number title words that it must have
    out=reports/shanxi-2025/$1
    check "make plan=shanxi-2025 topic=${1#0}" run topic="${1#0}" $out/report.tex $out/results.csv $4
    awk '/^[^,]/ {on = $0 == "indicators"; head = 1; next} on && head {head = 0; next} on' "topics/shanxi-2025/$1/topic.csv" |
        cut -d, -f2 | while read -r name; do grep -q "^[^,]*,[^,]*,$name[,.]" "$out/results.csv" || echo "$name"; done >"$scratch/missing"
    check_same "topic $1: every indicator has results" '' "$(cat "$scratch/missing")"
    grep -q "$2" $out/report.tex && grep -q 模拟数据 $out/report.tex
    report $? "topic $1 has its title and says that its data are simulated"
    grep -q "$3" $out/report.tex
    report $? "topic $1 says: $3"
}
rehearsed 01 '全省消费帮扶产品认定情况' '按统一社会信用代码归到企业' "reports/shanxi-2025/01/tables/published.csv reports/shanxi-2025/01/records/products.csv"
# Firms of which a product passed, counted again from the products by the credit code; a firm whose
# products are not all judged is unknown.
python3 - $out/records/products.csv >"$scratch/firms" <<'PY'
import csv, sys
firms = {}
for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")):
    firms.setdefault(r["f_code"], []).append(r["p_result"])
print(sum("1" in results and "" not in results for results in firms.values()))
PY
check_same 'firms with a product that passed, joined by the credit code' "$(cat "$scratch/firms")" "$(value firms_passed)"
grep -q "^完成认定的企业,家,63,$(value firms_passed)," $out/tables/published.csv
report $? 'the 63 firms of the source stand beside those that passed, not those that applied'
rehearsed 05 '全省红色文物调研' '原文没有说明“红色文物”的范围'
rehearsed 06 '各级老促会换届、会员激励和宣传工作情况' '“五个一”过硬队伍、“四个重要作用”没有写明内容' \
    "reports/shanxi-2025/06/tests.csv reports/shanxi-2025/06/records/associations.csv reports/shanxi-2025/06/tables/published.csv"
check_same 'associations of 11 cities and 117 counties' 128 "$(value n)"
# Elected in a year, for so many years: due when that ends by 2025, or elected again in 2025.
python3 - $out/records/associations.csv >"$scratch/due" <<'PY'
import csv, sys
rows = [r for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig"))
        if r["has"] == "1" and r["tier"] == "2" and r["begun"] and r["years"] and r["renew"]]
print(sum(int(r["begun"][:4]) == 2025 or int(r["begun"][:4]) + int(r["years"]) <= 2025 for r in rows))
PY
due=$(cat "$scratch/due")
[ "$(value due)" -ge "$due" ] && [ "$(value due)" -le $((due + 8)) ]
report $? "county associations whose term ends by 2025: $(value due), $due of those with a date"
check_same 'three honours of the source stand beside the returns' 3 "$(grep -c '模拟数，不对照' $out/tables/published.csv)"
mkdir -p data/shanxi-2025/06/140300-阳泉市
printf '%s\n' '市,编号,名称,级别,成立,本届产生日期,每届年限,换届情况,没有换届的原因,计划换届日期' \
    '阳泉市,140321,平定县老促会,县（市、区）老促会,有,2018-05-10,5,届满，正在筹备换届,没有经费,2026-03-01' \
    '阳泉市,140322,盂县老促会,县（市、区）老促会,有,2018-05-10,5,届满，正在筹备换届,没有经费,2025-12-20' \
    '阳泉市,140311,郊区老促会,县（市、区）老促会,有,2023-05-10,5,届满，正在筹备换届,没有经费,2025-12-20' |
    sed 's/届满，正在/"届满，正在/; s/筹备换届/筹备换届"/' >data/shanxi-2025/06/140300-阳泉市/老促会.csv
run topic=6 $out/problems.csv >"$scratch/out" 2>&1
check_same 'a renewal after the end of the year is asked about, as is a term not yet over; a renewal in time is not' \
    '140321:next 140311:renew' "$(awk -F, '$6 == "next" || $6 == "renew" {print $NF ":" $6}' $out/problems.csv | sort -r | xargs)"
rm -rf data/shanxi-2025/06
rehearsed 02 '革命老区行“双千双万”调研活动' '原文没有说明“双千双万”指哪四个数' "reports/shanxi-2025/02/tests.csv reports/shanxi-2025/02/scales.csv"
check_same 'enumerators of two kinds are compared, and teams' 3 "$(awk -F, 'NR > 1 && $17 >= 0 && $17 <= 1 && $17 != ""' $out/tests.csv | wc -l)"
check_same 'back-checks and reviews have a kappa' 5 "$(grep -c ',kappa,' $out/scales.csv)"
rehearsed 03 '全省人口较少老区村现状与发展调研' '原文没有说明多少人算“人口较少”'
[ "$(value both)" -le "$(value small_pop)" ] && [ "$(value both)" -le "$(value small_res)" ] &&
    [ $(($(value both) + $(value pop_only) + $(value res_only))) -le "$(value either)" ] && [ "$(value small_res_low)" -le "$(value small_res)" ]
report $? 'villages of both lines are no more than of either'
before=$(value small_pop)
sed -i 's/^1,户籍人口线,300,/1,户籍人口线,150,/' questionnaires/shanxi-2025/small-lines.csv
run topic=3 $out/results.csv >"$scratch/out" 2>&1
[ "$(value line_pop)" = 150 ] && [ "$(value small_pop)" -le "$before" ]
report $? "the line is a parameter: below 300 $before villages, below 150 $(value small_pop)"
rehearsed 04 '核桃和中药材产业的调查研究' '名单以外的农户没有调查' \
    "reports/shanxi-2025/04/records/bodies.csv reports/shanxi-2025/04/tables/certified.csv"
# Which of them topic 1 has, joined again by the credit code.
rm questionnaires/shanxi-2025/certified.csv
check 'make panel looks the firms of topic 1 up' run topic=4 panel $out/results.csv $out/records/bodies.csv
python3 - reports/shanxi-2025/01/records/firms.csv $out/records/bodies.csv >"$scratch/joined" <<'PY'
import csv, sys
firms, bodies = (list(csv.DictReader(open(path, encoding="utf-8-sig"))) for path in sys.argv[1:])
passed = {r["f_code"]: r["passed_n"] for r in firms}
state = [r["f_code"] not in passed and "3" or passed[r["f_code"]] and "21"[float(passed[r["f_code"]]) > 0]
         for r in bodies if r["type"] in "12" and r["type"] and r["f_code"]]
print(*[state.count(s) for s in "123"])
PY
check_same 'firms in both: certified, applied, neither' "$(cat "$scratch/joined")" \
    "$(for s in 1 2 3; do awk -F, -v s=$s '$3 == "coded" && $5 == "certified" && $6 == s {print $11}' $out/results.csv; done | xargs)"
says=$(cat $out/report.tex)
case $says in *'按“信用代码”与课题1的登记对照：对上的'*) true ;; *) false ;; esac
report $? 'the annex says how many were found'

# ---- another guess at the answers makes another rehearsal ---------------------------------------------
before=$(value contract)
sed -i 's/^,04-body,contract,1:34 2:66/,04-body,contract,1:100/' topics/shanxi-2025/04/topic.csv
run topic=4 $out/results.csv >"$scratch/out" 2>&1
check_same "the sheet simulate is edited: $before becomes all" 1 "$(value contract)"

# ---- what the source itself prints -------------------------------------------------------------------
mkdir -p data/shanxi-2025
cp -r "$root/data/shanxi-2025/07" data/shanxi-2025/
out=reports/shanxi-2025/07
check 'make plan=shanxi-2025 topic=7' run topic=7 $out/report.tex $out/results.csv $out/tables/published.csv
check_same 'derived: products a firm, lines of the list of honours, the year by the anniversary' '7.77777778 65 2025' \
    "$(for i in per_firm honours victory_year; do value $i; done | xargs printf '%.9g ' | sed 's/ $//')"
check_same 'terms that the source does not define' 6 "$(value undefined)"
check_same 'nothing printed differs from what was entered' '7 0' \
    "$(grep -c ',一致' $out/tables/published.csv) $(grep -c 不一致 $out/tables/published.csv)"
finish
