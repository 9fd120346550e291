// Whom an answer goes to. The key is the one inside of the first message: the server cannot put another in its place.
// Who encrypted with a program of their own put their own key among the files; since other people's keys may lie there,
// too, whoever answers sees which file it is, and chooses where there are several.

import { textOf } from './bytes.js';
import { readCertificates } from './envelope.js';
import { make, word } from './page.js';

const MOST = 64 * 1024;
const MARK = '-----BEGIN PGP PUBLIC KEY BLOCK-----';

/** What may be the reporter's key, of an opened message: `{ key, file }`, with no file for the key that our form made. */
export async function reporters({ manifest, files }) {
  const ours = manifest?.reply_certificate;
  const small = files.filter(({ bytes }) => bytes.length <= MOST).map(({ original, bytes }) => ({ file: original, armored: textOf(bytes) }));
  const armored = ours ? [{ file: '', armored: ours }] : small.filter((one) => one.armored.includes(MARK));
  const found = new Map();
  for (const { file, armored: text } of armored) {
    // One block after the other: the library reads the first alone.
    for (const block of text.split(MARK).slice(1)) {
      for (const key of await readCertificates(MARK + block).catch(() => [])) if (!found.has(key.getFingerprint())) found.set(key.getFingerprint(), { key, file });
    }
  }
  return [...found.values()];
}

/** The weaker of the grade that the server noted and the one that stands inside: nobody makes a message better than it is. */
export function weaker(noted, inside) {
  return [noted, inside].filter((grade) => /^[ABC]$/.test(grade)).sort().at(-1) ?? noted;
}

/** Says in `place` whose key an answer goes to, and asks where there are several; `take(key)` with the one, or the chosen one. */
export function choose(place, found, take) {
  const shown = ({ key, file }) => ({ file, fingerprint: key.getFingerprint().toUpperCase().replace(/(.{4})(?=.)/g, '$1 ') });
  place.hidden = found.every(({ file }) => !file);
  if (found.length < 2) {
    place.replaceChildren(...found.map((one) => make('p', { textContent: word('reporter-key', shown(one)) })));
    take(found[0]?.key ?? null);
    return;
  }
  const options = found.map((one) => {
    const pick = make('input', { type: 'radio', name: 'reporter-key' });
    pick.addEventListener('change', () => take(one.key));
    const { file, fingerprint } = shown(one);
    return make('label', { className: 'option' }, pick, make('span', {}, make('bdi', { textContent: file })), make('small', { textContent: fingerprint }));
  });
  place.replaceChildren(make('p', { textContent: word('reporter-keys') }), ...options);
  take(null);
}
