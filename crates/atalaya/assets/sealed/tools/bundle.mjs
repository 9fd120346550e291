// Puts the modules of a page into one script, for the page that works from disk. There is no
// parser here, since our modules keep two rules (a test checks them): an import is one line of the
// form `import { a, b } from './x.js';` or `import * as x from './x.js';`, and what is exported
// is declared with `export` at the line's begin. The same 20 lines can be written in any language.

import { readFileSync } from 'node:fs';

const IMPORT = /^import (\{[^}]*\}|\* as \w+) from '\.\/([\w.-]+)';$/gm;
const EXPORT = /^export ((?:async function\*?|function\*?|class|const) ([\w$]+))/gm;
// How OpenPGP.js, the one file that is not ours, ends.
const LAST = /export\{([^}]*)\};?\s*(?:\/\/# sourceMappingURL=\S*\s*)?$/;

/** The script, as text, that runs `entry` with all that it needs. */
export function bundle(entry, folder = new URL('..', import.meta.url)) {
  const parts = [];
  const seen = new Set();
  const add = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    const source = readFileSync(new URL(name, folder), 'utf8');
    for (const [, , needed] of source.matchAll(IMPORT)) add(needed);
    parts.push(`modules[${JSON.stringify(name)}] = (() => {\n${name.endsWith('.mjs') ? foreign(source) : ours(source)}\n})();`);
  };
  add(entry);
  // These would end the script element, or begin a comment in it.
  const text = `'use strict';\nconst modules = {};\n${parts.join('\n')}\n`;
  if (/<\/script|<!--/i.test(text)) throw new Error('a module holds what ends a script element');
  return text;
}

function ours(source) {
  const names = [...source.matchAll(EXPORT)].map(([, , name]) => name);
  const body = source
    .replace(IMPORT, (_, what, name) => `const ${what.replace(/^\* as /, '')} = modules[${JSON.stringify(name)}];`)
    .replace(EXPORT, '$1');
  if (/^(?:import|export)\b/m.test(body)) throw new Error(`an import or export of another form: ${/^(?:import|export)\b.*/m.exec(body)}`);
  return `${body}return { ${names.join(', ')} };`;
}

function foreign(source) {
  const [, list] = LAST.exec(source) ?? [];
  if (!list) throw new Error('the library ends in another way');
  const names = list.split(',').map((one) => { const [inside, outside = inside] = one.trim().split(' as '); return `${outside}: ${inside}`; });
  return `${source.replace(LAST, '')}\nreturn { ${names.join(', ')} };`;
}
