#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check_codebook.py CODEBOOK.xml QUESTIONNAIRE.csv

Whether a DDI-Codebook 2.5 document has the structure that the schema asks for (names, order and
number of the elements that we use, xs:ID and xs:IDREFS), and every variable, text and code of the
questionnaire.  The schema itself is not ours to keep here; tests/reference/xform/README.md says
when it was applied."""
import csv
import re
import sys
import xml.etree.ElementTree as ET

NS = '{ddi:codebook:2_5}'
# Children in the schema's order; ! exactly one, ? at most one, * any number.
ORDER = {
    'codeBook': 'docDscr* stdyDscr* fileDscr* dataDscr*', 'docDscr': 'citation?',
    'citation': 'titlStmt! rspStmt? verStmt*', 'titlStmt': 'titl! IDNo*', 'rspStmt': 'AuthEnty*',
    'verStmt': 'version?', 'stdyDscr': 'citation* stdyInfo* method*',
    'stdyInfo': 'abstract* sumDscr*',
    'sumDscr': 'timePrd* collDate* nation* geogCover* anlyUnit* universe* dataKind*',
    'method': 'dataColl*', 'dataColl': 'sampProc* collMode* resInstru*', 'fileDscr': 'fileTxt*',
    'fileTxt': 'fileName? fileCont? fileStrc? dimensns? fileType*', 'dimensns': 'varQnty*',
    'dataDscr': 'varGrp* var*', 'varGrp': 'labl*',
    'var': 'labl* security? qstn* valrng* universe* txt* catgry* codInstr? derivation? varFormat? notes*',
    'qstn': 'qstnLit* ivuInstr*', 'valrng': 'range*', 'catgry': 'catValu? labl*',
    'derivation': 'drvcmd*',
}


def questionnaire(path):
    sheet, heads, rows = None, None, {'survey': [], 'choices': [], 'settings': []}
    for line in csv.reader(open(path, encoding='utf-8')):
        if line and line[0]:
            sheet, heads = line[0], None
        elif heads is None:
            heads = line[1:]
        else:
            rows[sheet].append(dict(zip(heads, line[1:])))
    return rows


wrong = []
root = ET.parse(sys.argv[1]).getroot()
for element in root.iter():
    kind = element.tag.replace(NS, '')
    if not element.tag.startswith(NS):
        wrong.append(f'{element.tag} is of another namespace')
    names = ' '.join(c.tag.replace(NS, '') for c in element) + ' ' * bool(len(element))
    pattern = ''.join(f'(?:{p[:-1]} ){ {"!": "", "?": "?", "*": "*"}[p[-1]] }'
                      for p in ORDER.get(kind, '').split())
    if not re.fullmatch(pattern, names):
        wrong.append(f'{kind} {element.attrib}: {names}')
ids = [e.get('ID') for e in root.iter() if e.get('ID')]
if len(ids) != len(set(ids)) or not all(re.fullmatch(r'[^\W\d][\w.-]*', i) for i in ids):
    wrong.append('IDs are not unique names')
for e in root.iter():
    for reference in (e.get('files', '') + ' ' + e.get('var', '')).split():
        if reference not in ids:
            wrong.append(f'{reference} is nowhere')

rows = questionnaire(sys.argv[2])
lists = {}
for c in rows['choices']:
    lists.setdefault(c['list_name'], []).append((c['name'], c['label']))
variables = {v.get('name'): v for v in root.iter(NS + 'var')}
kept = [q for q in rows['survey'] if not q['type'].startswith(('begin', 'end')) and
        q['type'] not in ('start', 'deviceid', 'note')]
if list(variables) != [q['name'] for q in kept]:
    wrong.append('not the questionnaire\'s variables in order')
for q in kept:
    v = variables[q['name']]
    codes = [(c.find(NS + 'catValu').text, c.find(NS + 'labl').text) for c in v.iter(NS + 'catgry')]
    if codes != lists.get(q['type'].partition(' ')[2], []):
        wrong.append(f'{q["name"]}: other codes')
    literal = v.find(f'{NS}qstn/{NS}qstnLit')
    if (literal.text if literal is not None else '') != q['label']:
        wrong.append(f'{q["name"]}: another question')
    if (v.find(NS + 'security') is not None) != (q['personal'] == 'yes'):
        wrong.append(f'{q["name"]}: personal or not')
print('\n'.join(wrong) or f'{len(variables)} variables')
sys.exit(1 if wrong else 0)
