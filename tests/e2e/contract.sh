#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# One contract for all programs: help, misuse, missing input, unwritable output.
. "$(dirname "$0")/lib.sh"
topic=$root/topics/henan-2025/07/topic.csv

for program in "$bin"/*; do
    name=$(basename "$program")
    check_exit 0 "$name -h exits 0" "$program" -h
    grep -q "$name" "$scratch/out" && grep -q 退出码 "$scratch/out"
    report $? "$name -h names itself and its exit codes"
    check_exit 2 "$name without arguments exits 2" "$program"
    "$program" -Z >"$scratch/stdout" 2>"$scratch/out"
    [ $? = 2 ] && [ ! -s "$scratch/stdout" ] && grep -q -- '-Z' "$scratch/out"
    report $? "$name names an unknown option on stderr and exits 2"
done

out=$scratch/out.db
missing=$scratch/missing.db
check_exit 3 'ingest: folder missing' "$bin/ingest" -t "$topic" -c 410325 -o "$out" "$scratch/none"
check_exit 3 'clean: input missing' "$bin/clean" -t "$topic" -o "$out" "$missing"
check_exit 3 'weigh: input missing' "$bin/weigh" -t "$topic" -o "$out" "$missing"
check_exit 3 'tally: input missing' "$bin/tally" -t "$topic" -w "$missing" -o "$out" "$missing"
check_exit 3 'aggregate: input missing' "$bin/aggregate" -t "$topic" -o "$out" "$missing"
check_exit 3 'audit: input missing' "$bin/audit" -o "$out" "$missing" "$missing"
check_exit 3 'export: input missing' "$bin/export" -t "$topic" -k results -o "$out" "$missing"
check_exit 1 'a topic workbook that is not there is a data error' "$bin/status" -t "$scratch/no.csv" a b
check_same 'no output is left behind' '' "$(ls "$scratch" | grep -E 'out\.db|tmp$')"

echo 'this is not a database' >"$scratch/damaged.db"
check_exit 3 'clean: a damaged store is refused' "$bin/clean" -t "$topic" -o "$out" "$scratch/damaged.db"
finish
