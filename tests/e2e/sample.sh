#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A topic's sample: villages drawn into its frame, households of each, and what weigh makes of it.
. "$(dirname "$0")/lib.sh"
cd "$root" || exit 3

# Topic 7 before its sample was drawn: the list of all villages.
mkdir -p "$scratch/p/topics/henan-2025/07/frame"
cp -r questionnaires "$scratch/p/"
cd "$scratch/p" || exit 3
topic=topics/henan-2025/07/topic.csv
folder=topics/henan-2025/07
python3 - "$root/$folder/frame/villages.csv" $folder/frame/all.csv <<'P'
import csv, sys
with open(sys.argv[2], 'w', newline='', encoding='utf-8') as f:
    out = csv.writer(f, lineterminator='\n')
    for row in csv.reader(open(sys.argv[1], encoding='utf-8-sig')):
        out.writerow(row[:9])
P
sed -e '/^,first_stage,/d' -e 's/^,frame,.*/&\n,draw_list,frame\/all.csv\n,draw_n,6\n,draw_take,20/' "$root/$topic" >$topic
cp "$root/topics/henan-2025/plan.csv" "$root/topics/henan-2025/units.csv" topics/henan-2025/

check 'villages are drawn' "$bin/sample" -t $topic
grep -q '^层 411523：174个，规模合计55320，抽6个' "$scratch/out"
report $? 'and it is said how'
cp $folder/frame/villages.csv "$scratch/drawn.csv"
check_exit 3 'a second draw is refused' "$bin/sample" -t $topic
check 'elsewhere it gives the same' "$bin/sample" -t $topic -o "$scratch/again.csv"
check 'byte for byte' cmp "$scratch/drawn.csv" "$scratch/again.csv"

# By the book: the sums, the starts of SHA-256, the probabilities that the frame of topic 7 came with.
check 'the frame is what anybody would draw' python3 - "$scratch/drawn.csv" "$root/$folder/frame/villages.csv" <<'P'
import csv, hashlib, sys
drawn, given = (list(csv.DictReader(open(p, encoding='utf-8-sig'))) for p in sys.argv[1:])
assert len(drawn) == len(given) == 1850
for county in {r['county_code'] for r in drawn}:
    rows = [r for r in drawn if r['county_code'] == county]
    total = sum(int(r['households']) for r in rows)
    h = int(hashlib.sha256(f'20250411:{county}'.encode()).hexdigest()[:15], 16)
    start = (1 + h % 999999999) * total / 6 / 1e9
    points = [start + k * total / 6 for k in range(6)]
    upto = 0
    for r in rows:
        before, upto = upto, upto + int(r['households'])
        hit = any(before < p <= upto for p in points)
        assert r['selected'] == str(int(hit)), r
        assert r['hh_to_interview'] == ('20' if hit else '')
        assert abs(float(r['draw_start']) - start) < 1e-6
for a, b in zip(drawn, given):
    assert abs(float(a['pi1']) - float(b['pi1'])) <= 5.1e-11, (a, b)
P

# The field work follows the new frame, and weigh finds it there: everybody weighs the same.
"$bin/simulate" -t $topic -c 411523 -m 0 -s 3 -o up/411523-x >/dev/null 2>&1 &&
    "$bin/ingest" -t $topic -c 411523 -o raw.db up/411523-x && "$bin/clean" -t $topic -o clean.db raw.db
check 'weigh reads it' "$bin/weigh" -t $topic -o weights.db clean.db
check_same 'a household in 120 of 55320 weighs 461' '6 461.000000 461.000000 461.000000' "$(python3 -c 'import sqlite3
w = [n * x / 20 for n, x in sqlite3.connect("weights.db").execute("select n_accepted, weight from psu where n_accepted > 0")]
print(len(w), "%.6f %.6f %.6f" % (min(w), max(w), sum(w) / len(w)))')"

# ---- households ----------------------------------------------------------------------------------
check 'a county has its list' "$bin/sample" -t $topic -c 411523 -o list.xlsx
"$bin/sample" -t $topic -c 411523 -o list2.xlsx
check 'made again it has the same bytes' cmp list.xlsx list2.xlsx
check 'with the numbers of everybody' python3 - list.xlsx "$scratch/drawn.csv" <<'P'
import csv, hashlib, math, re, sys, zipfile
from fractions import Fraction
book = zipfile.ZipFile(sys.argv[1])
villages = [r for r in csv.DictReader(open(sys.argv[2], encoding='utf-8-sig'))
            if r['selected'] == '1' and r['county_code'] == '411523']
