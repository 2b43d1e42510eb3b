#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The unit list and a second year beside the first: the example of topics/README.md, followed to
# the letter.  A county that became a district, a village with a new name, two that were merged, one
# that was split, another writing, a name of two villages, one of none.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
out=reports/duibi-2026/02
work=$out/work
one=topics/duibi-2026/02/topic.csv

sed -n '/^#### 一个完整的小例子：两年的村集体收入/,/^### models/p' topics/README.md >"$scratch/walk"
awk '
    /^`[^`]*`$/ { file = substr($0, 2, length($0) - 2); folder = file
                  sub("/[^/]*$", "", folder); system("mkdir -p \"" folder "\""); next }
    /^    make/ { file = "" }
    /^    / && file { print substr($0, 5) > file; next }
    /^$/ { next }
    { file = "" }' "$scratch/walk"
command=$(sed -n 's/^    make //p' "$scratch/walk")
check_same 'one command' 'plan=duibi-2026 topic=2' "$command"
# shellcheck disable=SC2086
check 'makes the second year, and what it needs of the first' run $command "$out/results.csv" "$out/problems.csv" \
    "$out/tests.csv" "$out/records/villages.csv" "$out/returns/990102.xlsx"

cat >"$scratch/row.py" <<'PY'
import csv, sys
path, want = sys.argv[1], sys.argv[2:]
for r in csv.DictReader(open(path, encoding="utf-8-sig")):
    print(*[r[w] for w in want], sep="|")
PY
row() { python3 "$scratch/row.py" "$@"; }
value() { awk -F, -v i="$1" '$3 == i && $5 == "all" {printf "%.9g", $11}' $out/results.csv; }
check_same 'the first year by the units of the second' \
    'c01|城关镇红旗村|renamed|c01|12|100 c02|城关镇东伍姓村|same|c02|8|80 c03|城关镇西伍姓村|same|c03|5|60 c06|河东乡李家村|merged|c04 c05|16|120 c10|城关镇和平村|same|c10|7|40 c11|河东乡和平村|same|c11|9|45 c07|河东乡大庄村|split|c07||' \
    "$(row questionnaires/duibi-2026/last.csv unit unit_name match earlier_units income old | paste -sd' ')"
check_same 'each record has its unit, the county as it is now, and its own last year' \
    '990102|c01|15|12 990102|c02|9|8 990102|c03|5|5 990102|c06|18|16 990102|c08|9| 990102|c09|12| 990102|c11|10|9' \
    "$(row $out/records/villages.csv county village income last_income | paste -sd' ')"
check_same 'what was taken with a note, and what goes back to the county with its reason' \
    "unit_absent|notice|城关镇和平村||c10
unit_former|repaired|甲县|990102|c01
unit_former|repaired|北洼村|城关镇红旗村（c01）|c01
unit_several|held||可能是城关镇和平村（c10）、河东乡和平村（c11）|
unit_ended|held||河东乡前李村（c04）2025-12-31停用，接续的是河东乡李家村（c06）|
unit_unknown|held||名称相近的有城关镇东伍姓村（c02）、城关镇西伍姓村（c03）|" \
    "$(row $out/problems.csv kind class original corrected key)"
check_same 'another writing was taken in the first year' '东五姓村|城关镇东伍姓村（c02）' \
    "$(run plan=duibi-2026 topic=1 reports/duibi-2026/01/problems.csv && row reports/duibi-2026/01/problems.csv kind original corrected | sed -n 's/^unit_alias|//p')"
# Student's t of the differences 3 1 0 2 1, worked out here.
python3 - >"$scratch/t" <<'PY'
d = [15 - 12, 9 - 8, 5 - 5, 18 - (10 + 6), 10 - 9]
n, m = len(d), sum(d) / len(d)
print("%d %.9g %.9g" % (n, m, m / (sum((x - m) ** 2 for x in d) / (n - 1) / n) ** .5))
PY
check_same 'the change of the villages of both years' "$(cat "$scratch/t")" \
    "$(value matched) $(value change) $(row $out/tests.csv statistic | awk '{printf "%.9g", $1}')"
check_same 'how many were matched, merged, are new, absent, gone' '5 1 1 2 1 1' \
    "$(python3 - $work/results.db <<'PY'
import sqlite3, sys
n = dict(sqlite3.connect(sys.argv[1]).execute("SELECT what, n FROM county_count WHERE what LIKE 'panel:%'"))
print(*[n["panel:last:" + w] for w in "matched renamed merged new absent gone".split()])
PY
)"
check 'nothing to do the second time' test -z "$(run $command $out/results.csv 2>&1 | grep -v 没有报告正文)"

# ---- the county says which one it meant ---------------------------------------------------------------
check 'the county answers' python3 "$root/tests/tools/answer_return.py" $out/returns/990102.xlsx \
    data/duibi-2026/02/990102-甲区/回填单.xlsx '' unit_several 改为 城关镇和平村
run $command $out/problems.csv $out/records/villages.csv >"$scratch/out" 2>&1
check_same 'and the village has its record and its last year' 'c10|8|7' \
    "$(row $out/records/villages.csv village income last_income | grep c10)"
check_same '  and is absent no more' '' "$(grep -E 'unit_several|unit_absent' $out/problems.csv)"
rm data/duibi-2026/02/990102-甲区/回填单.xlsx

# ---- by the rule, a unit that ended stands for its successor ------------------------------------------
sed -i '/^,survey_date/a ,ended_units,successor' $one
sed -i '/李家村/d' data/duibi-2026/02/990102-甲区/2026年.csv
run $command $out/problems.csv $out/records/villages.csv >"$scratch/out" 2>&1
check_same 'a unit that ended is counted for its successor' 'unit_successor|前李村|河东乡李家村（c06）|c06' \
    "$(row $out/problems.csv kind original corrected key | grep successor)"
check_same '  with what both had last year' 'c06|3|16' "$(row $out/records/villages.csv village income last_income | grep c06)"

# ---- other questions that name a unit -----------------------------------------------------------------
cp $one data/duibi-2026/02/990102-甲区/2026年.csv questionnaires/duibi-2026/02-village.csv topics/duibi-2026/units.csv "$scratch"
sed -i '/^,integer,old/a ,text,firm,5. 帮扶企业,,,,帮扶企业,' questionnaires/duibi-2026/02-village.csv
sed -i '/^,survey_date/a ,unit_questions,firm:企业' $one
printf '%s\n' 'e1,企业,丰收农业公司,,,jia,2026-03-01,,' 'e1,企业,丰收农机厂,,,jia,,2026-02-28,' \
    'e2,企业,和平公司,,,jia,,2025-12-31,' >>topics/duibi-2026/units.csv
printf '%s\n' 县,村,集体收入,老人,帮扶企业 甲区,红旗村,15,102,丰收农机厂 甲区,东伍姓村,9,81,和平公司 \
    甲区,西伍姓村,5,61,丰收农业公司 甲区,北庄村,18,118,北庄村 >data/duibi-2026/02/990102-甲区/2026年.csv
run $command $out/problems.csv $out/records/villages.csv >"$scratch/out" 2>&1
check_same 'a firm by its former name; one that ended and one of another kind go back, their record stays' \
    'c01|e1 c02| c03|e1 c09| unit_former|丰收农机厂|丰收农业公司（e1） unit_ended|和平公司|和平公司（e2）2025-12-31停用 unit_unknown|北庄村|' \
    "$(row $out/records/villages.csv village firm | paste -sd' ') $(row $out/problems.csv field kind original corrected | sed -n 's/^firm|//p' | paste -sd' ')"
cp "$scratch/topic.csv" $one
cp "$scratch/2026年.csv" data/duibi-2026/02/990102-甲区/
cp "$scratch/02-village.csv" questionnaires/duibi-2026/
cp "$scratch/units.csv" topics/duibi-2026/

# ---- a third year: the second copied, with the sheet panel that will serve every year -----------------
run $command $out/records/villages.csv >"$scratch/out" 2>&1
cp -r topics/duibi-2026 topics/duibi-2027
rm -r topics/duibi-2027/01
mkdir -p questionnaires/duibi-2027 data/duibi-2027/02/990102-甲区
three=topics/duibi-2027/02/topic.csv
sed -i 's/survey_date,2026/survey_date,2027/; s/^,villages,duibi-2026.*/,villages,,,last,income old\n,villages,首轮,,base,income old/' $three
cp questionnaires/duibi-2026/02-village.csv questionnaires/duibi-2027/
printf '%s\n' 县,村,集体收入,老人 甲区,红旗村,17,104 甲区,李家村,20,121 甲区,新来村,1,1 >data/duibi-2027/02/990102-甲区/2027年.csv
check 'the third year finds the second by itself' run plan=duibi-2027 topic=2 reports/duibi-2027/02/results.csv \
    reports/duibi-2027/02/records/villages.csv
check_same '  with what was said in the year before' 'c01|17|15 c06|20|3' \
    "$(row reports/duibi-2027/02/records/villages.csv village income last_income | paste -sd' ')"
mkdir -p topics/duibi-2028 questionnaires/duibi-2028 data/duibi-2028/02/990102-甲区
cp -r topics/duibi-2027/. topics/duibi-2028/
sed -i 's/survey_date,2027/survey_date,2028/' topics/duibi-2028/02/topic.csv
cp questionnaires/duibi-2027/02-village.csv questionnaires/duibi-2028/
printf '%s\n' 县,村,集体收入,老人 甲区,红旗村,19,105 >data/duibi-2028/02/990102-甲区/2028年.csv
run plan=duibi-2028 topic=2 reports/duibi-2028/02/results.csv >"$scratch/out" 2>&1
check_same 'the fourth: the year before is the third, the first round the second year' 'c01|17 c06|20 c01|15' \
    "$(row questionnaires/duibi-2028/last.csv unit income | paste -sd' ') $(row questionnaires/duibi-2028/base.csv unit income | sed -n 1p)"
sed -i '/^,villages,首轮/d' topics/duibi-2027/02/topic.csv
mv topics/duibi-2027 topics/other-2025
check_exit 1 'no round before it is said' "$bin/match" -t topics/other-2025/02/topic.csv
grep -q '头一轮的课题不写 panel 表' "$scratch/out"
report $? '  with what to do'

# ---- a village of the merger had not answered: no sum is made up --------------------------------------
sed -i '/后李村/d' data/duibi-2026/01/990101-甲县/2025年.csv
check 'make panel brings the earlier round up to date' run panel $command
check_same '  a sum of some is none' 'merged_part|' "$(row questionnaires/duibi-2026/last.csv unit match income | sed -n 's/^c06|//p')"

# ---- a folder that still has the county's former code -------------------------------------------------
mv data/duibi-2026/02/990102-甲区 data/duibi-2026/02/990101-甲县
run $command $out/problems.csv >"$scratch/out" 2>&1
check_same 'who has not answered is told there too' 'unit_absent|c10' "$(row $out/problems.csv kind key | grep absent)"
mv data/duibi-2026/02/990101-甲县 data/duibi-2026/02/990102-甲区

# ---- firms: a code and a name --------------------------------------------------------------------------
mkdir -p topics/qiye-2026/01 questionnaires/qiye-2026 data/qiye-2026/01/990102-甲区
sed '/kind/!d' topics/duibi-2026/units.csv >topics/qiye-2026/units.csv
printf '%s\n' 'jia,县,甲区,990102,,,,,' 'e1,企业,丰收农机厂,91410100MA3X12345A,,jia,,,' \
    'e2,企业,和平公司,91410100MA3X54321B,,jia,,,' 'e3,企业,长城公司,91410100MA3X67890C,,jia,,,' >>topics/qiye-2026/units.csv
sed 's/^,text,village.*/,text,code,2. 信用代码,yes,,信用代码,\n,text,name,3. 名称,yes,,名称,/' \
    questionnaires/duibi-2026/01-village.csv >questionnaires/qiye-2026/01-firm.csv
sed 's/^,level.*/,level,label,form,unit,key,psu,psu_name,unit_kind,county,evidence/
    s/^,villages.*/,villages,企业,01-firm,家,code,code,name,企业,county,普查/' topics/duibi-2026/01/topic.csv >topics/qiye-2026/01/topic.csv
printf '%s\n' 县,信用代码,名称,集体收入,老人 甲区,91410100MA3X12345A,丰收现代农业公司,1,1 \
    甲区,91410100MA3X54321X,和平公司,1,1 甲区,91410100MA3X67890C,和平公司,1,1 >data/qiye-2026/01/990102-甲区/企业.csv
run plan=qiye-2026 topic=1 reports/qiye-2026/01/problems.csv reports/qiye-2026/01/records/villages.csv >"$scratch/out" 2>&1
check_same 'the code goes before a new name, a name before an unknown code; those of two firms go back' \
    "unit_code|91410100MA3X54321X|和平公司（e2） unit_name|丰收现代农业公司|丰收农机厂（e1） unit_several||可能是和平公司（e2）、长城公司（e3） e1|丰收农机厂 e2|和平公司" \
    "$(row reports/qiye-2026/01/problems.csv kind original corrected | LC_ALL=C sort | paste -sd' ') $(row reports/qiye-2026/01/records/villages.csv code name | paste -sd' ')"

# ---- records of before that do not say whether they were simulated ------------------------------------
cp reports/duibi-2026/01/records/villages.csv "$scratch/villages.csv"
sed -i '1s/,src_simulated//' reports/duibi-2026/01/records/villages.csv
check_exit 1 'records without the mark are not taken for real ones' "$bin/match" -t $one
grep -q 'make panel' "$scratch/out"
report $? '  and what to do is said'
cp "$scratch/villages.csv" reports/duibi-2026/01/records/villages.csv

# ---- simulated beside real ---------------------------------------------------------------------------
rm -r data/duibi-2026/01 reports/duibi-2026/01
run panel $command >"$scratch/out" 2>&1
check_same 'a first year without data is simulated' 1 "$(row questionnaires/duibi-2026/last.csv earlier_simulated | sort -u)"
run $command $out/results.csv >"$scratch/out" 2>&1
grep -q '上一轮的数是模拟的，不能与真资料对照' "$scratch/out"
report $? '  and not compared with real answers'

# ---- a mistake in the list stops everything, with its place -------------------------------------------
sed -i 's/^c03,村,西伍姓村/c03,村,东伍姓村/' topics/duibi-2026/units.csv
run $command $out/results.csv >"$scratch/out" 2>&1
grep -q 'units.csv，第9行，“name”栏，内容“东伍姓村”' "$scratch/out"
report $? 'a mistake in the list is named with its row and column'
finish
