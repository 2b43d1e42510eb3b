#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# publish: forms and their lists as drafts on ODK Central, published on request; and what make does
# of publish and fetch.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/serve.sh"
copy_project
cd "$scratch/project" || exit 3
pem=$scratch/here.pem data=$scratch/project/data counties=$data/henan-2025/07
phone=reports/henan-2025/07/forms/phone

# ---- drafts and publishing --------------------------------------------------------------------
sources 'central,07-village,1,,county' 'central,07-county,1,,county'
check_exit 2 'make publish asks for the topic' run publish
check 'make publish topic=7' run publish topic=7
says '07-village：草稿'
check_same 'forms went as they are, two of them' '2 0' "$(asked 'POST .*publish=false 200') $(asked 'draft/publish')"
: >"$server/log"
check 'again' run publish topic=7
check_same 'nothing is sent' 0 "$(asked 'POST .*forms')"
check 'live=yes' run publish topic=7 live=yes
says 已正式启用
check_same 'publishes both' 2 "$(asked 'draft/publish 200')"
check 'again' run publish topic=7 live=yes
says 正在使用的就是这一版

# The form changes, and asks for a list of villages.
sed -i 's/,c_unit,A3. 填报单位/,c_unit,A3. 填报单位全称/' questionnaires/henan-2025/07-county.csv
check_exit 2 'a changed form under the old version' run publish topic=7
says '版本号却还是'
sed -i 's/2025041101/2025041102/' questionnaires/henan-2025/07-county.csv
check 'under a new one' run publish topic=7 live=yes
says '07-county：版本 2025041102 已正式启用'
sed -i 's#</model>#<instance id="towns" src="jr://file-csv/towns.csv"/></model>#; s/version="2025041102"/version="2025041103"/' "$phone/07-county.xml"
publish() { "$bin/publish" "$@" -t topics/henan-2025/07/topic.csv -s data/sources.csv -f "$phone"; }
sed -i 's/2025041102/2025041103/' questionnaires/henan-2025/07-county.csv
check_exit 3 'a list that is not there' publish
says 'towns.csv'
printf 'name,label\n1,青林镇\n' >"$phone/towns.csv"
check 'a list that is' publish -p
check_same 'is sent' 1 "$(asked 'POST .*draft/attachments/towns.csv 200')"
printf 'name,label\n1,青林镇\n2,吴畈乡\n' >"$phone/towns.csv"
check_exit 3 'a changed list needs a new version' publish -p
SURVEY_SECRET=wrong:wrong
check_exit 3 'a wrong password' publish
says '不能登录'
SURVEY_SECRET="$user:$password"

# ---- make fetch -------------------------------------------------------------------------------
cp "$root/questionnaires/henan-2025/07-county.csv" questionnaires/henan-2025/
submit 07-county
submit 07-village 2
check_exit 2 'make fetch asks for the topic' run fetch
: >"$server/log"
check 'make check topic=7 county=411524 fetch=yes, with an empty data folder' run check topic=7 county=411524 fetch=yes
says 'reports/henan-2025/07/returns/411524.xlsx'
check_same 'has fetched first, and once' '3 2' "$(find "$counties" -name '*.xml' | wc -l) $(asked 'Submissions')"
submit 07-village
check 'make fetch topic=7' run fetch topic=7
check_same 'brings the others' 7 "$(find "$counties" -name '*.xml' | wc -l)"
fault 'sessions 500'
check_exit 2 'when the server fails, nothing is made of old data' run check topic=7 county=411524 fetch=yes
says '服务器出错'
no_fault

# ---- without the libraries --------------------------------------------------------------------
mkdir "$scratch/shim"
play() { printf '#!/bin/sh\n%s\n' "$2" >"$scratch/shim/$1" && chmod +x "$scratch/shim/$1"; }
real=$(command -v pkg-config)
play pkg-config "case \"\$*\" in *libcurl*) exit 1;; esac; exec $real \"\$@\""
play dpkg-query 'for last; do :; done; case $last in libcurl*) ;; *) echo installed ;; esac'
play id 'echo 1000'
play sudo 'exit 1'
bare() { PATH=$scratch/shim:$PATH make -s BUILD="$scratch/bare" "$@"; }
check_same 'without libcurl its programs are not built' '' "$(PATH=$scratch/shim:$PATH make -n BUILD="$scratch/bare" programs 2>/dev/null | grep -E 'bin/(fetch|publish)$|remote/')"
check_exit 2 'and asked for, fetch says what is missing' bare "$scratch/bare/bin/fetch"
says 'libcurl4-openssl-dev'
finish
