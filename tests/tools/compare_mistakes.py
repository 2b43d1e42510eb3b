#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""compare_mistakes.py FORM MISTAKES.json FOLDER

Whether `form` refuses the questionnaires that pyxform refuses, naming the same row.  What we do
otherwise, and why, stands in DIFFERENCES."""
import json
import re
import subprocess
import sys

DIFFERENCES = {
    'dup_case': 'names in two cases are one column in a store',
    'bad_xpath': 'pyxform leaves expressions to the phone',
    'bad_xpath2': 'pyxform leaves expressions to the phone',
    'unknown_function': 'pyxform leaves expressions to the phone',
    'cycle_calc': 'pyxform leaves cycles to the phone',
    'self_ref_relevant': 'pyxform leaves cycles to the phone',
    'dup_header': 'pyxform takes the last of two columns of one name',
    'osm': 'not in use in the field: it needs another app',
    'ref_space': 'blanks inside ${ name } do no harm',
    'dup_header_alias': 'an old name of a column is told and left out',
    'save_to_no_entities': 'entities are told and left out',
}
ELSEWHERE = {'ref_ambiguous': 'the second of the names is told, not who refers to it',
             'wrong_end': 'the end is told, not the beginning'}
program, cases, folder = sys.argv[1:]
wrong = both = 0
for case in json.load(open(cases, encoding='utf-8')):
    path = f'{folder}/mistake.csv'
    with open(path, 'w', encoding='utf-8') as f:
        f.write(case['workbook'])
    got = subprocess.run([program, '-x', f'{folder}/mistake.xml', path], capture_output=True, text=True)
    if got.returncode not in (0, 1):
        print(case['name'], 'exit', got.returncode, got.stderr)
        wrong += 1
        continue
    refused = got.returncode == 1
    if refused != bool(case['pyxform']):
        if case['name'] not in DIFFERENCES:
            print(case['name'], 'pyxform:', case['pyxform'], '\n  here:', got.stderr)
            wrong += 1
        continue
    if case['name'] in DIFFERENCES:
        print(case['name'], 'differs no more')
        wrong += 1
    at = re.match(r"\[row : (\d+)\](?: On the '(\w+)' sheet)?", case['pyxform'])
    if refused and at:
        lines = case['workbook'].split('\n')
        row = int(at[1]) + lines.index(at[2] or 'survey') + 1 + (at[2] == 'settings')
        both += 1
        if f'第{row}行' not in got.stderr and case['name'] not in ELSEWHERE:
            print(case['name'], f'row {row}:', case['pyxform'], '\n  here:', got.stderr)
            wrong += 1
print(both, 'with the same row,', wrong, 'wrong')
sys.exit(1 if wrong or both < 40 else 0)
