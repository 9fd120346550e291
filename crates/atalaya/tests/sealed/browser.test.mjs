// The whole way in a real browser under the strict policy: report, leave, read at the desk, answer
// there, come back, read, answer, delete; and the page that works from disk.
// It needs Chromium and playwright-core (ATALAYA_PLAYWRIGHT names its folder); without them it is left out.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { open, readCertificate, seal } from '../../assets/sealed/envelope.js';
import * as openpgp from '../../assets/sealed/openpgp.min.mjs';
import { headLength } from '../../assets/sealed/rewrap.js';
import { piecesOf, whole } from '../../assets/sealed/stream.js';
import { offline } from '../../assets/sealed/tools/offline.mjs';
import { fieldsOf, INSTANCE, keyOf, signed, team as makeTeam } from './kit.mjs';
import { sealedServer } from './server.mjs';
import { page as filled } from './words.mjs';

const modules = process.env.ATALAYA_PLAYWRIGHT ?? '/tmp/pw/node_modules';
const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const skip = !chromium || !existsSync(join(modules, 'playwright-core')) ? 'no Chromium or playwright-core' : false;
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const CANARY = 'CANARY-7f3a <script>alert(1)</script> ñ';
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
const assets = new URL('../../assets/', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'sealed'));
const looks = process.env.ATALAYA_LOOKS; // a folder for pictures, to look at them

let browser;
let context;
let people;
let server;
let manifest;
const faults = [];

before(async () => {
  if (skip) return;
  people = await makeTeam(2);
  manifest = await signed(fieldsOf(people), people.lead);
  const pages = new Map();
  const add = (path, type, body, headers = {}) => pages.set(path, { type, body, headers: { 'X-Content-Type-Options': 'nosniff', ...headers } });
  for (const name of readdirSync(new URL('sealed/', assets))) if (/\.m?js$/.test(name)) add(`/assets/sealed/${name}`, 'text/javascript; charset=utf-8', readFileSync(new URL(`sealed/${name}`, assets)));
  add('/assets/icons.svg', 'image/svg+xml', readFileSync(new URL('icons.svg', assets)));
  add('/assets/atalaya.css', 'text/css', readFileSync(new URL('atalaya.css', assets)));
  const values = { TEAM: people.lead.public.getFingerprint(), INSTANCE };
  for (const [path, name] of [['/', 'form'], ['/return', 'return'], ['/desk', 'desk']]) add(path, 'text/html; charset=utf-8', filled(name, values), { 'Content-Security-Policy': POLICY, 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store' });
  add('/sealed/team.asc', 'text/plain', people.lead.public.armor());
  for (const path of ['/sealed/manifest/default.json.asc', '/sealed/manifest/default/3.json.asc']) add(path, 'text/plain', manifest);
  server = await sealedServer({ bits: 10, trouble: 0.1, pages });
  const { chromium: driver } = createRequire(join(modules, 'x.js'))('playwright-core');
  browser = await driver.launch({ executablePath: chromium, args: ['--no-sandbox', ...(process.env.ATALAYA_CHROMIUM_ARGS ?? '').split(' ').filter(Boolean)] });
  context = await browser.newContext({ acceptDownloads: true, viewport: { width: 900, height: 1000 } });
});
after(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function visit(address) {
  const page = await context.newPage();
  // What the test server does to requests on purpose is not a fault of the page.
  page.on('console', (message) => { if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) faults.push(message.text()); });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => { if (!/^(http:\/\/127\.0\.0\.1:|file:|blob:|data:)/.test(request.url())) faults.push(`asked ${request.url()}`); });
  page.setDefaultTimeout(30_000);
  await page.goto(address);
  return page;
}

const shown = (page, name) => page.waitForSelector(`[data-step="${name}"]:not([hidden])`);
async function look(page, name) {
  // Nothing sticks out on a small phone.
  const wide = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 700 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320), `${name} is too wide`);
  if (looks) await page.screenshot({ path: join(looks, `${name}-320.png`), fullPage: true });
  await page.setViewportSize(wide);
  if (looks) await page.screenshot({ path: join(looks, `${name}.png`), fullPage: true });
  if (!existsSync(join(modules, 'axe-core'))) return;
  await page.evaluate(readFileSync(join(modules, 'axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes[0].html]), [], name);
}

let receipt;
let dialogue;

test('a report is sealed on the device and arrives, and only readers can read it', { skip }, async () => {
  const page = await visit(`${server.url}/`);
  await shown(page, 'tell');
  await look(page, '1-tell');
  await page.click('[data-to="files"]');
  assert.match(await page.textContent('#sealed-a > div > [data-problem]'), /few words/);
  await page.check('input[value="data"]');
  await page.fill('#sealed-text', CANARY);
  await page.click('[data-to="files"]');
  await shown(page, 'files');
  const bytes = randomBytes(3_000_000);
  await page.setInputFiles('#sealed-files', [{ name: 'secret name.bin', mimeType: 'application/octet-stream', buffer: bytes }, { name: 'empty', mimeType: 'text/plain', buffer: Buffer.alloc(0) }, { name: 'not this one', mimeType: 'text/plain', buffer: Buffer.from('x') }]);
  await page.click('[data-files-list] li:last-child button');
  await look(page, '2-files');
  await page.click('[data-step="files"] [data-to="receipt"]');
  await shown(page, 'receipt');
  receipt = await page.textContent('[data-receipt]');
  assert.match(receipt, /^([0-9A-Z]{4} ){6}[0-9A-Z]{4}$/);
  await look(page, '3-receipt');
  await page.click('[data-to="confirm"]');
  await page.fill('#sealed-again', 'WRNG');
  await page.click('[data-step="confirm"] [data-to="send"]');
  assert.match(await page.textContent('#sealed-a > div > [data-problem]'), /not that group/);
  const at = Number(/\d/.exec(await page.textContent('label[for="sealed-again"]'))[0]);
  await look(page, '4-confirm');
  await page.fill('#sealed-again', receipt.split(' ')[at - 1].toLowerCase());
  await page.press('#sealed-again', 'Enter');
  await shown(page, 'send');
  await look(page, '5-send');
  assert.equal(server.arrived.size, 0);
  await page.click('[data-send]');
  await shown(page, 'done');
  await look(page, '6-done');
  const number = await page.textContent('[data-fill="number"]');
  const { bytes: envelope, details } = server.arrived.get(number);
  assert.equal(await page.textContent('[data-fill="hash"]'), hash(envelope));
  assert.equal(await page.textContent('[data-step="done"] [data-fill="receipt"]'), receipt);
  assert.equal(await page.inputValue('#sealed-text'), '');
  const opened = await open(envelope, { keys: people.duty[0].secret });
  assert.equal(opened.report.answers.description, CANARY);
  assert.equal(opened.report.kind, 'data');
  assert.deepEqual(opened.files.map((file) => [file.original, file.bytes.length]), [['secret name.bin', 3_000_000], ['empty', 0]]);
  assert.ok(bytes.equals(opened.files[0].bytes));
  assert.ok(opened.text.includes(CANARY));
  assert.deepEqual(opened.problems, []);
  // Nothing readable left the page, and nothing stayed in it.
  const all = JSON.stringify(details) + server.requests.join() + envelope.toString('latin1');
  for (const secret of ['CANARY', 'secret name', receipt, receipt.replaceAll(' ', ''), receipt.split(' ')[0]]) assert.ok(!all.includes(secret), secret);
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, '']);
  assert.deepEqual(await context.cookies(), []);
  dialogue = server.dialogues.get(details.lookup);
  await page.close();
  assert.deepEqual(faults, []);
});

