#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Shanxi 2025: the surveys that the source only names, rehearsed with simulated uploads.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
with='plan=shanxi-2025'
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
rehearsed 02 '革命老区行“双千双万”调研活动' '原文没有说明“双千双万”指哪四个数' "reports/shanxi-2025/02/tests.csv reports/shanxi-2025/02/scales.csv"
check_same 'enumerators of two kinds are compared, and teams' 3 "$(awk -F, 'NR > 1 && $17 >= 0 && $17 <= 1 && $17 != ""' $out/tests.csv | wc -l)"
check_same 'back-checks have a kappa' 2 "$(grep -c ',kappa,' $out/scales.csv)"
rehearsed 03 '全省人口较少老区村现状与发展调研' '原文没有说明多少人算“人口较少”'
value() { awk -F, -v i="$1" '$3 == i && $5 == "all" {print $11}' $out/results.csv; }
[ "$(value both)" -le "$(value p300)" ] && [ "$(value both)" -le "$(value r100)" ] && [ "$(value r50)" -le "$(value r100)" ]
report $? 'villages of two lines together are no more than of either'
rehearsed 04 '核桃和中药材产业的调查研究' '名单以外的农户没有调查'

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
