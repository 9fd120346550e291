// An envelope: one OpenPGP message around a padded tar. It names nobody (wildcard key ids), has
// the encryption that every program of the last twenty years opens (SEIPD version 1, AES-256),
// and is not compressed, since a compressed length tells of the content.

import { hex, textOf, utf8 } from './bytes.js';
import * as openpgp from './openpgp.min.mjs';
import { Problem } from './problem.js';
import { headLength } from './rewrap.js';
import { sha256, Sha256 } from './sha256.js';
import { even, piecesOf, streamOf, whole } from './stream.js';
import { isTar, tar, tarSize, untar } from './tar.js';

const SCHEMA = 'atalaya-sealed-1';
const PIECE = 64 * 1024;
const KEY_BYTES = 32;
const MOST_HEAD = 256 * 1024;

// The date inside is not the reporter's clock. Keys are checked against the real time.
const NO_DATE = new Date(0);

/** What OpenPGP.js is told each time: nothing is left to its defaults of tomorrow. */
const CONFIG = {
  aeadProtect: false,
  showComment: false,
  showVersion: false,
  allowUnauthenticatedStream: false,
  allowUnauthenticatedMessages: false,
  preferredCompressionAlgorithm: 0, // none (RFC 9580 section 9.4)
  preferredSymmetricAlgorithm: 9, // AES-256 (section 9.3)
};

// The browser's own decompression refuses what stands after its end, and sq puts its padding there
// unless it is told otherwise. When this fails, the library takes the one that it brings.
globalThis.DecompressionStream = class { constructor() { throw new TypeError('not used here'); } };

/** A key for the answers: it has no name and no date of its own. Gives `{privateKey, publicKey}`, armored. */
export async function newReplyKey() {
  return openpgp.generateKey({ type: 'ecc', curve: 'curve25519Legacy', userIDs: [{ name: 'reporter' }], date: new Date('2013-05-14T00:00:00Z'), format: 'armored', config: CONFIG });
}

export async function readCertificate(armored) {
  return openpgp.readKey({ armoredKey: armored });
}

/** All public keys of an armored text. */
export async function readCertificates(armored) {
  return (await openpgp.readKeys({ armoredKeys: armored })).filter((key) => !key.isPrivate());
}

/** A secret key, opened with its passphrase; the plain form stays in memory. */
export async function unlock(armored, passphrase = '') {
  let key;
  try { key = await openpgp.readPrivateKey({ armoredKey: armored }); } catch { throw new Problem('key-unreadable'); }
  if (key.getKeys().every((one) => one.keyPacket.isDecrypted() !== false)) return key;
  try { return await openpgp.decryptKey({ privateKey: key, passphrase }); } catch { throw new Problem('key-passphrase'); }
}

/** Name, length and hash of each file. A file is `{name, size, pieces: () => async iterable}`. */
export async function describe(files, progress = () => {}) {
  const described = [];
  for (const [at, file] of files.entries()) {
    const hash = new Sha256();
    for await (const piece of file.pieces()) { hash.update(piece); progress(piece.length); }
    if (hash.length !== file.size) throw new Problem('file-changed');
    described.push({ name: `files/${String(at + 1).padStart(3, '0')}`, original: file.name, size: file.size, sha256: hex(hash.digest()) });
  }
  return described;
}

/** A browser's File, as this module takes it. */
export function fileOf(file) {
  return { name: file.name, size: file.size, pieces: () => piecesOf(file.stream()) };
}

/**
 * Seals. `report` ({kind, answers}), `text`, `files`; `about`: {grade, language, label,
 * reply_certificate?, prev}; `to`: certificates; `by`: an unlocked key that signs, if one does;
 * `progress(bytes)` counts file bytes, each twice (hashed, then sealed).
 * Gives `{stream, plain}`: the envelope as a ReadableStream, and the tar's padded size.
 */
export async function seal({ report, text, files = [], about, to, by, now = new Date(), progress = () => {} }) {
  if (!to.length) throw new Problem('manifest-reader', 'nobody to seal to');
  const described = await describe(files, progress);
  const json = (value) => utf8(JSON.stringify(value));
  const inside = [
    ['manifest.json', json({ schema: SCHEMA, ...about, files: described })],
    ['report.json', json(report)],
    ['report.txt', utf8(text)],
  ].map(([name, pieces]) => ({ name, size: pieces.length, pieces }));
  const outside = files.map((file, at) => ({ name: described[at].name, size: file.size, pieces: () => counted(file.pieces(), progress) }));
  const members = [...inside, ...outside];
  const plain = tarSize(members.map(({ size }) => size));
  // Even pieces: the cuts that OpenPGP writes into a stream then tell nothing about the files.
  const message = await openpgp.createMessage({ binary: streamOf(even(tar(members), PIECE)), filename: '', date: NO_DATE });
  const stream = await openpgp.encrypt({
    message,
    encryptionKeys: to,
    signingKeys: by,
    // Made here, so that no recipient's preference can choose a weaker cipher for all.
    sessionKey: { data: crypto.getRandomValues(new Uint8Array(KEY_BYTES)), algorithm: 'aes256' },
    wildcard: true,
    format: 'binary',
    date: now,
    config: CONFIG,
  }).catch((error) => { throw new Problem('seal-failed', error.message); });
  return { stream, plain };
}

