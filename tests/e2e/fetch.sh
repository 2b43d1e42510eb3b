#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fetch from ODK Central: the county's tablets through the server into its folder give the records
# that its own files give; twice is once; edits, rejections and deletions are followed; secrets stay
# where they are.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/serve.sh"

submit 07-
sources 'central,07-household,1,,village_code county' 'central,07-village,1,,county' 'central,07-county,1,,county'
check 'three forms of a county' fetch
says '07-household：服务器上114份，新取回114份'
check_same 'all in the one county folder' '121' "$(find "$counties/411524-商城县/手机" -name '*.xml' | wc -l)"
records "$(dirname "$uploads")" "$scratch/records.uploaded"
records "$counties/411524-商城县" "$scratch/records.fetched"
check 'records are those of the uploaded files' cmp "$scratch/records.uploaded" "$scratch/records.fetched"
check 'of all five levels' sh -c "[ \$(wc -l <'$scratch/records.fetched') -gt 300 ]"

# ---- twice is once ----------------------------------------------------------------------------
tree >"$scratch/before"
: >"$server/log"
check 'a second run' fetch
check_same 'asks for the lists and is told that they are the same' '3 0' "$(asked 'Submissions.* 304 ') $(asked '[.]xml')"
tree >"$scratch/after"
check 'and changes nothing' cmp "$scratch/before" "$scratch/after"
rm "$(find "$counties/411524-商城县" -name '*.xml' | head -1)"
check 'a file that somebody took away' fetch
tree >"$scratch/after"
check 'is brought again' cmp "$scratch/before" "$scratch/after"
: >"$server/old"
check 'a server of 2024, without ETags' fetch
echo 7 >"$server/page"
check 'lists in pages of seven' fetch
tree >"$scratch/after"
check 'change nothing either' cmp "$scratch/before" "$scratch/after"
fault '.svc/Submissions null-page'
rm "$server/page"
check 'an empty page behind the last one ends the list' fetch
no_fault
rm "$server/old"

# ---- edits, review states, deletions ----------------------------------------------------------
sources 'central,07-village,1,,county'
submit 07-village
set -- "$server"/submissions/07-village*.xml
first=$1 second=$2 third=$3
id() { sed -n 's/.*<instanceID>uuid:\([^<]*\)<.*/\1/p' "$1"; }
home=$counties/411524-商城县/手机/07-village
own=$(id "$first")
sed -i "s/<instanceID>uuid:$own/<deprecatedID>uuid:$own<\/deprecatedID><instanceID>uuid:99999999-0000-4000-8000-000000000001/" "$first"
echo "{\"id\": \"uuid:$own\", \"edits\": 1, \"updatedAt\": \"2025-06-01T00:00:00.000Z\", \"reviewState\": \"edited\"}" >"${first%.xml}.json"
echo '{"reviewState": "rejected", "updatedAt": "2025-06-01T00:00:00.000Z"}' >"${second%.xml}.json"
gone=$(id "$third")
rm "$third"
check 'one edited, one rejected, one deleted' fetch
check 'the edited one keeps its name' cmp "$first" "$home/$own.xml"
check_same 'the others have left the folder' '4' "$(ls "$home" | wc -l)"
kept=$counties/.fetched/07-village-*/kept
check_same 'all three old versions are kept' "deleted rejected replaced" "$(ls $kept | sed 's/.*[.]\([a-z]*\)[.]xml/\1/' | sort | tr '\n' ' ' | sed 's/ $//')"
check_same 'the deleted one by its name' 1 "$(ls $kept | grep -c "^$gone[.].*[.]deleted[.]xml")"
check 'again' fetch
check_same 'nothing more is kept' 3 "$(ls $kept | wc -l)"
echo '{"reviewState": "approved", "updatedAt": "2025-06-02T00:00:00.000Z"}' >"${second%.xml}.json"
check 'approved after all' fetch
check 'it is back' cmp "$second" "$home/$(id "$second").xml"
sources 'central,07-village,1,,county,approved'
approved=$(id "$second").xml
check 'a source of which only approved ones count' fetch
check_same 'leaves one' "$approved" "$(ls "$home")"
sources 'central,07-village,1,,village_code,approved'
check 'placed by another question' fetch
check_same 'it stays' "$approved" "$(ls "$home")"
mkdir "$scratch/away" && mv "$server"/submissions/07-village* "$scratch/away"
check_exit 3 'a list that is suddenly empty is not believed' fetch
check_same 'and the file stays' "$approved" "$(ls "$home")"
mv "$scratch/away"/* "$server/submissions"

# ---- counties ---------------------------------------------------------------------------------
sources 'central,07-household,1,,village_code county'
mkdir -p "$counties/411523-新县老促会"
sed -e 's/411524[0-9]\{6\}</411523100201</' -e 's/uuid:......../uuid:aaaaaaaa/' "$(ls "$server"/submissions/07-household*.xml | head -1)" >"$server/submissions/07-household-x.xml"
check 'a submission of another county' fetch
check_same 'goes to the folder that is there for it' 1 "$(ls "$counties/411523-新县老促会/手机/07-household" | wc -l)"
sed -i -e 's/<village_code>[0-9]*/<village_code>../' -e 's/<county>[0-9]*/<county>不知道/' -e 's/uuid:......../uuid:bbbbbbbb/' "$server/submissions/07-household-x.xml"
check_exit 1 'one whose county nobody knows' fetch
says 不知道
check_same 'is put aside' 1 "$(ls "$counties"/.fetched/07-household-*/unplaced | wc -l)"
check_exit 1 'and told again' fetch
rm "$server/submissions/07-household-x.xml"

