#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every topic of henan-2025 but topic 7, which topic7.sh has: a rehearsal with few simulated
# interviews ends in a report.  Titles are the work plan's own, as it prints them.
#   tests/e2e/topics.sh [NN...]     all topics, or these
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
plan=topics/henan-2025

title() {
    case $1 in
    01) echo '关于我省老区学习运用“千万工程”经验的调查' ;;
    02) echo '关于有序推进第二轮土地承包到期后再延长三十年试点情况的调查' ;;
    03) echo '关于老区帮扶产业提质增效、可持续发展情况的调查' ;;
    04) echo '关于老区健全脱贫攻坚国家投入形成资产管理机制的调查' ;;
    05) echo '关于老区完善联农带农机制、让农民更多分享产业增值收益情况的调查' ;;
    06) echo '关于老区强化老区食品安全和农产品质量安全监管情况的调查' ;;
    07) echo '关于老区强化就业服务和劳务协作、培育特色劳务品牌情况的调查' ;;
    08) echo '关于老区健全医疗卫生服务体系情况的调查' ;;
    09) echo '关于老区发挥好村规民约作用推进农村移风易俗情况的调查' ;;
    10) echo '关于推动红色资源与旅游深度融合发展情况的调查' ;;
    11) echo '关于兄弟省份老区建设基金会运作情况的考察' ;;
    esac
}
with='-j2'
# The rows of sheet $2 of a workbook $1, without its head.
sheet() { awk -v s="$2" '/^[^,]/ {on = $0 == s; head = 1; next} on && head {head = 0; next} on' "$1"; }

# ---- the household block that topics share ----------------------------------------------------
asked() { # type, name, label, constraint … of each question, whatever columns the file has
    python3 - "$@" <<'PY'
import csv, sys
WANTED = ("type", "name", "label", "required", "relevant", "constraint", "constraint_message", "unit", "personal")
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8")))
head = rows[1][1:]
body = [dict(zip(head, r[1:])) for r in rows[2:] if len(r) == len(rows[1])]
names = [r["name"] for r in body]
for r in body[names.index("g_id"):names.index(sys.argv[2]) + 1]:
    print("\t".join(r.get(w, "") for w in WANTED))
PY
}
questions=questionnaires/henan-2025
asked $questions/common-household.csv inc_band >"$scratch/common"
asked $questions/common-household.csv land_out_mu >"$scratch/common7"
for nn in 01 02 05 07 08 09; do
    [ -f "$questions/$nn-household.csv" ] || continue
    last=inc_band want=$scratch/common
    [ "$nn" = 07 ] && last=land_out_mu want=$scratch/common7
    asked "$questions/$nn-household.csv" $last >"$scratch/block"
    [ -s "$want" ] && cmp "$want" "$scratch/block" >"$scratch/out" 2>&1
    report $? "topic $nn asks the shared household questions, word for word"
done

