#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where a number comes from: by cell of a table, by indicator and domain; records that do not
# count; numbers that do not exist; the sums close.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
out=reports/henan-2025/07
work=$out/work
topic=topics/henan-2025/07/topic.csv

says() { # what text
    grep -qF "$2" "$scratch/out"
    report $? "$1"
}
check 'make why builds what is missing first' run why topic=7 figure='svc_train county=411523'
says 'definition' '享受过服务的户中接受技能培训的比例'
says 'universe' "范围　　\${svc_kinds} != ''"
says 'evidence' '资料　　住户，抽样'
says 'design' 'svyset village_code [pweight=weight], strata(county)'
says 'the sums close' '各县之和与结果库一致'
says 'the simulation is named' '模拟资料'

shards=
for clean in "$work"/*.clean.db; do
    shards="$shards ${clean%.clean.db}.raw.db $clean ${clean%.clean.db}.weights.db"
done
# shellcheck disable=SC2086 # a list of files
why() { "$bin/why" -t "$topic" "$@" "$work/results.db" $shards; }

# The same number by all its names.
why -f 'out_hh county=411523' >"$scratch/by_name"
for name in 表3.B3 work-county.B3 图1.1 out-county.1 '有县外务工人员的户 county=新县' '有县外务工人员的户的比例 县（市）=新县'; do
    # Table 3 is numbered in the narrative.
    why -f "$name" >"$scratch/named"
    check "the same number by the name $name" cmp "$scratch/by_name" "$scratch/named"
done
check_exit 1 'a chart without a number' why -f 图1
says 'lists its numbers' '图1.9　合计'
check_exit 1 'a chart that is not there' why -f 图77
says 'lists the charts' '图2　县外务工去向'
check 'every table can be written' run topic=7 "$out/tables/work-county.csv"
printed=$(sed -n 3p "$out/tables/work-county.csv" | cut -d, -f2)
grep -q "印出　　$printed%" "$scratch/by_name"
report $? 'the value is that of the table'

# A record whose answer was returned does not count, and is named with the reason.
check 'all records' why -v -f 'need.1 county=411523'
cp "$scratch/out" "$scratch/listing"
grep -A1 '不计入 411523100201-59：needs 退回核实：.*（constraint）' "$scratch/out" |
    grep -q '新县-住户问卷.csv，第6行，.*F1. 您家目前最需要哪些就业帮助？.*收到“本地就业岗位、技能培训、创业贷款、社保接续”，没有采用'
report $? 'a returned record, its reason, its cell and its text'
check_same 'n records are listed as counting' \
    "$(sed -n 's/^样本量　\([0-9]*\)户$/\1/p' "$scratch/listing")" \
    "$(grep -c '^    计入 ' "$scratch/listing")"
check_same 'and their weights and values make the estimate' ok "$(awk -F'值 |，权数 ' '
    /^    计入 /{wy += $2 * $3; w += $3}
    /^估计值/{split($0, part, "　|，"); e = part[2]}
    END{d = wy / w - e; print (d < 1e-12 && d > -1e-12) ? "ok" : wy / w " " e}' "$scratch/listing")"

# Every kind of statistic and of domain closes.
for name in inc_total_median labour_total 'wage_per_month hh_type=脱贫户' 'wage_median zone=大别山片区' \
    'sat_overall_mean hh_type=2' v_broker 'v_coll zone=伏牛山片区' c_transfer_rate b_wage \
    svc_kind.4 land_out_ratio; do
    check "$name" why -f "$name"
done

# Personal answers stay inside.
check 'a number that rests on a personal question' why -v -f member_total
personal() {
    python3 "$root/tests/tools/personal_values.py" "$root/tests/field/henan-2025-07" >"$scratch/personal"
    why -v -f age_mean >"$scratch/listing" && why -v -f v_out >>"$scratch/listing" &&
        ! grep -oFf "$scratch/personal" "$scratch/listing"
}
check 'no personal value is printed' personal

# What does not exist.
check_exit 1 'an unknown indicator' why -f svc_trian
says 'names the nearest' svc_train
check_exit 1 'an unknown value of a domain' why -f 'svc_train county=999999'
says 'names the values' 'county=411523　新县'
check_exit 1 'an unknown domain' why -f 'svc_train shoesize=9'
says 'names the domains' 'hh_type'
check_exit 1 'an unknown table' why -f 表99.B2
says 'names the tables' '表3　各县（市）外出务工和工资（work-county）'
check_exit 1 'a cell outside the table' why -f 表3.Z99
says 'shows the cells' 'B=有县外务工人员的户'
check_exit 1 'a cell without a number' why -f 表3.A1
check_exit 2 'shards that are not complete' "$bin/why" -t "$topic" -f out_hh "$work/results.db" a b
run why topic=7 >"$scratch/out" 2>&1
[ $? -ne 0 ] && grep -q '请写明哪个数' "$scratch/out"
report $? 'make why without a number says how to write one'

# A result that the records do not make is refused.
if command -v python3 >/dev/null; then
    cp "$work/results.db" "$scratch/results.db"
    python3 -c "import sqlite3, sys
d = sqlite3.connect(sys.argv[1])
d.execute(\"UPDATE estimate SET estimate = estimate * (1 + 1e-9) WHERE indicator = 'out_hh'\")
d.commit()" "$scratch/results.db"
    # shellcheck disable=SC2086
    check_exit 1 'a result that differs in the ninth digit' \
        "$bin/why" -t "$topic" -f out_hh "$scratch/results.db" $shards
    says 'says so' '两者不一致'
fi
finish
