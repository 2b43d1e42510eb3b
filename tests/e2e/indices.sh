#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Sheet indices through tally, aggregate and export, over the answers' records of topic 7: scores
# are worked out once more from the printed estimates; places, refusals, what a census may not have.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
tools=$root/tests/tools
topic=topics/henan-2025/07/topic.csv
mkdir shards && python3 "$tools/clean_from_answers.py" "$root/tests/field/henan-2025-07" shards || exit 3
sed -i '/^,hh_size,/i\
,a,,,households,mean,${inc_total},,,1,0,high,,\
,b,,,members,prop,${m_trained} = '"'1'"',,,100,1,high,,\
,c,,,households,median,${labour_cnt} + ${inc_transfer} div 1000,,,1,1,low,,\
,d,,,counties,total,${c_fund},,,1,1,high,,\
,e,,,counties,total,${c_labour},,,1,1,high,,\
,t,,,households,theil_t,${inc_total},,${hh_type} != '"''"',1,3,,,\
,const,,,households,mean,5,,,1,0,high,,' "$topic"
cp "$topic" plain.csv
sheet() { # rows of sheet indices
    cp plain.csv "$topic"
    printf 'indices\n,name,label,kind,by,indicators,weights,matrix,base\n%s\n' "$1" >>"$topic"
}
sheet ',dev,,score,county,a b c,,,
,close,,topsis,county,a b c,entropy,,
,judged,,score,county,a b c,ahp,1 3 5; 1/3 1 3; 1/5 1/3 1,
,census,,score,county,d e,equal,,
,couple,,coupling,county,a; b c,equal,,
,based,,score,county,a const,equal,,0:100000 -
,split,,theil,hh_type,t,,,
,four,,ipa,,a b; a c,,,'
tally_all() {
    for c in shards/*.clean.db; do
        c=${c%.clean.db}
        "$bin/weigh" -t "$topic" -o "$c.weights.db" "$c.clean.db" &&
            "$bin/tally" -t "$topic" -w "$c.weights.db" -o "$c.tally.db" "$c.clean.db" || return 1
    done
}
check 'weigh and tally' tally_all
check 'aggregate' "$bin/aggregate" -t "$topic" -o results.db shards/*.tally.db
grep -q 'const 各单位相同' "$scratch/out" && grep -q '熵权不稳定' "$scratch/out"
report $? 'says what is constant and that entropy weights of 8 counties are unstable'
for what in results rankings indices; do
    check "export $what" "$bin/export" -t "$topic" -k "$what" -o "$what.csv" results.db
done
check 'weights, scores, places, TOPSIS and what dropping does' \
    python3 "$tools/check_ranking.py" results.csv rankings.csv indices.csv dev a+ b+ c-
rows() { awk -F, "$1" "$2" | wc -l; }
check_same 'eight counties have a range of places' 8 "$(rows '$3 == "dev" && $8 >= 1 && $9 <= 8 && $8 <= $9' rankings.csv)"
check 'some of them wider than one place' test "$(rows '$3 == "dev" && $8 < $9' rankings.csv)" -gt 3
check 'some neighbours cannot be told apart' test "$(rows '$3 == "dev" && $14 == 1' rankings.csv)" -gt 0
check_same 'a census has places but no range from sampling' 7 "$(rows '$3 == "census" && $7 >= 1 && $8 == "" && $9 == "" && $13 == "" && $10 != ""' rankings.csv)"
check_same 'the county that did not report its fund has no place' 1 "$(rows '$3 == "census" && $6 == "" && $7 == "" && $18 == "x"' rankings.csv)"

# As tables: every place of rankings.csv, and the mark where a neighbour cannot be told apart.
sed -i '/^tables$/{n;a\
,ranks,名次,ranking,dev,,,,\
,census,名次,ranking,census,,,,\
,pairs,名次,ranking,couple,,,,
}' "$topic"
for what in ranks census pairs; do
    check "table $what" "$bin/table" -t "$topic" -f $what -o table-$what.csv results.db
done
as_table() { # the columns of a sampled score, out of rankings.csv
    awk -F, '$3 == "dev" {print $7 "," ($8 == $9 ? $8 : $8 "～" $9) "," ($10 == $11 ? $10 : $10 "～" $11) "," $16 "," \
        ($12 == "" ? "—" : $14 == 1 || $19 == 1 ? "不分先后" : "")}' rankings.csv
}
check_same 'places, their ranges and neighbours as in rankings.csv' "$(as_table)" \
    "$(awk -F, 'NR > 1 {print $2 "," $4 "," $5 "," $6 "," $7}' table-ranks.csv)"
check_same 'of a census no range from sampling' '县（市）,名次,得分,少一个指标的名次,TOPSIS名次,与下一名' "$(head -1 table-census.csv | sed 's/^\xef\xbb\xbf//')"
check_same 'who has no place is last' 1 "$(tail -1 table-census.csv | grep -c ',—,—,—,—,—$')"
check 'both forms of coupling in the table' grep -q '协调度,等级,修正公式,等级' table-pairs.csv
sed 's/,ranks,名次,ranking,dev,/,ranks,名次,ranking,devil,/' "$topic" >bad.csv
cp bad.csv "$(dirname "$topic")/bad.csv"
check_exit 1 'a table of an index that is not there' "$bin/table" -t "$(dirname "$topic")/bad.csv" -f ranks -o none.csv results.db
grep -q 'tables.*indicators\|indices 表' "$scratch/out"
report $? 'says where to write which name'

part() { awk -F, -v n="$1" -v d="$2" -v p="$3" '$3 == n && $4 == d && $5 == p {print $6}' indices.csv; }
check_same 'AHP weights and consistency' '0.6370 0.2583 0.1047 0.0332' \
    "$(printf '%.4f %.4f %.4f %.4f' "$(part judged '' weight:a)" "$(part judged '' weight:b)" "$(part judged '' weight:c)" "$(part judged '' ahp_cr)")"
check_same 'both forms of coupling, for every county' 16 "$(rows '$3 == "couple" && ($5 == "D" || $5 == "D_modified") && $7 ~ /调$/' indices.csv)"
check_same 'within and between make the whole' 0 "$(awk -v w="$(part split '' within)" -v b="$(part split '' between)" -v t="$(awk -F, '$3 == "t" && $5 == "all" {print $11}' results.csv)" 'BEGIN {d = w + b - t; print (d < 1e-12 && d > -1e-12) ? 0 : d}')"
check_same 'quadrants' 2 "$(rows '$3 == "four" && $5 == "quadrant" && $7 != ""' indices.csv)"

backwards=$(for c in shards/*.tally.db; do echo "$c"; done | sort -r)
check 'shards in another order' "$bin/aggregate" -t "$topic" -o again.db $backwards
dump() { python3 -c 'import sqlite3, sys
for line in sqlite3.connect(sys.argv[1]).iterdump(): print(line)' "$1"; }
dump results.db >first
dump again.db >second
check 'give the same places to the last bit' cmp first second

refuse() { # what, row
    sheet "$2"
    check_exit 1 "refused: $1" "$bin/aggregate" -t "$topic" -o x.db shards/*.tally.db
    grep -q '表“indices”\|indices' "$scratch/out" && [ ! -e x.db ]
    report $? 'names the sheet, leaves nothing'
}
refuse 'a contradictory judgement' ',x,,score,county,a b c,ahp,1 9 1/9; 1/9 1 9; 9 1/9 1,'
refuse 'a matrix that is not reciprocal' ',x,,score,county,a b,ahp,1 3; 3 1,'
refuse 'an indicator without a direction' ',x,,score,county,a t,,,'
refuse 'an unknown indicator' ',x,,score,county,a nosuch,,,'
refuse 'a base upside down' ',x,,score,county,a b,,,5:1 -'
refuse 'an indicator twice' ',x,,score,county,a b a,,,'
refuse 'one system only' ',x,,coupling,county,a b,,,'
finish
