import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { hex, utf8 } from '../../assets/sealed/bytes.js';
import { count, readManifest, readPast, teamKey } from '../../assets/sealed/manifest.js';
import * as openpgp from '../../assets/sealed/openpgp.min.mjs';
import { sha256 } from '../../assets/sealed/sha256.js';
import { DAY, fieldsOf, gpgHome, INSTANCE, iso, keyOf, rejects, signed, team as makeTeam } from './kit.mjs';

let people;
let team;
before(async () => {
  people = await makeTeam(4);
  team = await teamKey(people.lead.public.armor(), people.lead.public.getFingerprint());
});
const read = async (fields, more = {}, by = people.lead) => readManifest(await signed(fields, by), { team, intake: 'default', least: 3, ...more });

test('a manifest that the team signed names the readers', async () => {
  const manifest = await read(fieldsOf(people));
  assert.deepEqual(count(manifest), { readers: 4, recovery: 1 });
  assert.equal(hex(manifest.instance), INSTANCE);
  assert.equal(manifest.version, 3);
  assert.equal(manifest.readers[0].key.getFingerprint(), people.duty[0].public.getFingerprint());
});

test('a manifest that gpg signed is the same', async () => {
  const { gpg, close } = gpgHome(people.lead.secret);
  try {
    const done = gpg(['--clearsign', '-u', 'Team'], JSON.stringify(fieldsOf(people), null, 1));
    assert.equal((await readManifest(String(done.out), { team, intake: 'default' })).readers.length, 5);
  } finally { close(); }
});

test('the team is known by its fingerprint only', async () => {
  const spaced = people.lead.public.getFingerprint().toUpperCase().replace(/(.{4})/g, '$1 ');
  await teamKey(people.lead.public.armor(), spaced);
  await rejects(teamKey(people.duty[0].public.armor(), spaced), 'manifest-team');
  await rejects(teamKey(people.lead.public.armor(), ''), 'manifest-team');
  await rejects(teamKey('no key', spaced), 'manifest-team');
  await rejects(read(fieldsOf(people, { team: people.duty[0].public.getFingerprint() })), 'manifest-team');
});

test('a forged manifest is refused', async () => {
  await rejects(read(fieldsOf(people), {}, people.duty[0]), 'manifest-signature');
  const text = await signed(fieldsOf(people), people.lead);
  await rejects(readManifest(text.replace('"Duty 1"', '"Duty 9"'), { team }), 'manifest-signature');
  await rejects(readManifest(JSON.stringify(fieldsOf(people)), { team }), 'manifest-signature');
  await rejects(readManifest('', { team }), 'manifest-signature');
  // Words before and after the signed text are not the signed text.
  const around = `${JSON.stringify(fieldsOf(people, { version: 99 }))}\n${text}`;
  await readManifest(around, { team }).then((read) => assert.equal(read.version, 3), (problem) => assert.equal(problem.code, 'manifest-signature'));
  const weak = await openpgp.sign({ message: await openpgp.createCleartextMessage({ text: JSON.stringify(fieldsOf(people)) }), signingKeys: people.lead.secret, config: { preferredHashAlgorithm: openpgp.enums.hash.sha1, rejectHashAlgorithms: new Set(), rejectMessageHashAlgorithms: new Set() } });
  if (/Hash: SHA1/.test(weak)) await rejects(readManifest(weak, { team }), 'manifest-signature');
});

test('old, early, late and foreign manifests are refused', async () => {
  await rejects(read(fieldsOf(people, { version: 2 })), 'manifest-old');
  await rejects(read(fieldsOf(people, { intake: 'other' })), 'manifest-intake');
  await rejects(read(fieldsOf(people, { not_before: iso(Date.now() + 2 * DAY) })), 'manifest-early');
  await rejects(read(fieldsOf(people, { not_after: iso(Date.now() - 3 * DAY) })), 'manifest-late');
  await read(fieldsOf(people, { not_after: iso(Date.now()) }));
  // Signed in the morning of a day that is still to come in Greenwich.
  await read(fieldsOf(people, { not_before: iso(Date.now() + 13 * DAY / 24) }));
  // For the signature under an old answer it still counts.
  await read(fieldsOf(people, { not_after: iso(Date.now() - 3 * DAY), version: 1 }), { past: true, least: 0 });
});

test('a manifest with a reader whose key cannot be used is refused', async () => {
  const expired = await keyOf('Gone', { keyExpirationTime: 10 * 24 * 3600 });
  await rejects(read(fieldsOf({ ...people, duty: [people.duty[0], expired] })), 'manifest-reader');
  const mixed = fieldsOf(people);
  mixed.readers[0].certificate = people.duty[1].public.armor();
  await rejects(read(mixed), 'manifest-reader');
  const secret = fieldsOf(people);
  secret.readers[0].certificate = people.duty[0].secret.armor();
  await rejects(read(secret), 'manifest-reader');
  const nobody = fieldsOf(people);
  nobody.readers = nobody.readers.slice(-1);
  await rejects(read(nobody), 'manifest-reader');
});

test('a manifest of another shape is refused', async () => {
  for (const more of [{ schema: 'x' }, { instance: 'abc' }, { version: '3' }, { readers: [] }, { readers: null }, { not_after: 'soon' }, { readers: [{ name: 'x', role: 'king' }] }]) {
    await rejects(read(fieldsOf(people, more)), 'manifest-shape');
  }
});

test('what a former key of the team signed counts as far as the present one vouches for it, and no further', async () => {
  const heir = await keyOf('Team');
  const past = async (text, former, more = {}) => {
    const team = await teamKey(heir.public.armor(), heir.public.getFingerprint());
    const newest = await readManifest(await signed(fieldsOf({ ...people, lead: heir }, { version: 2, former }), heir), { team, intake: 'default', past: true });
    const shown = [people.lead, people.duty[0]].find((one) => one.public.getFingerprint() === former[0]?.team) ?? heir;
    return readPast(utf8(text), { newest, team, intake: 'default', version: 1, keyOf: async () => shown.public.armor(), ...more });
  };
  const text = await signed(fieldsOf(people, { version: 1, not_after: iso(Date.now() - 3 * DAY) }), people.lead);
  const vouched = { team: people.lead.public.getFingerprint(), version: 1, sha256: hex(sha256(utf8(text))) };
  assert.equal((await past(text, [vouched])).readers.length, 5);
  // Not vouched for at all, for another version, and with the certificate of somebody else.
  await rejects(past(text, []), 'manifest-signature');
  await rejects(past(text, [{ ...vouched, version: 3 }]), 'manifest-signature');
  await rejects(past(text, [vouched], { keyOf: async () => heir.public.armor() }), 'manifest-team');
  // Whoever has the old key may sign what they like, and date it back.
  const forged = await signed(fieldsOf({ ...people, duty: people.duty.slice(1) }, { version: 1 }), people.lead);
  await rejects(past(forged, [vouched]), 'manifest-signature');
  // Who never was the team's key, whatever the hash.
  const other = await signed(fieldsOf(people, { version: 1 }), people.duty[0]);
  await rejects(past(other, [{ ...vouched, sha256: hex(sha256(utf8(other))) }]), 'manifest-signature');
  await rejects(past(text, [{ ...vouched, sha256: 'x' }]), 'manifest-shape');
});
