// The analyst's side. The analyst's own key is read from a file, opened with its passphrase and
// stays in this page's memory; so does all that it opens. What a report says is only ever text.

import { missing } from './able.js';
import { attempts } from './attempt.js';
import { concat, hex } from './bytes.js';
import { breaks, links, names, unshown } from './chain.js';
import { open, seal, unlock } from './envelope.js';
import { signerOf } from './manifest.js';
import { $, $$, bar, fill, guard, icon, make, press, save, size, step, tell, word } from './page.js';
import { codeOf, Problem } from './problem.js';
import { answers, chooser, forget } from './questions.js';
import { choose, reporters, weaker } from './reporter.js';
import { newHead, sessionKey } from './rewrap.js';
import { sha256 } from './sha256.js';
import { teamOf } from './team.js';
import { upload } from './upload.js';
import { wire } from './wire.js';

const root = $('#sealed-desk');
const page = root.dataset;
const MOST = 512 * 1024 * 1024;
const known = { credentials: 'same-origin', headers: page.token ? { [page.tokenHeader ?? 'X-CSRF-Token']: page.token } : {} };
const site = wire({ ...known, tries: 3 });
const replies = wire({ ...known, base: page.replies });
const files = chooser(root, Number(page.most) || undefined);
let team = null;
let key = null;
let rows = [];
let dialogue = null;
const lists = (hash) => rows.some(({ sha256 }) => sha256 === hash);
const attempt = attempts($('[data-reply-form]', root) ?? root, files, { reload: show, lists });

async function start() {
  if (missing()) throw new Problem(missing());
  root.hidden = false;
  step(root, 'unlock');
}

async function enter() {
  const [file] = $('[data-own-key]', root).files;
  const phrase = $('[data-passphrase]', root);
  if (!file) throw new Problem('key-unreadable');
  key = await unlock(await file.text(), phrase.value);
  phrase.value = '';
  team = await teamOf(page, site);
  // A page that only wraps keys again has no envelopes to show.
  if (page.envelopes) await show(); else step(root, 'talk');
}

async function show() {
  dialogue = JSON.parse(new TextDecoder().decode(await site.get(page.envelopes)));
  rows = [];
  let found = [];
  for (const envelope of dialogue.envelopes) {
    const row = await read(envelope, found.length === 1 ? found[0].key : null);
    if (envelope.place === 1 && row.opened) found = await reporters(row.opened);
    rows.push(row);
  }
  const broken = breaks(rows);
  const warning = $('[data-chain]', root);
  warning.hidden = broken.length === 0;
  warning.textContent = broken.map(({ code, ...values }) => word(`problem-${code}`, values)).join(' ');
  $('[data-messages]', root).replaceChildren(...rows.map(article));
  choose($('[data-reporter-key]', root), found, (reporter) => {
    dialogue.reporter = reporter;
    for (const part of $$('[data-when-reply]', root)) part.hidden = !reporter;
    for (const part of $$('[data-when-no-reply]', root)) part.hidden = found.length > 0 || !rows.some((row) => row.place === 1 && row.opened);
  });
  step(root, 'talk');
}

async function read(envelope, reporter) {
  const row = { ...envelope, ...names(null) };
  try {
    // It came before an answer of ours and is told of later: nobody here is to learn the moment.
    if (envelope.untold) throw new Problem('untold');
    if (envelope.size > MOST) throw new Problem('too-large-here');
    // The head as it came is part of the hash; the newest one may be the only one that our key opens.
    const [body, first, head] = await Promise.all([site.get(envelope.body), site.get(envelope.first_head), envelope.head === envelope.first_head ? null : site.get(envelope.head)]);
    const came = concat([first, body]);
    row.sha256 = hex(sha256(came));
    if (row.sha256 !== envelope.sha256) throw new Problem('hash-differs');
    const manifest = envelope.way === 'out' ? await team.past(dialogue.intake, envelope.manifest_version) : null;
    const signers = manifest ? manifest.readers.map((reader) => reader.key) : reporter ? [reporter] : [];
    const { opened, astray } = await openEither(head ? concat([head, body]) : came, came, signers);
    return { ...row, opened, astray, ...names(opened.manifest), mark: mark({ ...envelope, grade: weaker(envelope.grade, opened.manifest?.grade) }, opened.signature, manifest, reporter) };
  } catch (error) {
    return { ...row, problem: codeOf(error) };
  }
}

