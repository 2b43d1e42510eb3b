#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""relayout.py STYLE UPLOAD CLEAN.db OUT

Lays a county's accepted records out anew, cell by cell as it sent them, in OUT.  UPLOAD holds its
CSV files, one a level, heads in the first row.  Styles:
  forms    a form a record, label and value by turns, the rows of its repeat below it
  titles   a table a village below each other, each with a title instead of the village's columns
  beside   households and villages side by side on one sheet
  html     web pages in GBK called .xls
  xmlss    XML spreadsheets called .xls
  ods      OpenDocument spreadsheets

relayout.py same A.db B.db    exits 1 unless both clean stores hold the same records
"""
import csv
import html
import os
import sqlite3
import sys
import zipfile

LEVELS = ["households", "members", "villages", "counties", "brands"]
CHILD = {"households": "members", "counties": "brands"}


def records(path, level):
    """The records of a level, without what says where they stood."""
    db = sqlite3.connect(path)
    names = [c[1] for c in db.execute(f'PRAGMA table_info("{level}")')]
    names = [n for n in names if n not in ("_id", "_parent", "_row")]
    columns = ", ".join(f'"{n}"' for n in names)
    return sorted(db.execute(f'SELECT {columns} FROM "{level}"'), key=repr)


def same(a, b):
    bad = 0
    for level in LEVELS:
        x, y = records(a, level), records(b, level)
        if x != y:
            bad = 1
            print(f"{level}: {len(x)} and {len(y)} records")
            for one, other in [(p, q) for p, q in zip(x, y) if p != q][:3]:
                print("  ", [(p, q) for p, q in zip(one, other) if p != q])
    return bad


def read_upload(upload, store):
    """{level: (heads, [(key, village, cells)])} of the accepted rows."""
    db = sqlite3.connect(store)
    files = {}
    for level in LEVELS:
        rows = db.execute(
            f'SELECT t."_key", t."_psu", s.file, s.no FROM "{level}" AS t'
            ' JOIN source AS s ON s.row = t."_row" ORDER BY t."_row"').fetchall()
        table = []
        for key, village, name, no in rows:
            if name not in files:
                with open(os.path.join(upload, name), encoding="utf-8-sig", newline="") as stream:
                    files[name] = list(csv.reader(stream))
            table.append((key, village, files[name][int(no) - 1]))
        heads = files[rows[0][2]][0]
        files_level = (heads, table)
        yield level, files_level


def write_csv(folder, name, rows):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def pick(heads, cells, unwanted):
    """Heads and cells without the columns whose head holds one of the words."""
    keep = [i for i, h in enumerate(heads) if not any(u in h for u in unwanted)]
    return [heads[i] for i in keep], [cells[i] if i < len(cells) else "" for i in keep]


def forms(data, out):
    for level, (heads, table) in data.items():
        if level in CHILD.values():
            continue
        child_heads, children = data.get(CHILD.get(level), ([], []))
        rows = [["调查表（模拟）"]]
        for key, _, cells in table:
            cells = cells + [""] * (len(heads) - len(cells))
            for i in range(0, len(heads), 3):
                rows.append([x for pair in zip(heads[i:i + 3], cells[i:i + 3]) for x in pair])
            below = [c for k, _, c in children if k.rsplit("-", 1)[0] == key or k == key]
            if below:
                inner = ["村代码", "村名", "户编号"]
                rows.append(pick(child_heads, child_heads, inner)[0])
                rows += [pick(child_heads, c, inner)[1] for c in below]
        write_csv(out, f"{level}.csv", rows)


def titles(data, out, names):
    for level, (heads, table) in data.items():
        rows = [["汇总表（模拟）"]]
        village = None
        for _, at, cells in table:
            inner = ["村代码", "村名"]
            if at != village:
                village = at
                if at:
                    rows.append([f"村名：{names[at]}　填表人：甲"])
                rows.append(pick(heads, heads, inner)[0] if at else heads)
            rows.append(pick(heads, cells, inner)[1] if at else cells)
        write_csv(out, f"{level}.csv", rows)


def beside(data, out):
    for name, pair in (("a", ["households", "villages"]), ("b", ["members"]), ("c", ["counties"]),
                       ("d", ["brands"])):
        parts = [[data[p][0]] + [c for _, _, c in data[p][1]] for p in pair]
        widths = [max(map(len, part)) for part in parts]
        rows = []
        for i in range(max(map(len, parts))):
            row = []
            for part, width in zip(parts, widths):
                cells = part[i] if i < len(part) else []
                row += cells + [""] * (width + 1 - len(cells))
            rows.append(row)
        write_csv(out, f"{name}.csv", rows)


def pages(data, out):
    for level, (heads, table) in data.items():
        rows = "".join(
            "<tr>" + "".join("<td>" + html.escape(c).replace("\n", "<br>") for c in row) + "</tr>\n"
            for row in [heads] + [c for _, _, c in table])
        text = f"<html><meta charset=gb2312><body><table border=1>{rows}</table></body></html>"
        with open(os.path.join(out, f"{level}.xls"), "w", encoding="gb18030") as stream:
            stream.write(text.replace("\n", "\r\n"))


def xmlss(data, out):
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    with open(os.path.join(out, "全部.xls"), "w", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
                     f'<Workbook xmlns="{space}" xmlns:ss="{space}">\n')
        for level, (heads, table) in data.items():
            stream.write(f'<Worksheet ss:Name="{level}"><Table>\n')
            for row in [heads] + [c for _, _, c in table]:
                stream.write("<Row>" + "".join(
                    f'<Cell ss:Index="{i + 1}"><Data ss:Type="String">{html.escape(c)}</Data></Cell>'
                    for i, c in enumerate(row) if c) + "</Row>\n")
            stream.write("</Table></Worksheet>\n")
        stream.write("</Workbook>\n")


def ods(data, out):
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    text = [f'<?xml version="1.0" encoding="UTF-8"?><office:document-content'
            f' xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0"'
            f' xmlns:text="{space}text:1.0"><office:body><office:spreadsheet>']
    for level, (heads, table) in data.items():
        text.append(f'<table:table table:name="{level}">')
        for row in [heads] + [c for _, _, c in table]:
            text.append("<table:table-row>" + "".join(
                '<table:table-cell office:value-type="string">'
                + "".join(f"<text:p>{html.escape(line)}</text:p>" for line in c.splitlines())
                + "</table:table-cell>" for c in row)
                + '<table:table-cell table:number-columns-repeated="900"/></table:table-row>')
        text.append('<table:table-row table:number-rows-repeated="1040000"><table:table-cell/>'
                    '</table:table-row></table:table>')
    text.append("</office:spreadsheet></office:body></office:document-content>")
    with zipfile.ZipFile(os.path.join(out, "全部.ods"), "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        z.writestr("content.xml", "".join(text))


def main():
    if sys.argv[1] == "same":
        return same(sys.argv[2], sys.argv[3])
    style, upload, store, out = sys.argv[1:5]
    os.makedirs(out)
    data = dict(read_upload(upload, store))
    if style == "titles":
        villages = data["villages"]
        column = next(i for i, h in enumerate(villages[0]) if "村名" in h)
        titles(data, out, {v: cells[column] for _, v, cells in villages[1]})
    else:
        {"forms": forms, "beside": beside, "html": pages, "xmlss": xmlss, "ods": ods}[style](data, out)
    return 0


sys.exit(main())
