#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The walk of topics/README.md from an empty folder to a report, followed to the letter: the files
# that it shows, the commands that it gives, and what it says will come of them.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
out=reports/lianxi-2026/01

sed -n '/^## 十分钟新建一个课题/,/^## topic.csv/p' topics/README.md >"$scratch/walk"
# Each `path` on a line of its own, and the indented lines below it, to the next text.
awk -v into="$scratch/shown" '
    /^`[^`]*`$/ { file = into "/" substr($0, 2, length($0) - 2); folder = file
                  sub("/[^/]*$", "", folder); system("mkdir -p \"" folder "\""); next }
    /^    / && file { while (blank) { print "" > file; blank-- } print substr($0, 5) > file; next }
    /^$/ && file { blank++; next }
    { file = ""; blank = 0 }' "$scratch/walk"
command() { sed -n "s/^    \($1 .*\)/\1/p" "$scratch/walk" | head -1; }
shown() { # files of the walk
    for file; do sed '/./,$!d' "$scratch/shown/$file" >"$file" || return 1; done
}

eval "$(command mkdir)"
check 'step 1 makes the folders' test -d questionnaires/lianxi-2026 -a -d topics/lianxi-2026/01
shown questionnaires/lianxi-2026/01-village.csv topics/lianxi-2026/01/topic.csv topics/lianxi-2026/01/report.tex
report $? 'the walk shows a questionnaire, a workbook and a narrative'
check 'step 2: the questionnaire is right' "$bin/form" questionnaires/lianxi-2026/01-village.csv
check_same 'step 5 is one command' 'make plan=lianxi-2026 topic=1' "$(command make)"
# A county's folder made in advance has sent nothing yet.
mkdir -p data/lianxi-2026/01/411523-新县
check 'the rehearsal' run plan=lianxi-2026 topic=1
pdftotext "$out/report.pdf" "$scratch/report.txt"
grep -q 模拟数据 "$scratch/report.txt"
report $? 'says that it is simulated'
check 'forms to send out' run forms plan=lianxi-2026 topic=1

check 'step 6: the file of a county' shown data/lianxi-2026/01/411523-新县/助餐点.csv
check 'the same command again' run plan=lianxi-2026 topic=1
pdftotext "$out/report.pdf" "$scratch/report.txt"
tr -d ' \n' <"$scratch/report.txt" >"$scratch/flat.txt"
check_same 'nothing is simulated any more' 0 "$(grep -c 模拟数据 "$scratch/report.txt")"
# 210 + 180 + 95 persons; (35 + 20) / (210 + 180), the third village's answer being doubtful; 1 of 3
for number in 60岁及以上老人485人 独居老人占14.1% 有助餐点的村占33.3%; do
    check "the report says $number" grep -qF "$number" "$scratch/flat.txt"
done
grep -q '卡房村' "$out/problems.csv" && grep -q 'returned' "$out/problems.csv" && grep -q '180人' "$out/problems.csv"
report $? 'problems.csv has the doubt and the repair'
check 'the sheet to give back' test -s "$out/returns/411523.xlsx"

# The same figures as cases chosen on purpose: nothing may be said of a whole.
sed -i 's/,county,普查,/,county,典型,/; s/,有助餐点的村,%/,全省有助餐点的村,%/; s/,各县（市）有助餐点的村（%）,/,全省有助餐点的村（%）,/' topics/lianxi-2026/01/topic.csv
sed -i 's/^截至/全\\textbf{省}独居老人占\\est{alone}，最高的是\\max[county]{alone}。全省见\\figref{canteen}。\n截至/' topics/lianxi-2026/01/report.tex
check_exit 2 'figures of chosen cases as those of the province' run plan=lianxi-2026 topic=1
check_same 'refused in text, reference, title and name; no ranks' '4 1' \
    "$(grep -c '内容“全省”.*典型资料' "$scratch/out") $(grep -c '不能拿来比高低' "$scratch/out")"
sed -i 's/,county,典型,/,county,抽样调查,/' topics/lianxi-2026/01/topic.csv
check_exit 2 'an unknown class of evidence' run plan=lianxi-2026 topic=1
grep -q '普查、部门、典型' "$scratch/out"
report $? 'says which there are'
sed -i 's/,county,抽样调查,/,county,抽样,/' topics/lianxi-2026/01/topic.csv
check_exit 2 'a sample without a design' run plan=lianxi-2026 topic=1
grep -q '没有写抽样设计' "$scratch/out"
report $? 'says where it is written'
finish
