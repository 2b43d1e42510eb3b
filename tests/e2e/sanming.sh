#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Sanming 2020: published figures beside what the data give.  Expected values are those of the
# source's text, or worked out by hand from it, not this program's.
. "$(dirname "$0")/lib.sh"
copy_project
cp -r "$root/data/sanming-2020" "$scratch/project/data/"
cd "$scratch/project" || exit 3
# All but the PDF, which takes most of the time: the first topic makes it.
topic() { # number table…
    nn=$(printf %02d "$1")
    out=reports/sanming-2020/$nn number=$1 files=
    work=$out/work
    shift
    for table in "$@"; do files="$files $out/tables/$table.csv"; done
    check "make plan=sanming-2020 topic=$number" \
        run plan=sanming-2020 topic="$number" "$out/report.tex" "$out/results.csv" "$out/problems.csv" $files
    sed 's/\\unittie{}//g; s/\\\(numlink\|exhibitlink\){[^}]*}{\([^}]*\)}/\2/g' "$out/report.tex" | tr -d ' \n' >"$scratch/flat.txt"
}
value() { awk -F, -v i="$1" -v l="${2:-all}" -v d="${3:-all}" '$3 == i && $5 == l && $6 == d {print $11}' "$out/results.csv"; }
figures() { # indicator=value…
    for pair in "$@"; do check_same "$pair" "${pair#*=}" "$(value "${pair%=*}")"; done
}
says() { # text what
    grep -q "$1" "$scratch/flat.txt"
    report $? "$2"
}
row() { grep "^$1," "$out/tables/$2.csv"; }

# ---- scholarships ------------------------------------------------------------------------------
topic 1 huang welfare derived
check 'and its PDF' run plan=sanming-2020 topic=1
figures students=840 boys=351 girls=489 heirs=14 poor=826 amount=84 sat=348 admitted=337 bachelor=274 \
    college=63 granted=20 winners=66 each=3000 paid=19.8
check_same 'boys: 41.2% printed, 351 of 840 are 41.8%' '男生占受奖学生,%,41.2%,41.8,不一致' "$(row 男生占受奖学生 huang)"
check_same 'girls: 58.8% printed, 58.2%' '女生占受奖学生,%,58.8%,58.2,不一致' "$(row 女生占受奖学生 huang)"
check_same '14 of 840: 1.6% printed, 1.7%' ,%,1.6%,1.7,不一致 "$(grep -o ',%,1.6%.*' "$out/tables/huang.csv")"
check_same '826 of 840: 98.4% printed, 98.3%' '老区贫困子女占受奖学生,%,98.4%,98.3,不一致' "$(row 老区贫困子女占受奖学生 huang)"
check_same '337 of 348: 96.8% agrees' '考上大学占参加高考,%,96.8%,96.8,一致' "$(row 考上大学占参加高考 huang)"
check_same 'four figures differ, no more' 4 "$(cat "$out"/tables/*.csv | grep -c '不一致')"
says '相差0.2万元' '0.2 of 20 wan yuan is unexplained'
says '原文有4个数与按人数计算的不一致' 'the first page says so'

# ---- mistakes in the sheet ---------------------------------------------------------------------
mistake() { # what message sed-script
    cp topics/sanming-2020/01/topic.csv kept.csv
    sed -i "$3" topics/sanming-2020/01/topic.csv
    check_exit 1 "$1" "$bin/table" -t topics/sanming-2020/01/topic.csv -f huang -o t.csv "$work/results.db"
    grep -q "$2" "$scratch/out"
    report $? "  and says why: $2"
    cp kept.csv topics/sanming-2020/01/topic.csv
}
mistake 'a text that is no number' '约数、残损' 's/^,boys,,351,/,boys,,350多,/'
mistake 'a number of another unit' '单位与指标的不同' 's/^,boys,,351,/,boys,,351万元,/'
mistake 'an unknown state' '只能写' 's/^,boys,,351,,/,boys,,351,大约,/'
mistake 'an unknown indicator' '没有这个指标' 's/^,boys,,351,,boys/,boys,,351,,lads/'
mistake 'an unknown domain' '分组须在' 's/^,boys,,351,,boys,/,boys,,351,,boys,county=1/'
sed -i 's/^,boys,,351,,/,boys,,约351,约数,/' topics/sanming-2020/01/topic.csv
check 'a figure that is only about' "$bin/table" -t topics/sanming-2020/01/topic.csv -f huang -o t.csv "$work/results.db"
check_same '  is printed as it stands and never compared' '男生,人,约351,351,约数，不作数' "$(grep '^男生,' t.csv | tr -d '"')"
cp kept.csv topics/sanming-2020/01/topic.csv

