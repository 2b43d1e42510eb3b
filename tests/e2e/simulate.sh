#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Simulated counties in every form of upload: what ingest and clean make of them is what was
# planted, to the last record and problem.
. "$(dirname "$0")/lib.sh"
cd "$root" || exit 3
topic=topics/henan-2025/07/topic.csv

simulate() { "$bin/simulate" -t $topic "$@"; }

# one COUNTY FORMAT SEED [OPTION...]: simulate, ingest, clean, compare.
one() {
    work=$scratch/$1-$2-$3
    county=$1 format=$2 seed=$3
    shift 3
    "$bin/simulate" -t $topic -c "$county" -f "$format" -s "$seed" -m 0.12 "${@:--n5}" -o "$work/up/$county-county" || return 1
    [ -z "${frame-}" ] || mv "$scratch/frame.csv" "$frame"
    "$bin/ingest" -t $topic -c "$county" -o "$work/$county.raw.db" "$work/up/$county-county"
    [ $? -le 1 ] && "$bin/clean" -t $topic -o "$work/$county.clean.db" "$work/$county.raw.db" || return 1
    mkdir -p "$work/answers"
    for file in "$work/up/$county"-*.csv; do
        cp "$file" "$work/answers/${file##*/"$county"-}"
    done
    mv "$work/answers/planted.csv" "$work/answers/problems.csv"
    python3 tests/tools/compare_answers.py "$work" "$work/answers" >"$work/score"
    cat "$work/score"
    grep -q '^records wrong 0; .* wrong 0; repairs found 100.00%, false 0' "$work/score" &&
        ! grep -q -e '<--' "$work/score"
}

check '411725 as UTF-8 CSV' one 411725 csv 1
check '411725 as GBK CSV with titles, units and totals' one 411725 gbk 2
check '411224 as UTF-16 text' one 411224 utf16 3
check '411224 side by side' one 411224 wide 4
check '411321 as a workbook with merged heads' one 411321 xlsx 5
check '411321 with a sheet for every village' one 411321 sheets 6
check '410782 with cards' one 410782 card 7
check '410782 in 万元' one 410782 wanyuan 8
check '410821 as 问卷星 exports' one 410821 wjx 9
check '410821 as KoboToolbox exports' one 410821 kobo 10
check '410821 as a workbook of KoboToolbox' one 410821 koboxlsx 11
check '411481 as ODK Central exports' one 411481 central 12
check '411481 as submissions of phones' one 411481 odk 13
check '411481 as submissions in a zip' one 411481 odkzip 14
check 'group heads in 万元, further files' one 411725 xlsx+wangroups+again 15
check 'names of a Windows zip, unit row in 万元' one 411725 gbk+oldzip+wanrow 16
check 'a file for every village, names that lie' one 411725 wide+files+lies 17
check 'heads as people write them' one 411725 utf16+mixed+pages+tabs 18
for seed in 19 20 21; do
    check "a form at random, $seed" one 410782 any $seed
done

# ---- any size ---------------------------------------------------------------------------------
usual=$topic
    topic=$scratch/topics/big/07/topic.csv frame=$scratch/topics/big/07/frame/villages.csv
    mkdir -p "${frame%/*}" "$scratch/questionnaires/big"
    cp topics/henan-2025/07/topic.csv "$topic"
    cp questionnaires/henan-2025/07-*.csv "$scratch/questionnaires/big/"
    for format in sheets wide+files; do
        cp topics/henan-2025/07/frame/villages.csv "$frame"
        check "200 households, 4 a village, of a frame made larger, as $format" \
            one 411523 $format 22 -r 200 -n 4 -g "$scratch/frame.csv"
        check_same 'the larger frame has nine times the villages' \
            "$(awk -F, 'FNR == 1 {next} $4 == 411523 {n++} END {print 9 * n}' topics/henan-2025/07/frame/villages.csv)" \
            "$(awk 'END {print NR - 1}' "$frame")"
    done
    check_same 'spread evenly' "$(yes 4 | head -54)" \
        "$(python3 -c 'import csv, sys
