import assert from 'node:assert/strict';
import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromHex, hex } from '../../assets/sealed/bytes.js';
import { padme } from '../../assets/sealed/padme.js';
import { derive, display, lookup, newReceipt, parse, unwrap, wrap } from '../../assets/sealed/receipt.js';
import { Sha256, sha256 } from '../../assets/sealed/sha256.js';
import { rejects } from './kit.mjs';

const vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url)));

test('receipts are those of the vectors, which the server checks too', async () => {
  assert.ok(vectors.receipts.length >= 5);
  for (const vector of vectors.receipts) {
    const receipt = fromHex(vector.receipt);
    assert.equal(display(receipt), vector.display);
    const { auth, kek } = await derive(receipt, fromHex(vector.instance));
    assert.equal(hex(auth), vector.auth);
    assert.equal(hex(kek), vector.kek);
    assert.equal(hex(lookup(auth)), vector.lookup);
    assert.deepEqual(parse(vector.display), receipt);
    for (const typed of vector.typed) assert.deepEqual(parse(typed), receipt);
    assert.equal(hex(new Uint8Array(hkdfSync('sha256', receipt, fromHex(vector.instance), 'atalaya sealed auth', 32))), vector.auth);
  }
  for (const { wrapped, kek, plain } of vectors.wrapped) assert.equal(await unwrap(fromHex(kek), fromHex(wrapped)), plain);
  for (const { size, padded } of vectors.padme) assert.equal(padme(size), padded);
});

test('a receipt is read however it was written down, and a wrong letter is noticed', async () => {
  for (let round = 0; round < 200; round++) {
    const receipt = newReceipt();
    const shown = display(receipt);
    assert.match(shown, /^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
    const sloppy = shown.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', round % 2 ? 'l' : 'i');
    assert.deepEqual(parse(` ${sloppy}\n`), receipt);
  }
  const shown = display(fromHex('000102030405060708090a0b0c0d0e0f'));
  let found = 0;
  for (let at = 0; at < shown.length; at++) {
    if (shown[at] === '-') continue;
    const wrong = shown.slice(0, at) + (shown[at] === '7' ? '8' : '7') + shown.slice(at + 1);
    try { parse(wrong); } catch (problem) { assert.equal(problem.code, 'receipt-check'); found++; }
  }
  assert.equal(found, 28);
  await rejects((async () => parse(shown.slice(0, 20)))(), 'receipt-length');
  await rejects((async () => parse(`${shown}7`))(), 'receipt-length');
  await rejects((async () => parse(shown.replace(/^0/, 'U')))(), 'receipt-check');
});

test('the reply key comes back with its receipt only', async () => {
  const { kek } = await derive(newReceipt(), randomBytes(16));
  const wrapped = await wrap(kek, 'secret key ñ');
  assert.equal(await unwrap(kek, wrapped), 'secret key ñ');
  await rejects(unwrap((await derive(newReceipt(), randomBytes(16))).kek, wrapped), 'receipt-key');
  wrapped[20] ^= 1;
  await rejects(unwrap(kek, wrapped), 'receipt-key');
});

test('a streamed hash is the hash', () => {
  for (const length of [0, 1, 3, 55, 56, 63, 64, 65, 119, 128, 1000, 70_001]) {
    const bytes = randomBytes(length);
    const wanted = createHash('sha256').update(bytes).digest('hex');
    assert.equal(hex(sha256(bytes)), wanted);
    const hash = new Sha256();
    for (let at = 0; at < length; at += 37) hash.update(bytes.subarray(at, at + 37));
    assert.equal(hex(hash.digest()), wanted);
  }
});

test('padding adds at most 12 percent and never splits a block', () => {
  for (let round = 0; round < 3000; round++) {
    const size = Math.floor(65536 * 2 ** (Math.random() * 15));
    const padded = padme(size);
    assert.ok(padded >= size && padded <= size * 1.12 && padded % 512 === 0 && padme(padded) === padded, `${size} ${padded}`);
  }
});
