import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { hex } from '../../assets/sealed/bytes.js';
import { newReplyKey, open, readCertificate, seal, unlock } from '../../assets/sealed/envelope.js';
import { signerOf } from '../../assets/sealed/manifest.js';
import * as openpgp from '../../assets/sealed/openpgp.min.mjs';
import { padme } from '../../assets/sealed/padme.js';
import { reporters, weaker } from '../../assets/sealed/reporter.js';
import { headLength, newHead, sessionKey } from '../../assets/sealed/rewrap.js';
import { sha256, Sha256 } from '../../assets/sealed/sha256.js';
import { piecesOf, whole } from '../../assets/sealed/stream.js';
import { tar, tarSize, untar } from '../../assets/sealed/tar.js';
import { file, gpgHome, keyOf, rejects, team } from './kit.mjs';

const ABOUT = { grade: 'A', language: 'en', label: 'amber', prev: '' };
const REPORT = { kind: 'data', answers: { description: 'It leaks. ñ “quoted”' } };
let people;
let certificates;
before(async () => {
  people = await team();
  certificates = [...people.duty, people.recovery].map((one) => one.public);
});
const bytesOf = async ({ stream }) => Buffer.from(await whole(piecesOf(stream), 1 << 30));
const sealed = async (more = {}) => bytesOf(await seal({ report: REPORT, text: 'It leaks.\n', about: ABOUT, to: certificates, ...more }));
const shift = (bytes) => Buffer.concat([bytes.subarray(0, -30), Buffer.from([bytes.at(-30) ^ 1]), bytes.subarray(-29)]);

test('the tar is one for tar(1), of a Padmé size, and reads back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 't'));
  try {
    for (const lengths of [[], [0], [1], [511, 512, 513], [65_000], [65_536, 200_000], Array(100).fill(10)]) {
      const contents = lengths.map((length) => randomBytes(length));
      const members = contents.map((bytes, at) => ({ name: `files/${String(at + 1).padStart(3, '0')}`, size: bytes.length, pieces: at % 2 ? bytes : file('', bytes, 333).pieces }));
      const bytes = await whole(tar(members), 1 << 30);
      assert.equal(bytes.length, tarSize(lengths));
      assert.equal(bytes.length, padme(bytes.length));
      writeFileSync(join(folder, 'x.tar'), bytes);
      const listed = execFileSync('tar', ['-tvf', join(folder, 'x.tar')]).toString().trim().split('\n');
      assert.equal(listed.length, contents.length + 1);
      assert.match(listed.at(-1), /-rw------- 0\/0 +\d+ 1970-01-01 00:00 \.pad$/);
      execFileSync('tar', ['-xf', join(folder, 'x.tar'), '-C', folder]);
      const { members: read, problems } = untar(bytes);
      assert.deepEqual(problems, []);
      contents.forEach((content, at) => {
        assert.ok(readFileSync(join(folder, members[at].name)).equals(content));
        assert.ok(content.equals(read.get(members[at].name)));
      });
    }
    // And one that tar(1) made.
    execFileSync('tar', ['-cf', 'y.tar', '--format=ustar', '-C', folder, 'files/001'], { cwd: folder });
    assert.equal(untar(readFileSync(join(folder, 'y.tar'))).members.get('files/001').length, 10);
  } finally { rmSync(folder, { recursive: true }); }
});

test('a damaged tar gives what is good and a problem', async () => {
  const members = [file('files/001', randomBytes(700)), file('files/002', randomBytes(900))];
  const bytes = await whole(tar(members), 1 << 20);
  assert.deepEqual(untar(bytes.subarray(0, 2048)).problems, ['tar-cut']);
  assert.equal(untar(bytes.subarray(0, 2048)).members.size, 1);
  const odd = bytes.slice();
  odd[1536 + 3] ^= 1;
  assert.deepEqual([untar(odd).members.size, untar(odd).problems], [1, ['tar-header']]);
  assert.deepEqual(untar(new Uint8Array(100)).problems, ['tar-cut']);
  await rejects(whole(tar([{ name: 'files/001', size: 8, pieces: file('', randomBytes(9)).pieces }]), 1 << 20), 'file-changed');
  await rejects(whole(tar([{ name: 'files/001', size: 8, pieces: file('', randomBytes(7)).pieces }]), 1 << 20), 'file-changed');
  await rejects(whole(tar([{ name: 'files/001', size: 2 ** 33, pieces: file('', randomBytes(7)).pieces }]), 1 << 20), 'file-large');
});

