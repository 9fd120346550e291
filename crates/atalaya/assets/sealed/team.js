// The team as the page knows it: a fingerprint in the page, and what the server shows to it.

import { textOf } from './bytes.js';
import { readManifest, readPast, teamKey } from './manifest.js';
import { Problem } from './problem.js';

/** The team's certificate and ways to its manifests, from the data attributes of a page's root. */
export async function teamOf({ team, teamKey: path, teamFormer, manifest, manifestPast, least, intake: own }, line) {
  // What is not there has nothing to do with a receipt, which other answers of this kind are about.
  const bytes = (from, code) => line.get(from).catch((problem) => { throw ['gone', 'receipt-unknown'].includes(problem.code) ? new Problem(code) : problem; });
  const text = async (from, code) => textOf(await bytes(from, code));
  const key = await teamKey(await text(path, 'manifest-team'), team);
  const at = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]));
  const keyOf = (fingerprint) => text(at(teamFormer, { fingerprint }), 'manifest-team');
  // What the page has seen already is a version of its own intake: others count by themselves.
  const oldest = (intake) => (own === undefined || own === intake ? Number(least) || 0 : 0);
  const newest = async (intake, more) => readManifest(await text(at(manifest, { intake }), 'manifest-shape'), { team: key, intake, ...more });
  const kept = new Map();
  const once = (name, make) => kept.get(name) ?? kept.set(name, make().catch((error) => { kept.delete(name); throw error; })).get(name);
  return {
    key,
    /** What to seal to now. */
    now: (intake) => newest(intake, { least: oldest(intake) }),
    /** What was in force when an envelope of this version was made. The newest vouches for it even where it has ended. */
    past: (intake, version) => once(`${intake} ${version}`, async () => readPast(await bytes(at(manifestPast, { intake, version }), 'manifest-shape'), {
      newest: await once(intake, () => newest(intake, { past: true })), team: key, intake, version, keyOf,
    })),
  };
}
