// Each envelope names the hash of the one before it in its dialogue (`prev`, inside the seal). One
// that was dropped, sent twice or came from another dialogue breaks the chain, and that shows.

/**
 * Problems by place: `[{place, code}]`. `envelopes`: in order of place, `{place, sha256, prev}`;
 * `sha256` computed from the bytes where we have them, `prev` null where we cannot look inside.
 */
export function breaks(envelopes) {
  const found = [];
  const seen = new Set();
  let before = null;
  for (const envelope of envelopes) {
    const { place, sha256, prev } = envelope;
    if (place !== (before?.place ?? 0) + 1) found.push({ place, code: 'chain-missing' });
    else if (seen.has(sha256)) found.push({ place, code: 'chain-twice' });
    else if (prev !== null && prev !== (before?.sha256 ?? '')) found.push({ place, code: 'chain-broken' });
    seen.add(sha256);
    before = envelope;
  }
  return found;
}
