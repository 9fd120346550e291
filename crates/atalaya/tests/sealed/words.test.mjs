import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../assets/sealed/tools/bundle.mjs';
import { page, words } from './words.mjs';

const folder = new URL('../../assets/sealed/', import.meta.url);
const modules = readdirSync(folder).filter((name) => name.endsWith('.js'));

test('every word and every problem that a script names has a text, and no text is left over', () => {
  const known = new Set([...words('en', 'sealed').keys()].filter((key) => /^sealed-(word|problem)-/.test(key)));
  const asked = new Set();
  for (const name of modules) {
    const source = readFileSync(new URL(name, folder), 'utf8');
    for (const [, code] of source.matchAll(/new Problem\('([a-z-]+)'/g)) asked.add(`sealed-problem-${code}`);
    for (const [, code] of source.matchAll(/(?:problems\.push\(|code: |\[)'((?:tar|file|chain|inside|not)-[a-z]+)'/g)) asked.add(`sealed-problem-${code}`);
    for (const [, code] of source.matchAll(/\bword\('([a-z-]+)'/g)) asked.add(code.startsWith('problem-') ? `sealed-${code}` : `sealed-word-${code}`);
    for (const [, code] of source.matchAll(/(?:return|\?|:) '((?:able)-[a-z]+)'/g)) asked.add(`sealed-problem-${code}`);
  }
  for (const code of ['unexpected', 'stopped', 'receipt-unknown', 'gone', 'moved', 'full', 'work', 'refused', 'busy', 'open-other-key', 'open-broken']) asked.add(`sealed-problem-${code}`);
  asked.add('sealed-problem-not-ours');
  for (const grade of ['a', 'b', 'c']) asked.add(`sealed-word-grade-${grade}`);
  for (const state of ['arrived', 'new', 'open', 'kept', 'unsealed', 'closed', 'deleted']) asked.add(`sealed-word-state-${state}`);
  asked.add('sealed-word-not-same-reporter');
  assert.deepEqual([...asked].filter((key) => !known.has(key)), [], 'no text');
  assert.deepEqual([...known].filter((key) => !asked.has(key)), [], 'nobody asks');
});

test('English and Spanish have the same keys and variables', () => {
  const [en, es] = [words('en', 'sealed'), words('es', 'sealed')];
  assert.deepEqual([...en.keys()], [...es.keys()]);
  const variables = (text) => [...text.matchAll(/\$(\w+)/g)].map(([, name]) => name).sort();
  for (const [key, text] of en) assert.deepEqual(variables(es.get(key)), variables(text), key);
});

test('the pages have all their words in both languages', () => {
  for (const name of ['form', 'return', 'desk', 'offline']) for (const language of ['en', 'es']) assert.doesNotMatch(page(name, {}, language).replace(/\{\{(TEAM|TEAM-KEY|INSTANCE|MANIFEST|SCRIPT|STYLE|SCRIPT-HASH|STYLE-HASH)\}\}/g, ''), /\{\{/);
});

test('what comes from others is what it was, and our modules are those written down', () => {
  execFileSync(fileURLToPath(new URL('check.sh', folder)));
});

test('modules keep the rules that make one script of them, and need no other party', () => {
  for (const entry of ['offline.js', 'form.js', 'dialogue.js', 'desk.js']) {
    const text = bundle(entry);
    new Function(text); // It can be read; nothing runs.
  }
  for (const name of modules) {
    const source = readFileSync(new URL(name, folder), 'utf8');
    assert.doesNotMatch(source, /localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|outerHTML|insertAdjacent|\beval\b|new Function|https?:\/\/(?!www\.w3\.org\/2000\/svg)/, name);
    assert.ok(source.split('\n').length <= 250 && source.startsWith('// '), name);
  }
});
