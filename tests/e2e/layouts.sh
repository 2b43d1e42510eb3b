#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The same answers in other layouts and formats are the same records.
. "$(dirname "$0")/lib.sh"
cd "$root" || exit 3
topic=topics/henan-2025/07/topic.csv
upload=topics/henan-2025/07/rehearsal/411523-新县

read_county() { # folder name
    "$bin/ingest" -t $topic -c 411523 -o "$scratch/$2.raw.db" "$1"
    [ $? -le 1 ] && "$bin/clean" -t $topic -o "$scratch/$2.clean.db" "$scratch/$2.raw.db"
}
relaid() { # style
    python3 tests/tools/relayout.py "$1" $upload "$scratch/sent.clean.db" "$scratch/$1/411523-新县" &&
        read_county "$scratch/$1/411523-新县" "$1" &&
        python3 tests/tools/relayout.py same "$scratch/sent.clean.db" "$scratch/$1.clean.db"
}

check 'the county as it sent them' read_county $upload sent
for style in html xmlss ods beside titles forms; do
    check "the same as $style" relaid $style
done
finish
