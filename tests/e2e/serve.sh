# SPDX-License-Identifier: GPL-3.0-or-later
# For the tests of fetch and publish; sourced behind lib.sh.  A server (tests/tools/survey_server.py)
# on this machine with a certificate of its own, and a data folder whose sources are on it.
#   serve                     start it over the folder $server; sets $at, its address
#   sources ROW...            write $data/sources.csv; a row is kind,questionnaire,project,form,county[,review]
#   fetch [OPTION...]         run it; short time-outs, messages in $scratch/out
#   tree                      every file of the data folder with its digest
#   asked PATTERN             how often the server was asked for what the pattern matches
server=$scratch/server data=$scratch/data
topic=$root/topics/henan-2025/07/topic.csv
uploads=$root/topics/henan-2025/07/rehearsal/411524-商城县/instances
counties=$data/henan-2025/07
user='fetch@example.org' password='correct horse: 电池'
SURVEY_SECRET="$user:$password"
export SURVEY_SECRET
unset https_proxy HTTPS_PROXY all_proxy ALL_PROXY http_proxy

certificate() { # name, subjectAltName
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" \
        -addext "subjectAltName=$2" -keyout "$scratch/$1.key" -out "$scratch/$1.pem" 2>/dev/null
}
serve() { # certificate
    rm -f "$scratch/port"
    python3 "$root/tests/tools/survey_server.py" "$server" "$scratch/port" "$scratch/$1.pem" "$scratch/$1.key" \
        >"$scratch/server.out" 2>&1 &
    servers="$servers $!"
    for _ in $(seq 100); do
        [ -s "$scratch/port" ] && break
        sleep 0.05
    done
    at=https://127.0.0.1:$(cat "$scratch/port")
}
servers= pem=../here.pem # beside sources.csv
trap 'kill $servers 2>/dev/null; rm -rf "$scratch"' EXIT
mkdir -p "$server/submissions" "$server/files" "$data"
certificate here IP:127.0.0.1
serve here

sources() {
    printf 'sources\n,plan,topic,questionnaire,kind,address,project,form,county,secret,review,certificate\n' \
        >"$data/sources.csv"
    for row; do
        IFS=, read -r kind questionnaire project form county review <<EOF
$row
EOF
        path=
        case $kind in webdav | https) path=/files ;; esac
        echo ",henan-2025,7,$questionnaire,$kind,$at$path,$project,$form,$county,SURVEY_SECRET,$review,$pem"
    done >>"$data/sources.csv"
}
fetch() { "$bin/fetch" -w 1 -n "${tries:-2}" -t "$topic" -s "$data/sources.csv" -d "$counties" "$@"; }
tree() { (cd "$data" && find . -type f ! -name '*.csv' ! -name lock ! -path '*/parts/*' -exec sha256sum {} + | sort -k2); }
asked() { grep -c -- "$1" "$server/log"; }
says() { grep -q -- "$1" "$scratch/out"; report $? "  and says: $1"; }
fault() { printf '%s\n' "$@" >"$server/fault"; }
no_fault() { rm -f "$server/fault"; }
# The instances of the county's tablets, N of each questionnaire or all.
submit() { for f in $(find "$uploads" -name "$1*.xml" | sort | head -n "${2:-1000}"); do cp "$f" "$server/submissions/"; done; }
# The cleaned records of a county's folder, without where they stood.
records() { # folder, output
    "$bin/ingest" -t "$topic" -c 411524 -o "$scratch/raw.db" "$1" >/dev/null 2>&1
    "$bin/clean" -t "$topic" -o "$scratch/clean.db" "$scratch/raw.db" >/dev/null 2>&1
    "$bin/weigh" -t "$topic" -o "$scratch/weights.db" "$scratch/clean.db" >/dev/null 2>&1
    for level in households members villages counties brands; do
        "$bin/export" -t "$topic" -k $level -o "$scratch/level.csv" "$scratch/clean.db" "$scratch/weights.db" || return 1
        python3 -c 'import csv, sys
for r in sorted(tuple((k, v) for k, v in r.items() if not k.startswith("src_")) for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig"))): print(r)' "$scratch/level.csv"
    done >"$2"
}
