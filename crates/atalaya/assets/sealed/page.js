// What the pages have in common: finding, making, saying. Words come from the page, in its
// language (`#sealed-words`); whatever comes from outside goes in as text and never as markup.

import { codeOf } from './problem.js';

export const $ = (selector, scope = document) => scope.querySelector(selector);
export const $$ = (selector, scope = document) => [...scope.querySelectorAll(selector)];

/** The page's word for a code, with `{name}` filled in. A code without a word shows itself. */
export function word(code, values = {}) {
  const text = $('#sealed-words')?.getAttribute(`data-${code}`) ?? code;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** An element. `props` are properties (`className`, `textContent`, …); children are elements or texts. */
export function make(name, props = {}, ...children) {
  const element = Object.assign(document.createElement(name), props);
  element.append(...children);
  return element;
}

/** A drawing of `icons.svg`; it never stands without a word. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `/assets/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** The page cannot work here: its one line why stands in the place of the general words. */
export function off(error) {
  const place = $('#sealed-off');
  const general = $('[data-off]', place);
  if (general) general.hidden = true;
  tell(place, error);
}

/** One clear line, read out: what went wrong, in the place that the page has for it. None clears it. */
export function tell(scope, error) {
  const place = $('[data-problem]', scope);
  if (!place) return;
  place.hidden = !error;
  if (!error) { place.textContent = ''; return; }
  const code = codeOf(error);
  const known = $('#sealed-words')?.hasAttribute(`data-problem-${code}`) ? code : 'unexpected';
  place.textContent = word(`problem-${known}`);
  place.focus();
}

/** Shows one of the steps (`[data-step]`) and hides the others; its heading takes the focus. */
export function step(scope, name) {
  for (const part of $$('[data-step]', scope)) part.hidden = part.dataset.step !== name;
  tell(scope, null);
  $(`[data-step="${name}"] :is(h1, h2, h3)`, scope)?.focus();
}

export function fill(scope, values) {
  for (const [name, text] of Object.entries(values)) for (const place of $$(`[data-fill="${name}"]`, scope)) place.textContent = text;
}

/** Runs `action` when `button` is pressed, once at a time; what goes wrong is told in `scope`. */
export function press(scope, selector, action) {
  for (const button of $$(selector, scope)) {
    button.addEventListener('click', async () => {
      if (button.getAttribute('aria-disabled') === 'true') return;
      button.setAttribute('aria-disabled', 'true');
      tell(scope, null);
      try { await action(button); } catch (error) { tell(scope, error); } finally { button.removeAttribute('aria-disabled'); }
    });
  }
}

const UNITS = ['B', 'KB', 'MB', 'GB'];

export function size(bytes) {
  const unit = bytes ? Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3)) : 0;
  return `${new Intl.NumberFormat(document.documentElement.lang || 'en', { maximumFractionDigits: unit ? 1 : 0 }).format(bytes / 1000 ** unit)} ${UNITS[unit]}`;
}

/** Gives bytes to the person as a file. Never shown in the browser, whatever they are. */
export function save(name, bytes) {
  const link = make('a', { href: URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A bar (`progress`) that counts to `total`. */
export function bar(element, total) {
  let seen = 0;
  element.max = Math.max(1, total);
  element.value = 0;
  return (bytes) => { seen += bytes; element.value = Math.min(seen, total); };
}

/** Asks before the page is left, while `unsafe()` says that something would be lost. */
export function guard(unsafe) {
  window.addEventListener('beforeunload', (event) => { if (unsafe()) event.preventDefault(); });
}
