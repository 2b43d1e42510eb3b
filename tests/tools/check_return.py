#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check_return.py RETURN.xlsx CLEAN.db [OWN.xlsx]

A return workbook, read with nothing but zipfile and an XML parser: every part is well-formed and
no two have one name; rows stand in their order; no cell is a formula; the list has one line for
each problem that the county is asked about; in the cell that a line points to stands what the line
says, and it is coloured and has a note.  With OWN, the county's own cells are all as they were."""
import re
import sqlite3
import sys
import xml.etree.ElementTree as ET
import zipfile

from answer_return import MAIN, REL, Book, lines

COLOURS = {"FFFFB3B3", "FFFFE0B3"}
failures = 0


def fail(*what):
    global failures
    failures += 1
    if failures < 20:
        print(*what)


def fills(book):
    """The fill colour of each cell format."""
    styles = ET.fromstring(book.parts["xl/styles.xml"])
    colours = []
    for fill in styles.find(MAIN + "fills"):
        colour = fill.find(f"{MAIN}patternFill/{MAIN}fgColor")
        colours.append(None if colour is None else colour.get("rgb"))
    formats = styles.find(MAIN + "cellXfs")
    if int(formats.get("count")) != len(formats):
        fail("cellXfs: count")
    return [colours[int(xf.get("fillId", 0))] for xf in formats]


def related(book, part, kind):
    folder, name = part.rsplit("/", 1)
    relations = f"{folder}/_rels/{name}.rels"
    for r in ET.fromstring(book.parts[relations]) if relations in book.parts else ():
        if r.get("Type").endswith("/" + kind):
            path = (r.get("Target") if r.get("Target")[0] == "/" else
                    "/" + folder + "/" + r.get("Target"))
            while "/../" in path:
                path = re.sub(r"/[^/]+/\.\./", "/", path, count=1)
            if path[1:] not in book.parts:
                fail("relation to nothing", part, path)
            return path[1:]
    return None


def notes(book, sheet):
    part = related(book, book.sheets[sheet], "comments")
    related(book, book.sheets[sheet], "vmlDrawing")
    return {} if part is None else {
        c.get("ref"): "".join(t.text or "" for t in c.iter(MAIN + "t"))
        for c in ET.fromstring(book.parts[part]).iter(MAIN + "comment")}


def check_package(path, book):
    with zipfile.ZipFile(path) as z:
        names = z.namelist()
    if len(names) != len(set(names)):
        fail("a part twice")
    types = ET.fromstring(book.parts["[Content_Types].xml"])
    for t in types:
        if t.get("PartName") and t.get("PartName")[1:] not in book.parts:
            fail("type of nothing", t.get("PartName"))
    for name in names:
        owner = re.sub(r"_rels/([^/]*)\.rels$", r"\1", name)
        if owner != name and owner and owner not in book.parts and name != "_rels/.rels":
            fail("relations of nothing", name)
    selected = 0
    for sheet in book.sheets:
        rows = [int(r.get("r")) for r in book.tree(sheet).iter(MAIN + "row")]
        if rows != sorted(set(rows)):
            fail("rows out of order", sheet)
        for view in book.tree(sheet).iter(MAIN + "sheetView"):
            selected += view.get("tabSelected") == "1"
    if selected != 1:
        fail("sheets in sight:", selected)


def check_lines(book, asked):
    columns, found = lines(book)
    if len(found) != asked:
        fail("lines", len(found), "asked", asked)
    colour, cache = fills(book), {}
    first = "已核实的内容" not in book.sheets  # else the list may speak of a corrected value
    for no, cells in found:
        tab = cells.get(columns["所在表"])
        if not tab:
            if cells[columns["种类"]] not in ("file_duplicate", "file_type", "file_corrupt",
                                              "file_encrypted", "file_empty"):
                fail("not shown:", no, cells)
            continue
        if tab not in cache:
            cache[tab] = ({c.get("r"): c for c in book.tree(tab).iter(MAIN + "c")},
                          notes(book, tab))
        there, noted = cache[tab]
        ref = cells[columns["单元格"]]
        cell = there.get(ref)
        text = "" if cell is None else book.text(cell)
        if text != cells.get(columns["原表内容"], "") and cells.get(columns["题名"]):
            fail("shown", no, tab, ref, text)
        if first and cells.get(columns["题名"]) and text != cells.get(columns["原来填的"], ""):
            fail("text", no, tab, ref, text, cells.get(columns["原来填的"]))
        if cell is not None and colour[int(cell.get("s", 0))] not in COLOURS:
            fail("colour", no, tab, ref)
        if ref not in noted or not noted[ref].strip():
            fail("no note", no, tab, ref)
        if not cells.get(columns["问题"]) or not cells.get(columns["应怎样填"]):
            fail("no advice", no, cells[columns["种类"]])


def check_own(book, own):
    for sheet in own.sheets:
        was = {c.get("r"): own.text(c) for c in own.tree(sheet).iter(MAIN + "c")}
        now = {c.get("r"): book.text(c) for c in book.tree(sheet).iter(MAIN + "c")}
        for ref in was.keys() | now.keys():
            if was.get(ref, "") != now.get(ref, ""):
                fail("changed", sheet, ref, was.get(ref), now.get(ref))


def main():
    book = Book(sys.argv[1])
    check_package(sys.argv[1], book)
    for sheet in book.sheets:
        if any(True for _ in book.tree(sheet).iter(MAIN + "f")):
            fail("formula in", sheet)
    clean = sqlite3.connect(sys.argv[2])
    asked, = clean.execute("SELECT COUNT(*) FROM problem WHERE class IN"
                           " ('returned', 'held', 'file')").fetchone()
    check_lines(book, asked)
    if len(sys.argv) > 3:
        check_own(book, Book(sys.argv[3]))
    print(asked, "lines,", failures, "failures")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
