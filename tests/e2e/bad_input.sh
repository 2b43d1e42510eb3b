#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Files that cannot be read, and workbooks with mistakes: one message each that says where and what
# to do; everything else is still processed.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
topic=topics/henan-2025/07/topic.csv
out=reports/henan-2025/07
says() { # text that the last command's output must hold
    grep -q -- "$1" "$scratch/out"
    report $? "  and says: $1"
}

# ---- files of a county ------------------------------------------------------------------------
county=$scratch/410423-鲁山县
cp -r topics/henan-2025/07/rehearsal/410423-鲁山县 "$county"
book=topics/henan-2025/07/rehearsal/410581-林州市/林州市课题7上报数据.xlsx
: >"$county/空.csv"
head -c 30000 "$book" >"$county/残缺.xlsx"
cp topics/henan-2025/07/rehearsal/411523-新县/新县-劳务品牌.csv "$county/其实是文本.xlsx"
head -c 5000 /dev/urandom >"$county/乱码.xls"
printf '%%PDF-1.4\n1 0 obj\n' >"$county/通知.pdf"
cp "$county/鲁山县村表.csv" "$county/鲁山县村表（再报）.csv"
printf '栏一,栏二,栏三\n甲,2,3\n乙,5,6\n' >"$county/表头不认得.csv"
printf '户主姓名,户籍人口数,劳动力人数,农户类型,承包地面积,是否流转出,工资性收入,经营净收入\n甲,3,2,1,4,否,5000,300\n' \
    >"$county/没有编号.csv"
printf '村代码,户编号,户主姓名,户籍人口数,写错的表头\n410423100209,1,甲,3,2\n' >"$county/写错一栏.csv"
check_exit 1 'ingest of a folder with files that cannot be read' \
    "$bin/ingest" -t "$topic" -c 410423 -o "$scratch/raw.db" "$county"
says 空.csv
says 残缺.xlsx
says 乱码.xls
says 表头不认得.csv：没有找到本课题问卷的表头
says '没有编号.csv，第1行：这张“住户”表没有编号栏'
check 'clean goes on with what could be read' "$bin/clean" -t "$topic" -o "$scratch/clean.db" "$scratch/raw.db"
check 'what a table lacks is said at once' "$bin/status" -t "$topic" -b "$scratch/raw.db" "$scratch/clean.db"
says '写错一栏.csv，“写错的表头”栏：不是问卷的题目'
says '表头不认得.csv：没有找到'
check 'and lists the rest' "$bin/export" -t "$topic" -k problems -o "$scratch/problems.csv" "$scratch/clean.db"
for pair in 空.csv=file_empty 残缺.xlsx=file_corrupt 乱码.xls=file_corrupt 其实是文本.xlsx=file_type 鲁山县村表（再报）.csv=file_duplicate; do
    n=$(grep -c "^410423,${pair%=*},,,,,${pair#*=},file," "$scratch/problems.csv")
    check_same "${pair%=*} is ${pair#*=}, once" 1 "$n"
done
check 'nothing is unaccounted for' "$bin/audit" -o "$scratch/audit.csv" "$scratch/raw.db" "$scratch/clean.db"
check_exit 3 'a county folder that is not there' "$bin/ingest" -t "$topic" -c 1 -o "$scratch/x.db" "$scratch/none"

# ---- workbooks of staff -----------------------------------------------------------------------
form=questionnaires/henan-2025/07-village.csv
mistake() { # sed expression, exit code, what is wrong, texts that must be said
    cp "$root/$form" "$scratch/form.csv"
    sed -i "$1" "$scratch/form.csv"
    check_exit 1 "$2" "$bin/form" "$scratch/form.csv"
    says "$3"
}
mistake 's/,integer,v_pop,/,intger,v_pop,/' 'a questionnaire with an unknown type' intger
mistake 's/,integer,v_pop,/,integer,v_hh,/' 'a name twice' v_hh
mistake 's/\${v_out_prov}/${v_out_porv}/' 'an undefined reference' v_out_porv
mistake 's/,select_one cadre,/,select_one cadr,/' 'a choice list that is not there' cadr
mistake '/,end_group,/{s/,end_group,/,note,zz/;:a;n;ba}' 'a group that is not closed' 没有
mistake 's/\${v_out_prov} + \${v_in_prov}/${v_out_rate} + ${v_in_prov}/' 'a cycle of calculations' v_out_rate
mistake 's/\. >= \${v_hh} and/. >= (${v_hh} and/' 'an expression that is not closed' 左括号

wrong_topic() { # sed expression on topic.csv, name, text
    cp "$root/$topic" "$topic"
    sed -i "$1" "$topic"
    check_exit 1 "$2" "$bin/prepare" -d data/henan-2025/07 -w "$scratch/w" "$topic"
    says "$3"
    cp "$root/$topic" "$topic"
}
wrong_topic 's/^,hh_size,\(.*\)\${hh_size}/,hh_size,\1${hh_siez}/' 'a topic with an undefined reference' hh_siez
wrong_topic 's/^,labour_mean,/,hh_size,/' 'a topic with an indicator twice' hh_size
wrong_topic 's/^,households,住户,07-household,/,households,住户,07-houshold,/' 'a questionnaire that is not there' 07-houshold
wrong_topic 's/^,hh_size,\(.*\)\${hh_size}/,hh_size,\1string-length(${phone})/' 'an indicator of personal data' 个人信息
wrong_topic 's/^,today,2025-12-31/,today,2025年底/' 'a day that is none' 2025年底
printf '\\section{x}\n\\est{no_such_number}\n' >topics/henan-2025/07/report.tex
check_exit 2 'a narrative with an unknown number fails the build' run topic=7
says no_such_number
says 第2行
check 'but results, problems and records are made all the same' \
    test -s "$out/results.csv" -a -s "$out/problems.csv" -a -s "$out/records/households.csv"
check_exit 2 'a topic that is not there' run topic=77
finish
