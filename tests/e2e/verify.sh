#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# verify end to end: the five seed texts with the verdicts that were worked out by hand, their
# encodings and a .docx, files that are no drafts, exit codes.
. "$(dirname "$0")/lib.sh"
cd "$root" || exit 3
seeds=tests/verify

# Every line that is printed must be the expected one: its line number, its verdict, its words.
as_expected() { # printed expected
    sed '$d' "$1" >"$scratch/claims"
    [ "$(wc -l <"$scratch/claims")" = "$(wc -l <"$2")" ] || { diff "$scratch/claims" "$2"; return 1; }
    paste -d '\t' "$scratch/claims" "$2" >"$scratch/both"
    while IFS="$(printf '\t')" read -r claim wanted; do
        line=${wanted%% *} rest=${wanted#* }
        case $claim in "第${line}行 ${rest%% *} "*"${rest#* }"*) ;; *) echo "$claim / $wanted"; return 1 ;; esac
    done <"$scratch/both"
}
for seed in 000 001 002 003 004; do
    wanted=0
    grep -qE '不符|疑有缺损|前后不一' $seeds/seed-$seed.expected && wanted=1
    check_exit $wanted "seed $seed leaves with $wanted" "$bin/verify" $seeds/seed-$seed.txt
    "$bin/verify" $seeds/seed-$seed.txt >"$scratch/printed"
    check "seed $seed has just the expected verdicts" as_expected "$scratch/printed" $seeds/seed-$seed.expected
done

# ---- encodings and .docx ------------------------------------------------------------------------
"$bin/verify" -a $seeds/seed-002.txt >"$scratch/utf8"
iconv -f UTF-8 -t GB18030 $seeds/seed-002.txt >"$scratch/gbk.txt"
"$bin/verify" -a "$scratch/gbk.txt" >"$scratch/gbk"
check 'GB18030 gives the same list' cmp "$scratch/utf8" "$scratch/gbk"
python3 - $seeds/seed-002.txt "$scratch" <<'PY'
import sys, zipfile
from xml.sax.saxutils import escape
lines = open(sys.argv[1], encoding='utf-8').read().split('\n')
head = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
def run(text):  # in two runs, as Word cuts them
    return ''.join('<w:r><w:t xml:space="preserve">%s</w:t></w:r>' % escape(p) for p in (text[:7], text[7:]))
def write(name, body, entry='word/document.xml'):
    with zipfile.ZipFile(sys.argv[2] + '/' + name, 'w', zipfile.ZIP_DEFLATED) as z:
        z.writestr(entry, body)
deleted = '<w:del><w:r><w:delText>共2人、3人，合计9人</w:delText></w:r></w:del>'
write('seed.docx', head + ''.join('<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>' + run(l) + deleted + '</w:p>' for l in lines) + '</w:body></w:document>')
write('other.docx', 'x', 'other.xml')
write('broken.docx', head + '<w:p>')
write('dtd.docx', '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">]>' + head + '</w:body></w:document>')
write('bomb.docx', head + '<w:p><w:r><w:t>' + 'a' * 60000000 + '</w:t></w:r></w:p></w:body></w:document>')
PY
"$bin/verify" -a "$scratch/seed.docx" >"$scratch/docx"
check 'a .docx gives the same list' cmp "$scratch/utf8" "$scratch/docx"

# ---- files that are no drafts -------------------------------------------------------------------
printf '\320\317\021\340\241\261\032\341' >"$scratch/old.doc"
printf '%%PDF-1.4\n' >"$scratch/a.pdf"
head -c 4000 /dev/urandom >"$scratch/noise"
head -c 300 "$scratch/seed.docx" >"$scratch/cut.docx"
for name in old.doc a.pdf noise other.docx broken.docx dtd.docx bomb.docx cut.docx none.txt; do
    check_exit 3 "$name is refused" "$bin/verify" "$scratch/$name"
    grep -q '^错误：' "$scratch/out"
    report $? "$name is told why"
done
: >"$scratch/empty.txt"
check_exit 0 'an empty draft has no claims' "$bin/verify" "$scratch/empty.txt"

# ---- options ------------------------------------------------------------------------------------
check_exit 2 'a topic without results is misuse' "$bin/verify" -t topics/henan-2025/07/topic.csv $seeds/seed-000.txt
check_exit 1 'the list goes into a file' "$bin/verify" -o "$scratch/list.txt" $seeds/seed-002.txt
"$bin/verify" $seeds/seed-002.txt >"$scratch/printed"
check 'as it is printed' cmp "$scratch/printed" "$scratch/list.txt"
printf '全县学生840名，其中男生351人，占41.8%%。\033[31m\n' >"$scratch/right.txt"
check_exit 0 'a right draft leaves with 0' "$bin/verify" -a "$scratch/right.txt"
grep -q '相符 .*351人÷840名＝41.79%' "$scratch/out"
report $? 'and says why it is right'
finish
