#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Return workbooks: from the counties' files to the workbook, and the answers back.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
tools=$root/tests/tools
topic=topics/henan-2025/07/topic.csv
rehearsal=topics/henan-2025/07/rehearsal
unset MAKEFLAGS

# One county: raw and clean shard and workbook $scratch/<code>.*.
county() {
    code=$(basename "$1" | cut -c1-6)
    "$bin/ingest" -t $topic -c "$code" -o "$scratch/$code.raw.db" "$1"
    [ $? -le 1 ] && "$bin/clean" -t $topic -o "$scratch/$code.clean.db" "$scratch/$code.raw.db" &&
        "$bin/returns" -t $topic -d "$1" -o "$scratch/$code.xlsx" "$scratch/$code.raw.db" \
            "$scratch/$code.clean.db"
}
problems() { # code condition
    python3 - "$scratch/$1.clean.db" "$2" <<'END'
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute(
    "SELECT COUNT(*) FROM problem WHERE " + sys.argv[2]).fetchone()[0])
END
}

# ---- there ------------------------------------------------------------------------------------
for folder in $rehearsal/4*; do
    name=$(basename "$folder")
    check "$name: a workbook" county "$folder"
    code=$(echo "$name" | cut -c1-6)
    own=
    [ "$code" = 410581 ] && own=$folder/林州市课题7上报数据.xlsx
    check "$name: list, cells, colours and notes agree" \
        python3 "$tools/check_return.py" "$scratch/$code.xlsx" "$scratch/$code.clean.db" $own
done
beside=$scratch/beside/411523-新县
check 'tables beside each other' \
    python3 "$tools/relayout.py" beside $rehearsal/411523-新县 "$scratch/411523.clean.db" "$beside"
check 'tables beside each other: a workbook' county "$beside"
check 'tables beside each other: list, cells, colours and notes agree' \
    python3 "$tools/check_return.py" "$scratch/411523.xlsx" "$scratch/411523.clean.db"
check_same 'nobody else may read it' 600 "$(stat -c %a "$scratch/410581.xlsx")"
sum=$(sha256sum <"$scratch/410581.xlsx")
county $rehearsal/410581-* >"$scratch/out" 2>&1
check_same 'the same answers give the same bytes' "$sum" "$(sha256sum <"$scratch/410581.xlsx")"
check_exit 2 'two counties never share a workbook' "$bin/returns" -t $topic -o "$scratch/no.xlsx" \
    "$scratch/410581.raw.db" "$scratch/410325.clean.db"
check "without the folder, the county's .xlsx is copied" "$bin/returns" -t $topic \
    -o "$scratch/copy.xlsx" "$scratch/410581.raw.db" "$scratch/410581.clean.db"
check 'and that agrees too' \
    python3 "$tools/check_return.py" "$scratch/copy.xlsx" "$scratch/410581.clean.db"
check_same 'no temporary file stays' '' "$(find "$scratch" -maxdepth 1 -name '*.tmp' -o -maxdepth 1 -name '*.added*')"
if command -v soffice >/dev/null 2>&1; then
    opens() {
        for code in 410325 410581 411524; do
            HOME=$scratch soffice --headless --convert-to pdf --outdir "$scratch" \
                "$scratch/$code.xlsx" && [ -s "$scratch/$code.pdf" ] || return 1
        done
    }
    check 'LibreOffice opens them' opens
fi

# ---- answered line by line, in every layout -----------------------------------------------------
# 不详 is an answer to any question that can be read, but not to one whose text must fit a pattern
# (interviewer); nothing else may stay, and nothing may be taken for a change that was none.
for code in 410423 410581 411422 411524; do
    folder=$(echo $rehearsal/$code-*)
    check "$code: every line is answered" python3 "$tools/answer_return.py" "$scratch/$code.xlsx" \
        "$folder/回填单.xlsx" - - 改为 不详
    county "$folder" >"$scratch/out" 2>&1
    check_same "$code: no question stays open" 0 \
        "$(problems $code "class = 'returned' AND field <> 'interviewer'")"
    check_same "$code: no answer is lost" 0 "$(problems $code "kind LIKE 'answer%'")"
    before=$(problems $code 1)
    cp "$scratch/$code.xlsx" "$folder/回填单.xlsx"
    county "$folder" >"$scratch/out" 2>&1
    check_same "$code: the next workbook carries the answers on" "$before" "$(problems $code 1)"
    check "$code: and agrees with the list" \
        python3 "$tools/check_return.py" "$scratch/$code.xlsx" "$scratch/$code.clean.db"
    rm "$folder/回填单.xlsx"
