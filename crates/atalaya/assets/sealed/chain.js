// Each envelope names, inside the seal, the hash of the newest one that its writer had seen (`prev`), that of its
// writer's own before it (`own`), and how many of each side its writer was shown, with the hash of the last of each
// (`shown`). One that was dropped, sent twice or came from another dialogue breaks `prev` or `own`; a server that
// tells each side another story, hiding a message here and listing another's hash there, breaks `shown`: what was
// shown to its writer is not what stands here.
//
// A reporter sees all that is there. The team is told of a message hours later, so that an answer may name an
// older one, and fewer messages of the reporter than stand before it: never fewer than the answer before it.

const SIDES = ['in', 'out'];
const HASH = /^[0-9a-f]{64}$/;

const isSide = (side) => Number.isSafeInteger(side?.count) && side.count >= 0 && (side.count ? HASH.test(side.last) : side.last === '');

/** What an envelope's manifest says of those before it. Who seals with a program of their own says nothing. */
export function names(manifest) {
  const said = (value) => typeof value === 'string' ? value : null;
  const shown = manifest?.shown;
  return { prev: said(manifest?.prev), own: said(manifest?.own), shown: SIDES.every((way) => isSide(shown?.[way])) ? shown : null };
}

/** What the next envelope of this side has to name. `envelopes`: those that its writer sees, in order of place. */
export function links(envelopes, way) {
  const seen = envelopes.filter(({ sha256 }) => sha256);
  const of = (side) => seen.filter((envelope) => envelope.way === side).map(({ sha256 }) => sha256);
  const shown = Object.fromEntries(SIDES.map((side) => [side, { count: of(side).length, last: of(side).at(-1) ?? '' }]));
  return { prev: seen.at(-1)?.sha256 ?? '', own: shown[way].last, shown };
}

/**
 * Problems by place: `[{place, code}]`, with `{said, here}` where numbers differ. `envelopes`: in order of place,
 * `{place, way, sha256, prev, own, shown}`; `sha256` computed from the bytes where we have them, and null for one
 * that we are not told of yet; `prev`, `own` and `shown` null where nothing is said or we cannot look inside.
 */
export function breaks(envelopes) {
  const found = [];
  const seen = new Set();
  const sides = { in: [], out: [] };
  let before = 0;
  let since = [];
  let told = 0;
  for (const { place, way, sha256, prev, own, shown } of envelopes) {
    const follows = prev === null || (way === 'out' ? since.includes(prev) : prev === (since.at(-1) ?? ''));
    if (place !== before + 1) found.push({ place, code: 'chain-missing' });
    else if (seen.has(sha256)) found.push({ place, code: 'chain-twice' });
    else if (!follows || own !== null && own !== (sides[way].filter(Boolean).at(-1) ?? '')) found.push({ place, code: 'chain-broken' });
    if (shown) {
      const differs = SIDES.map((side) => difference(side, shown[side], sides[side], side === 'in' && way === 'out' ? told : null)).find(Boolean);
      if (differs) found.push({ place, ...differs });
      if (way === 'out') told = Math.max(told, shown.in.count);
    }
    before = place;
    sides[way].push(sha256 ?? null);
    if (!sha256) continue;
    seen.add(sha256);
    since = way === 'out' ? [sha256] : [...since, sha256];
  }
  return found;
}

// What a writer was shown of one side, against what stands here before it. `least`: it may have been fewer, but not
// fewer than so many; null if it has to be all.
function difference(side, { count, last }, here, least) {
  const numbers = { said: count, here: here.length };
  if (count > here.length) return { code: `chain-more-${side}`, ...numbers };
  if (count < (least ?? here.length)) return { code: `chain-fewer-${side}`, said: count, here: least ?? here.length };
  const ours = here[count - 1];
  return ours && ours !== last ? { code: `chain-other-${side}`, ...numbers } : null;
}

/** How many of the reporter's messages before an answer its writer was not shown yet: `{said, here}`, or null if none or unknown. */
export function unshown(envelopes, { place, way, shown }) {
  const here = envelopes.filter((other) => other.way === 'in' && other.place < place).length;
  return way === 'out' && shown && shown.in.count < here ? { said: shown.in.count, here } : null;
}
