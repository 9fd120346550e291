// The recipients manifest: who may read what is sealed here. The team's key signs it, and the
// page knows that key by its fingerprint; whatever else the server says about readers is ignored.

import { fromHex, hex, textOf } from './bytes.js';
import * as openpgp from './openpgp.min.mjs';
import { Problem } from './problem.js';
import { sha256 } from './sha256.js';

const SCHEMA = 'atalaya-sealed-manifest-1';
const HOUR = 3600 * 1000;
const MOST = 1 << 20;

const bare = (fingerprint) => String(fingerprint).replace(/\s/g, '').toLowerCase();

/** The team's certificate, which has to have the fingerprint that the page (or paper) names. */
export async function teamKey(armored, fingerprint) {
  const key = await openpgp.readKey({ armoredKey: armored }).catch((error) => { throw new Problem('manifest-team', error.message); });
  if (!fingerprint || key.getFingerprint() !== bare(fingerprint)) throw new Problem('manifest-team');
  return key;
}

/**
 * Verifies a manifest. `team`: the certificate of `teamKey`; `intake`: which one it has to be for;
 * `now`; `least`: the oldest version to accept. `past`: read it for the signature of an old reply,
 * whatever today's date. Gives `{instance, intake, version, notBefore, notAfter, readers: [{name,
 * role, fingerprint, key}], former: [{team, version, sha256}]}`; throws a `Problem` for the first thing that is not
 * right. `former`: manifests that the team's keys of before signed, which this one vouches for by their hashes.
 */
export async function readManifest(text, { team, intake, now = new Date(), least = 0, past = false }) {
  if (text.length > MOST) throw new Problem('manifest-shape', 'too large');
  const fields = shape(await signedText(text, team, past));
  if (bare(fields.team) !== team.getFingerprint()) throw new Problem('manifest-team');
  if (intake !== undefined && fields.intake !== intake) throw new Problem('manifest-intake', fields.intake);
  if (fields.version < least) throw new Problem('manifest-old', `${fields.version} < ${least}`);
  const [notBefore, notAfter] = [day(fields.not_before), day(fields.not_after)];
  // First and last day count in full, wherever on earth they begin (UTC+14) and end (UTC-12).
  if (!past && notBefore - now > 14 * HOUR) throw new Problem('manifest-early', fields.not_before);
  if (!past && now - notAfter >= 36 * HOUR) throw new Problem('manifest-late', fields.not_after);
  const readers = await Promise.all(fields.readers.map((reader) => readerOf(reader, past ? null : now)));
  if (!readers.some(({ role }) => role === 'reader')) throw new Problem('manifest-reader', 'nobody on duty');
  return { instance: fromHex(fields.instance), intake: fields.intake, version: fields.version, notBefore, notAfter, readers, former: fields.former };
}

async function signedText(text, team, past) {
  try {
    const message = await openpgp.readCleartextMessage({ cleartextMessage: text });
    const { data, signatures } = await openpgp.verify({ message, verificationKeys: team, expectSigned: true, ...(past ? { date: null } : {}) });
    // Whoever else signed it says nothing to us; one good signature of the team has to be there.
    await Promise.any(signatures.map(({ verified }) => verified));
    return data;
  } catch (error) {
    throw new Problem('manifest-signature', error.message);
  }
}

function shape(text) {
  let fields;
  try { fields = JSON.parse(text); } catch { throw new Problem('manifest-shape', 'not JSON'); }
  const fine = fields?.schema === SCHEMA && /^[0-9a-f]{32}$/.test(fields.instance) && typeof fields.intake === 'string'
    && Number.isSafeInteger(fields.version) && Array.isArray(fields.readers) && fields.readers.length > 0;
  if (!fine) throw new Problem('manifest-shape', String(fields?.schema));
  const former = fields.former ?? [];
  if (!Array.isArray(former) || !former.every(isFormer)) throw new Problem('manifest-shape', 'former');
  return { ...fields, former };
}

function isFormer(one) {
  return typeof one?.team === 'string' && Number.isSafeInteger(one.version) && /^[0-9a-f]{64}$/.test(one.sha256);
}

function day(text) {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  if (!date || Number.isNaN(date.getTime())) throw new Problem('manifest-shape', String(text));
  return date;
}

// A reader whose key cannot be used now stops it all: nobody is left out in silence.
async function readerOf({ name, role, fingerprint, certificate }, now) {
  if (typeof name !== 'string' || !['reader', 'recovery'].includes(role)) throw new Problem('manifest-shape', 'reader');
  try {
    const key = await openpgp.readKey({ armoredKey: certificate });
    if (key.isPrivate() || key.getFingerprint() !== bare(fingerprint)) throw new Error('another fingerprint');
    if (now) await key.getEncryptionKey(undefined, now);
    return { name, role, fingerprint: key.getFingerprint(), key };
  } catch (error) {
    throw new Problem('manifest-reader', `${name}: ${error.message}`);
  }
}

/**
 * What was in force when an old answer was sealed: the present key signed it; or a former one did, and then `newest`,
 * which the present key signed, names that key and the hash of these very bytes. `keyOf(fingerprint)`: a certificate.
 */
export async function readPast(bytes, { newest, team, intake, version, keyOf }) {
  const vouched = newest.former.find((one) => one.version === version);
  if (vouched && hex(sha256(bytes)) !== vouched.sha256) throw new Problem('manifest-signature', 'not what the team vouches for');
  const by = vouched ? await teamKey(await keyOf(vouched.team), vouched.team) : team;
  const manifest = await readManifest(textOf(bytes), { team: by, intake, past: true });
  if (manifest.version !== version) throw new Problem('manifest-shape', `${manifest.version}, not ${version}`);
  return manifest;
}

/** How many may read: `{readers, recovery}`, for the line "sealed for 4 duty analysts and 1 recovery key". */
export function count(manifest) {
  const of = (wanted) => manifest.readers.filter(({ role }) => role === wanted).length;
  return { readers: of('reader'), recovery: of('recovery') };
}

/** The reader whose key (or subkey) made a signature, or undefined. */
export function signerOf(manifest, keyId) {
  return manifest.readers.find(({ key }) => key.getKeys().some((one) => one.getKeyID().equals(keyId)));
}
