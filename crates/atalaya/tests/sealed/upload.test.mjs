import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { streamOf } from '../../assets/sealed/stream.js';
import { PART, upload } from '../../assets/sealed/upload.js';
import { wire } from '../../assets/sealed/wire.js';
import { work } from '../../assets/sealed/work.js';
import { file, rejects } from './kit.mjs';
import { sealedServer } from './server.mjs';

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
const soon = () => Promise.resolve();
const lineTo = (server, more = {}) => wire({ base: `${server.url}/sealed/v1`, wait: soon, patience: 2000, ...more });
const streamed = (bytes) => streamOf(file('', bytes, 70_000).pieces());

test('what goes up arrives equal at every boundary, though parts are dropped, cut and doubled', async () => {
  const server = await sealedServer({ trouble: 0.3, bits: 8 });
  try {
    for (const size of [0, 1, PART - 1, PART, PART + 1, 3 * PART - 1, 3 * PART, 3 * PART + 1, 9 * PART + 77]) {
      const bytes = randomBytes(size);
      let seen = 0;
      const answer = await upload(streamed(bytes), { line: lineTo(server), details: { intake: 'default', grade: 'A', lookup: hash(String(size)) }, progress: (more) => { seen += more; } });
      assert.equal(answer.sha256, hash(bytes));
      assert.ok(server.arrived.get(answer.number).bytes.equals(bytes));
      assert.equal(seen, size);
    }
    assert.ok(server.troubles > 5, 'nothing was dropped');
  } finally { await server.close(); }
});

test('it is not done when the server names another hash', async () => {
  const server = await sealedServer({ lie: true });
  try {
    await rejects(upload(streamed(randomBytes(10)), { line: lineTo(server), details: {} }), 'hash-differs');
  } finally { await server.close(); }
});

test('a line that stays down, an upload that is gone and a full server are told apart', async () => {
  const server = await sealedServer({});
  const line = lineTo(server);
  try {
    server.refuse = 507;
    await rejects(upload(streamed(randomBytes(10)), { line, details: {} }), 'full');
    server.refuse = 413;
    await rejects(upload(streamed(randomBytes(10)), { line, details: {} }), 'file-large');
    // A proxy's own page says nothing of a receipt: only the server does, by its code.
    for (const status of [401, 403]) {
      server.refuse = status;
      await rejects(upload(streamed(randomBytes(10)), { line, details: {} }), 'refused');
    }
    server.refuse = 404;
    await rejects(upload(streamed(randomBytes(10)), { line, details: {} }), 'gone');
    server.refuse = 503;
    let waits = 0;
    await rejects(upload(streamed(randomBytes(10)), { line, details: {}, waiting: () => { waits++; } }), 'server');
    server.refuse = 0;
    const stop = new AbortController();
    stop.abort();
    await rejects(upload(streamed(randomBytes(10)), { line: lineTo(server, { signal: stop.signal }), details: {} }), 'stopped');
  } finally { await server.close(); }
  await rejects(upload(streamed(randomBytes(10)), { line, details: {} }), 'network');
});

test('a source that fails fails the upload, and nothing is committed', async () => {
  const server = await sealedServer({});
  try {
    const bad = streamOf((async function* () { yield randomBytes(2 * PART); throw new Error('the file is gone'); })());
    await assert.rejects(upload(bad, { line: lineTo(server), details: {} }), /the file is gone/);
    assert.equal(server.arrived.size, 0);
  } finally { await server.close(); }
});

test('the work is that of the vectors', async () => {
  const { work: vectors } = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url)));
  for (const { challenge, bits, nonce } of vectors) assert.deepEqual(await work({ challenge, bits }), { challenge, nonce });
  await rejects(work({ challenge: 'xyz', bits: 8 }), 'server');
  await rejects(work({ challenge: '00', bits: 60 }), 'server');
});
