// The team as the page knows it: a fingerprint in the page, and what the server shows to it.

import { textOf } from './bytes.js';
import { readManifest, teamKey } from './manifest.js';

/** The team's certificate and ways to its manifests, from the data attributes of a page's root. */
export async function teamOf({ team, teamKey: path, manifest, manifestPast, least }, line) {
  const key = await teamKey(textOf(await line.get(path)), team);
  const at = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]));
  const past = new Map();
  return {
    key,
    /** What to seal to now. */
    now: async (intake) => readManifest(textOf(await line.get(at(manifest, { intake }))), { team: key, intake, least: Number(least) || 0 }),
    /** What was in force when an envelope of this version was made. */
    past(intake, version) {
      const name = `${intake} ${version}`;
      if (!past.has(name)) past.set(name, line.get(at(manifestPast, { intake, version })).then((bytes) => readManifest(textOf(bytes), { team: key, intake, past: true })));
      return past.get(name);
    },
  };
}
