#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A frame with several kinds of sample units (topic 6: townships, their lists of producers and of
# shops, villages): each level draws on its own, weights are those of the frame, mistakes are told.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
folder=topics/henan-2025/06
topic=$folder/topic.csv
frame=$folder/frame/units.csv

check 'a simulated county' "$bin/simulate" -t $topic -c 411523 -m 0 -o up -a planted
check 'is read' "$bin/ingest" -t $topic -c 411523 -o raw.db up
check 'cleaned' "$bin/clean" -t $topic -o clean.db raw.db
check 'and weighed' "$bin/weigh" -t $topic -o weights.db clean.db
# Of each selected unit of the frame: w = size / (p1 x accepted), accepted as many as drawn.
check_same 'every unit has the weight of its frame, and its own records only' '' "$(python3 - $frame <<'PY'
import csv, sqlite3, sys
weights = {r[0]: r[1:] for r in sqlite3.connect("weights.db").execute("SELECT code, n_accepted, weight FROM psu")}
clean = sqlite3.connect("clean.db")
for u in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
    if u["county_code"] != "411523" or u["selected"] != "1":
        continue
    for level in ("townships", "producers", "outlets", "households"):
        n = clean.execute(f'SELECT COUNT(*) FROM {level} WHERE "_psu" = ?', (u["code"],)).fetchone()[0]
        want = 0 if level != u["levels"] else 1 if level == "townships" else int(u["take"])
        if n != want:
            print(u["code"], level, n, "records, wanted", want)
    if u["levels"] != "townships":
        want = float(u["size"]) / (float(u["p1"]) * int(u["take"]))
        if abs(weights[u["code"]][1] / want - 1) > 1e-12:
            print(u["code"], "weight", weights[u["code"]], "wanted", want)
PY
)"

refused() { # what message
    "$bin/weigh" -t $topic -o other.db clean.db >"$scratch/out" 2>&1
    [ $? -eq 1 ] && grep -qF "$2" "$scratch/out" && [ ! -e other.db ]
    report $? "$1"
}
cp $frame saved.csv
sed -i 's/,outlets,411523outlets/,producers outlets,411523outlets/' $frame
refused 'a unit for two forms of the second stage is refused' '只能用于一个'
cp saved.csv $frame
cp $topic saved.csv
sed -i '/^,levels,levels,/d' $topic
refused 'several forms of the second stage need kinds' '请在 design 表写 levels'
cp saved.csv $topic

# A shop's form with the code of the list of producers belongs to no unit of its own.
python3 - $frame <<'PY'
import csv, glob, sys
shops, producers = ([u["code"] for u in csv.DictReader(open(sys.argv[1], encoding="utf-8"))
                     if u["county_code"] == "411523" and u["selected"] == "1" and u["levels"] == level]
                    for level in ("outlets", "producers"))
for path in glob.glob("up/*"):
    text = open(path, encoding="utf-8-sig", errors="replace").read()
    if "经营场所" in path:
        open(path, "w", encoding="utf-8").write(text.replace(shops[0], producers[0], 1))
PY
"$bin/ingest" -t $topic -c 411523 -o raw2.db up >"$scratch/out" 2>&1
check 'a form with the code of another kind' "$bin/clean" -t $topic -o clean2.db raw2.db
check_same 'is held' '新县经营场所.csv village_unknown 1' "$(python3 -c 'import sqlite3
for r in sqlite3.connect("clean2.db").execute("SELECT file, kind, COUNT(*) FROM problem WHERE class = ? GROUP BY 1, 2", ("held",)): print(*r)')"
finish
