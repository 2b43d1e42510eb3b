#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Uploaded text that tries to be something else comes out as itself.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
out=reports/henan-2025/07
with='topic=7'

# A real county's files with hostile brand names and opinions put in.
mkdir -p data/henan-2025/07
cp -r topics/henan-2025/07/rehearsal/411523-新县 data/henan-2025/07/
python3 - data/henan-2025/07/411523-新县 <<'PY'
import csv, sys
folder = sys.argv[1]
evil = ["\\input{/etc/passwd}", "`touch owned`", "'; DROP TABLE problem; --", "=HYPERLINK(\"http://x\",\"y\")",
        "%_#&$^~{}", "第一行\n第二行", "表情😀浉河区", "$(touch owned)", "<script>alert(1)</script>"]
path = folder + "/新县-住户问卷.csv"
rows = list(csv.reader(open(path, encoding="utf-8-sig", newline="")))
column = len(rows[0]) - 1
for i, text in enumerate(evil):
    rows[1 + i] += [""] * (column + 1 - len(rows[1 + i]))
    rows[1 + i][column] = text
csv.writer(open(path, "w", encoding="utf-8-sig", newline="")).writerows(rows)
path = folder + "/新县-劳务品牌.csv"
rows = list(csv.reader(open(path, encoding="utf-8-sig", newline="")))
for i, text in enumerate(["\\input{/etc/passwd}`touch owned`", "%_#&$^~{}😀", "'; DROP TABLE problem; --"]):
    rows[1 + i][1] = text
csv.writer(open(path, "w", encoding="utf-8-sig", newline="")).writerows(rows)
PY
check 'a run over hostile answers' run
check_same 'nothing was executed' '' "$(find . "$HOME" -maxdepth 3 -name owned 2>/dev/null)"
kept() {
    python3 - "$out/records/households.csv" "$out/records/brands.csv" <<'PY'
import csv, sys
opinions = {r["opinion"] for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig", newline=""))}
brands = {r["b_name"] for r in csv.DictReader(open(sys.argv[2], encoding="utf-8-sig", newline=""))}
want = {"`touch owned`", "'; DROP TABLE problem; --", "=HYPERLINK(\"http://x\",\"y\")", "%_#&$^~{}",
        "第一行\n第二行", "表情😀浉河区"}
missing = want - opinions
print("missing", missing, "brands", brands)
sys.exit(1 if missing or "%_#&$^~{}😀" not in brands else 0)
PY
}
check 'every text is in the records as it was sent' kept
no_passwd() { pdftotext "$out/report.pdf" - | grep -c 'root:x:' | grep -qx 0; }
check 'no file was read into the report' no_passwd
finish
