#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What goes wrong between fetch and a server: nothing in the data folder changes but by whole
# submissions, passing troubles are tried again, lasting ones are named, and the secret never goes
# to anybody else.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/serve.sh"

submit 07-village
submit 07-household 6
sources 'central,07-village,1,,county'
check 'six submissions' fetch
sources 'central,07-village,1,,county' 'central,07-household,1,,village_code county'
one=$(ls "$server"/submissions/07-household*.xml | head -1)
id=$(sed -n 's/.*<instanceID>uuid:\([^<]*\)<.*/\1/p' "$one")

# The fault lasts: exit 3, a reason, the data folder as it was.
lasting() { # what, reason, rule...
    what=$1 reason=$2
    shift 2
    fault "$@"
    tree >"$scratch/before"
    tries=1 check_exit 3 "$what" fetch
    says "$reason"
    tree >"$scratch/after"
    check '  and nothing has changed' cmp "$scratch/before" "$scratch/after"
    no_fault
}
# It passes: the second try has all, which is then taken away again.
passing() { # what, rule
    fault "$2 1"
    tree >"$scratch/before"
    check "$1, once" fetch
    check_same '  and all six households are there' 6 "$(ls "$counties/411524-商城县/手机/07-household" | wc -l)"
    rm -rf "$counties/411524-商城县/手机/07-household" "$counties"/.fetched/07-household*
    no_fault
}
lasting 'a wrong password' '用户名、密码或令牌不对' '/v1/sessions 401'
lasting 'no right to the form' '没有权限' '.svc/Submissions 403'
lasting 'no such form' '没有这一项' 'household.svc 404'
lasting 'the list: server error' '服务器出错（500）' 'household.svc 500'
lasting 'the list: too many requests' '请求太多' 'household.svc 429'
lasting 'the list: connection cut' '传输中断' 'household.svc cut'
lasting 'the list: shorter than it says' '传输中断' 'household.svc long'
lasting 'the list: half of it, and called whole' 残缺 'household.svc short'
lasting 'the list: fewer rows than the server counted' '清单应有7份' 'household.svc miscount'
lasting 'submissions: server error' '服务器出错（500）' '/submissions/ 500'
lasting 'submissions: connection cut' '传输中断' '/submissions/ cut'
lasting 'submissions: half of each, and called whole' 残缺 '/submissions/ half-zip'
lasting 'submissions: beyond the limit' '超过' '/submissions/ huge'
lasting 'the list: one byte every 0.3 seconds' '太久没有回应' 'household.svc drip'

passing 'the list: 500' 'household.svc 500'
passing 'the list: 429 with Retry-After' 'household.svc 429'
passing 'a submission: cut' "$id cut"
passing 'a submission: half of it' "$id short"

# ---- other servers ----------------------------------------------------------------------------
main=$server mains=$at
server=$scratch/other
mkdir "$server"
serve here
other=$at at=$mains server=$main
echo "$other" >"$server/elsewhere"
lasting 'a redirect of the list to another server' '另一个网址' 'household.svc elsewhere'
lasting 'a redirect of a submission' '另一个网址' '/submissions/ elsewhere'
lasting 'a redirect of the sign-in' '另一个网址' '/v1/sessions elsewhere'
check 'the other server was not asked at all' [ ! -e "$scratch/other/log" ]
echo "$mains" >"$server/elsewhere"
passing 'a redirect on the same server' 'household.svc elsewhere'

cp "$data/sources.csv" "$scratch/sources.csv"
sed -i 's/,..\/here.pem$/,/' "$data/sources.csv"
lasting 'a certificate that nobody vouches for' '证书不能确认'
certificate elsewhere DNS:odk.example.org
serve elsewhere
sed "s#$mains#$at#; s/here.pem/elsewhere.pem/" "$scratch/sources.csv" >"$data/sources.csv"
: >"$server/log"
lasting 'a certificate of another name' '证书不能确认'
check_same 'nothing was asked of either' 0 "$(asked .)"
sed 's#https://127.0.0.1:[0-9]*#https://127.0.0.1:1#' "$scratch/sources.csv" >"$data/sources.csv"
lasting 'nobody there' '连不上服务器'
cp "$scratch/sources.csv" "$data/sources.csv"

# ---- a server that goes down ------------------------------------------------------------------
submit 07-household 80
fault '/submissions/ 500'
: >"$server/log"
tries=1 check_exit 3 'eighty submissions, and every one fails' fetch
says '先停下'
says '没有取到80份'
check_same 'only the first batch was asked for' 32 "$(asked 'submissions/.*[.]xml 500')"
no_fault
rm "$server"/submissions/07-household*
submit 07-household 6

# ---- going on ---------------------------------------------------------------------------------
fault "$id 500"
tries=1 check_exit 3 'one of six cannot be had' fetch
check_same 'the others are there' 5 "$(ls "$counties/411524-商城县/手机/07-household" | wc -l)"
no_fault
: >"$server/log"
check 'the next run' fetch
check_same 'asks for that one only' 1 "$(asked 'submissions/.*[.]xml 200')"
rm -rf "$counties"
fault "$id drip"
"$bin/fetch" -w 60 -t "$topic" -s "$data/sources.csv" -d "$counties" >"$scratch/out" 2>&1 &
killed=$!
for _ in $(seq 100); do
    [ "$(asked "$id[.]xml 200")" -gt 1 ] && break
    sleep 0.05
done
check_exit 3 'a second run meanwhile is refused' fetch
says '正在取回'
kill -9 "$killed"
wait "$killed" 2>/dev/null
no_fault
check 'after a run that was killed' fetch
check_same 'all twelve are there, and nothing else' '12 12' "$(find "$counties/411524-商城县" -name '*.xml' | wc -l) $(find "$counties/411524-商城县" -type f | wc -l)"
finish
