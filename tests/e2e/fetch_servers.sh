#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fetch from KoboToolbox, an OpenRosa server, WebDAV and a listed folder.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/serve.sh"
submit 07-village
submit 07-household 8
echo 'aKobo7household hn2025_07_household' >"$server/asset"
echo 3 >"$server/page"

sources 'central,07-household,1,,village_code county'
check 'eight submissions from ODK Central' fetch
records "$counties/411524-商城县" "$scratch/records.central"
check 'with records' [ "$(grep -c "('hh_type'" "$scratch/records.central")" -ge 6 ]
again() { rm -rf "$counties"; }

# ---- KoboToolbox ------------------------------------------------------------------------------
again
sources 'kobo,07-household,,aKobo7household,village_code county'
SURVEY_SECRET=t0ken-of-kobo
check 'KoboToolbox with a token, in pages of three' fetch
records "$counties/411524-商城县" "$scratch/records.kobo"
check 'gives the same records' cmp "$scratch/records.central" "$scratch/records.kobo"
: >"$server/log"
check 'twice' fetch
check_same 'is once' 0 "$(asked 'format=xml')"
first=$(ls "$server"/submissions/07-household*.xml | head -1)
sed -i 's/<instanceID>uuid:......../<instanceID>uuid:eeeeeeee/' "$first"
echo '{"attachments": ["1.jpg"]}' >"${first%.xml}.json"
check 'an edited one' fetch
check_same 'is brought alone' 1 "$(asked 'format=xml')"
check 'with -m' fetch -m
check_same 'its attachment too' 1 "$(find "$counties/411524-商城县" -name 1.jpg | wc -l)"
echo '{"reviewState": "rejected"}' >"${first%.xml}.json"
check 'not approved' fetch
check_same 'it leaves' '7 0' "$(find "$counties/411524-商城县" -name '*.xml' | wc -l) $(find "$counties/411524-商城县" -name '*.jpg' | wc -l)"
SURVEY_SECRET=wrong
check_exit 3 'a wrong token' fetch
says 令牌不对
SURVEY_SECRET="$user:$password"
check 'name and password' fetch
rm "${first%.xml}.json"

# ---- OpenRosa ---------------------------------------------------------------------------------
again
cp "$(find "$uploads" -name "$(basename "$first")")" "$first"
sources 'openrosa,07-household,,,village_code county'
check 'an OpenRosa server' fetch
records "$counties/411524-商城县" "$scratch/records.openrosa"
check 'gives the same records' cmp "$scratch/records.central" "$scratch/records.openrosa"
: >"$server/log"
rm "$first"
check 'one is gone' fetch
check_same 'it leaves, nothing is asked anew' '7 0' "$(find "$counties/411524-商城县" -name '*.xml' | wc -l) $(asked downloadSubmission)"
rm "$server/page"

# ---- folders ----------------------------------------------------------------------------------
for kind in webdav https; do
    again
    rm -rf "$server/files"
    mkdir -p "$server/files/411627-太康县/补充" "$server/files/嵩县"
    cp "$root"/topics/henan-2025/07/rehearsal/411627-太康县/太康县住户.txt "$server/files/411627-太康县/"
    cp "$root"/topics/henan-2025/07/rehearsal/411524-商城县/商城县_instances.zip "$server/files/411627-太康县/补充/"
    cp "$root"/topics/henan-2025/07/rehearsal/410325-嵩县/嵩县县级情况表.csv "$server/files/嵩县/"
    echo 锁 >"$server/files/嵩县/~\$嵩县.xlsx"
    echo 隐 >"$server/files/嵩县/.hidden"
    : >"$server/files/嵩县/空 文件.csv"
    sources "$kind,网上报送,,,"
    check "$kind: files of two counties" fetch
    check_same '  lie as they lay' '410325-嵩县/网上报送/嵩县县级情况表.csv 410325-嵩县/网上报送/空 文件.csv 411627-太康县/网上报送/太康县住户.txt 411627-太康县/网上报送/补充/商城县_instances.zip' \
        "$(cd "$counties" && find 4* -type f | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')"
    check '  byte for byte' cmp "$server/files/411627-太康县/太康县住户.txt" "$counties/411627-太康县/网上报送/太康县住户.txt"
    : >"$server/log"
    tree >"$scratch/before"
    check '  twice' fetch
    tree >"$scratch/after"
    check '  changes nothing' cmp "$scratch/before" "$scratch/after"
    check_same '  and brings nothing' 0 "$(grep -c 'txt 200\|zip 200\|csv 200' "$server/log")"
    echo 更正 >>"$server/files/411627-太康县/太康县住户.txt"
    rm "$server/files/嵩县/空 文件.csv"
    check '  one changed, one gone' fetch
    check '  is the new one' cmp "$server/files/411627-太康县/太康县住户.txt" "$counties/411627-太康县/网上报送/太康县住户.txt"
    check_same '  the old ones are kept' 2 "$(ls "$counties"/.fetched/网上报送-*/kept | wc -l)"
    # A zip that arrives by half: called whole, it is not believed; cut off, it is gone on with.
    echo . >>"$server/files/411627-太康县/补充/商城县_instances.zip"
    tree >"$scratch/before"
    fault 'instances.zip half-zip'
    tries=1 check_exit 3 '  half a zip' fetch
    tree >"$scratch/after"
    check '  changes nothing' cmp "$scratch/before" "$scratch/after"
    : >"$server/log"
    fault 'instances.zip cut 1'
    check '  a zip cut off' fetch
    check_same '  is gone on with' 1 "$(asked 'zip 206')"
    check '  and is whole' cmp "$server/files/411627-太康县/补充/商城县_instances.zip" "$counties/411627-太康县/网上报送/补充/商城县_instances.zip"
    no_fault
    echo 无主 >"$server/files/通知.txt"
    check_exit 1 '  a file of no county' fetch
    says '不知道'
done
finish
