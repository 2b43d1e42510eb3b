// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opens an XForm in ODK Web Forms in headless Chromium, fills it in as a person would and writes
// what the page then shows.
//
//   npm install @getodk/web-forms@0.22.0 vue@3 puppeteer-core     (in a folder outside the project)
//   node browser.mjs <that folder> <chromium> <xform> <steps> [picture.png] > browser.csv
//
// A line of steps: type|label|text, choose|label|option, shown|label (yes or no), says|text (yes or
// no: the text stands on the page).
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [modules, chromium, form, stepsFile, picture] = process.argv.slice(2);
const require = createRequire(join(modules, 'package.json'));
const puppeteer = require('puppeteer-core');
const page = `<!doctype html><meta charset="utf-8"><div id="app"></div>
<script type="importmap">{"imports": {"vue": "/node_modules/vue/dist/vue.esm-browser.prod.js"}}</script>
<script type="module">
import { createApp, h } from 'vue';
import { OdkWebForm, webFormsPlugin } from '/node_modules/@getodk/web-forms/dist/index.js';
const formXml = await (await fetch('/form.xml')).text();
const app = createApp({ render: () => h(OdkWebForm, { formXml, missingResourceBehavior: 'BLANK',
  fetchFormAttachment: async () => new Response('', { status: 404 }) }) });
app.use(webFormsPlugin);
app.mount('#app');
</script>`;
const types = { js: 'text/javascript', xml: 'application/xml', css: 'text/css' };
const server = createServer((request, response) => {
  const path = request.url.split('?')[0];
  const file = path === '/form.xml' ? form : join(modules, path);
  if (path === '/') return response.setHeader('content-type', 'text/html') && response.end(page);
  if (path.includes('..') || !existsSync(file)) return response.writeHead(404).end();
  response.setHeader('content-type', types[file.split('.').pop()] ?? 'application/octet-stream');
  response.end(readFileSync(file));
}).listen(0, '127.0.0.1');
await new Promise((ready) => server.once('listening', ready));

const browser = await puppeteer.launch({ executablePath: chromium, headless: true,
  args: ['--no-sandbox', '--lang=zh-CN'] });
const tab = await browser.newPage();
await tab.setViewport({ width: 900, height: 1200 });
tab.on('pageerror', (error) => console.error('page:', error.message));
await tab.goto(`http://127.0.0.1:${server.address().port}/`);
await tab.waitForSelector('.question-container, .p-message-error', { timeout: 30000 });

// The box of the question whose text contains the label; null when it is not shown.
const question = (label) => tab.evaluateHandle((text) => [...document.querySelectorAll('.question-container')]
  .find((q) => q.innerText.includes(text) && q.offsetParent), label).then((h) => h.asElement());
const settle = () => new Promise((done) => setTimeout(done, 250));

async function run([what, label, text]) {
  if (what === 'says')
    return (await tab.evaluate((t) => document.body.innerText.includes(t), label)) ? 'yes' : 'no';
  const box = await question(label);
  if (what === 'shown') return box ? 'yes' : 'no';
  if (!box) return 'absent';
  if (what === 'type') {
    const input = await box.$('input, textarea');
    await input.click({ count: 3 });
    await input.type(text);
    await tab.keyboard.press('Tab');
  } else {
    const option = await box.evaluateHandle((q, t) => [...q.querySelectorAll('label')]
      .find((l) => l.innerText.trim() === t), text);
    if (!option.asElement()) return 'no option';
    await option.asElement().click();
  }
  await settle();
  return 'done';
}

console.log('step,label,text,result');
for (const line of readFileSync(stepsFile, 'utf8').trim().split('\n')) {
  const step = line.split('|');
  console.log([step[0], step[1], step[2] ?? '', await run(step)].join(','));
}
if (picture) await tab.screenshot({ path: picture, fullPage: true });
await browser.close();
server.close();