test('every reader opens an envelope with gpg and tar, and with this page; nobody else does', async () => {
  const secrets = [randomBytes(0), randomBytes(1), randomBytes(300_000)];
  const envelope = await sealed({ files: secrets.map((bytes, at) => file(`../ev il "${at}".bin`, bytes)) });
  for (const person of [...people.duty, people.recovery]) {
    const { home, gpg, close } = gpgHome(person.secret);
    try {
      // gpg 2.2 ends with 2 if a hidden reader's key before its own did not fit ("ecdh failed"); its status line counts.
      const done = gpg(['--status-fd', '2', '-d'], envelope);
      assert.match(done.err, /DECRYPTION_OKAY[^]*GOODMDC/);
      execFileSync('tar', ['-x', '-C', home], { input: done.out });
      assert.deepEqual(readdirSync(join(home, 'files')), ['001', '002', '003']);
      secrets.forEach((bytes, at) => assert.ok(readFileSync(join(home, `files/00${at + 1}`)).equals(bytes)));
      const about = JSON.parse(readFileSync(join(home, 'manifest.json')));
      assert.equal(about.files[2].sha256, createHash('sha256').update(secrets[2]).digest('hex'));
      assert.equal(about.files[0].original, '../ev il "0".bin');
      assert.equal(done.out.length, padme(done.out.length));
    } finally { close(); }
    const opened = await open(envelope, { keys: person.secret });
    assert.deepEqual(opened.report, REPORT);
    assert.equal(opened.text, 'It leaks.\n');
    assert.deepEqual(opened.problems, []);
    assert.equal(opened.signature.state, 'none');
    secrets.forEach((bytes, at) => assert.ok(bytes.equals(opened.files[at].bytes)));
  }
  await rejects(open(envelope, { keys: people.lead.secret }), 'open-other-key');
  await rejects(open(shift(envelope), { keys: people.duty[0].secret }), 'open-broken');
  await open(envelope.subarray(0, -500), { keys: people.duty[0].secret }).then(() => assert.fail(), (problem) => assert.match(problem.code, /open-broken|open-unreadable/));
});

test('an envelope tells nobody who reads it, nor its lengths', async () => {
  const lengths = new Set();
  for (const sizes of [[], [0], [100, 1, 20_000], [30_000], Array(20).fill(1)]) {
    const envelope = await sealed({ files: sizes.map((size, at) => file(`n${at}`, randomBytes(size), 777)), text: 'x'.repeat(Math.random() * 5000) });
    lengths.add(envelope.length);
    const message = await openpgp.readMessage({ binaryMessage: envelope });
    assert.deepEqual(message.getEncryptionKeyIDs().map((id) => id.isWildcard()), [true, true, true]);
    const [body] = message.packets.filterByTag(openpgp.enums.packet.symEncryptedIntegrityProtectedData);
    assert.equal(body.version, 1);
  }
  assert.equal(lengths.size, 1, [...lengths].join());
  const large = new Set();
  for (const sizes of [[1_000_000], [300_000, 699_000], [1, 999_000], Array(50).fill(19_456)]) large.add((await sealed({ files: sizes.map((size) => file('n', randomBytes(size), 1 + Math.floor(Math.random() * 70_000))) })).length);
  assert.equal(large.size, 1, [...large].join());
});

