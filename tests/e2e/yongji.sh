#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Yongji 2024: a plan with published figures, and surveys that are rehearsed with simulated uploads.
# Expected values are the source's own (or counted by hand from its text), not this program's.
. "$(dirname "$0")/lib.sh"
copy_project
cp -r "$root/data/yongji-2024" "$scratch/project/data/"
cd "$scratch/project" || exit 3
out=reports/yongji-2024/01
check 'make plan=yongji-2024 topic=1' run plan=yongji-2024 topic=1

# estimate of indicator $1 in domain $2/$3
value() { awk -F, -v i="$1" -v l="$2" -v d="$3" '$3 == i && $5 == l && $6 == d {print $11}' "$out/results.csv"; }
code() { sed -n "s/^,$1,\([dv][0-9]*\),$2\$/\1/p" questionnaires/yongji-2024/01-investment.csv; }
dept() { value amount dept "$(code dept "$1")"; }
for pair in 市委组织部=80 市财政局=3028 市交通局=1449 市乡村振兴局=477 市水利局=1251 市农业农村局=1110 \
    市林业局=32 市农经局=260 市民政局=23 市教体局=55 张营镇党委政府=50; do
    check_same "${pair%=*} as printed" "${pair#*=}" "$(dept "${pair%=*}")"
done
check_same '54 funder-village mentions' 54 "$(value mentions all all)"
check_same '10 city bodies' 10 "$(value city_depts all all)"
for pair in 任阳村=8 张营村=7 高市村=5 虞乡村=4 东开张村=2 东伍姓村=1; do
    check_same "${pair%=*} named by ${pair#*=}" "${pair#*=}" "$(value "village.$(code village "${pair%=*}")" all all)"
done
named=$(awk -F, '$3 ~ /^village\./ && $5 == "all" && $11 > 0' "$out/results.csv" | wc -l)
check_same '25 villages are named' 25 "$named"
no_errors() { awk -F, 'NR > 1 && ($12 != "" || $13 != "" || $10 != "")' "$out/results.csv" | wc -l; }
check_same 'a census has no standard error, interval or df' 0 "$(no_errors)"
check_same 'a head row without a unit has no empty brackets' 0 "$(grep -c '()\|（）' "$out"/tables/*.tex | awk -F: '{n += $2} END {print n}')"

# The register of the 31 villages is the ledger the other way round.
transposed() { # village,department pairs of a file whose lists are separated by 、
    python3 - "$1" "$2" "$3" <<'PY'
import csv, sys
name, one, many = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for row in csv.reader(open(name, encoding="utf-8-sig")):
    if row[0].isdigit():
        for other in filter(None, row[many].split("、")):
            print(*((row[one], other) if one < 3 and "list" in name else (other, row[one])))
PY
}
sent=data/yongji-2024/01/140881-永济市
cp "$sent/老区村点名核对表.csv" "$scratch/list.csv"
transposed "$scratch/list.csv" 1 3 | sort >"$scratch/by-village"
transposed "$sent/2024年老区村投资情况表.csv" 1 3 | sort >"$scratch/by-dept"
check 'register and ledger name the same villages' cmp "$scratch/by-village" "$scratch/by-dept"
for pair in listed=31 named=25 event_only=2 named_any=27 nowhere=4 both=4 overlap.d02=8 overlap.d03=3 overlap.d07=0; do
    check_same "$pair" "${pair#*=}" "$(value "${pair%=*}" all all)"
done
# The queries that staff can send: nothing returned or dropped, 6 open lists, the finance bureau,
# 4 villages named by it and by others, 6 not named.
check_same 'all that is doubted is a query' 17 "$(tail -n +2 "$out/problems.csv" | grep -c ',condition,soft,')"
check_same 'and nothing else' 18 "$(wc -l <"$out/problems.csv")"
check_same '4 villages to be reconciled' 4 "$(grep -c '有没有同一笔钱' "$out/problems.csv")"
unzip -p "$out/returns/140881.xlsx" xl/sharedStrings.xml 'xl/worksheets/*.xml' | grep -q '请市财政局逐项说明这笔数'
report $? 'the return workbook asks the finance bureau where the money went'
check_same 'the print agrees' 12 "$(grep -c ',一致' $out/tables/published.csv)"

pdftotext "$out/report.pdf" "$scratch/report.txt"
tr -d ' \n' <"$scratch/report.txt" >"$scratch/flat.txt"
grep -q 7815 "$scratch/flat.txt" && grep -q 重复计算 "$scratch/flat.txt"
report $? 'the report gives the sum 7815 and says that it may count money twice'
! grep -qE '合计7815|总投资7815|投资总额(为|达)?7815|共投资7815' "$scratch/flat.txt"
report $? 'and does not call it a total'
! grep -qE '置信区间|标准误|模拟数据' "$scratch/flat.txt"
report $? 'no interval, no standard error, no mark of simulation in it'
! grep -q 西伍姓 "$out/tables/villages.csv" && grep -q 东伍姓村 "$out/tables/villages.csv"
report $? '西伍姓 is no village of the money paragraph, 东伍姓 is'

