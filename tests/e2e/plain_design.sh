#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The example of topics/README.md: somebody's CSV with design columns, two stages without
# replacement, from `make plan=… topic=…` to results.csv, against R's svydesign(id = ~dnum + snum,
# fpc = ~fpc1 + fpc2).  And what happens when such data or such a sheet are wrong.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
example=$root/tests/e2e/plain
data=data/api-2000/01/060000-加州
mkdir -p questionnaires/api-2000 topics/api-2000/01 "$data"
cp "$example/01-school.csv" questionnaires/api-2000/
cp "$example/topic.csv" "$example/report.tex" topics/api-2000/01/
cp "$root/tests/reference/designs/clus2.csv" "$data/"
results=reports/api-2000/01/results.csv
work=reports/api-2000/01/work
topic=topics/api-2000/01/topic.csv
check 'make plan=api-2000 topic=1' run plan=api-2000 topic=1
check 'results.csv is what R computes' \
    python3 "$root/tests/tools/compare_estimates.py" "$results" "$root/tests/reference/plain-values.csv"
check 'a report was made' test -s reports/api-2000/01/report.pdf
cp "$results" whole.csv
check 'a test that the topic asks for' grep -q '^api-2000,01,by_awards,ttest,126,' reports/api-2000/01/tests.csv
check 'differences' grep -q ',api00_mean,stype,E,H,' reports/api-2000/01/contrasts.csv
check 'what may be published' test "$(wc -l <reports/api-2000/01/published.csv)" = "$(wc -l <whole.csv)"
check 'and no table without a sheet' test ! -e reports/api-2000/01/models.csv -a ! -e reports/api-2000/01/rankings.csv

# ---- the annex says what was done ----------------------------------------------------------------
check 'the design in words' grep -q '不分层，2.*个阶段，各阶段都作有限总体校正' reports/api-2000/01/report.tex
check 'the design in R' grep -q 'svydesign(data = d, ids = .*dnum + snum, fpc = .*fpc1 + fpc2)' reports/api-2000/01/report.tex
annex() { # rows of sheet design, what the annex must say
    sed "s/^,fpc,.*/&\n$1/; s/^domains\$/margins\n,variable,value,total\n,stype,E,4421\n,stype,H,755\n,stype,M,1018\ndomains/" "$example/topic.csv" >"$topic"
    "$bin/report" -t "$topic" -o annex.tex $work/results.db && grep -q "$2" annex.tex
}
given=',calibration,linear'
check 'policies for lonely PSUs' annex "$given\\n,lonely_psu,adjust" '与总平均数相比计入误差'
check '  average' annex "$given\\n,lonely_psu,average" '按其他层的平均计入误差'
check '  certainty' annex "$given\\n,lonely_psu,certainty" '作必选，不计入误差'
check 'calibration' annex "$given\\n,calibration_bounds,0.5 2" '线性校准（广义回归）与已知的3.*个总数取得一致，调整系数限在0.5 2.*之间'
check 'the bootstrap with its seed' annex "$given\\n,replicates,bootstrap\\n,seed,17" '用 GSL 的 mt19937，种子17'
check 'intervals' annex "$given\\n,share_interval,beta\\n,quantile_interval,score" 'Korn-Graubard.*得分检验法'
cp "$example/topic.csv" "$topic"

# ---- the example as it stands in topics/README.md, without a narrative ---------------------------
sed -n '/^#### 一个完整的小例子：CSV/,/^### margins/p' topics/README.md | awk '
    /^`(questionnaires|topics)[^`]*\.csv`/ { split($0, part, "`"); file = part[2]; next }
    /^    / && file { print substr($0, 5) > file; next }
    /./ { file = "" }'
rm -r reports/api-2000 topics/api-2000/01/report.tex
check 'the files that topics/README.md shows' run plan=api-2000 topic=1
grep -q '只有结果：' "$scratch/out"
report $? 'figures without a report'
cp "$results" shown.csv
check 'five indicators, all and by type' test "$(wc -l <shown.csv)" = 21
check 'as they were' sh -c '! grep -Fxvf whole.csv shown.csv'
cp "$example/topic.csv" "$example/report.tex" topics/api-2000/01/
cp "$example/01-school.csv" questionnaires/api-2000/

