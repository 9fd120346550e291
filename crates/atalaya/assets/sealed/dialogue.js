// The way back: with the receipt, the reporter reads what the team answered, answers, adds files,
// or deletes all of it. Answers count only if a reader of the team's signed manifest signed them.

import { missing, tryOut } from './able.js';
import { attempts } from './attempt.js';
import { equal, fromHex, hex } from './bytes.js';
import { breaks, links, names, unshown } from './chain.js';
import { open, seal, unlock } from './envelope.js';
import { signerOf } from './manifest.js';
import { $, bar, fill, guard, make, off, press, save, size, step, tell, word } from './page.js';
import { codeOf, Problem } from './problem.js';
import { answers, chooser, forget } from './questions.js';
import { derive, parse, unwrap } from './receipt.js';
import { sha256 } from './sha256.js';
import { teamOf } from './team.js';
import { upload } from './upload.js';
import { wire } from './wire.js';

const root = $('#sealed-return');
const page = root.dataset;
const MOST = 256 * 1024 * 1024;
const DAY = 24 * 3600 * 1000;
const line = wire({ base: page.base });
const files = chooser(root, Number(page.most) || undefined);
let team = null;
let auth = null;
let key = null;      // the reporter's own, in memory only
let dialogue = null;
let rows = [];
const sent = [];     // hashes of what this page sent: the server has to list them

const lists = (hash) => dialogue.envelopes.some(({ sha256 }) => sha256 === hash);
const attempt = attempts($('[data-step="talk"]', root), files, { reload, lists, done });

async function start() {
  const code = missing() ?? await tryOut();
  if (code) throw new Problem(code);
  team = await teamOf(page, wire({ tries: 4 }));
  $('#sealed-off').hidden = true;
  root.hidden = false;
  step(root, 'enter');
}

async function enter() {
  const typed = $('[data-code]', root);
  const secrets = await derive(parse(typed.value), fromHex(page.instance) ?? new Uint8Array());
  dialogue = await line.json('/dialogue', { auth: hex(secrets.auth) });
  auth = hex(secrets.auth);
  key = dialogue.wrapped_key ? await unlock(await unwrap(secrets.kek, fromHex(dialogue.wrapped_key))) : null;
  typed.value = '';
  await show();
}

async function show() {
  rows = [];
  for (const envelope of dialogue.envelopes) rows.push(envelope.way === 'out' ? await answerOf(envelope) : { ...envelope, ...names(null) });
  const broken = breaks(rows).map(({ code, ...values }) => word(`problem-${code}`, values));
  if (sent.some((hash) => !lists(hash))) broken.push(word('problem-chain-dropped'));
  fill(root, { number: dialogue.number, state: word(`state-${dialogue.state}`) });
  $('[data-messages]', root).replaceChildren(...rows.map(article));
  const warning = $('[data-chain]', root);
  warning.hidden = broken.length === 0;
  warning.textContent = broken.join(' ');
  step(root, 'talk');
}

// One answer of the team: read, checked, or with the code of what is wrong with it.
async function answerOf(envelope) {
  const row = { ...envelope, ...names(null) };
  try {
    if (envelope.size > MOST) throw new Problem('too-large-here');
    const bytes = await line.post('/envelope', { auth, place: envelope.place });
    // From here on the hash is ours: a chain of what the server says would prove nothing.
    row.sha256 = hex(sha256(bytes));
    row.bytes = bytes;
    if (row.sha256 !== envelope.sha256) throw new Problem('hash-differs');
    // Sealed to a key that its reporter has elsewhere: it can be saved as it is.
    if (!key) throw new Problem('no-key');
    const manifest = await team.past(dialogue.intake, envelope.manifest_version);
    if (!equal(manifest.instance, fromHex(page.instance))) throw new Problem('manifest-team');
    const opened = await open(bytes, { keys: key, signers: manifest.readers.map((reader) => reader.key) });
    const { state, keyId, at } = opened.signature;
    const signer = state === 'good' ? signerOf(manifest, keyId) : null;
    const inTime = signer && at >= manifest.notBefore - DAY && at - manifest.notAfter < 2 * DAY;
    if (!inTime) throw new Problem('not-signed');
    return { ...row, opened, signer: signer.name, ...names(opened.manifest) };
  } catch (error) {
    return { ...row, problem: codeOf(error) };
  }
}

