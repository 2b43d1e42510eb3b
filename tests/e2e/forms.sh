#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What is made of a questionnaire: phone form, county workbook, paper form, codebook.
. "$(dirname "$0")/lib.sh"
cd "$root"
reference=tests/reference/xform

# ---- phone forms: the same as pyxform's, loaded and enforced by two engines ----------------------
for form in 07-county 07-household 07-village languages repeats types lists lookups older; do
    check "$form: the phone form is written" "$bin/form" -x "$scratch/$form.xml" "$reference/$form.csv"
    check "$form: it says what pyxform's says" \
        python3 tests/tools/compare_xforms.py "$reference/$form.xml" "$scratch/$form.xml"
done
# The comparison has teeth.
sed 's/ - 2025//; s/2025 - /2024 - /' "$scratch/07-household.xml" >"$scratch/other.xml"
check_exit 1 'a changed calculation is found' \
    python3 tests/tools/compare_xforms.py "$reference/07-household.xml" "$scratch/other.xml"
for form in questionnaires/*/*.csv; do
    head -1 "$form" | grep -q '^survey' || continue # a list beside a questionnaire
    check "$form becomes a phone form" "$bin/form" -x "$scratch/form.xml" "$form"
    check "$form: which is XML" python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' \
        "$scratch/form.xml"
done
check 'Collect and Web Forms skip and refuse the same' python3 tests/tools/compare_engines.py \
    "$reference/collect.csv" "$reference/engine.csv"

# Entities are left out, and it is said.
sed -n '1,/^,end_repeat/p' "$reference/07-county.csv" | sed '2s/$/,save_to/; 7s/$/,x/' >"$scratch/entities.csv"
printf 'entities\n,list_name,label\n,people,a\n' >>"$scratch/entities.csv"
sed -n '/^choices/,$p' "$reference/07-county.csv" >>"$scratch/entities.csv"
"$bin/form" -x "$scratch/entities.xml" "$scratch/entities.csv" 2>"$scratch/err"
check_same 'entities are left out with two messages' 2 "$(grep -c '实体' "$scratch/err")"
check_same 'and leave no trace' 0 "$(grep -c 'entities' "$scratch/entities.xml")"

# A question that a phone cannot show.
printf 'survey\n,type,name,label\n,text,a,\n' >"$scratch/bare.csv"
check_exit 1 'a question without text is refused' "$bin/form" -x "$scratch/bare.xml" "$scratch/bare.csv"
check_exit 1 'and nothing is written' test -e "$scratch/bare.xml"
# ---- county workbooks: filled in, they come through without a message -----------------------------
topic=topics/henan-2025/07/topic.csv
check 'a county has its workbook' "$bin/form" -w "$scratch/411523.xlsx" -t $topic -c 411523
check 'and any county' "$bin/form" -w "$scratch/blank.xlsx" -t $topic
check_exit 1 'a county that is none is refused' "$bin/form" -w "$scratch/none.xlsx" -t $topic -c 999999
check_exit 1 'and leaves no file' test -e "$scratch/none.xlsx"
check_exit 2 'a workbook needs a topic' "$bin/form" -w "$scratch/none.xlsx"
"$bin/form" -w "$scratch/again.xlsx" -t $topic -c 411523
check 'made again it has the same bytes' cmp "$scratch/411523.xlsx" "$scratch/again.xlsx"

problems() { # raw and clean of folder $1; the number of problems, then records of each level
    "$bin/ingest" -t $topic -c 411523 -o "$scratch/raw.db" "$1" 2>"$scratch/ingest.err" || return 1
    "$bin/clean" -t $topic -o "$scratch/clean.db" "$scratch/raw.db" 2>"$scratch/clean.err" || return 1
    cat "$scratch/ingest.err" "$scratch/clean.err"
    python3 -c 'import sqlite3, sys
d = sqlite3.connect(sys.argv[1])
for t in ["problem"] + sys.argv[2:]:
    print(d.execute(f"select count(*) from \"{t}\"").fetchone()[0])' "$scratch/clean.db" \
        households members villages counties brands | tr '\n' ' '
}
mkdir "$scratch/filled" "$scratch/empty"
python3 tests/tools/fill_workbook.py "$scratch/411523.xlsx" "$scratch/filled/a.xlsx" \
    questionnaires/henan-2025 tests/field/henan-2025-07 411523 >"$scratch/typed"
check_same 'all that was typed is there and nothing is said' \
    "0 $(awk '{print $NF}' "$scratch/typed" | tr '\n' ' ')" "$(problems "$scratch/filled")"
head -1 "$scratch/typed" | grep -q ' [5-9][0-9]$'
report $? 'and it was much'

# ---- paper forms ---------------------------------------------------------------------------------
paper() { # questionnaire $1 as $scratch/paper.pdf and, page by page, $scratch/paper.txt
    "$bin/form" -p "$scratch/paper.tex" -t $topic "$1" &&
        "$bin/typeset" -o "$scratch/paper.pdf" "$scratch/paper.tex" &&
        pdftotext -layout "$scratch/paper.pdf" "$scratch/paper.txt" &&
        pdftotext -raw "$scratch/paper.pdf" "$scratch/paper.raw"
}
shows() { tr -d ' \n' <"$scratch/paper.raw" | grep -qF "$1"; }
for part in household village county; do
    check "$part is a paper form" paper questionnaires/henan-2025/07-$part.csv
    pages=$(pdfinfo "$scratch/paper.pdf" | sed -n 's/^Pages: *//p')
    check_same 'every page has form, version and number' "$pages" \
        "$(tr -d ' ' <"$scratch/paper.txt" | grep -c "hn2025_07_$part·2025041101第[0-9]*页共${pages}页")"
    [ $part = household ] && cp "$scratch/paper.raw" "$scratch/household.raw"
