// Makes the page that works from disk: one file with all that it needs.
//   node offline.mjs SKELETON.html STYLE.css TEAM.asc MANIFEST.json.asc > offline.html
// The skeleton has its words already and the places {{SCRIPT}}, {{SCRIPT-HASH}}, {{STYLE}},
// {{STYLE-HASH}}, {{TEAM-KEY}} and {{MANIFEST}}. Sign the result with the team's key:
//   gpg --armor --detach-sign offline.html

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';

const hash = (text) => `sha384-${createHash('sha384').update(text).digest('base64')}`;
const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

export function offline({ skeleton, style, team, manifest }) {
  const script = bundle('offline.js');
  const values = { SCRIPT: script, 'SCRIPT-HASH': hash(script), STYLE: style, 'STYLE-HASH': hash(style), 'TEAM-KEY': escaped(team), MANIFEST: escaped(manifest) };
  return skeleton.replace(/\{\{([A-Z-]+)\}\}/g, (whole, name) => values[name] ?? whole);
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const [skeleton, style, team, manifest] = argv.slice(2).map((path) => readFileSync(path, 'utf8'));
  process.stdout.write(offline({ skeleton, style, team, manifest }));
}