# ---- plays and visits --------------------------------------------------------------------------
out=reports/yongji-2024/03
check 'make plan=yongji-2024 topic=3' run plan=yongji-2024 topic=3 $out/report.tex $out/results.csv $out/problems.csv $out/tables/published.csv
check_same '7 villages had plays' 7 "$(value named kind 1)"
check_same '21 of them' 21 "$(value shows kind 1)"
check_same '3 in each on average, worked out' 3 "$(value per_village all all)"
check_same '2 villages of the visit are named' 2 "$(value named kind 2)"
check_same 'the print agrees' 2 "$(grep -c ',一致' $out/tables/published.csv)"
check_same 'what the source does not say is asked: 5 queries' 5 "$(tail -n +2 "$out/problems.csv" | grep -c ',condition,soft,')"
check_same 'and nothing else' 6 "$(wc -l <"$out/problems.csv")"

# ---- figures that belong to no other topic ------------------------------------------------------
out=reports/yongji-2024/07
check 'make plan=yongji-2024 topic=7' run plan=yongji-2024 topic=7 $out/report.tex $out/results.csv $out/problems.csv $out/tables/published.csv $out/tables/listed.csv
for pair in villages=31 members=31 towns=10 journal1=150 journal2=100 winners=4 boards=3; do
    check_same "${pair%=*} as printed" "${pair#*=}" "$(value value item "${pair%=*}")"
done
check_same 'what is only about is never a value' '' "$(value value item projects)$(value value item media)"
check_same 'but asked for' 2 "$(tail -n +2 "$out/problems.csv" | grep -c ',bad_value,returned,')"
check_same 'lists that are counted in the text have as many items' 6 "$(grep -c ',一致' $out/tables/listed.csv)"

# ---- surveys: instruments, and a rehearsal ---------------------------------------------------------
# Every indicator has results; a simulated report says so on its first page.
rehearsed() { # number title
    out=reports/yongji-2024/$1
    check "make plan=yongji-2024 topic=${1#0}" run plan=yongji-2024 topic="${1#0}" $out/report.tex $out/results.csv $out/returns/140881.xlsx
    awk '/^[^,]/ {on = $0 == "indicators"; head = 1; next} on && head {head = 0; next} on' "topics/yongji-2024/$1/topic.csv" |
        cut -d, -f2 | while read -r name; do grep -q "^[^,]*,[^,]*,$name[,.]" "$out/results.csv" || echo "$name"; done >"$scratch/missing"
    check_same "topic $1: every indicator has results" '' "$(cat "$scratch/missing")"
    grep -q "$2" $out/report.tex && grep -q 模拟数据 $out/report.tex
    report $? "topic $1 has its title and says that its data are simulated"
}
rehearsed 02 '31个老区村一村一卡和老区需求清单调查'
check_same '31 villages, each once' 31 "$(awk -F, '$3 == "n" && $5 == "all" {print $11}' reports/yongji-2024/02/results.csv)"
# Money that a department says is in the finance bureau's figure counts once.
run plan=yongji-2024 topic=2 reports/yongji-2024/02/records/ledger.csv reports/yongji-2024/02/tables/both.csv
net=$(python3 - reports/yongji-2024/02/records/ledger.csv <<'PY'
import csv, sys
total = 0
for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")):
    known = r["p_money"] and r["p_dept"] and (r["p_again"] or r["p_dept"] == "d02") and r["l_year"]
    if known and not (r["p_dept"] != "d02" and r["p_again"] == "1"):
        total += float(r["p_money"])
print("%.4f" % total)
PY
)
check_same 'net of double counting' "$net" "$(awk -F, '$3 == "l_net" && $5 == "all" {printf "%.4f", $11}' reports/yongji-2024/02/results.csv)"
check_same 'villages and departments side by side' 5 "$(head -1 reports/yongji-2024/02/tables/both.csv | grep -o , | wc -l)"
rehearsed 04 '老区村留守老人、留守妇女、留守儿童及其家庭生产生活状况调研'
# Weights of 12 of the listed households in each village: all villages add up to the list, so that
# no estimate of households can be more.
listed=$(awk -F, 'NR > 1' topics/yongji-2024/04/frame/households.csv | wc -l)
awk -F, -v most="$listed" '$3 == "hh" && $5 == "all" {exit !($11 > 0 && $11 <= most && $14 > 0)}' reports/yongji-2024/04/results.csv
report $? 'households are estimated, with an interval'
rehearsed 05 '关于永济市职业教育高质量发展的调研报告'
rehearsed 06 '革命遗址、红色纪念馆、烈士陵园等方面调研'
finish
