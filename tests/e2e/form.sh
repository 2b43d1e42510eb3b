#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The program form: what it says, what it writes, how it leaves.
. "$(dirname "$0")/lib.sh"
cd "$root"
for part in county household village; do
    in=questionnaires/henan-2025/07-$part.csv
    check "$part is a good questionnaire" "$bin/form" $in
    check "$part is written" "$bin/form" -o "$scratch/$part.csv" $in
    check "$part keeps every cell" cmp $in "$scratch/$part.csv"
done
"$bin/form" questionnaires/henan-2025/07-county.csv >"$scratch/summary"
check 'the summary counts' grep -q '题目 28 个，选项表 3 个，循环 1 个' "$scratch/summary"

# An unknown column is warned of and kept.
printf 'survey\n,type,name,ours\n,text,a,"x, ""y"""\n' >"$scratch/extra.csv"
check 'an unknown column is kept' "$bin/form" -o "$scratch/kept.csv" "$scratch/extra.csv"
check 'with its cells' cmp "$scratch/extra.csv" "$scratch/kept.csv"

printf 'survey\n,type,name,relevant\n,text,a,${b} > 1\n,texd,c,\n' >"$scratch/bad.csv"
echo old >"$scratch/out.csv"
check_exit 1 'mistakes leave with 1' "$bin/form" -o "$scratch/out.csv" "$scratch/bad.csv"
check_same 'and leave the old file' old "$(cat "$scratch/out.csv")"
"$bin/form" "$scratch/bad.csv" 2>"$scratch/err" || true
check_same 'all mistakes are told' 2 "$(grep -c '^错误' "$scratch/err")"
# The mistakes that pyxform refuses, in the same row.
cp tests/reference/xform/villages.csv "$scratch/"
check 'as pyxform refuses' python3 tests/tools/compare_mistakes.py "$bin/form" \
    tests/reference/mistakes/mistakes.json "$scratch"

"$bin/form" -x "$scratch/lookups.xml" tests/reference/xform/lookups.csv 2>"$scratch/err"
check_same 'what only the phone computes is told once, by name' 1 \
    "$(grep -c '只有手机会算.*照报来的收下：drawn' "$scratch/err")"
check_exit 2 'a result that is no CSV is misuse' "$bin/form" -o "$scratch/x.xlsx" "$scratch/extra.csv"
check_exit 2 'nothing to read is misuse' "$bin/form"
check_exit 3 'a missing file cannot be read' "$bin/form" "$scratch/none.csv"
finish