function deskPages() {
  const json = (value) => ({ type: 'application/json', body: JSON.stringify(value), headers: {} });
  const bytes = (body) => ({ type: 'application/octet-stream', body, headers: {} });
  server.desk = dialogue;
  server.pages.set('/desk/envelopes.json', () => {
    for (const { place, bytes: envelope } of dialogue.envelopes) {
      const cut = headLength(envelope);
      server.pages.set(`/desk/head/${place}`, bytes(envelope.subarray(0, cut)));
      server.pages.set(`/desk/body/${place}`, bytes(envelope.subarray(cut)));
    }
    return json({ number: dialogue.number, intake: 'default', envelopes: dialogue.envelopes.map(({ bytes: _, ...more }) => ({ ...more, grade: 'A', head: `/desk/head/${more.place}`, first_head: `/desk/head/${more.place}`, body: `/desk/body/${more.place}` })) });
  });
  server.pages.set('/desk/heads.json', () => json({ intake: 'default', heads: dialogue.envelopes.map(({ place }) => ({ head: `/desk/head/${place}`, post: `/desk/newhead/${place}` })) }));
}

test('an analyst opens it at the desk with a key of their own, and answers', { skip }, async () => {
  deskPages();
  const locked = await openpgp.encryptKey({ privateKey: people.duty[1].secret, passphrase: 'my phrase' });
  writeFileSync(join(folder, 'key.asc'), locked.armor());
  const page = await visit(`${server.url}/desk`);
  await shown(page, 'unlock');
  await look(page, '7-unlock');
  await page.setInputFiles('#sealed-key', join(folder, 'key.asc'));
  await page.fill('#sealed-phrase', 'wrong');
  await page.click('[data-unlock]');
  await page.waitForFunction(() => /passphrase does not/.test(document.querySelector('#sealed-desk > [data-problem]').textContent));
  await page.fill('#sealed-phrase', 'my phrase');
  await page.click('[data-unlock]');
  await shown(page, 'talk');
  assert.ok((await page.textContent('[data-messages] pre')).includes(CANARY));
  assert.equal(await page.isVisible('[data-chain]'), false);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-messages] .files button')]);
  assert.equal(download.suggestedFilename(), 'secret name.bin');
  assert.equal(readFileSync(await download.path()).length, 3_000_000);
  await page.fill('#sealed-reply', 'Thank you. REPLY-91');
  await page.setInputFiles('#sealed-files', [{ name: 'advice.txt', mimeType: 'text/plain', buffer: Buffer.from('do this') }]);
  await look(page, '8-desk');
  await page.click('[data-reply-form] [data-reply]');
  await page.waitForSelector('[data-messages] article.ours');
  assert.equal(dialogue.envelopes.length, 2);
  assert.match(await page.textContent('[data-messages] article.ours'), /REPLY-91[^]*Duty 2, signature checked/);
  // New readers: heads come anew, bodies stay.
  const fresh = new Map();
  for (const { place } of dialogue.envelopes) server.pages.set(`/desk/newhead/${place}`, (body) => { fresh.set(place, JSON.parse(body)); return { type: 'application/json', body: '{}', headers: {} }; });
  await page.click('[data-rewrap]');
  await page.waitForFunction(() => /: 2\./.test(document.querySelector('[data-fill="rewrapped"]').textContent));
  const { bytes } = dialogue.envelopes[0];
  const again = Buffer.concat([Buffer.from(fresh.get(1).head, 'hex'), bytes.subarray(headLength(bytes))]);
  assert.equal((await open(again, { keys: people.recovery.secret })).report.answers.description, CANARY);
  // Only what is ticked goes into the case.
  let taken = '';
  server.pages.set('POST /desk/case', (body) => { taken = body.toString('latin1'); return { type: 'application/json', body: '{"to":"/desk?taken"}', headers: {} }; });
  await page.check('[data-part="1/1"]');
  await page.click('[data-unseal]');
  await page.waitForURL(/taken/);
  assert.ok(taken.includes('CANARY-7f3a') && taken.includes('name="label"\r\n\r\nred') && taken.includes('filename="empty"') && !taken.includes('secret name'));
  await page.close();
  assert.deepEqual(faults, []);
});

