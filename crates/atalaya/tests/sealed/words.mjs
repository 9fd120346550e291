// The pages of this folder with their words filled in, as the server's templates do it.

import { readFileSync } from 'node:fs';

const sealed = new URL('../../assets/sealed/', import.meta.url);
const texts = new URL('../../texts/', import.meta.url);

/** Keys and texts of one file; only the simple form, one line each, and indented lines after it. */
export function words(language, room) {
  const found = new Map();
  let key = '';
  for (const line of readFileSync(new URL(`${language}/${room}.ftl`, texts), 'utf8').split('\n')) {
    const [, name, text] = /^([a-z][a-z0-9-]*) = ?(.*)$/.exec(line) ?? [];
    if (name) found.set(key = name, text);
    else if (/^\s+\S/.test(line) && key) found.set(key, `${found.get(key)} ${line.trim()}`);
  }
  return found;
}

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** The element that gives the scripts their words. The server fills variables with their names in braces. */
export function wordsElement(language) {
  const attributes = [...words(language, 'sealed')]
    .filter(([key]) => /^sealed-(word|problem)-/.test(key))
    .map(([key, text]) => `data-${key.replace(/^sealed-(word-)?/, '')}="${escaped(text.replace(/\{ \$(\w+) \}/g, '{$1}'))}"`);
  return `<div id="sealed-words" hidden ${attributes.join(' ')}></div>`;
}

/** The page's script and all that it needs, each with its hash: one altered file, and nothing runs. */
export function scripts(entry) {
  const sums = new Map(readFileSync(new URL('SHA384SUMS', sealed), 'utf8').trim().split('\n').map((line) => line.split('  ').reverse()));
  const integrity = (name) => `integrity="sha384-${Buffer.from(sums.get(name), 'hex').toString('base64')}"`;
  return [...needs(entry)].map((name) => (name === entry
    ? `<script type="module" src="/assets/sealed/${name}" ${integrity(name)}></script>`
    : `<link rel="modulepreload" href="/assets/sealed/${name}" ${integrity(name)}>`)).join('\n');
}

/** A module and all that it imports, what is needed first. */
function needs(name, found = new Set()) {
  for (const [, other] of readFileSync(new URL(name, sealed), 'utf8').matchAll(/^import .* from '\.\/([\w.-]+)';$/gm)) if (!found.has(other)) needs(other, found);
  return found.add(name);
}

export function page(name, values, language = 'en') {
  const known = new Map([...words(language, 'form'), ...words(language, 'sealed')]);
  const all = { skip: 'To the content', WORDS: wordsElement(language), ...values };
  return readFileSync(new URL(`pages/${name}.html`, import.meta.url), 'utf8').replace(/\{\{([\w:-]+)\}\}/g, (whole, key) => {
    if (key.startsWith('MODULES:')) return scripts(`${key.slice(8)}.js`);
    if (key in all) return all[key];
    if (!known.has(key)) return whole;
    return escaped(known.get(key));
  });
}