function article(row) {
  const ours = row.way === 'in';
  const body = make('div', { className: 'text' });
  if (ours) body.append(word('yours-hidden', { size: size(row.size) }));
  else if (row.problem) body.append(make('p', { className: 'warning', textContent: word(`problem-${row.problem}`) }));
  else body.append(make('p', { className: 'any', dir: 'auto', textContent: row.opened.text }));
  const footer = make('footer');
  const missed = unshown(rows, row);
  if (missed) footer.append(make('small', { textContent: word('not-shown-yet', missed) }));
  for (const file of row.opened?.files ?? []) footer.append(saver(file.original, size(file.bytes.length), file.bytes));
  for (const code of row.opened?.problems ?? []) footer.append(make('small', { textContent: word(`problem-${code}`) }));
  if (row.problem && row.bytes) footer.append(saver(`${dialogue.number}-${row.place}.pgp`, word('sealed-copy'), row.bytes));
  const who = ours ? word('you') : row.signer ? word('signed-by', { name: row.signer }) : word('team');
  return make('article', { className: `message ${ours ? 'ours' : 'theirs'}${row.problem ? ' failed' : ''}` },
    make('header', {}, make('span', {}, make('b', { textContent: who }), ` · ${row.day}`)), body, footer);
}

function saver(name, note, bytes) {
  const button = make('button', { type: 'button', className: 'button slim' }, `${word('save')} `, make('bdi', { textContent: name }), ` · ${note}`);
  button.addEventListener('click', () => save(name, bytes));
  return button;
}

async function answer() {
  $('[data-sent]', root).hidden = true;
  if (await attempt.found()) return;
  const { report, text, label } = answers($('[data-step="talk"]', root));
  const manifest = await team.now(dialogue.intake);
  const total = files.bytes();
  const progress = bar($('progress', root), 2 * total + Math.max(total, 65_536));
  const [{ sha256: prev = '' } = {}] = dialogue.envelopes.slice(-1);
  $('[data-sending]', root).hidden = false;
  try {
    const { stream } = await seal({
      report: { ...report, kind: 'answer' },
      text,
      files: files.take(),
      about: { grade: 'A', language: page.language, label, ...links(rows, 'in') },
      to: manifest.readers.map((reader) => reader.key),
      // Signed with the reply key: the server knows enough to send in the reporter's name, but not this key.
      by: key ?? undefined,
      progress,
    });
    await upload(stream, { line, details: { intake: dialogue.intake, grade: 'A', manifest_version: manifest.version, auth, prev }, progress, hashed: attempt.hashed });
    attempt.arrived();
    await reload();
  } catch (error) {
    // Somebody wrote in between: the new message is shown, and what was typed stays. It may be this very one.
    if (error.code !== 'moved' || !await attempt.found()) throw error;
  } finally { $('[data-sending]', root).hidden = true; }
}

// Only here, after its hash was compared, is it said.
function done(hash) {
  sent.push(hash);
  $('[data-sent]', root).hidden = false;
}

async function reload() {
  dialogue = await line.json('/dialogue', { auth });
  await show();
}

async function remove() {
  // Unknown already: it was deleted, and only the answer was lost.
  await line.json('/delete', { auth }).catch((problem) => { if (problem.code !== 'receipt-unknown') throw problem; });
  leave('deleted');
}

// Everything out of memory and off the screen.
function leave(to = 'enter') {
  [auth, key, dialogue, rows] = [null, null, null, []];
  sent.length = 0;
  attempt.forget();
  $('[data-sent]', root).hidden = true;
  forget(root);
  files.forget();
  $('[data-messages]', root).replaceChildren();
  step(root, to);
}

press(root, '[data-enter]', enter);
press(root, '[data-reply]', answer);
press(root, '[data-reload]', reload);
press(root, '[data-delete]', remove);
press(root, '[data-leave]', () => leave());
$('[data-code]', root)?.addEventListener('keydown', (event) => { if (event.key === 'Enter') $('[data-enter]', root).click(); });
guard(() => Boolean(auth && $('[data-step="talk"] textarea', root)?.value.trim()));
window.addEventListener('pagehide', () => leave());

start().catch(off);