for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")):
    if r["selected"] == "1":
        print(r["hh_to_interview"])' "$frame")"
topic=$usual frame=

# ---- the program itself -----------------------------------------------------------------------
simulate -c 411725 -n 3 -s 7 -f xlsx -o "$scratch/a/411725"
simulate -c 411725 -n 3 -s 7 -f xlsx -o "$scratch/b/411725"
check 'the same seed gives the same bytes' diff -r "$scratch/a" "$scratch/b"
simulate -c 411725 -n 3 -s 8 -f xlsx -o "$scratch/c/411725"
check_exit 1 'another seed does not' cmp "$scratch/a/411725-members.csv" "$scratch/c/411725-members.csv"
check 'the folder is marked as simulated' test -s "$scratch/a/411725/SIMULATED"
check_exit 3 'a folder with files is left alone' simulate -c 411725 -o "$scratch/a/411725"
check_exit 2 'an unknown county' simulate -c 999999 -o "$scratch/d/999999"
check_exit 2 'an unknown form' simulate -c 411725 -f paper -o "$scratch/d/411725"
check_exit 2 'a rate above one' simulate -c 411725 -m 2 -o "$scratch/d/411725"
check_exit 3 'more households than the sample has numbers' simulate -c 411725 -r 12001 -o "$scratch/e/411725"
check_exit 2 'a larger frame for no number of households' simulate -c 411725 -g "$scratch/frame.csv" -o "$scratch/e/411725"
check_exit 3 'more households than numbers' simulate -c 411725 -n 5000 -o "$scratch/e/411725"

# No telephone or identity number that could be anybody's.
personal() {
    ! grep -hoE '(^|[^0-9])1[3-9][0-9]{9}([^0-9]|$)' "$scratch/a/"*.csv | grep -vE '[^0-9]*154' &&
        ! grep -hoE '[0-9]{17}[0-9X]' "$scratch/a/411725-members.csv" | grep -vE '^....99'
}
check 'telephones begin with 154, division codes do not exist' personal

check 'a census without a frame' "$bin/simulate" -t topics/yongji-2024/01/topic.csv -c 140881 -n 8 -o "$scratch/f/140881"
"$bin/ingest" -t topics/yongji-2024/01/topic.csv -c 140881 -o "$scratch/f.raw.db" "$scratch/f/140881"
check 'is read' "$bin/clean" -t topics/yongji-2024/01/topic.csv -o "$scratch/f.clean.db" "$scratch/f.raw.db"
# ---- what is likely (sheet simulate) --------------------------------------------------------------
likely=topics/henan-2025/09/topic.csv
check 'a topic says what is likely' "$bin/simulate" -t $likely -c 411523 -n 400 -m 0 -o "$scratch/likely" -a "$scratch/likely-true"
check 'and so are the answers' python3 - "$scratch/likely-true" <<'P'
import csv, sys
def rows(level):
    return list(csv.DictReader(open(f'{sys.argv[1]}/411523-{level}.csv', encoding='utf-8-sig')))
def near(count, n, share):  # five standard errors
    assert abs(count / n - share) < 5 * (share * (1 - share) / n) ** 0.5, (count, n, share)
households, events = rows('households'), rows('events')
n = len(households)
assert n == 2400
near(sum(h['know'] == '1' for h in households), n, 0.72)             # weights
near(sum(h['sat'] == '4' for h in households), n, 0.43)
near(sum(h['hh_type'] == '1' for h in households), n, 0.22)          # of plan.csv
gifts = [float(e['e_gift']) for e in events if e['e_kind'] == '1']   # 4~20: half below the root of 80
assert all(4 <= g <= 20 for g in gifts) and min(gifts) < 5 and max(gifts) > 18
near(sum(g < 80 ** 0.5 for g in gifts), len(gifts), 0.5)
assert {h['event_n'] for h in households} == {'0', '1', '2'}         # whole numbers, both ends
near(sum(h['event_n'] == '2' for h in households), n, 1 / 3)
for h in households:                                                 # 30%..90% of the largest allowed
    most = min(6, int(h['hh_size']))
    assert 0.3 * most - 0.5 <= int(h['labour_cnt']) <= 0.9 * most + 0.5, h
