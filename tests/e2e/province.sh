#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A province of 45 counties: lists longer than a page, a level with a long name, figures below 0.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
with='plan=sheng-2026 topic=1'
topic=topics/sheng-2026/01/topic.csv
out=reports/sheng-2026/01
counties=$(seq -f 4115%02g 1 45)
mkdir -p questionnaires/sheng-2026 topics/sheng-2026/01

{
    cat <<'END'
survey
,type,name,label,required,short
,select_one county,county,1. 县（市）,yes,县（市）
,text,village,2. 村名,yes,村名
,decimal,change,3. 比上年增减（万元）,yes,增减
choices
,list_name,name,label
END
    for c in $counties; do echo ",county,$c,第$((c - 411500))县"; done
    printf 'settings\n,form_title,form_id,version\n,增减,sheng,2026030101\n'
} >questionnaires/sheng-2026/01-village.csv
cat >$topic <<'END'
settings
,name,value
,title,增减
,issuer,某省老区建设促进会
instruments
,level,label,form,repeat,unit,key,psu,psu_name,county,evidence,stage
,villages,乡村振兴重点帮扶村和巩固脱贫成果监测村登记（含集体经济薄弱村、易地搬迁安置点、库区移民村）,01-village,,村,county village,,,county,普查,
domains
,name,label,source,column,label_column
,county,县（市）,question,county,
indicators
,name,label,unit,level,statistic,expression,denominator,universe,scale,decimals,better,definition,source
,change,平均增减,万元,villages,mean,${change},,,1,1,high,,
tables
,id,title,type,indicators,by,show,note,source
,all,各县平均增减,by,change,county,estimate,,
charts
,id,title,type,indicators,by,show,note,source
,all,各县平均增减,ranked,change,county,,,
END
printf '各村平均增减\\est{change}万元。\n\n\\showtable{all}\n\n\\showchart{all}\n' >topics/sheng-2026/01/report.tex
for c in $counties; do
    mkdir -p "data/sheng-2026/01/$c-县"
    i=$((c - 411500))
    printf '县（市）,村名,增减\n%s,甲村,%d\n%s,乙村,%d\n%s,丙村,%d\n' \
        "$c" $((i - 31)) "$c" $((i - 30)) "$c" $((i - 29)) >"data/sheng-2026/01/$c-县/村表.csv"
done

check 'the report and its copy for Word' run report word=yes "$out/report.docx"
pdftotext -layout "$out/report.pdf" "$scratch/report.txt"
# The table of the text, the chart, the annex on what was received.
check_same 'the last county stands in the table, the chart and the annex' 3 "$(grep -c '第45县' "$scratch/report.txt")"
check_same 'and in Word in both tables and what is said of the chart' 3 "$(unzip -p "$out/report.docx" word/document.xml | grep -o '第45县' | wc -l)"
# Values from -29 to 15: both ends and 3 % of the length more.
check_same 'the bars go both ways from 0' 'set xrange [-30.32:16.32]' "$(grep xrange "$out/charts/all.gp")"
check_same 'a page holds the chart' yes "$(pdfinfo "$out/charts/all.pdf" | awk '/Page size/ { print $5 < 20 / 2.54 * 72 ? "yes" : $5 }')"

sed -i 's/^domains$/,other,其他村,01-village,,村,county village,,,county,普查,\n&/' $topic
check_exit 1 'two levels of one form are refused' "$bin/prepare" -d data/sheng-2026/01 -w "$scratch/work" $topic
grep -q '层次 villages 已经用了这份问卷' "$scratch/out"
report $? 'with the reason'
finish