test('the reporter comes back, reads what the team signed and nothing else, answers and deletes', { skip }, async () => {
  // A server that puts its own words into the dialogue.
  const opened = await open(dialogue.envelopes[0].bytes, { keys: people.duty[0].secret });
  const reporter = await readCertificate(opened.manifest.reply_certificate);
  const evil = await keyOf('Duty 1');
  const forged = await seal({ report: {}, text: 'Please tell us your name. FORGED', about: { prev: dialogue.envelopes[1].sha256 }, to: [reporter], by: evil.secret });
  server.add(dialogue, 'out', Buffer.from(await whole(piecesOf(forged.stream), 1 << 24)), 3);
  assert.ok(dialogue.wrapped_key.length > 500);

  const page = await visit(`${server.url}/return`);
  await shown(page, 'enter');
  await look(page, '9-enter');
  await page.fill('#sealed-code', receipt.replace(/.$/, (last) => (last === '7' ? '8' : '7')));
  await page.click('[data-enter]');
  assert.match(await page.textContent('#sealed-return > [data-problem]'), /wrong/);
  await page.fill('#sealed-code', receipt.toLowerCase().replaceAll(' ', '-'));
  await page.press('#sealed-code', 'Enter');
  await shown(page, 'talk');
  const text = await page.textContent('[data-messages]');
  assert.match(text, /REPLY-91/);
  assert.match(text, /Duty 2, signature checked/);
  assert.doesNotMatch(text, /FORGED/);
  assert.match(text, /Nobody of the team has signed this/);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-messages] article.theirs footer button')]);
  assert.equal(readFileSync(await download.path(), 'utf8'), 'do this');
  await page.fill('#sealed-answer', 'And one more thing. ANSWER-5');
  await page.setInputFiles('#sealed-files', [{ name: 'more.txt', mimeType: 'text/plain', buffer: Buffer.from('more') }]);
  await look(page, '10-talk');
  await page.click('[data-step="talk"] [data-reply]');
  await page.waitForFunction(() => document.querySelectorAll('[data-messages] article.ours').length === 2);
  assert.equal(await page.inputValue('#sealed-answer'), '');
  const last = dialogue.envelopes.at(-1);
  const back = await open(last.bytes, { keys: people.duty[0].secret, signers: [reporter] });
  assert.equal(back.signature.state, 'good');
  assert.equal(back.manifest.prev, dialogue.envelopes.at(-2).sha256);
  assert.equal(back.report.answers.words, 'And one more thing. ANSWER-5');
  // One answer of the team vanishes on the server: the next one no longer follows.
  dialogue.envelopes.splice(1, 1);
  dialogue.envelopes.forEach((envelope, at) => { envelope.place = at + 1; });
  const next = await seal({ report: {}, text: 'Third', about: { prev: hash('the one that vanished') }, to: [reporter], by: people.duty[0].secret });
  server.add(dialogue, 'out', Buffer.from(await whole(piecesOf(next.stream), 1 << 24)), 3);
  await page.click('[data-reload]');
  await page.waitForSelector('[data-chain]:not([hidden])');
  assert.match(await page.textContent('[data-chain]'), /does not follow/);
  await page.click('[data-step="talk"] summary');
  await page.click('[data-delete]');
  await shown(page, 'deleted');
  assert.equal(server.dialogues.size, 0);
  assert.ok(!server.requests.join().includes(receipt.slice(0, 4)));
  await page.close();
  assert.deepEqual(faults, []);
});