# ---- each topic -------------------------------------------------------------------------------
# Indicators of the workbook of which results.csv has no estimate.
missing_indicators() {
    sheet "$1" indicators | cut -d, -f2 | while read -r name; do
        grep -q "^[^,]*,[^,]*,$name[,.]" "$2" || echo "$name"
    done
}
# Topic 9, by hand from the records: which texts are nearly those of another village, all pairs
# compared, and what households spend where the village's text limits presents of money.
copies_by_hand() {
    python3 - "$1" <<'PY'
import csv, sys
from collections import Counter
def rows(name):
    return list(csv.DictReader(open(f"{sys.argv[1]}/{name}", encoding="utf-8-sig")))
def pairs(text):
    text = "".join(c for c in text if c.isalnum())
    return Counter(zip(text, text[1:]))
texts = [(r["county"], r["village_code"], pairs(r["v_text"])) for r in rows("records/villages.csv") if r["v_text"]]
texts = [t for t in texts if t[2].total() >= 30]
group = list(range(len(texts)))
for i, a in enumerate(texts):
    for k, b in enumerate(texts[:i]):
        if 2 * (a[2] & b[2]).total() / (a[2].total() + b[2].total()) >= 0.9:
            old, new = group[i], group[k]
            group = [new if g == old else g for g in group]
members = {}
for g, t in zip(group, texts):
    members.setdefault(g, []).append(t)
wanted = sorted((c, v, len(m), len({t[0] for t in m})) for m in members.values() if len(m) > 1 for c, v, _ in m)
got = sorted((r["county"], r["key"], int(r["texts"]), int(r["counties"])) for r in rows("alike.csv"))
assert wanted == got and any(w[3] > 1 for w in wanted), (wanted, got)
limits = {r["village_code"]: r["money"] for r in rows("records/codings.csv")}
for r in rows("results.csv"):
    if r["indicator"] == "fav_mean" and r["level"] == "clause_money":
        own = [h for h in rows("records/households.csv")
               if limits.get(h["village_code"]) == r["domain"] and h["gift_out"]]
        w = [float(h["weight"]) for h in own]
        mean = sum(x * float(h["gift_out"]) for x, h in zip(w, own)) / sum(w)
        assert len(own) == int(r["n"]) and abs(mean / float(r["estimate"]) - 1) < 1e-9, (r, mean)
        print("clause", r["domain"], len(own))
PY
}
rehearse() {
    nn=$1 out=reports/henan-2025/$1
    if [ ! -d "$plan/$nn/rehearsal" ]; then
        "$bin/simulate" -t "$plan/$nn/topic.csv" -c all -n 4 -m 0.01 -o "$scratch/up" -a "$scratch/planted" &&
            mv "$scratch/up" "$plan/$nn/rehearsal" || return 1
    fi
    run topic="$nn"
}
for topic in ${*:-"$plan"/[0-9][0-9]}; do
    nn=${topic##*/}
    [ $# -eq 0 ] && [ "$nn" = 07 ] && continue
    check "make topic=$nn" rehearse "$nn"
    pdftotext "$out/report.pdf" "$scratch/report.txt"
    tr -d ' \n\f' <"$scratch/report.txt" >"$scratch/flat.txt"
    check "topic $nn has the title of the work plan" grep -qF "$(title "$nn")" "$scratch/flat.txt"
    ! grep -nE '\\[a-z]+|\?\?|[{}]' "$scratch/report.txt" >"$scratch/out"
    report $? "topic $nn: no macro or reference is left in the print"
    pages=$(pdfinfo "$out/report.pdf" | sed -n 's/^Pages: *//p')
    [ "$pages" -ge 6 ] && [ "$pages" -le 40 ]
    report $? "topic $nn has $pages pages"
    check_same "topic $nn: every indicator has results" '' \
        "$(missing_indicators "$plan/$nn/topic.csv" "$out/results.csv")"
    if sheet "$plan/$nn/topic.csv" tables | cut -d, -f4 | grep -qx ranking; then
        grep -q 少一个指标的名次 "$scratch/flat.txt" && grep -q '名次相邻.*先后' "$scratch/flat.txt"
        report $? "topic $nn: places with their ranges, and which neighbours cannot be told apart"
        id=$(sheet "$plan/$nn/topic.csv" tables | awk -F, '$4 == "ranking" {print $2; exit}')
        run topic="$nn" why figure="$id.B2" 2>&1 | grep -q 'figure="'
        report $? "topic $nn: why names the estimates that a place is made of"
    fi
    if [ "$nn" = 09 ]; then
        check 'copied texts of all counties, and households by what their village wrote' copies_by_hand "$out"
        grep -q '^clause 1' "$scratch/out" && grep -q '^clause 2' "$scratch/out"
        report $? 'there are villages with the clause and without'
    fi
    grep -q 研究人员填写 "$scratch/flat.txt" && grep -q 存在 "$scratch/flat.txt" && grep -q 建议 "$scratch/flat.txt"
    report $? "topic $nn leaves the judgement to staff, in marked places"
done

# ---- the first county's files ------------------------------------------------------------------
# Too few for most numbers of the text: the report comes without those paragraphs, and says which.
first_county() {
    "$bin/simulate" -t $plan/03/topic.csv -c 411523 -n 4 -m 0 -o data/henan-2025/03/411523-新县 -a "$scratch/first" &&
        rm data/henan-2025/03/411523-新县/SIMULATED && run topic=03
}
rm -rf reports/henan-2025/03
mkdir -p data/henan-2025/03
check 'one county of fourteen has a report' first_county
grep -q '没有印（报来的县还不到一半）' "$scratch/out"
report $? 'and it is said what it leaves out'
check 'on paper' test -s reports/henan-2025/03/report.pdf

# ---- a county by the name that it had ----------------------------------------------------------
former() {
    "$bin/simulate" -t $plan/04/topic.csv -c 411481 -n 3 -m 0 -o "$scratch/former" -a "$scratch/former-true" || return 1
    sed -i "s/永城市/$1/g" "$scratch"/former/*.csv
    "$bin/ingest" -t $plan/04/topic.csv -c 411481 -o "$scratch/former.raw.db" "$scratch/former"
    [ $? -le 1 ] && "$bin/clean" -t $plan/04/topic.csv -o "$scratch/former.clean.db" "$scratch/former.raw.db"
    rm -r "$scratch/former" "$scratch/former-true"
    python3 -c 'import sqlite3, sys
print(*sqlite3.connect(sys.argv[1]).execute("SELECT DISTINCT kind, class, corrected FROM problem WHERE field = ?", ("county",)))
' "$scratch/former.clean.db"
}
check_same '永城县 is 永城市' "('unit_former', 'repaired', '411481')" "$(former 永城县)"
check_same 'and 林县 is another county' "('bad_value', 'returned', '')" "$(former 林县)"
finish
