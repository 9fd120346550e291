// What the tests share: a team with its keys and manifest, and a way to call gpg.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as openpgp from '../../assets/sealed/openpgp.min.mjs';

export const INSTANCE = '00112233445566778899aabbccddeeff';
export const DAY = 24 * 3600 * 1000;
export const iso = (date) => new Date(date).toISOString().slice(0, 10);

export async function keyOf(name, more = {}) {
  const date = new Date(Date.now() - 30 * DAY);
  const made = await openpgp.generateKey({ type: 'ecc', curve: 'curve25519Legacy', userIDs: [{ name, email: `${name.toLowerCase().replace(/\W/g, '')}@team.test` }], date, format: 'object', config: { aeadProtect: false }, ...more });
  return { name, secret: made.privateKey, public: made.publicKey };
}

export async function team(readers = 2) {
  const lead = await keyOf('Team');
  const duty = await Promise.all(Array.from({ length: readers }, (_, at) => keyOf(`Duty ${at + 1}`)));
  return { lead, duty, recovery: await keyOf('Recovery') };
}

export function fieldsOf({ lead, duty, recovery }, more = {}) {
  const reader = (one, role) => ({ name: one.name, role, fingerprint: one.public.getFingerprint(), certificate: one.public.armor() });
  return {
    schema: 'atalaya-sealed-manifest-1', instance: INSTANCE, intake: 'default', version: 3,
    not_before: iso(Date.now() - DAY), not_after: iso(Date.now() + 80 * DAY), team: lead.public.getFingerprint(),
    readers: [...duty.map((one) => reader(one, 'reader')), reader(recovery, 'recovery')], ...more,
  };
}

export async function signed(fields, key) {
  const message = await openpgp.createCleartextMessage({ text: JSON.stringify(fields) });
  return openpgp.sign({ message, signingKeys: key.secret });
}

/** A folder with a gpg of its own. */
export function gpgHome(...secrets) {
  const home = mkdtempSync(join(tmpdir(), 'g'));
  const gpg = (args, input) => {
    const done = spawnSync('gpg', ['--homedir', home, '--batch', '--quiet', '--no-tty', '--trust-model', 'always', '--pinentry-mode', 'loopback', '--passphrase', '', ...args], { input, maxBuffer: 1 << 30 });
    return { status: done.status, out: done.stdout, err: String(done.stderr) };
  };
  for (const secret of secrets) gpg(['--import'], secret.armor());
  return { home, gpg, close: () => { try { execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']); } catch { /* none ran */ } rmSync(home, { recursive: true, force: true }); } };
}

/** Bytes as a file of the form. */
export function file(name, bytes, piece = 100_000) {
  return { name, size: bytes.length, async* pieces() { for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece); } };
}

export async function rejects(promise, code) {
  let seen = null;
  try { await promise; } catch (error) { seen = error; }
  if (seen?.code !== code) throw new Error(`expected ${code}, got ${seen?.code ?? seen}: ${seen?.detail ?? ''} ${seen?.stack ?? ''}`);
}
