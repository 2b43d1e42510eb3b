#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Personal data stay in the raw shards: no value of the field data in any other file, nor in what
# is said on the console; hashes are the same in all counties; another key changes no result.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
answers=$root/tests/field/henan-2025-07
tools=$root/tests/tools
out=reports/henan-2025/07
work=$out/work

# All that a run makes but the raw shards, with what it says.
find_personal() {
    find "$out" -type f ! -name '*.raw.db' -print0 |
        xargs -0 python3 "$tools/find_personal.py" "$answers" "$scratch/console"
}
make_report() { run topic=7 >"$scratch/console" 2>&1; }

check 'make topic=7' make_report
run topic=7 status >>"$scratch/console" 2>&1
run topic=7 county=411523 check >>"$scratch/console" 2>&1
check 'no telephone, identity number or name outside the raw shards' find_personal
check 'hashes are the same in all counties' \
    python3 "$tools/check_hashes.py" "$answers" "$work"/*.clean.db
hashes() { ! grep -rlE 'hmac:[0-9a-f]{16}' "$out"/*.csv "$out"/*.tex "$out"/records "$out"/tables \
    "$work"/*.tally.db "$work"/results.db; }
check 'no hash in any result' hashes
check_same 'the key is for its owner only' 600 "$(stat -c %a data/.key)"
check_same 'and so are shards and return workbooks' 600 \
    "$(stat -c %a "$work"/*.raw.db "$work"/*.clean.db "$out"/returns/*.xlsx | sort -u)"
leak() { ! python3 "$tools/find_personal.py" "$answers" "$work"/411523.raw.db; }
check 'the search finds them where they are' leak
own() { # return workbooks must show their own county what it wrote
    for book in "$out"/returns/*.xlsx; do mkdir -p x && cp "$book" "x/${book##*/}"; done
    ! python3 "$tools/find_personal.py" "$answers" x/*.xlsx
}
check 'a county sees its own values on its return list' own

check 'make topic=7 personal=yes' run topic=7 personal=yes "$out/problems.csv" \
    "$out/records/members.csv" "$out/records/households.csv"
check 'exports them when told to' sh -c "grep -qE '1[3-9][0-9]{9}' '$out/records/households.csv'"
run topic=7 "$out/problems.csv" "$out/records/members.csv" "$out/records/households.csv" \
    >"$scratch/console" 2>&1
check 'and no longer afterwards' find_personal

# ---- another key ------------------------------------------------------------------------------
prints() { find "$out" -type f \( -name '*.csv' -o -name '*.tex' -o -name '*.tally.db' -o \
    -name results.db -o -name '*.xlsx' \) -exec sha256sum {} + | sort -k2; }
prints >"$scratch/before"
cp "$work/411523.clean.db" "$scratch/old"
rm data/.key
rm "$work"/*.clean.db
check 'another key' run topic=7
differ() { ! cmp -s "$scratch/old" "$work/411523.clean.db"; }
check 'changes the clean shards' differ
prints >"$scratch/after"
check 'and no byte of what follows them' diff "$scratch/before" "$scratch/after"

printf 'not a key\n' >data/.key
check_exit 1 'a damaged key is refused' "$bin/clean" -t topics/henan-2025/07/topic.csv -o x.db \
    "$work/411523.raw.db"
grep -q '密钥文件' "$scratch/out"
report $? 'and the message says so'
finish
