#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""compare_labelled.py RECORDS.csv SAV.csv DICTIONARY FILE.dta QUESTIONNAIRE.csv

Whether the data files for statistics programs hold the records and the questionnaire's labels:
SAV.csv is what PSPP's pspp-convert made of the .sav, DICTIONARY what PSPP's DISPLAY DICTIONARY
printed of it; pandas reads the .dta.  Prints the number of values compared."""
import csv
import datetime
import sys

import pandas

REASONS = dict(zip('smrbouc', range(-999999991, -999999998, -1)))
wrong = compared = 0


def differs(*what):
    global wrong
    wrong += 1
    if wrong <= 20:
        print('differs:', *what)


def sheets(path):
    name, heads, out = None, None, {}
    for line in csv.reader(open(path, encoding='utf-8')):
        if line and line[0]:
            name, heads, out[line[0]] = line[0], None, []
        elif heads is None:
            heads = line[1:]
        else:
            out[name].append(dict(zip(heads, line[1:])))
    return out


def same(wanted, got):
    try:
        return abs(float(wanted) - float(got)) <= 1e-9 * abs(float(wanted))
    except ValueError:
        return wanted.strip() == got.strip()


records_path, sav_path, dictionary, dta_path, questionnaire = sys.argv[1:]
records = list(csv.DictReader(open(records_path, encoding='utf-8-sig')))
sav = list(csv.DictReader(open(sav_path, encoding='utf-8-sig')))
dictionary = open(dictionary, encoding='utf-8').read()
book = sheets(questionnaire)
lists = {}
for c in book['choices']:
    lists.setdefault(c['list_name'], {})[c['name']] = c['label']
with pandas.io.stata.StataReader(dta_path) as reader:
    labels = reader.value_labels()
    captions = reader.variable_labels()
    dta = reader.read(convert_categoricals=False, convert_missing=True, convert_dates=False)
set_of = dict(zip(reader.varlist, reader.lbllist))
if not len(records) == len(sav) == len(dta) or not records:
    differs('rows', len(records), len(sav), len(dta))


def check(column, i, wanted, number):
    """One value in both files; a number that is missing has the same reason in both."""
    global compared
    compared += 1
    a, b = sav[i][column], dta[column].iloc[i]
    if wanted or not number:
        if column in dates:
            b = (datetime.date(1960, 1, 1) + datetime.timedelta(int(b))).isoformat()
        if len(a) == 10 and a[2] == '/':
            a = datetime.datetime.strptime(a, '%m/%d/%Y').date().isoformat()
        cut = wanted.encode()[:2045].decode(errors='ignore')
        if not same(cut, a) or not same(cut, str(b)):
            differs(column, i, wanted, a, b)
    elif str(b)[1:] in REASONS:
        if float(a) != REASONS[str(b)[1:]]:
            differs(column, i, 'reasons', a, b)
    elif a.strip() or str(b) != '.':
        differs(column, i, 'missing', a, b)


dates = {q['name'] for q in book['survey'] if q['type'] == 'date'}
for q in book['survey']:
    kind, _, choices = q['type'].partition(' ')
    name = q['name']
    if name and q.get('personal') and (name in sav[0] or name in dta.columns):
        differs(name, 'is personal')
    if name not in records[0]:
        continue
    if kind == 'select_multiple':
        for code in lists[choices]:
            for i, r in enumerate(records):
                wanted = str(int(code in r[name].split())) if r[name] else ''
                check(f'{name}_{code}', i, wanted, True)
        continue
    for i, r in enumerate(records):
        check(name, i, r[name], kind in ('integer', 'decimal', 'select_one', 'calculate', 'date'))
    if q['label'] and captions[name] != q['label'][:80]:
        differs(name, 'label', captions[name])
    if q['label'] and q['label'] not in dictionary:
        differs(name, 'label in the .sav')
    if kind == 'select_one' and set_of[name]:
        got = labels[set_of[name]]
        for code, label in lists[choices].items():
            if got.get(int(code)) != label:
                differs(name, code, label, got.get(int(code)))
            if label not in dictionary:
                differs(name, code, label, 'in the .sav')
for i, r in enumerate(records):
    for column in ('key', 'weight', 'src_file', 'src_row', 'src_simulated'):
        if column in r:
            check(column, i, r[column], column == 'weight')
print(compared, 'values compared,', wrong, 'differ')
sys.exit(1 if wrong or compared < 300 else 0)
