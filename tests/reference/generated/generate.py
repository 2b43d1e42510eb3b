#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""generate.py [SEED]

Writes form.csv, a questionnaire whose calculations are expressions made at random, records.csv,
answers to it made at random, and steps.csv, which fills the form in and looks at every calculation
(tests/reference/xform/engine.mjs).  Expressions stay where XLSForm says what they mean: no number
is asked of a text that is none, but for empty answers.  Left out is what Web Forms and Collect do
differently (README.md)."""
import csv
import random
import sys

EXPRESSIONS, RECORDS, MEMBERS = 500, 10, 3
r = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 20250411)
DAYS = ['2024-02-29', '2024-12-31', '2025-01-01', '2025-04-11', '2025-07-31', '1999-10-05']
TEXTS = ['', '村', 'a', 'b c', ' x ', '姚坡村', 'A-12', '0370', '第3组', 'yes', '1', 'x1y2']


def pick(*makers):
    return r.choice(makers)()


def number(depth):
    if depth <= 0:
        return r.choice(['${n1}', '${n2}', '${d1}', '0', '1', '2', '7', '10', '100', '0.5', '2.25', '3.7'])
    d = depth - 1
    return pick(
        lambda: number(0),
        lambda: f"{number(d)} {r.choice(['+', '-', '*', 'div'])} {number(d)}",
        lambda: f"({number(d)} {r.choice(['+', '-', '*', 'div'])} {number(d)})",
        lambda: f"{whole(d)} mod {r.choice(['2', '3', '7', '10'])}",
        lambda: f"round(abs({number(d)}), {r.choice(['0', '1', '2'])})",
        lambda: f'round(abs({number(d)}))',
        lambda: f'int({number(d)})',
        lambda: f'abs({number(d)})',
        lambda: f'pow({number(0)}, 2)',
        lambda: f'number({number(d)})',
        lambda: f'if({truth(d)}, {number(d)}, {number(d)})',
        lambda: f"coalesce({r.choice(['${n1}', '${d1}', '${n2}'])}, {number(d)})",
        lambda: whole(d),
        lambda: f"{r.choice(['min', 'max'])}({solid(d)}, {solid(d)})",
        lambda: f"{items(0)}/price",
        lambda: f"sum(instance('crop')/root/item[price > 2{r.choice(['', ' or ' + condition(d)])}]/price)",
        lambda: f'count({items(d)})',
        lambda: f"if(${{g1}} != '' and ${{g2}} != '', round(distance(${{g1}}, {r.choice(['${g2}', '${g2}, ${g1}'])})), -1)",
        lambda: r.choice(['sum(${x})', 'min(${x})', 'max(${x})', 'sum(${x}) div count(${member})']))


def condition(depth):
    """What may stand in the brackets of a path into the list of crops."""
    return pick(
        lambda: f"price {r.choice(['<', '<=', '>', '>=', '=', '!='])} {r.choice(['${n1}', '3', '2.5', '${d1}'])}",
        lambda: f"kind {r.choice(['=', '!='])} {r.choice([quoted(), '${t1}'])}",
        lambda: 'name = ${crop}',
        lambda: 'selected(${m1}, kind)',
        lambda: "contains(label, '麦')",
        lambda: f"string-length(label) {r.choice(['>', '='])} 2",
        lambda: f'position() {r.choice(["=", "<", ">"])} {r.choice(["2", "${members}"])}',
        lambda: f"({condition(depth - 1)} {r.choice(['and', 'or'])} {condition(depth - 1)})" if depth > 0 else "kind = 'a'",
        lambda: f'not({condition(depth - 1)})' if depth > 0 else 'price < 5')


def items(depth):
    return f"instance('crop')/root/item[{condition(depth)}]" + (f'[{condition(0)}]' if r.random() < 0.1 else '')


def solid(depth):
    """Never empty: min(), max() and sum() skip what is no number in Collect, and not in Web Forms."""
    return pick(
        lambda: r.choice(['-3', '0', '2.5', '40', 'coalesce(${n1}, 4)', 'coalesce(${d1}, 0.5)', 'sum(${x})']),
        lambda: f'string-length({text(depth - 1)})',
        lambda: f"({solid(0)} {r.choice(['+', '-', '*'])} {solid(0)})")


def whole(depth):
    return pick(
        lambda: r.choice(['${n1}', '${n2}', '12', '5']),
        lambda: f'string-length({text(depth - 1)})',
        lambda: 'count-selected(${m1})',
        lambda: 'count(${member})',
        lambda: f"if({truth(depth - 1)}, {r.choice(['1', '4', '${n1}'])}, {r.choice(['0', '9'])})",
        lambda: f"checklist(1, 2, {truth(depth - 1)}, {truth(depth - 1)}) * 1")


def quoted():
    return "'" + r.choice(TEXTS) + "'"


def text(depth):
    if depth <= 0:
        return r.choice(['${t1}', '${t2}', '${s1}', '${m1}', quoted()])
    d = depth - 1
    return pick(
        lambda: text(0),
        lambda: f'concat({text(d)}, {text(d)})',
        lambda: f"concat({text(d)}, '-', {whole(0)})",
        lambda: f"substr({text(d)}, {r.choice(['0', '1', '2'])}, {r.choice(['1', '2', '4'])})",
        lambda: f"substr({text(d)}, {r.choice(['0', '1', '2'])})",
        lambda: f"selected-at(${{m1}}, {r.choice(['0', '1', '2'])})",
        lambda: f'if({truth(d)}, {text(d)}, {text(d)})',
        lambda: f'coalesce({text(0)}, {text(d)})',
        lambda: f"join('{r.choice([',', ' ', '、'])}', ${{y}})",
        lambda: f"translate({text(d)}, 'abc', 'ABC')",
        lambda: f"substring-before({text(d)}, '{r.choice(['-', 'b', '村'])}')",
        lambda: f"substring-after({text(d)}, '{r.choice(['-', 'b', '村'])}')",
        lambda: f'normalize-space({text(d)})',
        lambda: f'string({text(d)})',
        lambda: f"string({items(0)}/{r.choice(['label', 'name', 'kind'])})",
        lambda: f"join('{r.choice([',', ' '])}', {items(d)}/{r.choice(['label', 'name'])})",
        lambda: "string(instance('crop')/root/item[name = current()/../crop]/label)",
        lambda: f"digest({text(d)}, '{r.choice(['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'])}', '{r.choice(['hex', 'base64'])}')",
        lambda: f"digest({text(d)}, 'SHA-256')",
        lambda: "jr:choice-name(${s1}, '${s1}')",
        lambda: "jr:choice-name(selected-at(${m1}, 0), '${m1}')",
        lambda: f"format-date(date('{r.choice(DAYS)}'), '{r.choice(['%Y-%m-%d', '%e/%n/%y', '%d.%m.'])}')",
        lambda: f"indexed-repeat(${{y}}, ${{member}}, {r.choice(['1', '2', '3'])})")


def truth(depth):
    if depth <= 0:
        return r.choice(["selected(${m1}, 'a')", "selected(${m1}, '10')", "${s1} = '1'", "${t1} != ''",
                         "${n1} > ${n2}", '${n1} >= 3', "${t1} = ${t2}", "${d1} = ''", "${dt} <= date('2025-04-11')"])
    d = depth - 1
    return pick(
        lambda: truth(0),
        lambda: f"{number(d)} {r.choice(['<', '<=', '>', '>=', '=', '!='])} {number(d)}",
        lambda: f"{text(d)} {r.choice(['=', '!='])} {text(d)}",
        lambda: f"({truth(d)} {r.choice(['and', 'or'])} {truth(d)})",
        lambda: f'not({truth(d)})',
        lambda: f"regex({text(d)}, '{r.choice(['^[0-9]+$', '^[a-z ]*$', '^[A-Z]-[0-9]{2}$', '^.*村$', '^[0-9]{4}$'])}')",
        lambda: f"{items(0)}/kind = '{r.choice(['a', 'b', '村'])}'",
        lambda: f'count({items(d)}) > 0',
        lambda: f'contains({text(d)}, {quoted()})',
        lambda: f'starts-with({text(d)}, {quoted()})',
        lambda: f'boolean-from-string({quoted()})',
        lambda: f"${{dt}} {r.choice(['<', '>='])} date('{r.choice(DAYS)}')",
        lambda: f"decimal-date-time(${{dt}}) - decimal-date-time(date('{r.choice(DAYS)}')) > {r.choice(['0', '30', '400'])}",
        lambda: f"selected(${{m1}}, {r.choice(['${s1}', quoted()])})",
        lambda: f"checklist(1, 1, {truth(d)}, {truth(d)})")


QUESTIONS = [('integer', 'n1'), ('integer', 'n2'), ('decimal', 'd1'), ('text', 't1'), ('text', 't2'),
             ('select_one s', 's1'), ('select_multiple m', 'm1'), ('date', 'dt'), ('integer', 'members'),
             ('select_one crop', 'crop'), ('geopoint', 'g1'), ('geopoint', 'g2')]
CHOICES = [('s', '1', '是'), ('s', '2', '否'), ('s', '9', '说不清'),
           ('m', 'a', '甲'), ('m', 'b', '乙'), ('m', '10', '十'), ('m', '1', '一'),
           ('crop', 'wheat', '冬小麦', '2.5', 'a'), ('crop', 'maize', '玉米', '3', 'b'),
           ('crop', 'nuts', '花生', '7', 'a'), ('crop', 'tea', '信阳毛尖', '120', '1'),
           ('crop', 'oats', '燕麦', '5', '村')]
PLACES = ['31.7 114.9 0 0', '31.71 115.02 80.5 3', '34.75 113.62 0 5', '32.1234567 114.7654321 0 0']


def answer(kind, name):
    if name == 'members':
        return str(r.randint(1, MEMBERS))
    if kind != 'geopoint' and r.random() < 0.15:
        return ''
    if kind == 'geopoint':
        return r.choice(PLACES)
    if kind == 'integer':
        return str(r.choice([0, 1, 2, 3, 5, 12, -4, 250]))
    if kind == 'decimal':
        return r.choice(['0.5', '2.675', '-1.25', '10', '33.3'])
    if kind == 'date':
        return r.choice(DAYS)
    if kind == 'text':
        return r.choice(TEXTS).strip()
    codes = [c[1] for c in CHOICES if c[0] == kind.split()[1]]
    return r.choice(codes) if kind.startswith('select_one') else \
        ' '.join(c for c in codes if r.random() < 0.4)


with open('form.csv', 'w', newline='', encoding='utf-8') as f:
    out = csv.writer(f, lineterminator='\n')
    out.writerow(['survey'])
    out.writerow(['', 'type', 'name', 'label', 'calculation', 'repeat_count'])
    for kind, name in QUESTIONS:
        out.writerow(['', kind, name, name, '', ''])
    out.writerow(['', 'begin_repeat', 'member', 'member', '', '${members}'])
    out.writerow(['', 'integer', 'x', 'x', '', ''])
    out.writerow(['', 'text', 'y', 'y', '', ''])
    out.writerow(['', 'end_repeat', '', '', '', ''])
    for i in range(EXPRESSIONS):
        make = [number, text, truth][i % 3]
        out.writerow(['', 'calculate', f'c{i + 1}', '', make(3), ''])
    out.writerow(['choices'])
    out.writerow(['', 'list_name', 'name', 'label', 'price', 'kind'])
    for row in CHOICES:
        out.writerow(['', *row])
    out.writerow(['settings'])
    out.writerow(['', 'form_id', 'form_title'])
    out.writerow(['', 'generated', 'generated'])

with open('records.csv', 'w', newline='', encoding='utf-8') as f, \
        open('steps.csv', 'w', newline='', encoding='utf-8') as g:
    records, steps = (csv.writer(o, lineterminator='\n') for o in (f, g))
    records.writerow(['record', 'member', 'name', 'value'])
    steps.writerow(['form', 'set', 'value', 'see'])
    for i in range(1, RECORDS + 1):
        members = 0
        for kind, name in QUESTIONS:
            value = answer(kind, name)
            members = int(value) if name == 'members' else members
            if value:
                records.writerow([i, 0, name, value])
                steps.writerow([f'generated{i}', f'/data/{name}', value, ''])
        for m in range(1, members + 1):
            for kind, name in (('integer', 'x'), ('text', 'y')):
                value = answer(kind, name)
                if kind == 'integer' and not value:
                    value = '4'
                if value:
                    records.writerow([i, m, name, value])
                    steps.writerow([f'generated{i}', f'/data/member[{m}]/{name}', value, ''])
        for k in range(EXPRESSIONS):
            steps.writerow([f'generated{i}', '', '', f'/data/c{k + 1}'])