// A head that a colleague wrapped badly shuts nobody out who could open the message as it came: who can, wraps it
// again.
async function openEither(bytes, came, signers) {
  const how = { keys: key, signers, most: MOST };
  try { return { opened: await open(bytes, how), astray: false }; } catch (error) {
    if (bytes === came) throw error;
    return { opened: await open(came, how), astray: true };
  }
}

// What the signature says. Of the first envelope nothing can be said: its writer is unknown.
function mark({ way, place, grade }, { state, keyId }, manifest, reporter) {
  if (way === 'out') return state === 'good' && signerOf(manifest, keyId) ? ['ok', word('signed-by', { name: signerOf(manifest, keyId).name })] : ['stop', word('problem-not-signed')];
  if (place === 1 || !reporter) return ['', word(`grade-${grade}`)];
  return state === 'good' ? ['ok', word('same-reporter')] : ['held', word(grade === 'A' ? 'not-same-reporter' : `grade-${grade}`)];
}

function article(row) {
  const ours = row.way === 'out';
  const body = make('div', { className: 'text' });
  if (row.problem) body.append(make('p', { className: row.untold ? 'dim' : 'warning', textContent: word(`problem-${row.problem}`) }));
  else {
    if (row.opened.manifest?.label) body.append(make('p', {}, make('span', { className: 'chip', textContent: row.opened.manifest.label })));
    body.append(make('pre', { className: 'raw', dir: 'auto', textContent: row.opened.text }));
  }
  const list = make('ul', { className: 'files' });
  row.opened?.files.forEach((file, at) => list.append(part(row, file, at)));
  const checks = make('ul', { className: 'checks' });
  if (row.mark) checks.append(check(...row.mark));
  if (unshown(rows, row)) checks.append(check('', word('not-shown-yet', unshown(rows, row))));
  if (row.astray) checks.append(check('stop', word('problem-head-astray')));
  for (const code of row.opened?.problems ?? []) checks.append(check('stop', word(`problem-${code}`)));
  return make('article', { className: `message ${ours ? 'ours' : 'theirs'}${row.problem && !row.untold ? ' failed' : ''}` },
    make('header', {}, make('span', {}, make('b', { textContent: ours ? word('team') : word('reporter') }), row.untold ? '' : ` · ${row.day} · ${size(row.size)}`)),
    body, list, make('footer', {}, checks));
}

const ICONS = { ok: 'check', held: 'eye-off', stop: 'circle-x' };

function check(kind, text) {
  return make('li', { className: `check ${kind}` }, icon(ICONS[kind] ?? 'lock'), make('span', { textContent: text }));
}

function part(row, file, at) {
  const pick = make('input', { type: 'checkbox' });
  pick.dataset.part = `${row.place}/${at}`;
  const button = make('button', { type: 'button', className: 'button quiet slim' }, `${word('save')} `, make('span', { className: 'vh', textContent: file.original }));
  button.addEventListener('click', () => save(file.original, file.bytes));
  const label = make('label', { className: 'option' }, pick, make('span', {}, make('bdi', { textContent: file.original })), make('small', { textContent: size(file.bytes.length) }));
  return make('li', {}, label, button);
}