done

# ---- and back ---------------------------------------------------------------------------------
# land_mu is made a question whose constraint may be confirmed.
python3 - questionnaires/henan-2025/07-household.csv <<'END'
import csv, sys
with open(sys.argv[1], encoding="utf-8-sig", newline="") as f:
    rows = list(csv.reader(f))
sheet, soft = None, None
for r in rows:
    if r[0]:
        sheet, soft = r[0], None
    elif sheet == "survey" and soft is None:
        soft = len(r)
        r.append("soft")
    elif soft is not None:
        r += [""] * (soft - len(r)) + ["yes" if r[2] == "land_mu" else ""]
with open(sys.argv[1], "w", encoding="utf-8", newline="") as f:
    csv.writer(f, lineterminator="\n").writerows(rows)
END
folder=$rehearsal/410581-林州市
county $folder >"$scratch/out" 2>&1
returned=$(problems 410581 "class = 'returned'")
check 'the county answers' python3 "$tools/answer_return.py" "$scratch/410581.xlsx" \
    $folder/回填单.xlsx inc_wage constraint 改为 30000 land_mu constraint 核实说明 \
    情况属实，承包了集体山地 phone constraint 核实说明 情况属实，就是这个号 \
    inc_transfer required_blank 原表 500 m_channel skip_violation 改为 清空
cp "$scratch/out" "$scratch/answered"
key() { sed -n "$1p" "$scratch/answered" | cut -f1; }
county $folder >"$scratch/out" 2>&1
report $? 'its workbook is read'
gone() { problems 410581 "class = 'returned' AND field = '$1' AND kind = '$2' AND key = '$3'"; }
check_same 'a corrected value closes its problem' 0 "$(gone inc_wage constraint "$(key 1)")"
check_same 'a soft check with an explanation is accepted' 0 "$(gone land_mu constraint "$(key 2)")"
check_same 'and counted' 1 "$(problems 410581 "class = 'confirmed' AND field = 'land_mu'")"
check_same 'a hard one is not' 1 "$(gone phone constraint "$(key 3)")"
check_same 'writing over the cell is told, not taken' 1 "$(problems 410581 "kind = 'answer_in_place'")"
check_same 'an answer that was not asked for can be cleared' 0 \
    "$(gone m_channel skip_violation "$(key 5)")"
check_same 'three problems fewer' $((returned - 3)) "$(problems 410581 "class = 'returned'")"
wage() {
    python3 - "$scratch/410581.clean.db" "$1" <<'END'
import sqlite3, sys
print(*sqlite3.connect(sys.argv[1]).execute(
    "SELECT inc_wage FROM households WHERE _key = ?", (sys.argv[2],)).fetchone())
END
}
check_same 'the value is in the record' 30000 "$(wage "$(key 1)")"

# The next workbook takes the place of the first one in the county's folder.
check 'a second answer' python3 "$tools/answer_return.py" "$scratch/410581.xlsx" \
    $folder/回填单.xlsx phone constraint 改为 15400000000
county $folder >"$scratch/out" 2>&1
check_same 'earlier answers are kept' 0 "$(gone inc_wage constraint "$(key 1)")"
check_same 'earlier confirmations too' 1 "$(problems 410581 "class = 'confirmed'")"

# Answers to a file that has changed since are not applied.
printf '\n' >>"$folder/林州市课题7上报数据.xlsx"
county $folder >"$scratch/out" 2>&1
report $? 'the file changes'
check_same 'its answers are told to be stale' 1 \
    "$(problems 410581 "kind = 'answer_stale' AND field = 'inc_wage'")"
finish
