// The inside of an envelope: a POSIX tar (ustar, IEEE 1003.1), so that anybody who can decrypt it
// can also unpack it. Names are ours and short, there are no times, owners or modes to tell about
// the reporter, and the last member `.pad` brings the whole to a Padmé size.

import { textOf, utf8 } from './bytes.js';
import { padme } from './padme.js';
import { Problem } from './problem.js';

const BLOCK = 512;
const END = 2 * BLOCK;
const FOLDER = '5';
// A length is eleven octal digits.
export const MOST_BYTES = 2 ** 33 - 1;

const filled = (size) => Math.ceil(size / BLOCK) * BLOCK;

/** The whole length of a tar with members of these sizes, padded. */
export function tarSize(sizes) {
  return padme(bare(sizes));
}

function bare(sizes) {
  return sizes.reduce((sum, size) => sum + BLOCK + filled(size), BLOCK + END);
}

/** Writes members `{name, size, pieces}` (`pieces`: bytes, or a function that gives an async iterable of bytes). */
export async function* tar(members) {
  const sizes = members.map(({ size }) => size);
  for (const member of members) {
    yield header(member.name, member.size);
    if (member.pieces instanceof Uint8Array) yield member.pieces; else yield* exactly(member);
    yield new Uint8Array(filled(member.size) - member.size);
  }
  // Padmé sizes from 64 KiB on are multiples of 2 KiB: the padding fills whole blocks.
  let pad = tarSize(sizes) - bare(sizes);
  yield header('.pad', pad);
  for (const zeros = new Uint8Array(64 * 1024); pad > 0; pad -= zeros.length) yield zeros.subarray(0, Math.min(pad, zeros.length));
  yield new Uint8Array(END);
}

// A file that changes while it is read would shift all that follows.
async function* exactly({ size, pieces }) {
  let seen = 0;
  for await (const piece of pieces()) {
    seen += piece.length;
    if (seen > size) break;
    yield piece;
  }
  if (seen !== size) throw new Problem('file-changed');
}

function header(name, size) {
  if (name.length > 99 || size > MOST_BYTES) throw new Problem('file-large');
  const block = new Uint8Array(BLOCK);
  const put = (at, text) => block.set(utf8(text), at);
  const octal = (number, digits) => number.toString(8).padStart(digits, '0');
  put(0, name);
  put(100, '0000600\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${octal(size, 11)}\0`);
  put(136, '00000000000\0');
  put(148, '        ');
  put(156, '0');
  put(257, 'ustar\0');
  put(263, '00');
  put(148, `${octal(checksum(block), 6)}\0 `);
  return block;
}

function checksum(block) {
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 32 : block[at];
  return sum;
}

/** Whether these bytes begin like a tar. */
export function isTar(bytes) {
  return bytes.length >= BLOCK && textOf(bytes.subarray(257, 262)) === 'ustar';
}

/** What could be read: `{members: Map of name to bytes, problems: [code]}`. Nothing is copied. */
export function untar(bytes) {
  const members = new Map();
  const problems = [];
  for (let at = 0; ; ) {
    const block = bytes.subarray(at, at + BLOCK);
    if (block.length < BLOCK) { problems.push('tar-cut'); break; }
    if (block.every((byte) => byte === 0)) break;
    const field = (from, length) => textOf(block.subarray(from, from + length)).split('\0', 1)[0].trim();
    const size = Number.parseInt(field(124, 12), 8);
    if (!isTar(block) || Number.parseInt(field(148, 8), 8) !== checksum(block) || !(size >= 0)) { problems.push('tar-header'); break; }
    const name = [field(345, 155), field(0, 100)].filter(Boolean).join('/').replace(/^\.\//, '');
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) { problems.push('tar-cut'); break; }
    // Folders are in the names already. Links and the like have no place in an envelope; of two same names the first counts.
    const kind = field(156, 1);
    if (kind !== FOLDER && (!['0', ''].includes(kind) || members.has(name))) problems.push('tar-member');
    else if (kind !== FOLDER) members.set(name, content);
    at += BLOCK + filled(size);
  }
  return { members, problems };
}
