#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The report as people and their programs get it: pages, text that can be copied, bookmarks,
# described charts, the same bytes elsewhere and on another day; and what makes it fail.
. "$(dirname "$0")/lib.sh"
copy_project
cp -r "$root/data/yongji-2024" "$scratch/project/data/"
cd "$scratch/project" || exit 3
out=reports/yongji-2024/01
topic=topics/yongji-2024/01
with='plan=yongji-2024 topic=1'

# A place name that only the fallback font has.
printf '\n浉河路工程。\n' >>$topic/report.tex
check 'a report' run "$out/report.pdf"
check 'the PDF is sound' qpdf --check "$out/report.pdf"
pdftotext -layout "$out/report.pdf" "$scratch/report.txt"

# ---- what programs see ------------------------------------------------------------------------
fonts() { pdffonts "$out/report.pdf" | awk 'NR > 2 && ($(NF-4) != "yes" || $(NF-3) != "yes" || $(NF-2) != "yes") {bad = 1; print} END {exit bad || NR < 5}'; }
check 'every font is embedded, a subset, and has a map to Unicode' fonts
pdfinfo "$out/report.pdf" >"$scratch/info"
grep -q '^Title: .*' "$scratch/info" && grep -q '^Author: .*' "$scratch/info" && grep -q '^Page size:.*A4' "$scratch/info"
report $? 'title, author, A4'
qpdf --qdf --object-streams=disable "$out/report.pdf" "$scratch/plain.pdf"
grep -aq '/Lang (zh-CN)\|/Lang <FEFF007A0068002D0043004E>\|/Lang (z' "$scratch/plain.pdf"
report $? 'its language'
outline() {
    python3 - "$scratch/plain.pdf" <<'PY'
import re, sys
data = open(sys.argv[1], "rb").read()
def text(m):
    raw = m.group(1)
    return bytes.fromhex(raw.decode()).decode("utf-16-be", "replace")[1:] if re.fullmatch(rb"[0-9a-fA-F]+", raw) else raw
titles = [text(m) for m in re.finditer(rb"/Title <([0-9a-fA-F]+)>", data)]
wanted = ["要点", "正文", "一、", "附件1"]
missing = [w for w in wanted if not any(str(t).startswith(w) for t in titles)]
sys.exit(f"missing {missing} in {titles}" if missing else 0)
PY
}
check 'bookmarks for the findings, the body, its sections and annexes' outline
described() {
    python3 - "$scratch/plain.pdf" <<'PY'
import re, sys
data = open(sys.argv[1], "rb").read()
found = list(re.finditer(rb"/Alt <([0-9a-fA-F]+)>>> BDC", data))
alts = [bytes.fromhex(m.group(1).decode()).decode("utf-16") for m in found]
assert len(alts) == 2, alts
assert "市财政局3028万元；" in alts[0] and alts[0].startswith("各单位2024年在老区村的投资额"), alts
for m in found:
    assert re.match(rb"[^B]{1,200}/\S+ Do[^B]{1,80}EMC", data[m.end():]), data[m.end():m.end() + 300]
PY
}
check 'the charts are described with their numbers' described

# ---- what people see --------------------------------------------------------------------------
pdftotext -layout -f 1 -l 1 "$out/report.pdf" "$scratch/first.txt"
grep -q '计划 yongji-2024.*课题01.*数据指纹 [0-9a-f]\{16\}.*程序 [0-9a-f]\{12\}' "$scratch/first.txt"
report $? 'page 1 names plan, topic, data and program'
pdftotext -layout -f 2 -l 2 "$out/report.pdf" "$scratch/second.txt"
grep -q '目 *录' "$scratch/second.txt" && grep -q '附件1.*\. \. \..*[0-9]' "$scratch/second.txt"
report $? 'page 2 is the contents'
grep -q 浉河路 "$scratch/report.txt"
report $? 'an uncommon character can be copied'
# A number and its measure word stay on one line.
pdftotext "$out/report.pdf" "$scratch/lines.txt"
apart() { python3 - "$scratch/lines.txt" <<'PY'
import re, sys
lines = [l.strip() for l in open(sys.argv[1], encoding="utf-8")]
bad = [(a, b) for a, b in zip(lines, lines[1:]) if re.search(r"[\u4e00-\u9fff，].*[0-9]$", a) and re.match(r"[人户村个万亿岁年月日%][\u4e00-\u9fff，。、（]", b)]
sys.exit(str(bad) if bad else 0)
PY
}
check 'no line ends between a number and its unit' apart

# ---- again, and elsewhere ---------------------------------------------------------------------
cp "$out/report.pdf" "$scratch/report.pdf"
check 'without the references of the last run' "$bin/typeset" -o "$scratch/again.pdf" "$out/report.tex"
check 'the same bytes' cmp "$scratch/report.pdf" "$scratch/again.pdf"
rm -rf "$out/report.pdf" "$out/report.tex" "$out/charts" "$out/tables"
mkdir -p "$scratch/elsewhere"
cp -a "$scratch/project" "$scratch/elsewhere/另一处"
elsewhere() {
    cd "$scratch/elsewhere/另一处" || return 1
    (umask 077 && ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0 TZ=Asia/Urumqi LC_ALL=C HOME=/nonexistent faketime -f '+400d' \
        make -s BUILD="${bin%/bin}" \
        ${SURVEY_BIN:+SANITIZE=address,undefined} ${SURVEY_BIN:+"CFLAGS=-O1 -g"} plan=yongji-2024 topic=1 word=yes)
}
check 'in another place, zone, language, on another day' elsewhere
check 'the same report' cmp "$scratch/report.pdf" "$scratch/elsewhere/另一处/$out/report.pdf"
check 'here again' run word=yes
same() {
    (cd "$out" && find report.* tables.xlsx charts tables records results.csv returns -type f | sort |
        xargs sha256sum) >"$scratch/here"
    (cd "$scratch/elsewhere/另一处/$out" && sha256sum --quiet -c "$scratch/here")
}
check 'the same report, tables, charts, workbooks, Word document' same

# ---- what makes it fail -----------------------------------------------------------------------
sed -i 's/^,who,,.*/&\n,long,,"'"$(printf '一句很长的话。%.0s' $(seq 120))"'"/' $topic/topic.csv
check_exit 2 'findings that need more than a page' run "$out/report.pdf"
grep -q '要点超过一页' "$scratch/out"
report $? 'are named'
check 'and the old report is still there' cmp "$scratch/report.pdf" "$out/report.pdf"
finish
