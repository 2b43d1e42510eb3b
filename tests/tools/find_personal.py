#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""find_personal.py ANSWERS FILE...: prints every telephone and identity number, and every name of
three characters and more, of the field data that stands in one of the files; exit 1 when one does.

Stores are read cell by cell (numbers too), workbooks and archives member by member, all others
(.pdf as pdftotext gives them) as text.  Numbers are looked for as they are written and without
blanks and hyphens, full-width or not.  A return workbook (returns/<county>.xlsx) may hold what
stands in its own county's raw shard (work/<county>.raw.db)."""
import csv
import os
import re
import sqlite3
import subprocess
import sys
import unicodedata
import zipfile

PERSONAL = ("resp_name", "phone", "m_name", "m_id", "c_phone")
HAN = re.compile("[\u4e00-\u9fff]{3,}")
RUN = re.compile("[0-9]{11,}[Xx]?")
GAP = re.compile(r"(?<=[0-9])[ \u00a0\u3000-](?=[0-9Xx])")


def plain(text):
    return GAP.sub("", unicodedata.normalize("NFKC", text)).upper()


def values(answers):
    """From the records, and from what was received instead."""
    found = set()
    ordinary = set()
    for name in ("households", "members", "villages", "counties"):
        with open(f"{answers}/{name}.csv", encoding="utf-8-sig", newline="") as f:
            for row in csv.DictReader(f):
                for k, v in row.items():
                    v = v or ""
                    if k not in PERSONAL:
                        ordinary.update(HAN.findall(v))
                    elif len(v) >= 3:
                        found.add(plain(v))
    with open(f"{answers}/problems.csv", encoding="utf-8-sig", newline="") as f:
        for row in csv.DictReader(f):
            v = plain(row["original"])
            if row["field"] in PERSONAL and (HAN.fullmatch(v) or RUN.fullmatch(v)):
                found.add(v)
    # A name that is an ordinary word, or part of one, tells nothing.
    words = "\n".join(ordinary)
    return {v for v in found if v not in words}


def cells(blob):
    """The texts of a packed row (formats/cells.h), without control characters."""
    at = 0
    while at < len(blob):
        empty = blob[at:at + 1] == b"e"
        size = shift = 0
        at += 1
        while True:
            size |= (blob[at] & 127) << shift
            shift += 7
            at += 1
            if blob[at - 1] < 128:
                break
        size = 0 if empty else size
        text = blob[at:at + size].decode("utf-8", "replace")
        yield "".join(c for c in text if unicodedata.category(c) != "Cc")
        at += size


def texts(path):
    if path.endswith(".db"):
        db = sqlite3.connect(path)
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in db.execute(f'SELECT * FROM "{table}"'):
                for v in row:
                    if not isinstance(v, bytes):
                        yield str(v)
                    elif table == "row":
                        yield from cells(v)
    elif path.endswith((".xlsx", ".zip")):
        with zipfile.ZipFile(path) as z:
            for member in z.namelist():
                yield re.sub("<[^>]*>", "\n", z.read(member).decode("utf-8", "replace"))
    elif path.endswith(".pdf"):
        yield subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True,
                             text=True).stdout
    # The bytes themselves too: what a store has deleted must not stand there either.
    with open(path, "rb") as f:
        yield f.read().decode("utf-8", "replace")


def search(text, wanted):
    for part in (text, plain(text)):
        for run in RUN.findall(part):
            if run.upper() in wanted:
                yield run.upper()
    for run in HAN.findall(text):
        for n in (3, 4):
            for i in range(len(run) - n + 1):
                if run[i:i + n] in wanted:
                    yield run[i:i + n]


def main():
    wanted = values(sys.argv[1])
    numbers = sum(v[:1].isdigit() for v in wanted)
    bad = 0
    for path in sys.argv[2:]:
        folder, name = os.path.split(path)
        own = os.path.join(folder, "../work", name[:6] + ".raw.db")
        seen = {v for text in texts(path) for v in search(text, wanted)}
        if os.path.basename(folder) == "returns" and os.path.exists(own):
            seen -= {v for text in texts(own) for v in search(text, wanted)}
        for v in sorted(seen):
            print(f"{path}: {v}")
        bad += len(seen)
    print(f"{numbers} numbers and {len(wanted) - numbers} names looked for in"
          f" {len(sys.argv) - 2} files: {bad} found")
    sys.exit(1 if bad or not numbers or len(sys.argv) < 3 else 0)


main()
