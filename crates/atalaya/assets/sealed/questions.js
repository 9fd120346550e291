// The questions of a page and the files with them. Fields have no `name` and stand in no form that
// could be sent: `data-answer` says what they are, and only this file reads them.

import { fileOf } from './envelope.js';
import { $, $$, make, size, word } from './page.js';
import { Problem } from './problem.js';
import { MOST_BYTES } from './tar.js';

const plain = (text) => String(text ?? '').replace(/\s+/g, ' ').trim();

/** `{report: {kind, answers}, text, label}` of the fields in `scope`; a problem if one that has to be there is empty. */
export function answers(scope) {
  const report = { kind: '', answers: {} };
  const lines = [];
  let label = '';
  for (const field of $$('[data-answer]', scope)) {
    const { answer } = field.dataset;
    const ticked = field.type === 'radio' || field.type === 'checkbox';
    const value = ticked ? (field.checked ? field.value : '') : field.value.trim();
    if (!value) {
      if (field.dataset.required !== undefined) { field.focus(); throw new Problem('tell-empty'); }
      continue;
    }
    if (answer === 'label') { label = value; continue; }
    if (answer === 'kind') report.kind = value; else report.answers[answer] = value;
    const own = plain($('span', field.labels?.[0] ?? field)?.textContent ?? field.labels?.[0]?.textContent);
    const shown = ticked ? own : field.selectedOptions ? plain(field.selectedOptions[0]?.textContent) : value;
    const question = ticked ? plain($('legend', field.closest('fieldset') ?? scope)?.textContent) : own;
    // The one field of an answer needs no question before it.
    lines.push(field.dataset.plain === undefined ? `${question}\n${shown}\n` : `${shown}\n`);
  }
  return { report, text: lines.join('\n'), label };
}

export function forget(scope) {
  for (const field of $$('input, textarea, select', scope)) {
    if (field.type === 'radio' || field.type === 'checkbox') field.checked = false;
    else if (field.tagName === 'SELECT') field.selectedIndex = 0;
    else field.value = '';
  }
}

/** The files that somebody chose (`input[data-files]`), listed with a button each to take it out (`[data-files-list]`). */
export function chooser(scope, most = MOST_BYTES) {
  const input = $('input[data-files]', scope);
  const list = $('[data-files-list]', scope);
  const warning = $('[data-files-large]', scope);
  let files = [];
  function show() {
    list?.replaceChildren(...files.map((file) => {
      const button = make('button', { type: 'button', className: 'button quiet slim', textContent: `${word('remove')} ` }, make('span', { className: 'vh', textContent: file.name }));
      button.addEventListener('click', () => { files = files.filter((other) => other !== file); show(); input.focus(); });
      return make('li', {}, make('span', {}, make('bdi', { textContent: file.name }), ' ', make('small', { textContent: size(file.size) })), button);
    }));
    if (warning) warning.hidden = !large();
  }
  const large = () => files.reduce((sum, { size: bytes }) => sum + bytes, 0) > most;
  input?.addEventListener('change', () => {
    files.push(...input.files);
    // So that the same file can be chosen again after it was taken out.
    input.value = '';
    show();
  });
  return {
    /** As envelopes take them; a problem if they are too large together. */
    take() {
      if (large() || files.length > 999) throw new Problem('file-large');
      return files.map(fileOf);
    },
    /** What tells one choice of files from another, as far as a browser says without reading them. */
    marks: () => files.map(({ name, size: bytes, lastModified }) => [name, bytes, lastModified]),
    bytes: () => files.reduce((sum, { size: bytes }) => sum + bytes, 0),
    count: () => files.length,
    forget() { files = []; show(); },
  };
}