test('an answer is signed by a reader, to the reporter and the readers, and the other way', async () => {
  const reply = await newReplyKey();
  assert.match(reply.privateKey, /BEGIN PGP PRIVATE KEY/);
  const reporter = await readCertificate(reply.publicKey);
  assert.equal(reporter.getCreationTime().toISOString(), '2013-05-14T00:00:00.000Z');
  const secret = await unlock(reply.privateKey);
  const readers = { readers: people.duty.map((one) => ({ name: one.name, key: one.public })) };
  const answer = await sealed({ to: [reporter, ...certificates], by: people.duty[1].secret, files: [file('a.txt', Buffer.from('hello'))] });
  const opened = await open(answer, { keys: secret, signers: certificates });
  assert.equal(opened.signature.state, 'good');
  assert.equal(signerOf(readers, opened.signature.keyId).name, 'Duty 2');
  assert.equal((await open(answer, { keys: secret, signers: [people.duty[0].public] })).signature.state, 'unknown');
  assert.equal((await open(answer, { keys: people.duty[0].secret, signers: certificates })).signature.state, 'good');
  const { gpg, close } = gpgHome(people.duty[0].secret);
  try { assert.equal(gpg(['-d'], answer).out.length, padme(1)); } finally { close(); }
  const back = await sealed({ by: secret });
  assert.equal((await open(back, { keys: people.duty[0].secret, signers: [reporter] })).signature.state, 'good');
  assert.equal((await open(back, { keys: people.duty[0].secret, signers: certificates })).signature.state, 'unknown');
});

test('the reply key is one that gpg takes: an analyst may answer from outside', async () => {
  const reply = await newReplyKey();
  const { gpg, close } = gpgHome(people.duty[0].secret);
  try {
    const imported = gpg(['--import'], reply.publicKey);
    assert.equal(imported.status, 0, imported.err);
    const bytes = await whole(tar([{ name: 'report.txt', size: 2, pieces: Buffer.from('ok') }]), 1 << 20);
    const done = gpg(['-se', '-R', 'reporter', '-u', 'Duty 1', '-z', '0'], bytes);
    assert.equal(done.status, 0, done.err);
    const opened = await open(done.out, { keys: await unlock(reply.privateKey), signers: certificates });
    assert.deepEqual([opened.signature.state, opened.problems, opened.text, opened.files.length], ['good', [], 'ok', 0]);
  } finally { close(); }
});

test('what others sealed opens, and what is not sealed is refused', async () => {
  const { gpg, close } = gpgHome(people.duty[0].secret);
  try {
    // gpg compresses, names the file and the reader.
    const done = gpg(['-ea', '-z', '9', '--compress-algo', 'zip', '-r', 'Duty 1', '--set-filename', 'words.txt'], Buffer.from('only words '.repeat(5000)));
    const opened = await open(done.out, { keys: people.duty[0].secret });
    assert.equal(opened.files[0].original, 'words.txt');
    assert.equal(opened.files[0].bytes.length, 55_000);
    await rejects(open(done.out, { keys: people.duty[0].secret, most: 20_000 }), 'open-broken');
    for (const args of [['-s', '-u', 'Duty 1'], ['--store'], ['-b', '-u', 'Duty 1']]) {
      const plain = gpg(args, Buffer.from('words')).out;
      assert.ok(plain.length > 0);
      await open(plain, { keys: people.duty[0].secret }).then(() => assert.fail(), (problem) => assert.match(problem.code, /open-not-sealed|open-unreadable/));
    }
    await open(Buffer.from('hello'), { keys: [] }).then(() => assert.fail(), (problem) => assert.match(problem.code, /open-not-sealed|open-unreadable/));
    await rejects(open(Buffer.from('-----BEGIN PGP MESSAGE-----\n\nbroken'), { keys: [] }), 'open-unreadable');
  } finally { close(); }
});

test('a locked key opens with its passphrase only', async () => {
  const locked = await openpgp.encryptKey({ privateKey: people.duty[0].secret, passphrase: 'pass word' });
  assert.ok((await unlock(locked.armor(), 'pass word')).isDecrypted());
  await rejects(unlock(locked.armor(), 'other'), 'key-passphrase');
  await rejects(unlock('nothing'), 'key-unreadable');
});