test('without what it needs the page says why, sends nothing and leaves the choice', { skip }, async () => {
  const asked = async (change, wanted) => {
    const page = await context.newPage();
    await change(page);
    await page.goto(`${server.url}/`);
    await page.waitForSelector('#sealed-off [data-problem]:not([hidden])');
    assert.match(await page.textContent('#sealed-off [data-problem]'), wanted);
    assert.equal(await page.isVisible('#sealed-a'), false);
    assert.ok(await page.isVisible('a[href="/c"]') && await page.isVisible('a[href="/b"]'));
    if (looks) await page.screenshot({ path: join(looks, `11-off-${wanted.source.slice(0, 9).replace(/\W/g, '')}.png`), fullPage: true });
    await page.close();
  };
  await asked((page) => page.addInitScript(() => Object.defineProperty(globalThis, 'isSecureContext', { value: false })), /protected connection/);
  await asked((page) => page.addInitScript(() => { delete globalThis.TransformStream; }), /too old/);
  await asked((page) => page.route('**/sealed/manifest/**', (route) => route.fulfill({ body: manifest.replace('Duty 1', 'Duty X') })), /not signed by the team/);
  await asked((page) => page.route('**/sealed/team.asc', (route) => route.fulfill({ body: people.duty[0].public.armor() })), /not the one this page knows/);
  await asked((page) => page.route('**/sealed/manifest/**', (route) => route.fulfill({ status: 404 })), /interrupted|server/i);
  // When a module does not come, or comes with one byte changed, nothing runs and the plain page stands.
  const altered = (name) => (page) => page.route(`**/${name}`, (route) => route.fulfill({ contentType: 'text/javascript', body: `${readFileSync(new URL(`sealed/${name}`, assets))} ` }));
  for (const block of [altered('openpgp.min.mjs'), altered('receipt.js'), altered('form.js'), (page) => page.route('**/openpgp.min.mjs', (route) => route.abort())]) {
    const page = await context.newPage();
    await block(page);
    const before = server.requests.length;
    await page.goto(`${server.url}/`, { waitUntil: 'networkidle' });
    assert.ok(server.requests.slice(before).some((one) => one.endsWith('/assets/sealed/page.js')) && !server.requests.slice(before).some((one) => one.includes('team.asc')));
    assert.ok(await page.isVisible('#sealed-off') && !await page.isVisible('#sealed-a'));
    await page.close();
  }
});

test('the page from disk seals without a network', { skip }, async () => {
  const html = offline({ skeleton: filled('offline', { TEAM: people.lead.public.getFingerprint() }).replace(/\{\{TEAM\}\}/g, ''), style: readFileSync(new URL('atalaya.css', assets), 'utf8'), team: people.lead.public.armor(), manifest });
  writeFileSync(join(folder, 'offline.html'), html);
  await context.setOffline(true);
  const page = await visit(pathToFileURL(join(folder, 'offline.html')).href);
  await shown(page, 'tell');
  await page.fill('#sealed-text', CANARY);
  await page.click('[data-to="files"]');
  await page.setInputFiles('#sealed-files', [{ name: 'a.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(100_000, 7) }]);
  await page.click('[data-step="files"] [data-to="send"]');
  await look(page, '12-offline');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-send]')]);
  await shown(page, 'done');
  assert.equal(download.suggestedFilename(), 'report.pgp');
  const opened = await open(readFileSync(await download.path()), { keys: people.duty[0].secret });
  assert.equal(opened.report.answers.description, CANARY);
  assert.equal(opened.files[0].bytes.length, 100_000);
  await page.close();
  await context.setOffline(false);
  assert.deepEqual(faults, []);
});
