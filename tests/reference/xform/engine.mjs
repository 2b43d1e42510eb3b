// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fills in XForms with ODK Web Forms' engine and writes what it answered.
//
//   npm install @getodk/xforms-engine@0.22.0 jsdom      (in a folder outside the project)
//   node engine.mjs <that folder> <folder of the XForms> <folder of steps.csv and lists> > engine.csv
//
// steps.csv: set a question (path, repeats by [n]) to a value and look at the same or another one.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, forms, here] = process.argv.slice(2);
const require = createRequire(join(modules, 'package.json'));
const { JSDOM } = require('jsdom');
const dom = new JSDOM('<!doctype html><body></body>');
for (const name of ['window', 'document', 'DOMParser', 'XMLSerializer', 'Node', 'Element', 'Document',
  'Attr', 'Text', 'Comment', 'CDATASection', 'XMLDocument', 'XPathResult', 'ProcessingInstruction',
  'NodeFilter', 'CharacterData', 'HTMLElement'])
  if (!(name in globalThis)) globalThis[name] = name === 'window' ? dom.window : dom.window[name];
globalThis.__dirname = modules;
globalThis.require = require;
const path = join(modules, 'node_modules/@getodk/xforms-engine/dist/index.js');
const { loadForm } = await import(pathToFileURL(path));

const version = JSON.parse(readFileSync(join(modules,
  'node_modules/@getodk/xforms-engine/package.json'))).version;

async function open(form) {
  const result = await loadForm(readFileSync(join(forms, form + '.xml'), 'utf8'), {
    fetchFormAttachment: async (url) => {
      const name = String(url).split('/').pop();
      if (name === 'villages.csv')
        return new Response(readFileSync(join(here, name)), { headers: { 'content-type': 'text/csv' } });
      if (name === 'people.csv')
        return new Response('name,label\na,b\n', { headers: { 'content-type': 'text/csv' } });
      if (name === 'land.xml')
        return new Response('<root><item><name>a</name></item></root>',
          { headers: { 'content-type': 'text/xml' } });
      return new Response('', { status: 404 });
    },
    missingResourceBehavior: 'BLANK',
  });
  if (result.status === 'failure') throw result.error;
  return result.createInstance().root;
}

function* descendants(node) {
  yield node;
  for (const child of node.currentState.children ?? []) yield* descendants(child);
}
// "/data/member[1]/m_age": the engine writes references in the same way.
const find = (root, path) => {
  for (const node of descendants(root))
    if (node.currentState.reference === path && !node.nodeType.startsWith('repeat-range')) return node;
  for (const node of descendants(root))
    if (node.currentState.reference === path) return node;
  return null;
};

function set(node, text) {
  if (node.nodeType === 'select')
    return node.selectType === 'select1' ? node.selectValue(text) : node.selectValues(text.split(' '));
  if (node.nodeType === 'rank') return node.setValues(text.split(' '));
  return node.setValue(text);
}

function answer(node) {
  const s = node.currentState;
  const broken = node.validationState.violation;
  const texts = (v) => v == null ? '' : Array.isArray(v) ? v.join(' ') : String(v);
  const isRange = node.nodeType.startsWith('repeat-range');
  return {
    relevant: s.relevant ? 'yes' : 'no',
    verdict: broken ? broken.condition : 'ok',
    message: broken?.message?.asString ?? '',
    value: isRange ? '' : texts(node.nodeType === 'note' ? '' : s.instanceValue ?? s.value),
    label: s.label?.asString ?? '',
    options: isRange ? String(s.children.length)
      : (s.valueOptions ?? []).map((o) => o.label.asString).join('/'),
  };
}

const quote = (t) => /[",\n]/.test(t) ? `"${t.replaceAll('"', '""')}"` : t;
const [head, ...rows] = readFileSync(join(here, 'steps.csv'), 'utf8').trim().split('\n')
  .map((line) => line.split(','));
console.log([...head, 'relevant', 'verdict', 'message', 'answer', 'label', 'options'].join(','));
let name = null, root = null;
for (const [form, path, value, see] of rows) {
  if (form !== name) root = await open(name = form);
  let got;
  try {
    if (path) set(find(root, path), value);
    const node = find(root, see || path);
    got = node ? answer(node) : { relevant: 'absent' };
  } catch (error) {
    got = { relevant: 'error', message: String(error.message ?? error) };
  }
  console.log([form, path, value, see, got.relevant, got.verdict, got.message, got.value, got.label,
    got.options].map((t) => quote(String(t ?? ''))).join(','));
}
console.error(`@getodk/xforms-engine ${version}`);
process.exit(0);
