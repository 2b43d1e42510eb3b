#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares two XForms after putting both into one canonical form.

    compare_xforms.py wanted.xml got.xml

Exit 0 when they say the same, 1 after a list of the differences.  What counts as the same:
  - the order of attributes, of translations, of texts in a translation, of secondary instances;
    everything else (nodes, binds, actions, controls, items) must stand in the same order;
  - white space in expressions outside string literals, except between two words; white space at
    the ends of texts, runs of it inside;
  - Chinese and ASCII quotation marks in texts: pyxform rewrites them, we keep them;
  - the two texts that or_other adds: 其他 for Other, 请注明 for Specify other.
"""
import re
import sys
import xml.etree.ElementTree as ET

EXPRESSIONS = {'nodeset', 'ref', 'calculate', 'relevant', 'constraint', 'required', 'readonly',
               'value', 'count', 'query'}
OURS = {'其他': 'Other', '请注明': 'Specify other.'}
QUOTES = str.maketrans({'“': '"', '”': '"', '‘': "'", '’': "'"})


def expression(text):
    parts = re.split(r"('[^']*'|\"[^\"]*\")", text)
    for i in range(0, len(parts), 2):
        part = re.sub(r'\s+', ' ', parts[i])
        parts[i] = re.sub(r' ?([()\[\],=<>!+*|]) ?', r'\1', part)
    return ''.join(parts).strip()


def words(text):
    return re.sub(r'\s+', ' ', text or '').translate(QUOTES)


def local(name):
    return name.split('}')[-1]


def attribute(name, value):
    return expression(value) if local(name) in EXPRESSIONS else words(value).strip()


def content(element):
    """Texts and children in order, texts stripped at the element's ends."""
    out = [words(element.text)]
    for child in element:
        out.append(child)
        out.append(words(child.tail))
    if len(element) and all(not t.strip() for t in out[::2]):
        return [c for c in element]
    out[0] = out[0].lstrip()
    out[-1] = out[-1].rstrip()
    return [OURS.get(o, o) if isinstance(o, str) else o for o in out if not (o == '')]


def flat(element, path, lines):
    """One line for every element, attribute and text."""
    name = path + '/' + local(element.tag)
    for key in sorted(element.attrib):
        lines.append(f'{name} @{key} = {attribute(key, element.attrib[key])}')
    if not element.attrib:
        lines.append(name)
    for part in content(element):
        if isinstance(part, str):
            lines.append(f'{name} : {part}')
        else:
            flat(part, name, lines)


def identity(element):
    kind = local(element.tag)
    if kind in ('text', 'translation', 'instance', 'value'):
        return element.get('id') or element.get('lang') or element.get('form') or ''
    return ''


def sort_children(element, kinds):
    """Sorts those children of the kinds, which all stand together."""
    chosen = [c for c in element if local(c.tag) in kinds]
    if not chosen:
        return
    at = list(element).index(chosen[0])
    for c in chosen:
        element.remove(c)
    for i, c in enumerate(sorted(chosen, key=identity)):
        element.insert(at + i, c)


def canonical(path):
    root = ET.parse(path).getroot()
    for element in root.iter():
        kind = local(element.tag)
        if kind == 'model':
            sort_children(element, {'instance'})
        elif kind in ('itext', 'translation', 'text'):
            sort_children(element, {'translation', 'text', 'value'})
    lines = []
    flat(root, '', lines)
    return lines


def main():
    import difflib
    wanted, got = canonical(sys.argv[1]), canonical(sys.argv[2])
    differences = [d for d in difflib.unified_diff(wanted, got, 'wanted', 'got', lineterm='', n=0)]
    for d in differences:
        print(d)
    return 1 if differences else 0


if __name__ == '__main__':
    sys.exit(main())
