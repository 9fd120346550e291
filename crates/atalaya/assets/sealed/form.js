// The reporter's page, grade A: sealed on the device. It opens only if this browser can do all of
// it and the team's manifest is good; otherwise one line says why, and the page stays as it was,
// with the other ways to choose from. It never takes one of them on its own.

import { missing, tryOut } from './able.js';
import { hex } from './bytes.js';
import { links } from './chain.js';
import { newReplyKey, seal } from './envelope.js';
import { count } from './manifest.js';
import { $, bar, fill, guard, off, press, step, tell, word } from './page.js';
import { Problem } from './problem.js';
import { answers, chooser, forget } from './questions.js';
import { derive, groups, lookup, newReceipt, tidy, wrap } from './receipt.js';
import { teamOf } from './team.js';
import { upload } from './upload.js';
import { wire } from './wire.js';

const root = $('#sealed-a');
const page = root.dataset;
let manifest = null;
let told = null;     // {report, text, label} as it will be sealed
let receipt = null;
let asked = 0;       // which group is typed again
const attempts = []; // hashes of envelopes of this message: any of them may have arrived
let stopper = null;
let sent = false;
const files = chooser(root, Number(page.most) || undefined);

// The other ways stand beside the first step only: later they would lead away from what was typed.
function at(name) {
  step(root, name);
  $('#sealed-ways').hidden = name !== 'tell';
}

async function start() {
  const code = missing() ?? await tryOut();
  if (code) throw new Problem(code);
  manifest = await (await teamOf(page, wire({ tries: 4 }))).now(page.intake);
  const readers = count(manifest);
  fill(root, { readers: word('readers', readers), version: String(manifest.version) });
  $('#sealed-off').hidden = true;
  root.hidden = false;
  at('tell');
}

function showReceipt() {
  receipt ??= newReceipt();
  asked = 1 + Math.floor(Math.random() * 7);
  $('[data-receipt]', root).textContent = groups(receipt).join(' ');
  fill(root, { ask: word('ask-group', { at: asked }) });
  $('[data-again]', root).value = '';
}

function confirm() {
  const typed = $('[data-again]', root);
  if (tidy(typed.value) !== groups(receipt)[asked - 1]) { typed.focus(); throw new Problem('receipt-again'); }
}

const line = () => wire({ base: page.base, signal: stopper.signal });

async function send() {
  stopper = new AbortController();
  at('sending');
  const total = files.bytes();
  const progress = bar($('progress', root), 2 * total + Math.max(total, 65_536));
  try {
    const { auth, kek } = await derive(receipt, manifest.instance);
    const answer = await before(auth) ?? await sealAndUpload(auth, kek, progress);
    done(answer);
  } catch (error) {
    at('send');
    throw error;
  }
}

// An earlier try may have arrived although its answer was lost, any of them: then it is not sent twice.
async function before(auth) {
  if (!attempts.length) return null;
  const found = await line().json('/dialogue', { auth: hex(auth) }).catch((problem) => {
    if (problem.code === 'receipt-unknown') return null;
    throw problem;
  });
  if (!found) return null;
  const first = found.envelopes?.[0];
  if (!attempts.includes(first?.sha256)) throw new Problem('hash-differs');
  return { number: found.number, sha256: first.sha256 };
}

async function sealAndUpload(auth, kek, progress) {
  const key = await newReplyKey();
  const { stream } = await seal({
    report: told.report,
    text: told.text,
    files: files.take(),
    about: { grade: 'A', language: page.language, label: told.label, reply_certificate: key.publicKey, ...links([], 'in') },
    to: manifest.readers.map((reader) => reader.key),
    progress,
  });
  const details = { intake: manifest.intake, grade: 'A', manifest_version: manifest.version, lookup: hex(lookup(auth)), wrapped_key: hex(await wrap(kek, key.privateKey)) };
  return upload(stream, { line: line(), details, progress, waiting, hashed: (hash) => { attempts.push(hash); } });
}

function waiting() {
  fill(root, { state: word('waiting') });
}

// Only here, after the hashes were compared, does the page say that it is done.
function done({ number, sha256 }) {
  sent = true;
  fill(root, { number, hash: sha256, receipt: groups(receipt).join(' ') });
  forget(root);
  files.forget();
  [told, receipt] = [null, null];
  attempts.length = 0;
  $('[data-receipt]', root).textContent = '';
  at('done');
}

press(root, '[data-to="files"]', () => { told = answers(root); at('files'); });
press(root, '[data-to="tell"]', () => at('tell'));
press(root, '[data-to="receipt"]', () => { files.take(); showReceipt(); at('receipt'); });
press(root, '[data-to="confirm"]', () => { at('confirm'); $('[data-again]', root).focus(); });
press(root, '[data-to="send"]', () => { confirm(); fill(root, { count: String(files.count()), state: '' }); at('send'); });
press(root, '[data-send]', send);
press(root, '[data-stop]', () => stopper?.abort());
$('[data-again]', root)?.addEventListener('keydown', (event) => { if (event.key === 'Enter') $('[data-to="send"]', root).click(); });
guard(() => !sent && (told !== null || receipt !== null));
// A page that comes back from the browser's memory would show what was typed.
window.addEventListener('pagehide', () => { if (sent) fill(root, { receipt: '' }); forget(root); });

start().catch(off);
