// A little work before an upload begins, so that flooding the team costs something. It asks for no
// name and leaves no trace: find a number whose hash, behind the server's challenge, begins with
// enough zero bits.

import { concat, fromHex } from './bytes.js';
import { Problem } from './problem.js';
import { sha256 } from './sha256.js';

const MOST_BITS = 26;
const SLICE = 20_000;

/** The answer to `{challenge: hex, bits}`: `{challenge, nonce}`. SHA-256(challenge ‖ nonce as 8 bytes, big endian). */
export async function work({ challenge, bits }) {
  const start = fromHex(challenge);
  if (!start || !(bits >= 0 && bits <= MOST_BITS)) throw new Problem('server', 'challenge');
  const bytes = concat([start, new Uint8Array(8)]);
  const view = new DataView(bytes.buffer);
  for (let nonce = 0; ; nonce++) {
    view.setUint32(bytes.length - 8, Math.floor(nonce / 2 ** 32));
    view.setUint32(bytes.length - 4, nonce >>> 0);
    if (zeros(sha256(bytes)) >= bits) return { challenge, nonce };
    // The page stays alive: buttons can be pressed, the line of progress moves.
    if (nonce % SLICE === SLICE - 1) await new Promise((go) => { setTimeout(go); });
  }
}

export function zeros(hash) {
  const view = new DataView(hash.buffer, hash.byteOffset);
  return Math.clz32(view.getUint32(0));
}