async function* counted(pieces, progress) {
  for await (const piece of pieces) { progress(piece.length); yield piece; }
}

/**
 * Opens the bytes of an envelope. `keys`: unlocked keys; `signers`: certificates whose signatures
 * count; `most`: bytes after decompression (envelopes of grade B may be compressed).
 * Gives `{manifest, report, text, files: [{name, original, bytes}], signature, problems}`. A tar that somebody
 * made by hand (grade B) has no manifest: its `report.txt` and files come as they are. Any other content comes as one file. `signature`: {state: 'good' | 'bad' | 'unknown' | 'none', keyId, at}.
 */
export async function open(bytes, { keys, signers = [], most = 512 * 1024 * 1024 }) {
  const config = { ...CONFIG, maxDecompressedMessageSize: most };
  let message;
  try {
    const binary = textOf(bytes.subarray(0, 5)) === '-----' ? await unarmored(bytes) : bytes;
    // Looked at before it is parsed: a message of a million packets would keep the page busy for minutes.
    const head = headLength(binary);
    if (head < 0 || head > MOST_HEAD) throw new Problem('open-not-sealed');
    message = await openpgp.readMessage({ binaryMessage: binary, config });
  } catch (error) { throw error instanceof Problem ? error : new Problem('open-unreadable', error.message); }
  if (!message.packets.findPacket(openpgp.enums.packet.symEncryptedIntegrityProtectedData)) throw new Problem('open-not-sealed');
  let opened;
  try {
    opened = await openpgp.decrypt({ message, decryptionKeys: keys, verificationKeys: signers, format: 'binary', date: null, config });
  } catch (error) {
    throw new Problem(/session key|private key|key data integrity/i.test(error.message) ? 'open-other-key' : 'open-broken', error.message);
  }
  return { ...contents(opened.data, opened.filename), signature: await verdict(opened.signatures) };
}

async function unarmored(bytes) {
  const { data } = await openpgp.unarmor(textOf(bytes));
  return data instanceof Uint8Array ? data : whole(piecesOf(data), bytes.length);
}

async function verdict(signatures) {
  if (!signatures.length) return { state: 'none' };
  for (const { keyID, verified, signature } of signatures) {
    try {
      await verified;
      return { state: 'good', keyId: keyID, at: (await signature).packets[0].created };
    } catch (error) {
      if (!/could not find signing key/i.test(error.message)) return { state: 'bad', keyId: keyID };
    }
  }
  return { state: 'unknown', keyId: signatures[0].keyID };
}

function contents(bytes, filename) {
  const plain = { manifest: null, report: null, text: '', files: [], problems: [] };
  const { members, problems } = isTar(bytes) ? untar(bytes) : { members: new Map(), problems: [] };
  const parsed = (name) => { try { return JSON.parse(textOf(members.get(name))); } catch { problems.push('inside-broken'); return null; } };
  const manifest = members.has('manifest.json') ? parsed('manifest.json') : null;
  if (members.size && !members.has('manifest.json')) {
    const rest = [...members].filter(([name]) => !['report.txt', '.pad'].includes(name));
    const files = rest.map(([name, content]) => ({ name, original: name.replace(/^files\//, ''), bytes: content, whole: true }));
    return { ...plain, text: textOf(members.get('report.txt') ?? new Uint8Array()), files, problems };
  }
  if (manifest?.schema !== SCHEMA) {
    return { ...plain, files: [{ name: 'content', original: filename || 'content', bytes }], problems: [...problems, 'not-ours'] };
  }
  const listed = Array.isArray(manifest.files) ? manifest.files : [];
  const files = [];
  for (const entry of listed) {
    const content = members.get(entry?.name);
    if (!content) { problems.push('file-missing'); continue; }
    const same = content.length === entry.size && hex(sha256(content)) === entry.sha256;
    if (!same) problems.push('file-differs');
    files.push({ name: entry.name, original: String(entry.original ?? entry.name), bytes: content, whole: same });
  }
  const known = new Set(['manifest.json', 'report.json', 'report.txt', '.pad', ...listed.map((entry) => entry?.name)]);
  for (const [name, content] of members) {
    if (known.has(name)) continue;
    problems.push('file-unlisted');
    files.push({ name, original: name, bytes: content, whole: false });
  }
  return { manifest, report: members.has('report.json') ? parsed('report.json') : null, text: textOf(members.get('report.txt') ?? new Uint8Array()), files, problems };
}
