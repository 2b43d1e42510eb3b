#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Records for SPSS and Stata: PSPP and pandas read them back as the records and the questionnaire
# have them.
. "$(dirname "$0")/lib.sh"
cd "$root" || exit 3
topic=topics/henan-2025/07/topic.csv
python=/usr/bin/python3 # the one that has Debian's pandas

for county in 410325-嵩县 411523-新县; do
    code=${county%%-*}
    "$bin/ingest" -t $topic -c "$code" -o "$scratch/raw.db" topics/henan-2025/07/rehearsal/$county 2>/dev/null
    "$bin/clean" -t $topic -o "$scratch/$code.clean.db" "$scratch/raw.db" &&
        "$bin/weigh" -t $topic -o "$scratch/$code.weights.db" "$scratch/$code.clean.db" || exit 3
    set -- "$@" "$scratch/$code.clean.db" "$scratch/$code.weights.db"
done
export_as() { "$bin/export" -t $topic -k "$1" -o "$scratch/$2" ${3+"$3"} $stores; }
stores=$*

one() { # level $1 of questionnaire $2
    for form in csv sav dta; do
        export_as "$1" "$1.$form" || return 1
    done
    pspp-convert "$scratch/$1.sav" "$scratch/$1.sav.csv" || return 1
    printf "GET FILE='%s'.\nDISPLAY DICTIONARY.\n" "$scratch/$1.sav" >"$scratch/read.sps"
    pspp -o "$scratch/$1.txt" -O format=csv "$scratch/read.sps" || return 1
    $python tests/tools/compare_labelled.py "$scratch/$1.csv" "$scratch/$1.sav.csv" "$scratch/$1.txt" \
        "$scratch/$1.dta" "questionnaires/henan-2025/07-$2.csv"
}
check 'households' one households household
check 'members' one members household
check 'villages' one villages village
check 'the dictionary has PSU, stratum and weight' grep -q '^psu,.*初级抽样单位' "$scratch/households.txt"

# A changed value is found.
sed '3s/,[0-9][0-9]*,\([0-9.]*\),/,77,\1,/' "$scratch/villages.csv" >"$scratch/other.csv"
check_exit 1 'the comparison has teeth' $python tests/tools/compare_labelled.py "$scratch/other.csv" \
    "$scratch/villages.sav.csv" "$scratch/villages.txt" "$scratch/villages.dta" questionnaires/henan-2025/07-village.csv

export_as households again.sav && export_as households again.dta
check 'made again, the .sav has the same bytes' cmp "$scratch/households.sav" "$scratch/again.sav"
check 'and the .dta' cmp "$scratch/households.dta" "$scratch/again.dta"
check_exit 2 'personal questions are not for these files' export_as households again.sav -p
check_exit 2 'nor are problems' export_as problems problems.sav
finish
