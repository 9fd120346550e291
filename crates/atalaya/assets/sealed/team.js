// The team as the page knows it: a fingerprint in the page, and what the server shows to it.

import { textOf } from './bytes.js';
import { readManifest, teamKey } from './manifest.js';
import { Problem } from './problem.js';

/** The team's certificate and ways to its manifests, from the data attributes of a page's root. */
export async function teamOf({ team, teamKey: path, manifest, manifestPast, least }, line) {
  // What is not there has nothing to do with a receipt, which other answers of this kind are about.
  const text = (from, code) => line.get(from).then(textOf, (problem) => { throw ['gone', 'receipt-unknown'].includes(problem.code) ? new Problem(code) : problem; });
  const key = await teamKey(await text(path, 'manifest-team'), team);
  const at = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]));
  const past = new Map();
  return {
    key,
    /** What to seal to now. */
    now: async (intake) => readManifest(await text(at(manifest, { intake }), 'manifest-shape'), { team: key, intake, least: Number(least) || 0 }),
    /** What was in force when an envelope of this version was made. */
    past(intake, version) {
      const name = `${intake} ${version}`;
      if (!past.has(name)) past.set(name, text(at(manifestPast, { intake, version }), 'manifest-shape').then((signed) => readManifest(signed, { team: key, intake, past: true })));
      return past.get(name);
    },
  };
}
