import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const texts = new URL('../../texts/', import.meta.url);
const folder = new URL('../../assets/sealed/', import.meta.url);
const modules = readdirSync(folder).filter((name) => name.endsWith('.js'));

/** Keys and texts of the scripts' and their pages' words; only the simple form, one line each, and indented lines after it. */
function words(language) {
  const found = new Map();
  let key = '';
  for (const line of readFileSync(new URL(`${language}/sealed.ftl`, texts), 'utf8').split('\n')) {
    const [, name, text] = /^([a-z][a-z0-9-]*) = ?(.*)$/.exec(line) ?? [];
    if (name) found.set(key = name, text);
    else if (/^\s+\S/.test(line) && key) found.set(key, `${found.get(key)} ${line.trim()}`);
  }
  return found;
}

test('every word and every problem that a script names has a text, and no text is left over', () => {
  const known = new Set([...words('en').keys()].filter((key) => /^sealed-(word|problem)-/.test(key)));
  const asked = new Set();
  for (const name of modules) {
    const source = readFileSync(new URL(name, folder), 'utf8');
    for (const [, code] of source.matchAll(/new Problem\('([a-z-]+)'/g)) asked.add(`sealed-problem-${code}`);
    for (const [, code] of source.matchAll(/(?:problems\.push\(|code: |\[)'((?:tar|file|chain|inside|not)-[a-z]+)'/g)) asked.add(`sealed-problem-${code}`);
    for (const [, code] of source.matchAll(/\bword\('([a-z-]+)'/g)) asked.add(code.startsWith('problem-') ? `sealed-${code}` : `sealed-word-${code}`);
    for (const [, code] of source.matchAll(/(?:return|\?|:) '((?:able)-[a-z]+)'/g)) asked.add(`sealed-problem-${code}`);
  }
  for (const code of ['unexpected', 'stopped', 'receipt-unknown', 'gone', 'moved', 'full', 'work', 'refused', 'busy', 'open-other-key', 'open-broken', 'sent-already', 'evidence', 'body-missing']) asked.add(`sealed-problem-${code}`);
  asked.add('sealed-problem-not-ours');
  for (const how of ['more', 'fewer', 'other']) for (const side of ['in', 'out']) asked.add(`sealed-problem-chain-${how}-${side}`);
  for (const grade of ['a', 'b', 'c']) asked.add(`sealed-word-grade-${grade}`);
  for (const state of ['arrived', 'new', 'open', 'kept', 'unsealed', 'closed', 'deleted']) asked.add(`sealed-word-state-${state}`);
  asked.add('sealed-word-not-same-reporter');
  assert.deepEqual([...asked].filter((key) => !known.has(key)), [], 'no text');
  assert.deepEqual([...known].filter((key) => !asked.has(key)), [], 'nobody asks');
});

test('all languages have the same keys and variables', () => {
  const en = words('en');
  const variables = (text) => [...text.matchAll(/\$(\w+)/g)].map(([, name]) => name).sort();
  for (const language of ['es', 'pt', 'fr', 'de', 'st']) {
    const other = words(language);
    assert.deepEqual([...en.keys()], [...other.keys()], language);
    for (const [key, text] of en) assert.deepEqual(variables(other.get(key)), variables(text), `${language}: ${key}`);
  }
});

test('what comes from others is what it was, and our modules are those written down', () => {
  execFileSync(fileURLToPath(new URL('check.sh', folder)));
});

test('modules keep the rules that make one script of them, and need no other party', () => {
  for (const name of modules) {
    const source = readFileSync(new URL(name, folder), 'utf8');
    assert.doesNotMatch(source, /localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|outerHTML|insertAdjacent|\beval\b|new Function|https?:\/\/(?!www\.w3\.org\/2000\/svg)/, name);
    // The server puts them together without a parser (src/sealed/bundle.rs).
    const lines = source.split('\n').filter((line) => /^(?:import|export)\b/.test(line));
    for (const line of lines) assert.match(line, /^import (?:\{[^}]*\}|\* as \w+) from '\.\/[\w.-]+';$|^export (?:async function\*?|function\*?|class|const) [\w$]+/, name);
    assert.ok(source.split('\n').length <= 250 && source.startsWith('// '), name);
  }
});
