#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""answer_return.py RETURN.xlsx OUT.xlsx FIELD KIND COLUMN TEXT [FIELD KIND COLUMN TEXT ...]

Does what a county does with its return workbook: writes TEXT into COLUMN (改为 or 核实说明) of the
first line of 回填单 with that question and kind that has no answer yet.  COLUMN 原表 writes over
the cell in question in the sheet that shows it.  Prints the line's key and what stood there.
FIELD - stands for every line that is about a question; its KIND is not looked at."""
import sys
import xml.etree.ElementTree as ET
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class Book:
    def __init__(self, path):
        with zipfile.ZipFile(path) as z:
            self.parts = {n: z.read(n) for n in z.namelist()}
        for name, data in self.parts.items():
            if name.endswith((".xml", ".rels", ".vml")):
                ET.fromstring(data)
        self.strings = []
        if "xl/sharedStrings.xml" in self.parts:
            for si in ET.fromstring(self.parts["xl/sharedStrings.xml"]).iter(MAIN + "si"):
                self.strings.append("".join(t.text or "" for t in si.iter(MAIN + "t")))
        targets = {r.get("Id"): r.get("Target")
                   for r in ET.fromstring(self.parts["xl/_rels/workbook.xml.rels"])}
        self.sheets = {}
        for s in ET.fromstring(self.parts["xl/workbook.xml"]).find(MAIN + "sheets"):
            t = targets[s.get(REL + "id")]
            self.sheets[s.get("name")] = t[1:] if t.startswith("/") else "xl/" + t
        self.trees = {}

    def tree(self, sheet):
        if sheet not in self.trees:
            self.trees[sheet] = ET.fromstring(self.parts[self.sheets[sheet]])
        return self.trees[sheet]

    def cell(self, sheet, ref):
        for c in self.tree(sheet).iter(MAIN + "c"):
            if c.get("r") == ref:
                return c
        row = "".join(ch for ch in ref if ch.isdigit())
        for r in self.tree(sheet).iter(MAIN + "row"):
            if r.get("r") == row:
                return ET.SubElement(r, MAIN + "c", {"r": ref})
        raise KeyError(ref)

    def text(self, cell):
        inline, value = cell.find(MAIN + "is"), cell.find(MAIN + "v")
        if inline is not None:
            return "".join(t.text or "" for t in inline.iter(MAIN + "t"))
        if value is None:
            return ""
        return self.strings[int(value.text)] if cell.get("t") == "s" else value.text or ""

    def put(self, sheet, ref, text):
        cell = self.cell(sheet, ref)
        for child in list(cell):
            cell.remove(child)
        cell.set("t", "inlineStr")
        ET.SubElement(ET.SubElement(cell, MAIN + "is"), MAIN + "t").text = text

    def rows(self, sheet):
        for r in self.tree(sheet).iter(MAIN + "row"):
            cells = {c.get("r").rstrip("0123456789"): self.text(c) for c in r.iter(MAIN + "c")}
            yield r.get("r"), cells

    def save(self, path):
        for sheet, tree in self.trees.items():
            self.parts[self.sheets[sheet]] = ET.tostring(tree, "utf-8", xml_declaration=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
            for name, data in self.parts.items():
                z.writestr(name, data)


def lines(book):
    """The heads' columns, and the lines below them."""
    columns, found = {}, []
    for no, cells in book.rows("回填单"):
        if not columns:
            heads = {text: letters for letters, text in cells.items()}
            columns = heads if "核实说明" in heads and "题名" in heads else {}
        elif cells.get(columns["文件全名"]):
            found.append((no, cells))
    return columns, found


def main():
    book = Book(sys.argv[1])
    columns, found = lines(book)
    taken = set()
    for i in range(3, len(sys.argv), 4):
        field, kind, column, text = sys.argv[i:i + 4]
        for no, cells in found:
            asked = cells.get(columns["题名"], "")
            every = field == "-" and asked
            if no in taken or not (every or (asked == field and cells[columns["种类"]] == kind)):
                continue
            taken.add(no)
            if column == "原表":
                book.put(cells[columns["所在表"]], cells[columns["单元格"]], text)
            else:
                book.put("回填单", columns[column] + no, text)
            print(cells[columns["记录（编号）"]], cells.get(columns["原来填的"], ""), sep="\t")
            if not every:
                break
        else:
            if field == "-":
                continue
            sys.exit(f"no line for {field} {kind}")
    book.save(sys.argv[2])


if __name__ == "__main__":
    main()