# ---- field work in the Soviet areas ---------------------------------------------------------------
batch() { # indicator batch wanted
    check_same "$1 of batch $2" "$3" "$(printf '%.2f' "$(value "$1" batch "$2")")"
}
topic 2 published leverage
batch visits 1 19.00
batch villages 1 195.00
batch projects 1 340.00
batch subsidy 1 3682.00
batch raised 1 11154.37
batch projects 2 9.00
batch subsidy 2 200.00
batch raised 2 426.60
batch towns 2 9.00
batch villages 2 9.00
batch checked 2 7.00
batch leverage 1 3.03
batch leverage 2 2.13
batch per_project 1 10.83
batch per_village 1 18.88
batch leverage_net 1 2.03
check_same 'nothing differs' 0 "$(cat "$out"/tables/*.csv | grep -c '不一致')"
says '原文没有说明属于哪一种' 'the report says that the source does not define what was raised'

# ---- leaving poverty ------------------------------------------------------------------------------
area() { # indicator area wanted
    check_same "$1 of $2" "$3" "$(value "$1" area "$2")"
}
topic 3 published
area persons 350400 54569
area villages 350400 370
area towns 350400 20
area keycounties 350400 5
area towns 350424 3
area villages 350424 70
area hh 350424 4614
area persons 350424 13044
area towns 350429 3
area villages 350429 6
area hh 350429 1601
area persons 350429 4972
area towns 350421 2
area villages 350421 30
area hollow 350421 10
check_same '16414912人 is a question to the county' '350400,脱贫退出监测表.csv,,6,建档立卡贫困人口（人）,persons,constraint,returned,16414912人,,350421' \
    "$(tail -n +2 "$out/problems.csv" | tr -d '\r')"
check_same 'and never a value' '' "$(value persons area 350421)"
check_same 'the counties named have 106 villages' 106 "$(value villages_part)"
check_same '18016 people without it' 18016 "$(value persons_part)"
check_same 'printed as it stands, as damaged' '明溪县：建档立卡贫困人口,人,16414912人,—,残损，待核实' "$(row 明溪县：建档立卡贫困人口 published | tr -d '"')"
says '户均2.83人' 'persons per household of Ninghua'
says '户均3.11人' 'and of Taining'

# ---- one organisation, one village ----------------------------------------------------------------
topic 4 published
check_same 'every number of the source is in the data' 16 "$(grep -c '一致' "$out/tables/published.csv")"
check_same 'none differs' 0 "$(grep -c '不一致' "$out/tables/published.csv")"
check_same 'one is only about' '清流县：协助向上争取,万元,50余万元,—,约数，不作数' "$(row 清流县：协助向上争取 published | tr -d '"')"
check_same '50余 is a question' 1 "$(grep -c ',funds,bad_value,returned,50余,' "$out/problems.csv")"
says '平均每户1.76名干部' '1308 cadres for 745 households'
says '平均每个单位51.7万元' '930 of 18 units'
says '平均每家2.5万元' '15 of 6 firms'
says '点名的老区村3个' 'three villages are named, one of them twice'

