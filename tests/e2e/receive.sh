#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The upload page: a county signs in, sends, reads what to mend, sends again; the staff look; then
# those who attack it.
. "$(dirname "$0")/lib.sh"
[ -x "$bin/receive" ] || { echo "1..0 # no libmicrohttpd"; exit 0; }
tools=$root/tests/tools
copy_project
cd "$scratch/project" || exit 3
topic=topics/henan-2025/07/topic.csv
server=
trap 'kill $server 2>/dev/null; rm -rf "$scratch"' EXIT

enrol() { "$bin/enroll" "$1" | sed -n 's/^口令：//p'; }
# Starts the server of folder $1 with the further options; $port is where it listens.
start() {
    programs=$1
    shift
    : >"$scratch/server" # no port of the one before
    "$programs/receive" -p 0 "$@" $topic >"$scratch/server" 2>&1 &
    server=$!
    tries=0
    while [ $((tries += 1)) -le 100 ]; do
        port=$(sed -n 's#.*https*://127.0.0.1:\([0-9]*\)/.*#\1#p' "$scratch/server")
        [ -n "$port" ] && return 0
        sleep 0.1
    done
    cat "$scratch/server"
    return 1
}
# Ends it; a sanitizer's complaint is in $scratch/server.
stop() {
    kill "$server"
    wait "$server"
    rc=$?
    server=
    [ "$rc" = 0 ] && ! grep -E 'ERROR|runtime error' "$scratch/server"
}
# Adds the results of a script.
tap() {
    python3 "$@" >"$scratch/tap" 2>"$scratch/out"
    rc=$?
    sed -n 's/^ok - //p' "$scratch/tap" >"$scratch/good"
    while read -r line; do report 0 "$line"; done <"$scratch/good"
    if [ "$rc" != 0 ] || [ ! -s "$scratch/good" ]; then
        cat "$scratch/tap" >>"$scratch/out"
        report 1 "$(basename "$1")"
        grep -A12 '^not ok' "$scratch/tap" | sed 's/^/#   /'
        tail -5 "$scratch/server" | sed 's/^/#   /'
    fi
}

# ---- in use -----------------------------------------------------------------------------------
songxian=$(enrol 410325) lushan=$(enrol 410423) office=$(enrol office)
check_same 'a passphrase is twelve digits' 0 "$(echo "$songxian" | grep -cvE '^([0-9]{4}-?){3}$')"
check_same 'accounts are for their owner only' '600 700' \
    "$(stat -c %a data/.receive/accounts data/.receive | tr '\n' ' ' | sed 's/ $//')"
check 'the page opens' start "$bin" -m 0
tap "$tools/upload_use.py" "$port" "$scratch/project" "$root/tests/field/henan-2025-07" \
    "$songxian" "$lushan" "$office"
check_same 'the journal names no file and no passphrase' 0 \
    "$(grep -cE "csv|docx|$songxian|嵩县" data/.receive/journal)"
check 'it ends in order' stop

# ---- attacked: the programs as they are used, for the memory they take ------------------------
rm -rf data/henan-2025 data/.receive reports/henan-2025
plain=$root/build/bin
[ -x "$plain/receive" ] || plain=$bin
songxian=$(enrol 410325) lushan=$(enrol 410423)
check 'the page opens again' start "$plain" -s 2 -t 2
tap "$tools/upload_attack.py" "$port" "$server" "$scratch/project" "$bin/enroll" "$songxian" "$lushan"
check_exit 3 'no second server beside it' "$bin/receive" -p 0 $topic

# ---- killed in the middle ---------------------------------------------------------------------
last=$(cut -f5 data/.receive/journal | grep -v '^$' | tail -1)
echo half >data/.receive/incoming/left
kill -9 "$server"
wait "$server" 2>/dev/null
check 'after a kill it opens again' start "$bin" -m 0
check_same 'what was half received is gone' '' "$(ls data/.receive/incoming)"
check_same 'receipts go on' "$last" "$(cut -f5 data/.receive/journal | grep -v '^$' | tail -1)"
check 'it ends in order again' stop

# ---- a reader of files that was taken over ----------------------------------------------------
mkdir -p taken "data/henan-2025/07/410423-鲁山县"
echo secret >"data/henan-2025/07/410423-鲁山县/others.csv"
cat >taken/ingest <<END
#!/bin/sh
exec 2>&1
for f in data/.receive/accounts data/.receive/journal data/henan-2025/07/410423-鲁山县/others.csv \
         /etc/passwd; do cat "\$f" && echo "READ \$f"; done
for f in data/x data/henan-2025/07/410325-嵩县/x topics/x taken/clean /tmp/x-$$; do
    echo x >"\$f" && echo "WROTE \$f"; done
kill $$ && echo "KILLED $$"
python3 -c 'import socket; socket.create_connection(("127.0.0.1", 1))' | grep refused
ls data/henan-2025/07/410325-嵩县/ && echo 'READ its own'
exit 3
END
chmod +x taken/ingest
songxian=$(enrol 410325)
check 'with a false ingest it opens' start "$bin" -m 0 -b "$PWD/taken"
cat >sends.py <<END
import sys
sys.path.insert(0, "$tools")
from upload_page import Browser
b = Browser($port)
assert b.sign_in("410325", "$songxian") == 303
assert b.upload("henan-2025/07", [(b"a.csv", b"a,b\n")]) == 303
assert b.wait(b.location)
assert "没能检查完" in b.text, b.text
assert "secret" not in b.text
END
check 'the county is told, the page goes on' python3 sends.py
work=reports/henan-2025/07/receive/410325/messages
if grep -q Landlock "$scratch/server"; then
    echo '# no Landlock in this kernel: files are not tested'
else
    check_same 'it read and wrote nothing but its own' 'READ its own' \
        "$(grep -E '^(READ|WROTE|KILLED)' $work)"
    check_same 'nor was there anything to see' 0 "$(grep -cE 'argon2|secret|root:' $work)"
fi
check_same 'and reached no network' 1 "$(grep -c PermissionError $work)"
check 'it ends in order then too' stop

# ---- HTTPS ------------------------------------------------------------------------------------
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost >/dev/null 2>&1
check 'with a certificate it opens' start "$bin" -m 0 -c cert.pem -k key.pem
check 'its cookies go over HTTPS only, and browsers are told' python3 - "$port" <<'END'
import http.client, ssl, sys
line = http.client.HTTPSConnection("localhost", int(sys.argv[1]), timeout=20,
                                   context=ssl.create_default_context(cafile="cert.pem"))
line.request("GET", "/")
answer = line.getresponse()
assert answer.status == 200 and "请登录" in answer.read().decode()
assert "; Secure" in answer.headers["Set-Cookie"], answer.headers
assert answer.headers["Strict-Transport-Security"]
END
check 'and ends in order' stop

# ---- not in the clear over a network ----------------------------------------------------------
check_exit 2 'another address needs HTTPS' "$bin/receive" -a 0.0.0.0 $topic
check_exit 2 'a certificate needs its key' "$bin/receive" -c cert.pem $topic
finish