done
cp "$scratch/household.raw" "$scratch/paper.raw"
for text in '表号：待批准' '制定机关：河南省老区建设促进会' '文号：豫老促会〔2025〕6号' '有效期至：待批准' \
    '计量单位：见各题' '填表人：' '审核人：' 'B3选“防止返贫监测户”的填' 'C7选“受雇务工”或“自主经营或创业”的填' \
    'B5大于0的填' 'F1选“其他”的填' '1脱贫户'; do
    check "the household form says $text" shows "$text"
done
unsaid=$(sed -n '/^,begin\|^,note\|^,calculate/d; s/^,[^,]*,\([a-z_]*\),\([A-F][0-9]*\)\..*/\2/p' \
    questionnaires/henan-2025/07-household.csv | while read -r number; do
    shows "$number." || echo "$number"
done)
check_same 'every question is on it' '' "$unsaid"
printf 'survey\n,type,name,label,hint\n,select_one c,a,"A1. \\input{/etc/passwd} 100%% $x$ ~^_&#{}",𠮷喆\n,begin_repeat,r,R\\end{document},\n,text,b,\\def,\n,end_repeat,,,\nchoices\n,list_name,name,label\n,c,1,\\write18{ls}\n,c,2,%%\n' >"$scratch/hostile.csv"
check 'labels are never LaTeX' paper "$scratch/hostile.csv"
check 'and are printed as they are' shows '\input{/etc/passwd}100%$x$~^_&#{}'

# ---- codebooks -----------------------------------------------------------------------------------
for part in household village county; do
    in=questionnaires/henan-2025/07-$part.csv
    check "$part has a codebook" "$bin/form" -d "$scratch/codebook.xml" -t $topic $in
    check 'as DDI-Codebook 2.5 has it, with every variable' \
        python3 tests/tools/check_codebook.py "$scratch/codebook.xml" $in
    check 'and one for people' "$bin/form" -d "$scratch/codebook.csv" -t $topic $in
    check_same 'with a row a variable' "$(grep -c '<var ID' "$scratch/codebook.xml")" \
        "$(python3 -c 'import csv, sys; print(len(list(csv.reader(open(sys.argv[1])))) - 1)' "$scratch/codebook.csv")"
done
check 'a codebook is printed' "$bin/form" -d "$scratch/paper.tex" -t $topic questionnaires/henan-2025/07-household.csv
check 'and typeset' "$bin/typeset" -o "$scratch/paper.pdf" "$scratch/paper.tex"
pdftotext -raw "$scratch/paper.pdf" "$scratch/paper.raw"
for text in '编码手册' 'households.csv' 'members.csv' 'm_wage' 'C7选“受雇务工”或“自主经营或创业”' '个人信息，不公开'; do
    check "it shows $text" shows "$text"
done
printf 'survey\n,type,name,label\n,text,a,\\input{/etc/passwd} %%%% $x$\nsettings\n,form_id\n,\\x_%%%%{\n' >"$scratch/hostile.csv"
check 'its texts are never LaTeX' "$bin/form" -d "$scratch/paper.tex" "$scratch/hostile.csv"
check 'whatever they are' "$bin/typeset" -o "$scratch/paper.pdf" "$scratch/paper.tex"
check 'a codebook needs no topic' "$bin/form" -d "$scratch/codebook.xml" "$reference/repeats.csv"

# ---- all of it by make ---------------------------------------------------------------------------
copy_project
cd "$scratch/project" || exit 3
check 'make forms' run forms plan=yongji-2024 topic=1
made=reports/yongji-2024/01/forms
check_same 'makes them all' '01-investment.csv 01-investment.pdf 01-investment.pdf 01-investment.tex 01-investment.tex 01-investment.xml 01-investment.xml' \
    "$(cd $made && find phone paper codebook -type f -name '01-investment*' | sed 's/.*\///' | sort | tr '\n' ' ' | sed 's/ $//')"
check_same 'and the workbook of a topic without a list of counties' blank.xlsx "$(ls $made/county)"
check_exit 2 'make forms asks for the topic' make -s BUILD="${bin%/bin}" forms
stamps() { find $made -type f -printf '%p %T@\n' | sort; }
stamps >"$scratch/before"
check 'made again' run forms plan=yongji-2024 topic=1
check_same 'nothing is written' "$(cat "$scratch/before")" "$(stamps)"

finish
