#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Topic 7 end to end over the eight counties' simulated uploads, against the answers that were
# made with them and with R's survey package.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
answers=$root/tests/field/henan-2025-07
out=reports/henan-2025/07
work=$out/work

check 'make topic=7 with an empty data folder' run topic=7
grep -q "报告：$out/report.pdf" "$scratch/out"
report $? 'it ends with the path of the report'
grep -q 模拟 "$scratch/out"
report $? 'it says on the console that the answers are simulated'

check 'records and problems are those of the answers' \
    python3 "$root/tests/tools/compare_answers.py" "$out" "$answers"
sed 's/^/# /' "$scratch/out" # by county and kind, for the reader of make test
check 'estimates are those of the survey package' \
    python3 "$root/tests/tools/compare_estimates.py" "$out/results.csv" "$answers/estimates.csv"

# Every third household was called: the weight of its household, times those of it who are away.
called() {
    python3 - "$out" <<'P'
import csv, sys
def rows(name):
    return list(csv.DictReader(open(f"{sys.argv[1]}/{name}", encoding="utf-8-sig")))
homes = {r["key"]: float(r["weight"]) for r in rows("records/households.csv") if r["weight"]}
calls = [r for r in rows("records/calls.csv") if r["a_result"] == "1" and r["a_org"]]
assert all(float(r["weight"]) == homes[r["key"]] for r in calls)
size = [float(r["weight"]) * int(r["a_out"]) for r in calls]
share = sum(w for w, r in zip(size, calls) if r["a_org"] == "1") / sum(size)
got = next(r for r in rows("results.csv") if r["indicator"] == "a_org" and r["level"] == "all")
assert int(got["n"]) == len(calls) > 100 and abs(float(got["estimate"]) / share - 1) < 1e-12, (got, share)
P
}
check 'away-workers are weighted by their household and how many are away' called
sed 's/,calls_n,\(.*\),calls,prop,/,calls_n,\1,calls,total,/' topics/henan-2025/07/topic.csv >topics/henan-2025/07/wrong.csv
check_exit 1 'but not counted: they are a part of the sample' "$bin/weigh" -t topics/henan-2025/07/wrong.csv -o x.db "$work/410325.clean.db"
grep -q 'stage 3' "$scratch/out"
report $? 'and that is said'
rm topics/henan-2025/07/wrong.csv

# ---- the report -------------------------------------------------------------------------------
pages=$(pdfinfo "$out/report.pdf" | sed -n 's/^Pages: *//p')
marked=0
for page in $(seq "$pages"); do
    pdftotext -f "$page" -l "$page" "$out/report.pdf" - | grep -q 模拟数据 && marked=$((marked + 1))
done
check_same 'every page of the report says that it is simulated' "$pages" "$marked"
embedded() { pdffonts "$out/report.pdf" | awk 'NR > 2 && $(NF-4) != "yes" {bad = 1; print} END {exit bad}'; }
check 'all fonts are embedded' embedded

# ---- personal data ----------------------------------------------------------------------------
leaks() {
    python3 "$root/tests/tools/personal_values.py" "$answers" >"$scratch/personal"
    [ -s "$scratch/personal" ] || return 1
    pdftotext "$out/report.pdf" "$scratch/report.txt"
    ! grep -rhoFf "$scratch/personal" "$out"/*.csv "$out"/records "$out"/tables "$out"/report.tex \
        "$scratch/report.txt"
}
check 'no name, telephone or identity number in any result' leaks

# ---- incremental ------------------------------------------------------------------------------
stamps() { find "$out" -type f -printf '%p %T@\n' | sort; }
stamps >"$scratch/before"
check 'a second run' run topic=7
stamps >"$scratch/after"
check 'changes nothing' cmp "$scratch/before" "$scratch/after"

changed() { stamps >"$scratch/after"; comm -13 "$scratch/before" "$scratch/after" | sed 's/ [^ ]*$//' | sed "s,^$out/,," | tr '\n' ' '; }
sleep 0.05
printf '\n%% one more line\n' >>topics/henan-2025/07/report.tex
check 'a changed narrative' run topic=7
check_same 'costs one report' 'report.pdf report.tex ' "$(changed)"

stamps >"$scratch/before"
sleep 0.05
printf '\n' >>topics/henan-2025/07/rehearsal/410423-鲁山县/鲁山县县表.csv
check 'one county changes its file' run topic=7
others=$(changed | tr ' ' '\n' | grep -E '^work/[0-9]' | grep -v '^work/410423')
check_same 'costs no other county anything' '' "$others"

# ---- the other ways in ------------------------------------------------------------------------
check 'make status' run status topic=7
grep -q 还没有报送 "$scratch/out" && grep -q 嵩县 "$scratch/out"
report $? 'it names who has sent and who has not'
check 'make help' run help

cp -r topics/henan-2025/07/rehearsal/410423-鲁山县 data/
mkdir -p data/henan-2025/07 && mv data/410423-鲁山县 data/henan-2025/07/
rm data/henan-2025/07/410423-鲁山县/SIMULATED
check 'real files in data/ take the place of the rehearsal' run topic=7
pdftotext "$out/report.pdf" "$scratch/report.txt"
check_same 'and the report is not marked as simulated' 0 "$(grep -c 模拟数据 "$scratch/report.txt")"
check_same 'only that county is in it' 410423 "$(sed -n 's/.*county,\([0-9]*\),.*/\1/p' "$out/results.csv" | sort -u)"
finish