P
check 'dates between two, and codes from a file' "$bin/simulate" -t topics/shanxi-2025/04/topic.csv -c all -m 0 -o "$scratch/likely04" -a "$scratch/true04"
check 'dates of one winter' "$bin/simulate" -t topics/cangzhou-2021/03/topic.csv -c all -m 0 -o "$scratch/likely03" -a "$scratch/true03"
python3 - "$scratch/true04" "$scratch/true03" questionnaires/shanxi-2025/certified.csv >"$scratch/drawn" <<'PY'
import csv, glob, sys
rows = lambda folder, level: [r for f in glob.glob(folder + "/*-%s.csv" % level) for r in csv.DictReader(open(f, encoding="utf-8-sig"))]
codes = [r["f_code"] for r in rows(sys.argv[1], "bodies") if r["f_code"]]
listed = {r["unit"] for r in csv.DictReader(open(sys.argv[3], encoding="utf-8-sig"))}
days = [r["svy_date"] for r in rows(sys.argv[2], "pairs") if r["svy_date"]]
print(0.3 < sum(c in listed for c in codes) / len(codes) < 0.5, len(days) > 100, "2024-12-02" <= min(days) and max(days) <= "2025-01-20")
PY
check_same '  about 40 in 100, and none of another winter' 'True True True' "$(cat "$scratch/drawn")"
check 'another question, and a share of one' "$bin/simulate" -t topics/henan-2025/10/topic.csv -c all -n 2 -m 0 -o "$scratch/likely10" -a "$scratch/true10"
check 'the months are shares of the year' python3 - "$scratch/true10" <<'P'
import csv, glob, sys
for path in glob.glob(sys.argv[1] + '/*-counties.csv'):
    for r in csv.DictReader(open(path, encoding='utf-8-sig')):
        share = float(r['c_m01']) / float(r['c_red'])
        assert 0.04 - 0.1 / float(r['c_red']) <= share <= 0.06 + 0.1 / float(r['c_red']), r
P
check 'and how many records' "$bin/simulate" -t topics/henan-2025/03/topic.csv -c 411523 -m 0 -o "$scratch/likely3" -a "$scratch/true3"
check_same 'which a county then has' 60 "$(($(cat "$scratch"/true3/*-projects.csv | wc -l) - 1))"
mkdir -p "$scratch/l/topics/henan-2025/09" && cp -r questionnaires "$scratch/l/" && cp -r topics/henan-2025/frame topics/henan-2025/plan.csv topics/henan-2025/units.csv "$scratch/l/topics/henan-2025/"
for row in '09-none,know,1:1' '09-household,none,1:1' '09-household,know,7:1' '09-household,know,1..2' '09-household,gift_n,5..2' \
    '09-household,gift_n,0~9' '09-household,gift_n,5' '09-household,gift_n,9%..10% sat' '09-coding,a_gift,=b_gift 90' '09-coding,b_gift,=a_gift' \
    '09-household,gift_n,2025-01-01..2025-02-01' '09-household,svy_date,2025-06-01~2025-06-30' '09-household,svy_date,2025-06-30..2025-06-01' \
    '09-household,village_name,@nothing 40' '09-household,village_name,@last' '09-household,,0' '09-household,,60份'; do
    { sed '/^simulate/,$d' $likely; printf 'simulate\n,form,question,value,note\n,%s,\n' "$row"; } >"$scratch/l/topics/henan-2025/09/topic.csv"
    check_exit 1 "what cannot be meant is refused: $row" "$bin/simulate" -t "$scratch/l/topics/henan-2025/09/topic.csv" -c 411523 -o "$scratch/refused"
    grep -q '工作表“simulate”，第' "$scratch/out"
    report $? 'and it is said where'
done
finish
