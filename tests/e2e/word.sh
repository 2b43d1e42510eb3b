#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The report as a Word document and all tables as a workbook.
. "$(dirname "$0")/lib.sh"
copy_project
cd "$scratch/project" || exit 3
out=reports/henan-2025/07
work=$out/work
topic=topics/henan-2025/07/topic.csv

check 'report.docx and tables.xlsx' run topic=7 word=yes "$out/report.docx" "$out/tables.xlsx"
check 'tables to compare with' run topic=7 "$out/tables/base.csv" "$out/tables/place.csv" \
    "$out/tables/work-county.csv" "$out/tables/satisfaction.csv" "$out/tables/county-dept.csv"
cp "$out/report.docx" "$scratch/first.docx"
cp "$out/tables.xlsx" "$scratch/first.xlsx"
rm -r "$out/report.docx" "$out/tables.xlsx" "$work/word"
sleep 1.1
hidden() { (umask 077 && run topic=7 word=yes "$out/report.docx" "$out/tables.xlsx"); }
check 'made anew, under another umask' hidden
check 'the document has the same bytes' cmp "$scratch/first.docx" "$out/report.docx"
check 'the workbook has the same bytes' cmp "$scratch/first.xlsx" "$out/tables.xlsx"

# ---- what is in it ----------------------------------------------------------------------------
# The rows of a sheet of the workbook.
rows_of() { awk -v s="$1" '/^[^,]/ {on = $0 == s; head = 1; next} on && head {head = 0; next} on' topics/henan-2025/07/topic.csv | wc -l; }
tables=$(rows_of tables) charts=$(rows_of charts)
check 'the parts' python3 - "$out/report.docx" "$out/tables" "$tables" "$charts" <<'PY'
import csv, glob, re, sys, zipfile
import xml.etree.ElementTree as tree
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
for name in z.namelist():
    assert z.getinfo(name).date_time[0] <= 2000, name
    if name.endswith((".xml", ".rels")):
        tree.fromstring(z.read(name))
document = tree.fromstring(z.read("word/document.xml"))
styles = {s.get(W + "styleId"): s for s in tree.fromstring(z.read("word/styles.xml")).iter(W + "style")}
used = {s.get(W + "val") for s in document.iter(W + "pStyle")}
assert used <= set(styles), used - set(styles)
assert {"Title", "Subtitle", "Heading1", "Heading2", "TableCaption", "FigureCaption", "Note"} <= used

def text(node):
    return "".join(t.text or "" for t in node.iter(W + "t"))

def paragraphs(style):
    return [text(p) for p in document.iter(W + "p")
            if p.find(W + "pPr/" + W + "pStyle") is not None
            and p.find(W + "pPr/" + W + "pStyle").get(W + "val") == style]

heads = paragraphs("Heading1")
assert heads[:2] == ["一、基本情况", "二、主要做法和成效"], heads
assert paragraphs("Heading2")[0] == "（一）农户和劳动力"
table_count, chart_count = int(sys.argv[3]), int(sys.argv[4])
assert table_count >= 12 and chart_count >= 10
assert len(paragraphs("TableCaption")) == table_count and len(paragraphs("FigureCaption")) == chart_count
assert paragraphs("TableCaption")[0] == "表1　样本住户和劳动力基本情况"
pictures = [n for n in z.namelist() if n.startswith("word/media/")]
assert len(pictures) == chart_count and all(z.read(n)[:4] == b"\x89PNG" for n in pictures)
# Every picture is described with its numbers.
described = [p.get("descr") for p in document.iter() if p.tag.endswith("}docPr")]
assert len(described) == chart_count and all(re.search(r"图。.*[0-9]", d) for d in described), described
# Every link leads to a bookmark.
marks = {b.get(W + "name") for b in document.iter(W + "bookmarkStart")}
links = {h.get(W + "anchor") for h in document.iter(W + "hyperlink")}
assert links and links <= marks, links - marks
# No LaTeX is left over, and the simulation is said on every page.
assert not re.search(r"\\[a-z]|[{}]|%@", text(document)), re.search(r"\\[a-z]|[{}]|%@", text(document))
assert "模拟数据" in text(tree.fromstring(z.read("word/header1.xml")))
# The figures of every table are those of its CSV.
tables = [[[text(c) for c in r.iter(W + "tc")] for r in t.iter(W + "tr")] for t in document.iter(W + "tbl")]
plain = lambda row: [c.replace(",", "").replace("−", "-").lstrip("'") for c in row]
assert len(glob.glob(sys.argv[2] + "/*.csv")) == 5
for path in glob.glob(sys.argv[2] + "/*.csv"):
    rows = [plain(r) for r in csv.reader(open(path, encoding="utf-8-sig"))]
    rows = [r if any(r[1:]) else r[:1] for r in rows]
    assert any([plain(r) for r in t] == rows for t in tables), path
