// What comes from outside may be anything: it gives a problem with a code, and never hangs.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { concat } from '../../assets/sealed/bytes.js';
import { open, seal } from '../../assets/sealed/envelope.js';
import { readManifest } from '../../assets/sealed/manifest.js';
import * as openpgp from '../../assets/sealed/openpgp.min.mjs';
import { Problem } from '../../assets/sealed/problem.js';
import { parse } from '../../assets/sealed/receipt.js';
import { headLength, sessionKey } from '../../assets/sealed/rewrap.js';
import { piecesOf, whole } from '../../assets/sealed/stream.js';
import { tar, untar } from '../../assets/sealed/tar.js';
import { fieldsOf, file, keyOf, rejects, signed, team as makeTeam } from './kit.mjs';

// The same dice in each run: a fault that is found is found again.
let turn = 0;
const dice = (below) => createHash('sha256').update(`dice ${turn++}`).digest().readUInt32BE(0) % below;

function mutated(bytes) {
  const copy = Buffer.from(bytes);
  for (let many = 1 + dice(4); many > 0; many--) copy[dice(Math.min(copy.length, dice(2) ? 600 : copy.length))] = dice(256);
  return dice(5) === 0 ? copy.subarray(0, dice(copy.length)) : copy;
}

async function onlyProblems(action) {
  try { await action(); return 'fine'; } catch (error) {
    assert.ok(error instanceof Problem, `${error?.stack ?? error}`);
    return error.code;
  }
}

test('mutated envelopes, heads, tars, manifests and receipts give problems only', async () => {
  const people = await makeTeam(1);
  const team = people.lead.public;
  const key = people.duty[0].secret;
  const sealed = Buffer.from(await whole(piecesOf((await seal({ report: {}, text: 'x', files: [file('a', Buffer.alloc(900))], about: {}, to: [people.duty[0].public] })).stream), 1 << 20));
  const inside = await whole(tar([file('files/001', Buffer.alloc(900)), file('files/002', Buffer.alloc(10))]), 1 << 20);
  const manifest = Buffer.from(await signed(fieldsOf(people), people.lead));
  const seen = new Map();
  const count = (code) => seen.set(code, (seen.get(code) ?? 0) + 1);
  for (let round = 0; round < 150; round++) {
    const bytes = mutated(sealed);
    count(await onlyProblems(() => open(bytes, { keys: key })));
    const at = headLength(bytes);
    assert.ok(at >= -1 && at <= bytes.length);
    if (at > 0) count(await onlyProblems(() => sessionKey(bytes.subarray(0, at), key)));
    const { members, problems } = untar(mutated(inside));
    assert.ok(members.size <= 3 && Array.isArray(problems));
    await onlyProblems(() => readManifest(String(mutated(manifest)), { team, intake: 'default' }));
    await onlyProblems(async () => parse(String(mutated(Buffer.from('0000-0000-0000-0000-0000-0000-006X')))));
  }
  assert.ok(seen.size >= 3, [...seen].join());
});

test('a dishonest inside is told, and what is good of it is given', async () => {
  const reader = await keyOf('Reader');
  const put = async (members) => {
    const message = await openpgp.createMessage({ binary: await whole(tar(members), 1 << 20) });
    return open(await openpgp.encrypt({ message, encryptionKeys: reader.public, format: 'binary' }), { keys: reader.secret });
  };
  const json = (name, value) => file(name, Buffer.from(JSON.stringify(value)));
  const about = (files) => json('manifest.json', { schema: 'atalaya-sealed-1', files });
  const sum = (text) => createHash('sha256').update(text).digest('hex');
  const good = { name: 'files/001', original: 'a', size: 3, sha256: sum('abc') };
  const opened = await put([about([good, { ...good, name: 'files/002' }, { ...good, name: 'files/003' }, null]), file('files/001', Buffer.from('abc')), file('files/002', Buffer.from('abd')), file('files/004', Buffer.from('x')), file('report.json', Buffer.from('{'))]);
  assert.deepEqual(opened.files.map((one) => [one.name, one.whole]), [['files/001', true], ['files/002', false], ['files/004', false]]);
  assert.deepEqual(opened.problems.sort(), ['file-differs', 'file-missing', 'file-missing', 'file-unlisted', 'inside-broken']);
  assert.equal(opened.report, null);
  assert.deepEqual((await put([json('manifest.json', { schema: 'another' })])).problems, ['not-ours']);
  assert.deepEqual((await put([about('all')])).problems, []);
  assert.deepEqual((await put([file('manifest.json', Buffer.from('[]'))])).problems, ['not-ours']);
});

test('a message of a very great many packets and a bomb end soon', async () => {
  const reader = await keyOf('Reader');
  const packet = Uint8Array.of(0xca, 3, 0x50, 0x47, 0x50); // a marker packet
  const many = concat(Array(200_000).fill(packet));
  assert.notEqual(await onlyProblems(() => open(many, { keys: reader.secret })), 'fine');
  const zeros = await openpgp.createMessage({ binary: new Uint8Array(40 * 2 ** 20) });
  const bomb = await openpgp.encrypt({ message: zeros, encryptionKeys: reader.public, format: 'binary', config: { preferredCompressionAlgorithm: openpgp.enums.compression.zlib } });
  assert.ok(bomb.length < 2 ** 20 || bomb.length > 2 ** 25);
  if (bomb.length < 2 ** 20) await rejects(open(bomb, { keys: reader.secret, most: 8 * 2 ** 20 }), 'open-broken');
});
