// Bytes and the ways to write them: hex for the wire, Crockford's base32 for people.

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function hex(bytes) {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** Bytes of a hex text, or null if it is none. */
export function fromHex(text) {
  if (typeof text !== 'string' || text.length % 2 || !/^[0-9a-fA-F]*$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Crockford's base32, the most significant bit first, filled up with zero bits. */
export function base32(bytes) {
  let text = '';
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += LETTERS[(value >> (bits - 5)) & 31];
    value &= 31;
  }
  return bits ? text + LETTERS[(value << (5 - bits)) & 31] : text;
}

/** `length` bytes of a base32 text; null if a letter is unknown, it is too short or too long, or its filling is not zero. */
export function fromBase32(text, length) {
  if (text.length !== Math.ceil((length * 8) / 5)) return null;
  const bytes = new Uint8Array(length);
  let value = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    const digit = LETTERS.indexOf(letter);
    if (digit < 0) return null;
    value = (value << 5) | digit;
    bits += 5;
    if (bits >= 8) { bytes[at++] = (value >> (bits - 8)) & 255; bits -= 8; value &= (1 << bits) - 1; }
  }
  return value === 0 ? bytes : null;
}

/** Whether two are the same, in a time that does not tell where they differ. */
export function equal(a, b) {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at++) difference |= a[at] ^ b[at];
  return difference === 0;
}

export function concat(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

export function utf8(text) {
  return new TextEncoder().encode(text);
}

/** Text of UTF-8 bytes; what is not UTF-8 becomes the replacement character. */
export function textOf(bytes) {
  return new TextDecoder().decode(bytes);
}
