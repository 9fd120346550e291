// The page that works from disk, without a network: it seals in the same way and hands over a file
// for a later upload or a mail. Manifest and team key stand in the page, and the page is signed.

import { missing, tryOut } from './able.js';
import { seal } from './envelope.js';
import { count, readManifest, teamKey } from './manifest.js';
import { $, bar, fill, guard, off, press, save, step, tell, word } from './page.js';
import { Problem } from './problem.js';
import { answers, chooser, forget } from './questions.js';
import { concat } from './bytes.js';
import { piecesOf } from './stream.js';

const root = $('#sealed-a');
const page = root.dataset;
// All of it has to fit in memory before it can be saved.
const files = chooser(root, Number(page.most));
let manifest = null;
let told = null;
let saved = false;

async function start() {
  const code = missing() ?? await tryOut();
  if (code) throw new Problem(code);
  const team = await teamKey($('#sealed-team').textContent, page.team);
  manifest = await readManifest($('#sealed-manifest').textContent.trimStart(), { team, intake: page.intake });
  fill(root, { readers: word('readers', count(manifest)), version: String(manifest.version) });
  $('#sealed-off').hidden = true;
  root.hidden = false;
  step(root, 'tell');
}

async function send() {
  step(root, 'sending');
  const total = files.bytes();
  const progress = bar($('progress', root), 2 * total);
  try {
    const { stream } = await seal({
      report: told.report,
      text: told.text,
      files: files.take(),
      // No reply key: the receipt comes from the page where the file is handed in.
      about: { grade: 'B', language: page.language, label: told.label },
      to: manifest.readers.map((reader) => reader.key),
      progress,
    });
    const parts = [];
    for await (const piece of piecesOf(stream)) parts.push(piece);
    save('report.pgp', concat(parts));
    saved = true;
    forget(root);
    files.forget();
    told = null;
    step(root, 'done');
  } catch (error) {
    step(root, 'send');
    throw error;
  }
}

press(root, '[data-to="files"]', () => { told = answers(root); step(root, 'files'); });
press(root, '[data-to="tell"]', () => step(root, 'tell'));
press(root, '[data-to="send"]', () => { files.take(); fill(root, { count: String(files.count()) }); step(root, 'send'); });
press(root, '[data-send]', send);
guard(() => !saved && told !== null);

start().catch(off);