# ---- however the records come ------------------------------------------------------------------
rows() { sed -n "$1" "$root/tests/reference/designs/clus2.csv"; }
rm -r data/api-2000 reports/api-2000
for county in 060001-甲 060002-乙 060003-丙; do mkdir -p "data/api-2000/01/$county"; done
rows '1p;50,90p' >data/api-2000/01/060001-甲/1.csv
{ rows '1p'; rows '91,$p' | sort -r; } >data/api-2000/01/060002-乙/2.csv
{ rows '1p'; rows '2,49p' | sort -t, -k5; } >data/api-2000/01/060003-丙/3.csv
check 'the same records in three shards, PSUs cut, in another order' run estimates plan=api-2000 topic=1
run reports/api-2000/01/results.csv plan=api-2000 topic=1 >/dev/null 2>&1
check 'give the same results to the last bit' cmp whole.csv "$results"

# ---- mistakes ----------------------------------------------------------------------------------
mistake() { # what message sed-script
    cp "$example/topic.csv" "$topic"
    sed -i "$3" "$topic"
    check_exit 1 "$1" "$bin/weigh" -t "$topic" -o w.db $work/060001.clean.db
    grep -q "$2" "$scratch/out"
    report $? "  and says why: $2"
}
mistake 'two populations for one stage' '同样多栏' 's/^,cluster,.*/,cluster,dnum/'
mistake 'no weights at all' '没有权数' 's/^,fpc,.*//'
mistake 'a name that there is not' '没有 weights 这一项，是不是 weight' 's/^,fpc,.*/&\n,weights,pw/'
mistake 'a name of designs with a frame' 'stratum 只用于有抽样框' 's/^,fpc,.*/&\n,stratum,stype/'
mistake 'an unknown replicate type' 'JK1' 's/^,fpc,.*/&\n,replicates,jack/'
mistake 'bounds that are none' '下限和上限' 's/^,fpc,.*/&\n,calibration_bounds,3/'
mistake 'margins without a method' '校准的方法' 's/^domains$/margins\n,variable,value,total\n,stype,E,4421\ndomains/'
cp "$example/topic.csv" "$topic"
sed -i 's/^,cluster,.*/,cluster,district snum/' "$topic"
"$bin/weigh" -t "$topic" -o w.db $work/060001.clean.db 2>/dev/null
check_exit 1 'a question that the form does not have' "$bin/tally" -t "$topic" -w w.db -o t.db $work/060001.clean.db
calibrate() {
    cp "$example/topic.csv" "$topic"
    sed -i "s/^,fpc,.*/&\n,calibration,$1/; s/^domains\$/margins\n,variable,value,total\n$2\ndomains/" "$topic"
    for c in 060001 060002 060003; do
        "$bin/tally" -t "$topic" -w $work/$c.weights.db -o $c.tally.db $work/$c.clean.db || return 3
    done
    "$bin/aggregate" -t "$topic" -o r.db 06000?.tally.db
}
check_exit 1 'raking to totals that contradict each other stops' calibrate raking ',stype,E,4421\n,stype,H,755\n,stype,M,1018\n,awards,No,1000\n,awards,Yes,3000'
grep -q '互相矛盾' "$scratch/out"
report $? 'and names the margin'
check_exit 1 'raking between bounds that are too narrow stops' calibrate 'raking\n,calibration_bounds,0.99 1.01' ',stype,E,4421\n,stype,H,755\n,stype,M,1018'
grep -q 'stype=H 应为755' "$scratch/out"
report $? 'and names the margins that fail'
check_exit 1 'an answer that is not among the post-strata stops' calibrate poststratify ',stype,E,4421\n,stype,H,755'
check 'nothing is left behind' test ! -e r.db

# ---- the data --------------------------------------------------------------------------------------
cp "$example/topic.csv" "$topic"
from() { # sed-script for the data
    rm -rf data/api-2000 reports/api-2000
    mkdir -p "$data"
    sed "$1" "$root/tests/reference/designs/clus2.csv" >"$data/clus2.csv"
    run reports/api-2000/01/results.csv plan=api-2000 topic=1
}
check 'numbers as R writes them' from 's/,757,/,7.57e+02,/; s/^\(.*,\)120\(,152,17\)/\11.2e+02\2/'
check '  are the same numbers' cmp whole.csv "$results"
check_exit 2 'a record without a population stops' from '5s/,757,/,,/'
grep -q '没有总体单位数。fpc1 空着' "$scratch/out" && grep -q 'clus2.csv 第5行' "$scratch/out"
report $? '  and the message says which: file and row'
check_exit 2 'two populations of one stratum stop' from '5s/,757,/,758,/'
grep -q '有两个不同的值\|757 和 758' "$scratch/out"
report $? '  and the message says so'
finish
