// The receipt: 128 random bits that only the reporter has. Two secrets come out of it: one shows
// the server that the reporter is back, the other opens the reply key and never leaves the device.

import { base32, concat, equal, fromBase32, textOf, utf8 } from './bytes.js';
import { Problem } from './problem.js';
import { sha256 } from './sha256.js';

const GROUPS = 7;
const DATA = 26;
const IV = 12;

export function newReceipt() {
  return crypto.getRandomValues(new Uint8Array(16));
}

/** The receipt as people write it: seven groups of four letters, the last two letters check the rest. */
export function groups(receipt) {
  const text = base32(receipt) + check(receipt);
  return Array.from({ length: GROUPS }, (_, at) => text.slice(at * 4, at * 4 + 4));
}

export function display(receipt) {
  return groups(receipt).join('-');
}

// The first ten bits of the hash: a wrong letter is found with 1023 chances of 1024.
function check(receipt) {
  return base32(sha256(receipt).subarray(0, 2)).slice(0, 2);
}

/** Letters as they were meant: capitals, no spaces or dashes, O for zero, I and L for one. */
export function tidy(text) {
  return text.toUpperCase().replace(/[^0-9A-Z]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
}

/** The receipt that somebody typed; a problem `receipt-length` or `receipt-check` if it is none. */
export function parse(text) {
  const letters = tidy(text);
  if (letters.length !== GROUPS * 4) throw new Problem('receipt-length');
  const receipt = fromBase32(letters.slice(0, DATA), 16);
  if (!receipt || !equal(utf8(letters.slice(DATA)), utf8(check(receipt)))) throw new Problem('receipt-check');
  return receipt;
}

/** `auth` and `kek`, 32 bytes each: HKDF-SHA256 (RFC 5869), salted with the instance's 16 bytes. */
export async function derive(receipt, instance) {
  const key = await crypto.subtle.importKey('raw', receipt, 'HKDF', false, ['deriveBits']);
  const bits = async (info) => new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: instance, info: utf8(info) }, key, 256));
  return { auth: await bits('atalaya sealed auth'), kek: await bits('atalaya sealed kek') };
}

/** What the server keeps and finds a dialogue by. */
export function lookup(auth) {
  return sha256(auth);
}

async function cipher(kek, use) {
  return crypto.subtle.importKey('raw', kek, 'AES-GCM', false, [use]);
}

/** The armored reply key under the receipt's key: AES-256-GCM, its random iv in front. */
export async function wrap(kek, armored) {
  const iv = crypto.getRandomValues(new Uint8Array(IV));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await cipher(kek, 'encrypt'), utf8(armored));
  return concat([iv, new Uint8Array(sealed)]);
}

export async function unwrap(kek, wrapped) {
  try {
    const open = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: wrapped.subarray(0, IV) }, await cipher(kek, 'decrypt'), wrapped.subarray(IV));
    return textOf(new Uint8Array(open));
  } catch {
    throw new Problem('receipt-key');
  }
}
