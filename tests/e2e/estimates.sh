#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# weigh, tally and aggregate over the answers' own records of topic 7, against R's survey package;
# ingest and clean take no part.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
answers=$root/tests/field/henan-2025-07
reference=$root/tests/reference
tools=$root/tests/tools
topic=topics/henan-2025/07/topic.csv
counties='410325 410423 410581 411330 411422 411523 411524 411627'
mkdir shards && python3 "$tools/clean_from_answers.py" "$answers" shards || exit 3

# Indicators that the topic does not have but the reference does.
sed -i '/^,hh_size,/i\
,inc_p25,,元,households,p25,${inc_total},,,1,0,,,\
,inc_p90,,元,households,p90,${inc_total},,,1,0,,,\
,inc_variance,,,households,variance,${inc_total},,,1,0,,,\
,village_labour,,人,villages,total,${v_labour},,,1,0,,,' "$topic"

tally_all() {
    for c in $counties; do
        "$bin/weigh" -t "$topic" -o "shards/$c.weights.db" "shards/$c.clean.db" &&
            "$bin/tally" -t "$topic" -w "shards/$c.weights.db" -o "shards/$c.tally.db" \
                "shards/$c.clean.db" || return 1
    done
}
aggregate() { # output shards
    results=$1
    shift
    "$bin/aggregate" -t "$topic" -o "$results.db" "$@" &&
        "$bin/export" -t "$topic" -k results -o "$results.csv" "$results.db"
}

check 'weigh and tally' tally_all
check 'aggregate' aggregate results shards/*.tally.db
check 'estimates are those of R (counties as strata)' \
    python3 "$tools/compare_estimates.py" results.csv "$answers/estimates.csv"
check 'percentiles, variances, villages too' \
    python3 "$tools/compare_estimates.py" results.csv "$reference/topic7-values.csv"
check 'differences between domains are those of R' \
    python3 "$tools/compare_differences.py" results.db "$reference/topic7-differences.csv"

# ---- order of shards, second run ---------------------------------------------------------------
dump() { python3 -c 'import sqlite3, sys
for line in sqlite3.connect(sys.argv[1]).iterdump(): print(line)' "$1"; }
backwards=$(for c in $counties; do echo "shards/$c.tally.db"; done | sort -r)
check 'shards in another order' aggregate again $backwards
dump results.db >first
dump again.db >second
check 'give the same results to the last bit' cmp first second
check 'the same shards give the same bytes' sh -c "'$bin/aggregate' -t '$topic' -o third.db shards/*.tally.db && cmp results.db third.db"

check 'and so do the same records' sh -c "'$bin/tally' -t '$topic' -w shards/410325.weights.db -o third.db shards/410325.clean.db && cmp shards/410325.tally.db third.db"

# ---- the zones as strata -------------------------------------------------------------------------
cp -r shards zones
for c in $counties; do
    python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE psu SET stratum = (SELECT value FROM attribute WHERE psu = code AND name = ?)", ("zone",))
db.commit()' "zones/$c.tally.db"
done
check 'zones as strata' aggregate zone_results zones/*.tally.db
check 'estimates are those of R (zones as strata)' \
    python3 "$tools/compare_estimates.py" zone_results.csv "$answers/estimates.csv" zone

# ---- finite population correction ----------------------------------------------------------------
sed -i 's/^,variance,with_replacement/,variance,without_replacement/' "$topic"
check 'without replacement' tally_all
check 'aggregate again' aggregate fpc_results shards/*.tally.db
check 'estimates are those of R with fpc' \
    python3 "$tools/compare_estimates.py" fpc_results.csv "$reference/topic7-values.csv" fpc
sed -i 's/^,variance,without_replacement/,variance,brewer/' "$topic"
check 'by inclusion probabilities' tally_all
check 'aggregate once more' aggregate brewer_results shards/*.tally.db
check 'estimates are those of R with pps = brewer' \
    python3 "$tools/compare_estimates.py" brewer_results.csv "$reference/topic7-values.csv" brewer
sed -i 's/^,variance,brewer/,variance,as_you_like/' "$topic"
check_exit 1 'an unknown word for the variance' "$bin/weigh" -t "$topic" -o x.db shards/410325.clean.db
check 'leaves nothing behind' test ! -e x.db
sed -i 's/^,variance,as_you_like/,variance,with_replacement/' "$topic"

# ---- a village lost, a village alone -------------------------------------------------------------
mkdir lost
cp shards/410325.clean.db lost/
query() { python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for row in db.execute(sys.argv[2]): print(*row, sep="|")
db.commit()' "$1" "$2"; }
keep() { # villages that stay
    query lost/410325.clean.db "DELETE FROM members WHERE _parent IN (SELECT _id FROM households WHERE _psu NOT IN ($1))"
    query lost/410325.clean.db "DELETE FROM households WHERE _psu NOT IN ($1)"
    "$bin/weigh" -t "$topic" -o lost/weights.db lost/410325.clean.db 2>lost/warning &&
        "$bin/tally" -t "$topic" -w lost/weights.db -o lost/tally.db lost/410325.clean.db &&
        "$bin/aggregate" -t "$topic" -o lost/results.db lost/tally.db 2>>lost/warning
}
row="SELECT n_psu, df, estimate IS NULL, se IS NULL, ci_low IS NULL, mark FROM estimate WHERE indicator = 'labour_mean' AND level = 'all'"
check 'three of six villages without households' keep "'410325100208', '410325101207', '410325102204'"
check_same 'do not count as villages of zeros' '3|2|0|0|0|' "$(query lost/results.db "$row")"
grep -q 没有入库 lost/warning
report $? 'and are named in warnings'
check 'one village alone' keep "'410325100208'"
check_same 'has an estimate, no error, and is withheld' '1|0|0|1|1|x' "$(query lost/results.db "$row")"

# ---- what does not fit together ------------------------------------------------------------------
check_exit 1 'weights of other records' "$bin/tally" -t "$topic" -w shards/410423.weights.db -o x.db shards/410325.clean.db
cp shards/410325.tally.db stale.db
query stale.db "UPDATE psu SET n_accepted = n_accepted + 1 WHERE code = '410325100208'"
check_exit 1 'weights made for other numbers of households' "$bin/aggregate" -t "$topic" -o x.db stale.db
check_exit 1 'a county twice' "$bin/aggregate" -t "$topic" -o x.db shards/410325.tally.db shards/410325.tally.db
check_exit 3 'a file of another kind' "$bin/aggregate" -t "$topic" -o x.db shards/410325.weights.db
check 'nothing is left behind' test ! -e x.db
finish
