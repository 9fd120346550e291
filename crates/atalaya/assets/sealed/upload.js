// An envelope on its way: parts of 1 MiB, each with its hash, each sent until the server has it.
// It is there only when the server has named the hash of the whole and it is the one we know.

import { hex } from './bytes.js';
import { Problem } from './problem.js';
import { Sha256 } from './sha256.js';
import { even, piecesOf } from './stream.js';
import { work } from './work.js';

export const PART = 1024 * 1024;
const AT_ONCE = 3;

/** Begins: the id of a new upload, after the work if the server asks for some. */
async function begin(line) {
  let done;
  for (let tried = 1; ; tried++) {
    try {
      return (await line.json('/uploads', { work: done })).id;
    } catch (problem) {
      // Asked again after work: its answer was lost on the way, and work counts once.
      if (problem.code !== 'work' || tried > 5) throw problem;
      done = await work(problem.body ?? {});
    }
  }
}

/**
 * Sends a stream and commits it with `details` (intake, grade, lookup, …). `progress(bytes)` after
 * each part, `waiting(tries)` while the line is down, `hashed(hash)` just before the commit. Gives the server's answer, whose `sha256` has
 * been compared. At most three parts are in memory.
 */
export async function upload(stream, { line, details, progress = () => {}, waiting = () => {}, hashed = () => {} }) {
  const id = await begin(line);
  const hash = new Sha256();
  const under = new Set();
  let failed = null;
  let parts = 0;
  for await (const part of even(piecesOf(stream), PART)) {
    hash.update(part);
    const sent = send(line, id, parts++, part, waiting)
      .then(() => progress(part.length), (problem) => { failed ??= problem; })
      .finally(() => under.delete(sent));
    under.add(sent);
    if (under.size >= AT_ONCE) await Promise.race(under);
    if (failed) throw failed;
  }
  await Promise.all(under);
  if (failed) throw failed;
  const ours = hex(hash.digest());
  hashed(ours);
  const answer = await line.json(`/uploads/${id}/commit`, { ...details, sha256: ours, size: hash.length, parts }, waiting);
  if (answer?.sha256 !== ours) throw new Problem('hash-differs', String(answer?.sha256));
  return answer;
}

async function send(line, id, at, part, waiting) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', part));
  await line.put(`/uploads/${id}/${at}`, part, { 'X-Part-SHA256': hex(digest) }, waiting);
}