assert len(villages) == 6
for number, v in enumerate(villages, 2):
    xml = book.read(f'xl/worksheets/sheet{number}.xml').decode()
    cells = [int(n) for n in re.findall(r'<f>[^<]*</f><v>(\d+)</v>', xml)]
    h = int(hashlib.sha256(f"20250411:{v['village_code']}".encode()).hexdigest()[:15], 16)
    r, size = Fraction(1 + h % 999999, 10**6), int(v['households'])
    wanted = [math.ceil((r + i) * size / 20) for i in range(20)]
    steps = sorted(range(20), key=lambda i: hashlib.sha256(
        f"20250411:{v['village_code']}:{i + 1}".encode()).hexdigest()[:15])[:5]
    behind = r - Fraction(1, 2) if r > Fraction(1, 2) else r + Fraction(1, 2)
    wanted += [math.ceil((behind + s) * size / 20) for s in steps]
    assert cells == wanted, (v['village_code'], cells, wanted)
    assert len(set(cells)) == 25
P
check_exit 1 'a county without sample villages has none' "$bin/sample" -t $topic -c 410000 -o none.xlsx
check_exit 1 'and no file' test -e none.xlsx

# Topics of one interview: what topics 1 and 5 ask is together the list of topic 7, each household once.
check 'topics share a list' python3 - "$bin/sample" "$root" "$scratch" <<'P'
import re, subprocess, sys, zipfile
sample, root, scratch = sys.argv[1:]
def lists(topic):
    path = f'{scratch}/{topic}.xlsx'
    subprocess.run([sample, '-t', f'{root}/topics/henan-2025/{topic}/topic.csv', '-c', '411523', '-o', path], check=True)
    book = zipfile.ZipFile(path)
    sheets = [book.read(f'xl/worksheets/sheet{n}.xml').decode() for n in range(2, 8)]
    return [[int(n) for n in re.findall(r'<f>[^<]*</f><v>(\d+)</v>', x)] for x in sheets]
whole, first, second = lists('07'), lists('01'), lists('05')
for w, a, b in zip(whole, first, second):
    assert (len(w), len(a), len(b)) == (25, 15, 15)
    assert sorted(a[:10] + b[:10]) == w[:20] and a[10:] == b[10:] == w[20:]
    assert sorted((a[:10], b[:10])) == [w[0:20:2], w[1:20:2]]
assert lists('08') == first and lists('09') == second
P
sed 's/^,share_part,.*/,share_part,town/' "$root/topics/henan-2025/01/topic.csv" >"$scratch/share.csv"
mkdir -p topics/henan-2025/01 topics/henan-2025/frame
cp "$scratch/share.csv" topics/henan-2025/01/topic.csv
cp "$root/topics/henan-2025/frame/villages.csv" topics/henan-2025/frame/
check_exit 1 'a share that is none is refused' "$bin/sample" -t topics/henan-2025/01/topic.csv -c 411523 -o none.xlsx
grep -q '合用户数“20”、第几份“沙岭镇”' "$scratch/out"
report $? 'and it is said which'

# A list in a county's folder is no answer.
cp list.xlsx up/411523-x/
"$bin/ingest" -t $topic -c 411523 -o raw2.db up/411523-x 2>/dev/null
"$bin/clean" -t $topic -o clean2.db raw2.db
check_same 'sent back by mistake it changes nothing' "$(python3 -c 'import sqlite3
print(*[sqlite3.connect("clean.db").execute(q).fetchone()[0] for q in ("select count(*) from households", "select count(*) from members")])')" \
    "$(python3 -c 'import sqlite3
print(*[sqlite3.connect("clean2.db").execute(q).fetchone()[0] for q in ("select count(*) from households", "select count(*) from members")])')"

# ---- mistakes ------------------------------------------------------------------------------------
rm $folder/frame/villages.csv
cp $folder/frame/all.csv good.csv
bad() { # what, sed on the list, a word of the message
    sed "$2" good.csv >$folder/frame/all.csv
    check_exit 1 "$1" "$bin/sample" -t $topic
    grep -q "$3" "$scratch/out"
    report $? "it is said where"
}
bad 'a size that is none' '5s/,[0-9]*$/,-3/' '第5行.*households.*大于0'
bad 'a code twice' '6{p;s/万/千/}' '第7行.*village_code.*代码重复'
bad 'a missing column' '1s/households/hh/' 'households.*没有这一栏'
cp good.csv $folder/frame/all.csv
sed -i '/draw_seed/d' $topic
check_exit 1 'no seed' "$bin/sample" -t $topic
check_exit 1 'nothing was written' test -e $folder/frame/villages.csv

# ---- how many ------------------------------------------------------------------------------------
check 'sample sizes' "$bin/sample" -e 3 -b 20 -i 0.05 -r 90
check_same 'with the design effect 1 + 19 x 0.05' '设计效应1.95：2081户 合格率90%：抽2312户 每村20户：116个村' \
    "$(sed -n '3,5p' "$scratch/out" | tr '\n' ' ' | sed 's/ $//')"
check_exit 2 'one of -d and -i' "$bin/sample" -e 3 -d 2 -i 0.05
check_exit 2 'a margin that is none' "$bin/sample" -e 0
check_exit 2 'a county needs -o' "$bin/sample" -t $topic -c 411523
finish