# ---- attachments on demand --------------------------------------------------------------------
echo '{"updatedAt": "2025-06-03T00:00:00.000Z", "attachments": ["1.jpg", "../../x.jpg", "missing.jpg"]}' >"$server/submissions/$(basename "$(ls "$server"/submissions/07-household*.xml | head -1)" .xml).json"
check 'without -m no attachment' fetch
check_same 'is asked for' 0 "$(asked attachments)"
check 'with -m, though it is here already' fetch -m
: >"$server/log"
check 'and once more' fetch -m
check_same 'it is not asked for again' 0 "$(asked attachments)"
check_same 'they lie beside the submission, under safe names' '1.jpg _._.._x.jpg' "$(cd "$counties/411524-商城县/手机/07-household" && ls */ | tr '\n' ' ' | sed 's/ $//')"

# ---- secrets ----------------------------------------------------------------------------------
check 'secrets are nowhere in the data folder' sh -c "! grep -rF 'correct horse' '$data'"
without() { (unset SURVEY_SECRET && fetch); }
check_exit 3 'no such variable' without
says 'export SURVEY_SECRET='
sed -i 's/,SURVEY_SECRET,/,.\/office.secret,/' "$data/sources.csv"
printf '%s\n' "$SURVEY_SECRET" >"$data/office.secret"
chmod 644 "$data/office.secret"
check_exit 3 'a file that others can read is not used' fetch
says 'chmod 600'
chmod 600 "$data/office.secret"
check 'one of 0600 is' fetch
sed -i 's/office.secret/none.secret/' "$data/sources.csv"
check_exit 3 'a file that is missing' fetch
sed -i "s/,.\/none.secret,/,$password,/" "$data/sources.csv"
check_exit 3 'a password in the table is refused' fetch
check 'and not shown' sh -c "! grep -F '$password' '$scratch/out'"
sed -i "s/,$password,/,SURVEY_SECRET,/; s/https:../https:\/\/u:$user@/" "$data/sources.csv"
check_exit 3 'so is one in the address' fetch
sed -i "s/https:..u:$user@[^,]*/http:\/\/odk.example.org/" "$data/sources.csv"
check_exit 3 'an address without encryption' fetch
says 'https://'
finish
