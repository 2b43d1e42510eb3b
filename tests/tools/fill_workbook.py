#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""fill_workbook.py EMPTY.xlsx FILLED.xlsx QUESTIONNAIRES ANSWERS COUNTY

Types the answers of one county into the workbook that the county was given, as a person would:
below the heads, texts of choices where there is a list, codes where several may be chosen, true
dates and numbers, in each column's own format.  Only households whose answers are whole.  Prints
how many records each sheet got."""
import csv
import datetime
import os
import re
import sys
import xml.etree.ElementTree as ET
import zipfile

sys.path.insert(0, os.path.dirname(__file__))
import clean_from_answers as answers_rules

MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
ET.register_namespace('', MAIN)
ET.register_namespace('r', REL)
HEAD_ROW = 4
# Asked only after another answer: a blank may be right.
HANGS = {'v_startup', 'v_ws_workers', 'v_train_p', 'c_train_cert', 'c_fund_train'}


def questionnaire(path):
    """name -> (head, type, {code: label}) of a one-file CSV."""
    sheet, heads, rows = None, None, {'survey': [], 'choices': [], 'settings': []}
    for line in csv.reader(open(path, encoding='utf-8')):
        if line and line[0]:
            sheet, heads = line[0], None
        elif heads is None:
            heads = line[1:]
        else:
            rows[sheet].append(dict(zip(heads, line[1:])))
    lists = {}
    for c in rows['choices']:
        lists.setdefault(c['list_name'], {})[c['name']] = c['label']
    out = {}
    for q in rows['survey']:
        kind, _, name = q['type'].partition(' ')
        caption = q['short'] or q['label']
        unit = q['unit']
        head = caption if not unit or unit in caption else f'{caption}\n（{unit}）'
        if kind.startswith(('begin', 'end')):
            continue
        out[q['name']] = (head, kind, lists.get(name, {}))
    return out


def whole_households(answers, county):
    def rows(name):
        return [r for r in csv.DictReader(open(os.path.join(answers, name), encoding='utf-8-sig'))]

    def whole(record, optional):
        for name, value in record.items():
            if name in answers_rules.NOT_QUESTIONS or name in optional or value:
                continue
            asked = answers_rules.ASKED.get(name)
            if asked is None or (record.get(asked[0]) and asked[1](record[asked[0]])):
                return False
        return True

    optional = answers_rules.OPTIONAL | answers_rules.CALCULATED | {'m_wage_year', 'remit'}
    members = {}
    for m in rows('members.csv'):
        members.setdefault(m['key'], []).append(m)
    households = []
    for h in rows('households.csv'):
        mine = members.get(h['key'], [])
        if h['county'] == county and whole(h, optional) and h['resp_name'] and \
                all(whole(m, optional) for m in mine) and len(mine) == int(h['labour_cnt']) and \
                (int(h['n_out'] or 0) == 0 or h['remit']):
            households.append(h)
    chosen = {h['key']: h for h in households}
    people = [dict(m, county=county, village_code=chosen[m['key']]['village_code'],
                   village_name=chosen[m['key']]['village_name'], hh_no=chosen[m['key']]['hh_no'])
              for h in households for m in members.get(h['key'], [])]
    return households, people


def cell(reference, style, kind, choices, value):
    element = ET.Element(f'{{{MAIN}}}c', {'r': reference})
    if style:
        element.set('s', style)
    if kind in ('integer', 'decimal', 'range'):
        ET.SubElement(element, f'{{{MAIN}}}v').text = value
    elif kind == 'date':
        day = datetime.date.fromisoformat(value) - datetime.date(1899, 12, 30)
        ET.SubElement(element, f'{{{MAIN}}}v').text = str(day.days)
    else:
        element.set('t', 'inlineStr')
        text = ET.SubElement(ET.SubElement(element, f'{{{MAIN}}}is'), f'{{{MAIN}}}t')
        text.text = choices[value] if kind == 'select_one' else value
    return element


def column_number(letters):
    n = 0
    for letter in letters:
        n = n * 26 + ord(letter) - 64
    return n


def fill_sheet(xml, strings, questions, records):
    root = ET.fromstring(xml)
    styles = {}
    for col in root.iter(f'{{{MAIN}}}col'):
        for n in range(int(col.get('min')), int(col.get('max')) + 1):
            styles[n] = col.get('style')
    data = root.find(f'{{{MAIN}}}sheetData')
    rows = {int(r.get('r')): r for r in data}
    by_head = {head: name for name, (head, _, _) in questions.items()}
    columns = []
    for c in rows[HEAD_ROW]:
        letters = re.match('[A-Z]+', c.get('r')).group()
        columns.append((letters, by_head[strings[int(c.find(f'{{{MAIN}}}v').text)]]))
    for i, record in enumerate(records):
        number = HEAD_ROW + 1 + i
        if number not in rows:
            rows[number] = ET.SubElement(data, f'{{{MAIN}}}row', {'r': str(number)})
        row = rows[number]
        cells = {c.get('r'): c for c in row}
        for letters, name in columns:
            _, kind, choices = questions[name]
            reference = f'{letters}{number}'
            if record.get(name) and not (reference in cells and len(cells[reference])):
                cells[reference] = cell(reference, styles.get(column_number(letters)), kind,
                                        choices, record[name])
        for c in list(row):
            row.remove(c)
        row.extend(sorted(cells.values(),
                          key=lambda c: column_number(re.match('[A-Z]+', c.get('r')).group())))
        row.attrib.pop('spans', None)
    dimension = root.find(f'{{{MAIN}}}dimension')
    if dimension is not None:
        root.remove(dimension)
    return ET.tostring(root, encoding='UTF-8', xml_declaration=True)


def main():
    empty, filled, forms, answers, county = sys.argv[1:6]

    def own(name):
        return [r for r in csv.DictReader(open(os.path.join(answers, name), encoding='utf-8-sig'))
                if r['county'] == county]

    households, members = whole_households(answers, county)
    villages, counties, brands = own('villages.csv'), own('counties.csv'), own('brands.csv')
    for record in villages + counties + brands:
        for name, value in record.items():  # what was sent back in the answers
            if not value and name in answers_rules.INTEGERS | answers_rules.DECIMALS and \
                    name not in answers_rules.CALCULATED and name not in HANGS:
                record[name] = '1'
    sheets = {'住户': ('07-household', households), '劳动力成员': ('07-household', members),
              '样本村': ('07-village', villages), '县（市）': ('07-county', counties),
              '劳务品牌': ('07-county', brands)}
    with zipfile.ZipFile(empty) as book, zipfile.ZipFile(filled, 'w', zipfile.ZIP_DEFLATED) as out:
        strings = [''.join(t.text or '' for t in si.iter(f'{{{MAIN}}}t'))
                   for si in ET.fromstring(book.read('xl/sharedStrings.xml'))]
        names = {}
        relations = {r.get('Id'): r.get('Target')
                     for r in ET.fromstring(book.read('xl/_rels/workbook.xml.rels'))}
        for s in ET.fromstring(book.read('xl/workbook.xml')).iter(f'{{{MAIN}}}sheet'):
            names['xl/' + relations[s.get(f'{{{REL}}}id')]] = s.get('name')
        for entry in book.namelist():
            content = book.read(entry)
            if names.get(entry) in sheets:
                form, records = sheets[names[entry]]
                content = fill_sheet(content, strings, questionnaire(
                    os.path.join(forms, form + '.csv')), records)
                print(names[entry], len(records))
            out.writestr(entry, content)


if __name__ == "__main__":
    main()
