#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Kill a run at many moments, with no chance to clean up, and run again: the same bytes as a run
# that was left alone, and no temporary file stays.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
find topics/henan-2025/07/rehearsal -mindepth 1 -maxdepth 1 -type d ! -name '410423*' ! -name '411523*' -exec rm -r {} +
out=reports/henan-2025/07
with='topic=7'
sums() { (cd "$out" && find . -name '*.csv' -o -name '*.tex' -o -name '*.pdf' | sort | xargs sha256sum); }

check 'a run that is left alone' run
sums >"$scratch/alone"
rm -r reports/henan-2025
for tenths in 1 2 3 4 5 6 8 10 13 16 20 25; do
    setsid sh -c 'exec make -s "$@"' sh BUILD="${bin%/bin}" \
        ${SURVEY_BIN:+SANITIZE=address,undefined} ${SURVEY_BIN:+"CFLAGS=-O1 -g"} topic=7 >/dev/null 2>&1 &
    victim=$!
    sleep "$(awk "BEGIN {print $tenths / 10}")"
    kill -9 -- "-$victim" 2>/dev/null
    wait "$victim" 2>/dev/null
done
check 'the run after twelve killed ones' run
sums >"$scratch/after"
check 'gives the same bytes' cmp "$scratch/alone" "$scratch/after"
check_same 'and leaves no temporary file' '' "$(find "$out" -name '*.tmp')"
finish
