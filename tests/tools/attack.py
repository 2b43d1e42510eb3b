#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""attack.py [-c CONTRASTS_CSV] TOPIC_CSV PUBLISHED_CSV TALLY_DB...

Tries to work out what a published table hides, knowing all that a reader can know: every printed
number exactly; that wholes are the sums of their domains and of crossings of them, counties' of their
zones'; how the indicators of a level hang together (the answers to a question, several of them at
once, means, sums of money and their parts: every linear relation that the records obey); that a ratio
is a sum divided by another, a share of n cases a whole number of them; printed differences; and that
numbers of cases, and sums of what is never negative, are not below 0.  What is left is a linear
programme; the least and the greatest value of every hidden number by GLPK (glpsol) are what the
reader knows of it.  Found is
  - a number of cases below n_withhold that can be only one number, or no n_withhold or more;
  - an answer of fewer, or of all but fewer, of personal levels that can be only one number;
  - a sum of a confidential level that one or two units make, that is bounded closer than the p% rule
    allows (dominance_p of the largest, less what the units beyond the two largest have);
  - any other number that was hidden for these (mark s) and can be only one.
The tallies say what the records are.  Their weights are taken to be known to the reader."""
import array
import collections
import csv
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

PRIME = 2**31 - 1


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def sheets(path):
    """The sheets of a topic or plan workbook: name -> list of dicts."""
    found, heads, at = {}, None, None
    with open(path, encoding="utf-8-sig", newline="") as f:
        for row in csv.reader(f):
            if row and row[0]:
                at, heads = found.setdefault(row[0], []), None
            elif at is not None and heads is None:
                heads = row[1:]
            elif at is not None and any(row):
                at.append(dict(zip(heads, row[1:])))
    return found


class Topic:
    def __init__(self, path):
        plan = os.path.join(os.path.dirname(os.path.dirname(path)), "plan.csv")
        self.rules = {"n_withhold": "3", "dominance_k": "0.85", "dominance_p": "0.15", "confidential_levels": ""}
        book = {}
        for book in ([sheets(plan)] if os.path.exists(plan) else []) + [sheets(path)]:
            self.rules.update({r["name"]: r["value"] for r in book.get("rules", []) + book.get("design", [])})
        self.levels = {r["level"]: r for r in book["instruments"]}
        self.domains = {r["name"]: r for r in book.get("domains", [])}
        self.level_of = {r["name"]: r["level"] for r in book["indicators"]}
        self.least = float(self.rules["n_withhold"])
        self.k, self.p = float(self.rules["dominance_k"]), float(self.rules["dominance_p"])

    def factors(self, domain):
        if domain == "all":
            return []
        d = self.domains[domain]
        return d["column"].split() if d["source"] == "cross" else [domain]

    def of_psus(self, domain):
        return all(self.domains[f]["source"] != "question" for f in self.factors(domain))

    def level(self, indicator):
        return self.level_of.get(indicator) or self.level_of[indicator.split(".")[0]]

    def is_confidential(self, level):
        return level in self.rules["confidential_levels"].split()

    def is_personal(self, level):
        return self.levels[level]["unit"] in ("人", "户") or self.is_confidential(level)


class Records:
    """The records of a level: sets of them are bits of a number."""

    def __init__(self, topic, level, paths):
        self.count, self.weights, self.y, self.x = 0, [], {}, {}
        self.entries = collections.defaultdict(int)  # (domain, value) -> records
        self.entries["all", "all"] = 0
        self.attributes = {}
        for path in paths:
            with sqlite3.connect(path) as db:
                self.read(topic, level, db)

    def read(self, topic, level, db):
        def column(kind, blob):
            return array.array(kind, blob) if blob is not None else None
        groups = {i: (d, v) for i, d, v in db.execute("SELECT id, domain, value FROM records_of")}
        psu = {i: code.split("\x1f")[0] for i, code in db.execute("SELECT id, code FROM unit")}
        for p, name, value in db.execute("SELECT psu, name, value FROM attribute"):
            self.attributes.setdefault(p, {})[name] = value
        for part, w, firsts, cells, units, of in db.execute(
                "SELECT part, weights, firsts, cells, units, groups FROM part WHERE level = ?", (level,)).fetchall():
            w, firsts, cells = column("d", w), column("i", firsts), column("i", cells)
            units, of = column("i", units), column("i", of)
            places = [list(self.places(topic, groups[g], self.attributes.get(psu[u], {}))) for u, g in zip(units, of)]
            for i in range(len(w)):
                for c in cells[firsts[i]:firsts[i + 1]]:
                    for place in places[c]:
                        self.entries[place] |= 1 << (self.count + i)
            for name, y, x in db.execute("SELECT indicator, y, x FROM figure WHERE part = ?", (part,)):
                if topic.level(name) != level:
                    continue
                y, x = column("d", y), column("d", x)
                for i in range(len(w)):
                    if y[i] == y[i] and w[i] != 0:
                        self.y.setdefault(name, {})[self.count + i] = y[i]
                        self.x.setdefault(name, {})[self.count + i] = x[i] if x else 1.0
            self.weights += w
            self.count += len(w)

    @staticmethod
    def places(topic, group, attributes):
        """Entries that the records of a group in a unit of the sample are in."""
        if group[0] == "all":
            yield "all", "all"
        for d in topic.domains:
            rest, parts = group[1].split(" "), []
            if group[0] != ("all" if topic.of_psus(d) else d):
                continue
            if topic.factors(d) == [d] and not topic.of_psus(d):
                yield d, group[1]
                continue
            for f in topic.factors(d):
                own = topic.domains[f]["source"] != "question"
                parts.append(attributes.get(f, "") if own else rest.pop(0) if rest else "")
            if all(parts):
                yield d, " ".join(parts)


def bits(numbers):
    """The set of these records."""
    s = bytearray((max(numbers, default=0) >> 3) + 1)
    for i in numbers:
        s[i >> 3] |= 1 << (i & 7)
    return int.from_bytes(s, "little")


class Quantity:
    """A number for every record: 1 for each case, or a sum of money."""

    def __init__(self, values, counts):
        self.values, self.counts = values, counts
        self.records = bits(list(values))
        self.among = [self.records] if counts else []  # cases of the indicators that it is the sum of
        self.signed = any(v < 0 for v in values.values())
        self.sums = {}

    def at(self, key, records):
        if key not in self.sums:
            among = self.records & records
            self.sums[key] = bin(among).count("1") if self.counts else \
                sum(v for r, v in self.values.items() if among >> r & 1)
        return self.sums[key]


class Level:
    """Unknowns are (quantity, entry); `known` has those printed, `equations` what relates them."""

    def __init__(self, topic, name, table, paths, contrasts):
        self.topic, self.name, self.table = topic, name, table
        self.records = Records(topic, name, paths)
        self.quantities, self.by_values, self.of = [], {}, {}
        self.known, self.targets, self.equations, self.ratios = set(), {}, [], []
        self.at_most = set()  # pairs of unknowns, the first not more than the second
        for indicator, stat in {(r["indicator"], r["stat"]) for r in table}:
            self.add(indicator, stat)
        self.entries = sorted({(r["level"], r["domain"]) for r in table})
        self.shown = {(r["indicator"], r["level"], r["domain"]): bool(r["estimate"]) for r in table}
        for r in table:
            self.read(r)
        for c in contrasts:
            self.read_contrast(c)

    def quantity(self, values, counts):
        key = (counts, tuple(sorted(values.items())))
        if key not in self.by_values:
            self.by_values[key] = len(self.quantities)
            self.quantities.append(Quantity(values, counts))
        return self.by_values[key]

    def add(self, name, stat):
        """The quantities that an indicator is made of: cases, then what is printed of them."""
        y, x, w = self.records.y.get(name, {}), self.records.x.get(name, {}), self.records.weights
        cases = self.quantity(dict.fromkeys(y, 1), True)
        value = base = None
        answers = set(y.values()) <= {0, 1}
        if stat in ("prop", "fgt0") or stat in ("total", "mean") and answers:
            value = self.quantity({r: 1 for r, v in y.items() if v}, True)
        elif stat in ("total", "mean", "ratio"):
            value = self.quantity({r: w[r] * v for r, v in y.items() if v}, False)
            if stat == "ratio":
                base = self.quantity({r: w[r] * v for r, v in x.items() if v}, False)
        for q in (value, base):
            if q is not None and not self.quantities[q].counts:
                self.quantities[q].among.append(self.quantities[cases].records)
        self.of[name] = (stat, cases, value, base)

    def at(self, quantity, entry):
        return self.quantities[quantity].at(entry, self.records.entries[entry])

    def read(self, row):
        name, entry = row["indicator"], (row["level"], row["domain"])
        stat, cases, value, base = self.of[name]
        n = self.at(cases, entry)
        if value not in (None, cases) and self.quantities[value].counts:
            self.at_most.add(((value, entry), (cases, entry)))
        if row["n"]:
            if int(row["n"]) != n:
                sys.exit(f"{name} {entry}: {row['n']} cases, the tallies have {n}")
            self.known.add((cases, entry))
        elif n:
            self.target(cases, entry, "cases" if n < self.topic.least else "other", row)
        if value is None:
            return
        if row["estimate"]:
            self.print_value(name, entry, float(row["estimate"]))
        elif row["mark"] in ("s", "x"):
            self.hide_value(name, entry, row)

    def print_value(self, name, entry, printed):
        stat, cases, value, base = self.of[name]
        if stat == "ratio":
            self.ratios.append(({(value, entry): 1, (base, entry): -printed}, 0))
        else:
            self.known.add((value, entry))

    def hide_value(self, name, entry, row):
        stat, cases, value, base = self.of[name]
        n, v = self.at(cases, entry), self.at(value, entry)
        if self.quantities[value].counts:
            few = 0 < v < self.topic.least or stat != "fgt0" and 0 < n - v < self.topic.least
            if few and self.topic.is_personal(self.name):
                self.target(value, entry, "answers", row)
            elif row["mark"] == "s" and v:
                self.target(value, entry, "other", row)
            return
        if self.topic.is_confidential(self.name) and self.need(value, entry) is not None:
            self.target(value, entry, "sum", row)
        elif row["mark"] == "s" and stat != "ratio" and v:
            self.target(value, entry, "other", row)
        if base is not None and self.topic.is_confidential(self.name) and self.need(base, entry) is not None:
            self.target(base, entry, "sum", row)

    def need(self, quantity, entry):
        """How far above its true value a sum must be able to be; None: nobody dominates it."""
        records, q = self.records.entries[entry], self.quantities[quantity]
        sizes = sorted((abs(v) for r, v in q.values.items() if records >> r & 1), reverse=True)
        if not sizes:
            return None
        one, two, rest = sizes[0], sum(sizes[1:2]), sum(sizes[2:])
        dominates = one + two > self.topic.k * (one + two + rest) or rest < self.topic.p * one
        return max(self.topic.p * one - rest, 0) if dominates else None

    def target(self, quantity, entry, kind, row):
        order = ("cases", "answers", "sum", "other")
        old = self.targets.get((quantity, entry))
        if old is None or order.index(kind) < order.index(old[0]):
            self.targets[quantity, entry] = (kind, f"{row['indicator']} {row['level']} {row['domain']} ({kind})")

    def read_contrast(self, c):
        """With one of the two printed the other is."""
        a, b = (c["level"], c["domain_a"]), (c["level"], c["domain_b"])
        b = ("all", "all") if b[1] == "all" else b
        value = self.of[c["indicator"]][2]
        if value is None:
            return
        for one, other in ((a, b), (b, a)):
            if self.shown.get((c["indicator"], *one)) and not self.shown.get((c["indicator"], *other), True):
                self.known.add((value, other))

    # ---- what adds up ----------------------------------------------------------------------------

    def nested(self, fine, coarse):
        """Value of a coarse domain of the frame by value of a fine one; None: it does not lie in it."""
        of = {}
        if not (self.topic.of_psus(fine) and self.topic.of_psus(coarse)):
            return None
        for a in self.records.attributes.values():
            if fine in a and coarse in a and of.setdefault(a[fine], a[coarse]) != a[coarse]:
                return None
        return of

    def values_of(self, entry):
        """What is said of the records of an entry, one value a factor, coarser ones of the frame too."""
        factors = self.topic.factors(entry[0])
        said = dict(zip(factors, entry[1].split(" ") if len(factors) > 1 else [entry[1]]))
        for f in factors:
            for d in self.topic.domains:
                if d not in said and self.topic.factors(d) == [d] and (f, d) in self.coarse:
                    said[d] = self.coarse[f, d].get(said[f])
        return said

    def add_domains(self):
        single = [d for d in self.topic.domains if self.topic.factors(d) == [d]]
        self.coarse = {(f, c): self.nested(f, c) for f in single for c in single if f != c}
        self.coarse = {k: v for k, v in self.coarse.items() if v}
        said = {e: self.values_of(e) for e in self.entries}
        by_domain = collections.defaultdict(list)
        for e in self.entries:
            by_domain[e[0]].append(e)
        for total in self.entries:
            mine = {f: said[total][f] for f in self.topic.factors(total[0])}
            for domain, entries in by_domain.items():
                parts = [e for e in entries if all(said[e].get(f) == v for f, v in mine.items())]
                if domain == total[0] or not parts:
                    continue
                for q in range(len(self.quantities)):
                    self.add_sum(q, total, parts)

    def add_sum(self, q, total, parts):
        """Where the cases of the parts come to those of the total."""
        for among in self.quantities[q].among:
            whole = among & self.records.entries[total]
            if sum(bin(among & self.records.entries[p]).count("1") for p in parts) == bin(whole).count("1"):
                self.equations.append(({(q, total): 1, **{(q, p): -1 for p in parts}}, 0))
                return

    def add_relations(self):
        """The linear relations between quantities that all records obey, in every entry.  Numbers of
        records and sums are in one system; what few records would happen to obey is not looked for."""
        if self.records.count < 2 * len(self.quantities):
            return
        columns = [{r: round(v * 10**6) % PRIME for r, v in q.values.items()} for q in self.quantities]
        basis = []  # of combinations: (pivot record, column, which quantities)
        for q, column in enumerate(columns):
            column, which = dict(column), {q: 1}
            for pivot, other, others in basis:
                f = column.get(pivot, 0)
                if f:
                    for r, v in other.items():
                        column[r] = (column.get(r, 0) - f * v) % PRIME
                    for k, v in others.items():
                        which[k] = (which.get(k, 0) - f * v) % PRIME
            column = {r: v for r, v in column.items() if v}
            if column:
                pivot = next(iter(column))
                f = pow(column[pivot], -1, PRIME)
                basis.append((pivot, {r: v * f % PRIME for r, v in column.items()},
                              {k: v * f % PRIME for k, v in which.items()}))
            else:
                self.add_relation({k: v for k, v in which.items() if v})

    def add_relation(self, which):
        coefficients = {k: small_fraction(v) for k, v in which.items()}
        if None not in coefficients.values():
            for e in self.entries:
                self.equations.append(({(k, e): v for k, v in coefficients.items()}, 0))

    def add_answers(self):
        """The cases of a domain by an answer are those with the answer, in every entry."""
        masks = {q.records: i for i, q in enumerate(self.quantities) if q.counts}
        said = {frozenset(self.parts(e).items()): e for e in self.entries}
        for d, v in self.entries:
            if d == "all" or self.topic.of_psus(d) or len(self.topic.factors(d)) > 1:
                continue
            for i, q in enumerate(self.quantities):
                among = q.records & self.records.entries[d, v]
                hits = masks.get(among) if q.counts else None
                if hits is None or not among:
                    continue
                for e in self.entries:
                    part = said.get(frozenset({**self.parts(e), d: v}.items()))
                    if part and d not in self.parts(e):
                        self.equations.append(({(i, part): 1, (hits, e): -1}, 0))

    def parts(self, entry):
        factors = self.topic.factors(entry[0])
        return dict(zip(factors, entry[1].split(" ") if len(factors) > 1 else [entry[1]]))

    # ---- the programme ---------------------------------------------------------------------------

    def systems(self):
        """Equations in unknowns only, in groups that have nothing to do with each other."""
        parent = {}

        def find(c):
            while parent.setdefault(c, c) != c:
                parent[c] = parent[parent[c]]
                c = parent[c]
            return c
        seen, left = set(), []
        rows = [(c, "=", right) for c, right in self.equations + self.ratios]
        for coefficients, sign, right in rows + [({a: 1, b: -1}, "<=", 0) for a, b in sorted(self.at_most)]:
            unknown = {}
            for c, k in coefficients.items():
                if c in self.known or self.at(*c) == 0:
                    right -= k * self.at(*c)
                elif k:
                    unknown[c] = k
            key = (frozenset(unknown.items()), sign)
            if not unknown or key in seen:
                continue
            seen.add(key)
            left.append((unknown, sign, right))
            first = find(next(iter(unknown)))
            for c in unknown:
                parent[find(c)] = first
        groups = collections.defaultdict(list)
        for row in left:
            groups[find(next(iter(row[0])))].append(row)
        return groups.values()

    def attack(self):
        self.add_domains()
        self.add_relations()
        self.add_answers()
        found = [t[1] + ": printed" for c, t in self.targets.items() if c in self.known]
        for system in self.systems():
            unknown = sorted({c for e, _, _ in system for c in e})
            program = Program(self, system, unknown)
            wanted = [c for c in unknown if c in self.targets]
            program.look_around(lambda: [c for c in wanted if self.judge(program, c)])
            for c in wanted:
                if self.judge(program, c):
                    program.look_at(c)
                found += self.judge(program, c)
        return found

    def judge(self, program, c):
        """Nothing, or what is found of a number between its least and greatest values seen so far."""
        kind, label = self.targets[c]
        value, (low, high) = self.at(*c), program.seen[c]
        text = f"{label}: {value:.9g} is between {low:.9g} and {high:.9g}"
        if high - low < (0.999 if self.quantities[c[0]].counts else 1e-6 * max(1, abs(value))):
            return [text + ", only one number"]
        if kind == "cases" and high < self.topic.least - 1e-6:
            return [text]
        if kind == "sum" and high - value < self.need(*c) * (1 - 1e-6):
            return [text + f", must be at least {self.need(*c):g} more"]
        return []


class Program:
    """What is possible under a system: solutions at the corners, for directions at random and then up
    and down for each unknown of which those do not show enough."""
    def __init__(self, level, system, unknown):
        self.unknown, self.seen = unknown, {c: (level.at(*c), level.at(*c)) for c in unknown}
        # Sums are of any size: each unknown is a multiple of its true value's size, rows of their largest term.
        self.size = {c: 1.0 if level.quantities[c[0]].counts else max(abs(level.at(*c)), 1e-9) for c in unknown}
        names, lines = {c: f"x{i}" for i, c in enumerate(unknown)}, []
        for coefficients, sign, right in system:
            scale = max(abs(k) * self.size[c] for c, k in coefficients.items())
            terms = " ".join(f"{k * self.size[c] / scale:+.15g} {names[c]}" for c, k in coefficients.items())
            lines.append(f"{terms} {sign} {right / scale:.15g}")
        lines.append("Bounds")
        for c in unknown:
            q = level.quantities[c[0]]
            lines.append(f"{names[c]} free" if q.signed else f"{names[c]} >= {1 if q.counts else 0}")
        self.text = "Subject To\n" + "\n".join(lines) + "\nEnd\n"
        self.random = random.Random(1)

    def look_around(self, doubtful):
        """As long as it shows half of those in doubt to be safe."""
        left, before = doubtful(), float("inf")
        while 0 < len(left) <= before / 2 or len(left) > 8 and before == float("inf"):
            before = len(left)
            among = set(left)
            for way in (1, -1, 0, 0):
                self.solve([(way or self.random.choice((-3, -2, -1, 1, 2, 3))) if c in among else 0 for c in self.unknown])
            left = doubtful()

    def look_at(self, c):
        for way in (1, -1):
            if not self.solve([way if c == other else 0 for other in self.unknown]):
                low, high = self.seen[c]
                self.seen[c] = (low, float("inf")) if way > 0 else (float("-inf"), high)

    def solve(self, direction):
        """Goes as far as possible in the direction; False when there is no end of it."""
        with tempfile.TemporaryDirectory() as folder:
            program, solution = os.path.join(folder, "lp"), os.path.join(folder, "solution")
            with open(program, "w") as f:
                terms = "\n".join(f"{way:+d} x{i}" for i, way in enumerate(direction))
                f.write(f"Maximize\nvalue: {terms}\n{self.text}")
            said = subprocess.run(["glpsol", "--lp", program, "-w", solution], capture_output=True, text=True, check=True)
            with open(solution) as f:
                lines = [line.split() for line in f]
        status = next(words[4:6] for words in lines if words[0] == "s")
        if status != ["f", "f"]:
            if status[0] != "f" and "NO DUAL FEASIBLE" not in said.stdout and "UNBOUNDED" not in said.stdout:
                sys.exit(said.stdout)
            return False
        for words in lines:
            if words[0] == "j":
                c = self.unknown[int(words[1]) - 1]
                value, (low, high) = float(words[3]) * self.size[c], self.seen[c]
                self.seen[c] = min(low, value), max(high, value)
        return True


def small_fraction(residue):
    """The fraction with small numbers that a residue modulo PRIME stands for; None: none."""
    r0, r1, t0, t1 = PRIME, residue % PRIME, 0, 1
    while r1 > 30000:
        r0, r1, t0, t1 = r1, r0 % r1, t1, t0 - r0 // r1 * t1
    return r1 / t1 if t1 and abs(t1) <= 30000 else None


def main():
    args = sys.argv[1:]
    contrasts = []
    if args[0] == "-c":
        contrasts, args = rows(args[1]), args[2:]
    topic, published, paths = Topic(args[0]), rows(args[1]), args[2:]
    found, hidden = [], 0
    for name in topic.levels:
        table = [r for r in published if topic.level(r["indicator"]) == name]
        if not table:
            continue
        level = Level(topic, name, table, paths, [c for c in contrasts if topic.level(c["indicator"]) == name])
        found += level.attack()
        hidden += len(level.targets)
    for f in found:
        print("found:", f)
    print(f"{hidden} hidden numbers, {len(found)} found")
    return 1 if found or not hidden else 0


if __name__ == "__main__":
    sys.exit(main())