test('a new reader gets a new head before the untouched body', async () => {
  const envelope = await sealed({ files: [file('a', randomBytes(5000))] });
  const at = headLength(envelope);
  const head = await newHead(await sessionKey(envelope.subarray(0, at), people.duty[0].secret), [people.lead.public, people.duty[1].public]);
  assert.equal(headLength(Buffer.concat([head, envelope.subarray(at)])), head.length);
  const again = Buffer.concat([head, envelope.subarray(at)]);
  assert.deepEqual((await open(again, { keys: people.lead.secret })).report, REPORT);
  await rejects(open(again, { keys: people.duty[0].secret }), 'open-other-key');
  await rejects(sessionKey(head, people.duty[0].secret), 'open-other-key');
  const { gpg, close } = gpgHome(people.lead.secret);
  try { assert.equal(gpg(['-d'], again).status, 0); } finally { close(); }
  assert.equal(headLength(Buffer.from('hello')), -1);
  assert.equal(headLength(envelope.subarray(0, at)), -1);
});

test('64 MiB pass through with little memory', async () => {
  const size = 64 << 20;
  const block = randomBytes(1 << 20);
  const big = { name: 'big', size, async* pieces() { for (let at = 0; at < 64; at++) yield block; } };
  global.gc?.();
  const base = process.memoryUsage().rss;
  const began = process.cpuUsage();
  const { stream, plain } = await seal({ report: REPORT, text: '', files: [big], about: ABOUT, to: certificates });
  const hash = new Sha256();
  let most = 0;
  for await (const piece of piecesOf(stream)) { hash.update(piece); most = Math.max(most, process.memoryUsage().rss - base); }
  const { user, system } = process.cpuUsage(began);
  console.log(`sealed ${plain / 2 ** 20} MiB, hashed before and after: ${(64 / ((user + system) / 1e6)).toFixed(0)} MiB per CPU-second, ${(most / 2 ** 20).toFixed(0)} MiB more memory`);
  assert.ok(hash.length > size && most < 160 * 2 ** 20, `${most}`);
  assert.equal(hex(sha256(new Uint8Array())), hex(new Sha256().digest()));
});

test('whom an answer goes to is our key, or a file that is named; several are told apart, and no grade is bettered', async () => {
  const [one, two] = await Promise.all([keyOf('One'), keyOf('Two')]);
  const fileOf = (original, ...keys) => ({ original, bytes: new TextEncoder().encode(keys.map((key) => key.armor()).join('\n')) });
  const found = async (manifest, ...files) => (await reporters({ manifest, files })).map(({ key, file }) => [key.getFingerprint(), file]);
  const [first, second] = [one, two].map((key) => key.public.getFingerprint());
  assert.deepEqual(await found({ reply_certificate: one.public.armor() }, fileOf('other.asc', two.public)), [[first, '']]);
  assert.deepEqual(await found(null, { original: 'a.txt', bytes: new TextEncoder().encode('no key') }, fileOf('mine.asc', one.public)), [[first, 'mine.asc']]);
  assert.deepEqual(await found(null, fileOf('theirs.asc', two.public), fileOf('mine.asc', one.public), fileOf('again.asc', one.public)), [[second, 'theirs.asc'], [first, 'mine.asc']]);
  assert.deepEqual((await found(null, fileOf('ring.asc', one.public, two.public))).length, 2);
  assert.deepEqual(await found(null, fileOf('secret.asc', one.secret), { original: 'x', bytes: new TextEncoder().encode('-----BEGIN PGP PUBLIC KEY BLOCK-----\nbroken') }), []);
  for (const [noted, inside, shown] of [['A', 'C', 'C'], ['C', 'A', 'C'], ['B', 'A', 'B'], ['B', undefined, 'B'], ['A', '<b>', 'A']]) assert.equal(weaker(noted, inside), shown);
});