async function reply() {
  if (await attempt.found()) return;
  const { report, text, label } = answers($('[data-reply-form]', root));
  const manifest = await team.now(dialogue.intake);
  const own = manifest.readers.some(({ fingerprint }) => fingerprint === key.getFingerprint());
  // The reporter's page would not believe anybody else.
  if (!own) throw new Problem('desk-not-reader');
  const chain = links(rows, 'out');
  const total = files.bytes();
  const progress = bar($('progress', root), 2 * total + Math.max(total, 65_536));
  $('[data-sending]', root).hidden = false;
  try {
    const { stream } = await seal({
      report: { ...report, kind: 'reply' },
      text,
      files: files.take(),
      about: { grade: 'A', language: page.language, label, ...chain },
      to: [dialogue.reporter, ...manifest.readers.map((reader) => reader.key)], by: key, progress,
    });
    await upload(stream, { line: replies, details: { intake: dialogue.intake, manifest_version: manifest.version, prev: chain.prev }, progress, hashed: attempt.hashed });
    attempt.arrived();
    await show();
  } catch (error) {
    // Somebody was faster: it may have been this very answer.
    if (error.code !== 'moved' || !await attempt.found()) throw error;
  } finally { $('[data-sending]', root).hidden = true; }
}

/** Wraps the session keys of all envelopes in the list at `data-heads` for today's readers, piece by piece. */
async function rewrap() {
  const manifests = new Map();
  const count = { done: 0, foreign: 0 };
  const one = async ({ intake, manifest_version: version, heads, post }) => {
    if (!manifests.has(intake)) manifests.set(intake, await team.now(intake));
    const manifest = manifests.get(intake);
    if (manifest.version < version) throw new Problem('manifest-old');
    const found = await keyOf(heads);
    if (!found) { count.foreign++; return; }
    const fresh = await newHead(found, manifest.readers.map((reader) => reader.key));
    await site.json(post, { head: hex(fresh), manifest_version: manifest.version });
    count.done++;
  };
  for (const row of rows.filter(({ astray }) => astray)) await one({ intake: dialogue.intake, manifest_version: 0, heads: [row.first_head], post: row.first_head });
  for (let at = page.heads; at;) {
    const { heads, next } = JSON.parse(new TextDecoder().decode(await site.get(at)));
    const progress = bar($('progress', root), heads.length);
    for (const head of heads) { await one(head); progress(1); }
    at = next;
  }
  if (rows.some(({ astray }) => astray)) await show();
  fill(root, { rewrapped: word('rewrapped', count) });
}

// The session key from the first of these heads that our key opens; none is another reader's to wrap.
async function keyOf(heads) {
  for (const head of heads) {
    try { return await sessionKey(await site.get(head), key); } catch (error) { if (codeOf(error) !== 'open-other-key') throw error; }
  }
  return null;
}

// Unsealing: what the analyst ticked leaves this page's memory for the case, and nothing else.
async function unseal() {
  const form = $('[data-unseal-form]', root);
  const data = new FormData();
  for (const field of $$('[data-field]', form)) {
    if (field.type !== 'checkbox' && field.type !== 'radio' || field.checked) data.append(field.dataset.field, field.value);
  }
  if ($('[data-unseal-text]', form)?.checked) data.append('text', rows.filter((row) => row.way === 'in').map((row) => row.opened?.text ?? '').join('\n\n'));
  for (const tick of $$('[data-part]:checked', root)) {
    const [place, at] = tick.dataset.part.split('/').map(Number);
    const file = rows.find((row) => row.place === place)?.opened?.files[at];
    if (file) data.append('file', new Blob([file.bytes], { type: 'application/octet-stream' }), file.original);
  }
  const { to } = await site.form(page.unsealTo, data);
  lock();
  if (typeof to === 'string' && /^\/(?!\/)/.test(to)) location.assign(to);
}

function lock() {
  [key, rows, dialogue] = [null, [], null];
  attempt.forget();
  forget(root);
  files.forget();
  $('[data-messages]', root)?.replaceChildren();
  step(root, 'unlock');
}

press(root, '[data-unlock]', enter);
$('[data-passphrase]', root)?.addEventListener('keydown', (event) => { if (event.key === 'Enter') $('[data-unlock]', root).click(); });
press(root, '[data-reply]', reply);
press(root, '[data-rewrap]', rewrap);
press(root, '[data-unseal]', unseal);
press(root, '[data-lock]', () => lock());
guard(() => Boolean(key && $('[data-reply-form] textarea', root)?.value.trim()));
window.addEventListener('pagehide', lock);

start().catch((error) => tell(root.parentElement, error));
