#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Tests, models, scales, inequality and crossed domains through tally, aggregate and export, over
# the answers' records of topic 7, against R's survey package.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
tools=$root/tests/tools
expected=$root/tests/reference/topic7-analyses.csv
topic=topics/henan-2025/07/topic.csv
mkdir shards && python3 "$tools/clean_from_answers.py" "$root/tests/field/henan-2025-07" shards || exit 3

sed -i '/^,hh_size,/i\
,inc_gini,,,households,gini,${inc_total},,,1,3,,,\
,inc_theil,,,households,theil_t,${inc_total},,,1,3,,,\
,inc_theil0,,,households,theil_l,${inc_total} - 20000,,,1,3,,,\
,inc_poor,,%,households,fgt1,${inc_total},20000,,100,1,,,\
,inc_low40,,%,households,lorenz40,${inc_total},,,100,1,,,' "$topic"
sed -i '/^,hh_type,农户类型/a\
,know,,question,know_brand,\
,county_type,,cross,county hh_type,\
,type_know,,cross,hh_type know,\
,three,,cross,zone know hh_type,' "$topic"
cat >>"$topic" <<'EOF'
tests
,name,label,kind,level,row,column,universe
,know_by_type,,chisq,households,hh_type,know_brand,
,income_by_know,,ttest,households,inc_total,know_brand,
,income_by_type,,kruskal,households,${inc_total},hh_type,
,county_t,,ttest,counties,c_labour,county,
,one_knows,,ttest,households,inc_total,know_brand,${know_brand} = '2' or ${village_code} = '410325100208' and ${hh_no} = '2'
models
,name,label,family,level,outcome,terms,universe
,income,,gaussian,households,inc_total,hh_type hh_size,
,knows,,binomial,households,${know_brand} = '1',hh_type labour_cnt,
,certain,,binomial,households,${hh_size} > 3,hh_size,
,one_answer,,gaussian,households,inc_total,know_brand,${know_brand} = '2' or ${village_code} = '410325100208' and ${hh_no} = '2'
scales
,name,label,kind,level,items,universe
,satisfaction,,alpha,households,sat_info sat_train sat_match sat_rights,
,same_answers,,kappa,households,svc_used know_brand,
EOF
tally_all() {
    for c in shards/*.clean.db; do
        c=${c%.clean.db}
        "$bin/weigh" -t "$topic" -o "$c.weights.db" "$c.clean.db" &&
            "$bin/tally" -t "$topic" -w "$c.weights.db" -o "$c.tally.db" "$c.clean.db" || return 1
    done
}
check 'weigh and tally' tally_all
check 'aggregate' "$bin/aggregate" -t "$topic" -o results.db shards/*.tally.db
grep -q '模型 certain 不能估计' "$scratch/out" && grep -q '不大于0' "$scratch/out"
report $? 'says which model has no estimate, and that incomes were left out'
for what in tests models scales dropped results; do
    check "export $what" "$bin/export" -t "$topic" -k "$what" -o "$what.csv" results.db
done
compare() { python3 "$tools/compare_values.py" "$expected" "$@"; }
check 'tests are those of R' compare tests tests.csv name
check 'models are those of R' compare models models.csv model term value
check 'crossed domains are those of R' compare results results.csv indicator level domain
check 'scales are those of R' compare scales scales.csv name
rows() { awk -F, "$1" "$2" | wc -l; }
check_same 'a test in a census has no p value' 1 "$(rows '$3 == "county_t" && $17 == "" && $22 == "-"' tests.csv)"
check_same 'a difference that one household makes is not told' 1 "$(rows '$3 == "one_knows" && $22 == "x" && $11 $17 == ""' tests.csv)"
check_same 'nor a coefficient of one household' 2 "$(rows '$3 == "one_answer" && $12 == "" && $19 == "x"' models.csv)"
check_same 'a separated model has no coefficients' 2 "$(rows '$3 == "certain" && $12 == "" && $19 == "-"' models.csv)"
check_same 'Gini, Theil, poverty gap and Lorenz, each with an error' 5 \
    "$(rows '$3 ~ /^inc_(gini|theil|theil0|poor|low40)$/ && $5 == "all" && $12 > 0' results.csv)"
check_same 'what Theil left out is counted' 1 "$(rows '$3 == "inc_theil0" && $4 == "all" && $6 > 0' dropped.csv)"

check_same 'a cross of three' 1 "$(rows '$3 == "hh_total" && $5 == "three" && $6 == "大别山片区 1 3"' results.csv)"
backwards=$(for c in shards/*.tally.db; do echo "$c"; done | sort -r)
check 'shards in another order' "$bin/aggregate" -t "$topic" -o again.db $backwards
dump() { python3 -c 'import sqlite3, sys
for line in sqlite3.connect(sys.argv[1]).iterdump(): print(line)' "$1"; }
dump results.db >first
dump again.db >second
check 'give the same results to the last bit' cmp first second

for wrong in ',x,,chisq,households,hh_type,nosuch,' ',x,,chisq,households,hh_type,village_name,' ',x,,chi,households,hh_type,know_brand,' ',x,,chisq,nolevel,hh_type,know_brand,'; do
    mkdir -p topics/henan-2025/98
    sed "/^,know_by_type,/i\\
$wrong" "$topic" >topics/henan-2025/98/topic.csv
    cp -r topics/henan-2025/07/frame topics/henan-2025/98/
    check_exit 1 "a test that is not one: $wrong" "$bin/aggregate" -t topics/henan-2025/98/topic.csv -o x.db shards/410325.tally.db
done
finish
