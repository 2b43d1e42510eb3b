#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""personal_values.py ANSWERS: every personal value of the field data that is long enough to be
told from ordinary text (telephones, identity numbers, names of three characters), a line each.
Names of two characters are left out: they occur in ordinary words."""
import csv
import sys

PERSONAL = ("resp_name", "phone", "m_name", "m_id", "c_phone")
found = set()
for name in ("households", "members", "villages", "counties"):
    with open("%s/%s.csv" % (sys.argv[1], name), encoding="utf-8-sig", newline="") as f:
        for row in csv.DictReader(f):
            found.update(row[p] for p in PERSONAL if len(row.get(p) or "") >= 3)
print("\n".join(sorted(found)))
