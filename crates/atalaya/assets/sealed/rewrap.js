// Readers come and go: only the head of an envelope, the session key wrapped for each reader, is
// made again. The body stays as it came, byte for byte.

import { concat } from './bytes.js';
import * as openpgp from './openpgp.min.mjs';
import { Problem } from './problem.js';

// An empty body, so that the head alone is a message that the library reads.
const NO_BODY = Uint8Array.of(0xd2, 0x02, 0x01, 0x00);

/** The session key of a head: `{data, algorithm}`. */
export async function sessionKey(head, key) {
  try {
    const message = await openpgp.readMessage({ binaryMessage: concat([head, NO_BODY]) });
    const [found] = await openpgp.decryptSessionKeys({ message, decryptionKeys: key });
    return found;
  } catch (error) { throw new Problem('open-other-key', error.message); }
}

/** A head for these certificates, as hidden as the first one. */
export async function newHead({ data, algorithm }, to) {
  return openpgp.encryptSessionKey({ data, algorithm, encryptionKeys: to, wildcard: true, format: 'binary' });
}

/** Where the head ends and the body begins: at the first packet that wraps no key. -1 if there is none. */
export function headLength(bytes) {
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] & 0x40 ? bytes[at] & 0x3f : (bytes[at] >> 2) & 0x0f;
    if (!(bytes[at] & 0x80)) return -1;
    if (tag !== 1 && tag !== 3) return tag === 18 || tag === 20 ? at : -1;
    const [header, length] = packetLength(bytes, at);
    if (!header) return -1;
    at += header + length;
  }
  return -1;
}

// RFC 9580 section 4.2: header length and body length of a packet that is not cut into parts.
function packetLength(bytes, at) {
  const first = bytes[at + 1];
  const number = (from, count) => bytes.subarray(from, from + count).reduce((sum, byte) => sum * 256 + byte, 0);
  if (!(bytes[at] & 0x40)) {
    const count = [1, 2, 4, 0][bytes[at] & 3];
    return count ? [1 + count, number(at + 1, count)] : [0, 0];
  }
  if (first < 192) return [2, first];
  if (first < 224) return [3, ((first - 192) << 8) + bytes[at + 2] + 192];
  return first === 255 ? [6, number(at + 2, 4)] : [0, 0];
}