# ---- the county histories, and all that is left ---------------------------------------------------
topic 7 published stage
figures stage.1=6 stage.2=2 stage.3=1 stage.4=3
check_same 'the numbers are those of the source' 15 "$(grep -c '一致' "$out/tables/published.csv")"
check_same 'three are only about' 3 "$(grep -c '约数' "$out/tables/published.csv")"
for date in 13日 113日 514日 1019日 125日 115日 1126日和30日 1210日 2021128 '明委组干(2020189号' '中办发(201564号' 闽民管〔2020128号; do
    says "“$date”" "the damaged $date stands as it is"
done
study() { # indicator subject wanted, counted by hand from the names in the text
    check_same "$1 of study $2" "$3" "$(value "$1" subject "$2")"
}
study visited_sites 1 5
study wrote 1 4
study printed 1 3
study printed 2 1
study printed 3 4
check_same 'three figures are only about, and asked for' 3 "$(tail -n +2 "$out/problems.csv" | grep -c ',bad_value,returned,')"
says '投稿不是采用' 'what was sent is not what was taken'
# ---- surveys: instruments, and a rehearsal with simulated uploads ---------------------------------
rehearsed() { # number title level [indicator that counts]
    topic "$1"
    check "its records" run plan=sanming-2020 topic="$1" "$out"/records/$3.csv
    awk '/^[^,]/ {on = $0 == "indicators"; head = 1; next} on && head {head = 0; next} on' "topics/sanming-2020/$nn/topic.csv" |
        cut -d, -f2 | while read -r name; do grep -q "^[^,]*,[^,]*,$name[,.]" "$out/results.csv" || echo "$name"; done >"$scratch/missing"
    check_same "topic $1: every indicator has results" '' "$(cat "$scratch/missing")"
    check_same "topic $1: all 12 counties" 12 "$(awk -F, -v i="${4:-n}" '$3 == i && $5 == "county"' "$out/results.csv" | wc -l)"
    says "$2" "topic $1 has its title"
    says 模拟数据 "topic $1 says that its data are simulated"
}
rehearsed 5 '第一个党支部诞生地、重要革命发生地、中央红军村、苏区调研办实事村发展变化情况调研' villages
same_n() { # two indicators of which only the villages with both are compared
    check_same "$1 and $2 are of the same villages" "$(awk -F, -v i="$1" '$3 == i && $5 == "all" {print $7}' "$out/results.csv")" \
        "$(awk -F, -v i="$2" '$3 == i && $5 == "all" {print $7}' "$out/results.csv")"
}
same_n inc15 inc20
same_n coll15 coll20
same_n road15 road20
rehearsed 8 '老区脱贫攻坚、乡村振兴和近五年老促会工作情况调研' counties
check_same 'five years of work' 5 "$(awk -F, '$3 == "budget" && $5 == "year"' "$out/results.csv" | wc -l)"
rehearsed 9 '牵手计划和成员单位挂钩老区村逐对登记' pairs
rehearsed 10 '黄仲咸教育基金和福彩公益金奖学金学生登记与次年回访' students students
check_same 'those asked whether they thought of leaving school are those at school' yes "$(awk -F, '
    $5 == "all" && ($3 == "drop" || $3 == "reached") {n[$3] = $7} END {print (n["drop"] < n["reached"] ? "yes" : "no")}' "$out/results.csv")"
head -1 "$out/records/students.csv" | grep -qE 's_name|phone'
[ $? -ne 0 ]
report $? 'no name and no telephone number among the records'
rehearsed 6 '苏区调研办实事的老区村调研' projects
# What was raised leaves the city's subsidy out: the sum of the five other sources over the subsidy.
wanted=$(python3 - "$out/records/projects.csv" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")))
parts = ["m_upper", "m_county", "m_coll", "m_people", "m_social"]
full = [r for r in rows if all(r[p] for p in parts) and r["subsidy"]]
print("%.6f" % (sum(float(r[p]) for r in full for p in parts) / sum(float(r["subsidy"]) for r in full)))
PY
)
check_same 'leverage is other money over the subsidy' "$wanted" "$(printf '%.6f' "$(value leverage)")"
finish