# The page of GB/T 9704.
size = document.find(W + "body/" + W + "sectPr/" + W + "pgSz")
margin = document.find(W + "body/" + W + "sectPr/" + W + "pgMar")
width = int(size.get(W + "w")) - int(margin.get(W + "left")) - int(margin.get(W + "right"))
height = int(size.get(W + "h")) - int(margin.get(W + "top")) - int(margin.get(W + "bottom"))
mm = lambda twips: twips / 1440 * 25.4
assert abs(mm(width) - 156) < 0.5 and abs(mm(height) - 225) < 0.5, (mm(width), mm(height))
PY
check 'the workbook' python3 - "$out/tables.xlsx" "$out/tables/work-county.csv" "$tables" <<'PY'
import csv, re, sys, zipfile
import xml.etree.ElementTree as tree
M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
z = zipfile.ZipFile(sys.argv[1])
names = [s.get("name") for s in tree.fromstring(z.read("xl/workbook.xml")).iter(M + "sheet")]
assert names == ["目录"] + ["表%d" % i for i in range(1, int(sys.argv[3]) + 1)], names
strings = ["".join(t.text or "" for t in s.iter(M + "t"))
           for s in tree.fromstring(z.read("xl/sharedStrings.xml")).iter(M + "si")]
cells = {}
for c in tree.fromstring(z.read("xl/worksheets/sheet4.xml")).iter(M + "c"):
    v = c.find(M + "v")
    if v is not None:
        cells[c.get("r")] = strings[int(v.text)] if c.get("t") == "s" else float(v.text)
rows = list(csv.reader(open(sys.argv[2], encoding="utf-8-sig")))
assert cells["B3"] == float(rows[2][1]), (cells["B3"], rows[2])
assert cells["A3"] == rows[2][0] and cells["B1"] == rows[0][1]
PY

# ---- other programs ---------------------------------------------------------------------------
if command -v soffice >/dev/null 2>&1 && [ -e /usr/lib/libreoffice/program/libswlo.so ]; then
    mkdir "$scratch/office"
    soffice -env:UserInstallation="file://$scratch/profile" --headless --convert-to pdf \
        --outdir "$scratch/office" "$out/report.docx" >/dev/null 2>&1
    check 'LibreOffice opens it' test -s "$scratch/office/report.pdf"
    pdftotext "$scratch/office/report.pdf" "$scratch/office.txt"
    check 'and shows its text' grep -q 关于老区强化就业服务和劳务协作 "$scratch/office.txt"
fi

# ---- what Word cannot have is refused ----------------------------------------------------------
narrative=topics/henan-2025/07/report.tex
cp "$narrative" "$scratch/report.tex"
for wrong in '\vspace{1cm}' '$x^2$' '\begin{itemize}\item 一\end{itemize}' 'a & b' '\input{x}' '}' '\emph{没有完'; do
    cp "$scratch/report.tex" "$narrative"
    lines=$(wc -l <"$narrative")
    printf '\n%s\n' "$wrong" >>"$narrative"
    check_exit 1 "refused: ${wrong#?}" "$bin/docx" -t "$topic" -d "$work/word" -o "$scratch/x.docx" "$work/results.db"
    grep -q "report.tex，第$((lines + 2))行" "$scratch/out"
    report $? 'with its line'
    check 'and nothing is written' test ! -e "$scratch/x.docx"
done
cp "$scratch/report.tex" "$narrative"
check_exit 1 'a picture that is missing' "$bin/docx" -t "$topic" -d "$scratch" -o "$scratch/x.docx" "$work/results.db"
finish
