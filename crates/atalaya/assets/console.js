// Quicker ways through the console. Every page works without this file; README.md lists the marks it listens to.
// No dependency, no global, nothing stored in the browser, no HTML made from strings.
(() => {
  'use strict';

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (type, handler, options) => document.addEventListener(type, handler, options);
  const lang = document.documentElement.lang || 'en';
  const FIELD = 'input:not([type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [contenteditable]';

  const typing = (element) => element?.matches?.(FIELD) ?? false;
  const visible = (element) => element.getClientRects().length > 0;
  const usable = (element) => visible(element) && !element.disabled && !element.closest('[inert]') && element.getAttribute('aria-disabled') !== 'true';
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  // Lists: j and k ------------------------------------------------------------

  const rowsOf = (list) => $$(':scope > li, :scope > tbody > tr', list).filter(visible);
  const linkOf = (row) => $('a.title', row) ?? $('a', row);

  function currentList() {
    const lists = $$('[data-list]').filter(visible);
    return lists.find((list) => list.contains(document.activeElement) || $('[data-focus]', list)) ?? lists[0];
  }

  function focusRow(row) {
    $$('[data-focus]').forEach((other) => other.removeAttribute('data-focus'));
    if (!row) return;
    row.setAttribute('data-focus', '');
    linkOf(row)?.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }

  function moveInList(step) {
    const list = currentList();
    if (!list) return;
    const rows = rowsOf(list);
    const here = $('[data-focus]', list) ?? document.activeElement.closest('[data-list] li, [data-list] tr') ?? $('.selected', list);
    const index = rows.indexOf(here);
    const row = rows[index < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, index + step))];
    // Words that are not kept yet hold the pane: it shows them, rather than lose them.
    const unkept = list.dataset.opens !== undefined && $$('[data-pane] :is(input, textarea, select)').find(changed);
    if (unkept && visible(unkept)) { unkept.focus(); return; }
    focusRow(row);
    if (row && list.dataset.opens !== undefined) openBeside(row);
  }

  // A list with a pane beside it: the row that is outlined is the one that is open, so that every key
  // acts on what is seen. Until the pane has caught up, none acts.
  let opening = 0;

  function openBeside(row) {
    const link = linkOf(row);
    const panes = $$('[data-pane][id]');
    if (!link || !panes.length) return;
    clearTimeout(opening);
    panes.forEach((pane) => { pane.inert = true; });
    opening = setTimeout(async () => {
      const mine = opening;
      try {
        const answer = await fetch(link.href, { headers: { Accept: 'text/html' }, credentials: 'same-origin', redirect: 'error' });
        if (!answer.ok) throw new Error(String(answer.status));
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const fresh = panes.map((pane) => page.getElementById(pane.id));
        if (mine !== opening) return;
        if (fresh.includes(null)) throw new Error('no pane');
        panes.forEach((pane, at) => pane.replaceWith(document.adoptNode(fresh[at])));
        history.replaceState(null, '', link.href);
        const list = row.closest('[data-list]');
        $$('.selected', list).forEach((other) => other.classList.remove('selected'));
        $$('[aria-current]', list).forEach((other) => other.removeAttribute('aria-current'));
        const same = $(`a[href="${CSS.escape(link.getAttribute('href'))}"]`, list);
        same?.setAttribute('aria-current', 'true');
        same?.closest('li, tr')?.classList.add('selected');
        awaken();
      } catch { if (mine === opening) location.assign(link.href); }
    }, 120);
  }

  on('focusin', (event) => {
    const row = $('[data-focus]');
    if (row && !row.contains(event.target)) row.removeAttribute('data-focus');
  });

  // Keys ------------------------------------------------------------------------

  let waitingForRoom = 0;

  function open(id) {
    const dialog = document.getElementById(id);
    if (!(dialog instanceof HTMLDialogElement)) return false;
    if (!dialog.open) dialog.showModal();
    return true;
  }

  // The keys of the very page stand on it, each with its name.
  function openKeys() {
    const here = $('#keys [data-keymap]');
    if (here) {
      const map = $('.keymap', here);
      const rows = $$('[data-key]').filter((element) => usable(element) && !element.closest('dialog')).map((element) => {
        const row = document.createElement('div');
        const [name, key] = [document.createElement('span'), document.createElement('kbd')];
        [name.textContent, key.textContent] = [nameOf(element), element.dataset.key];
        row.append(name, key);
        return row;
      });
      map.replaceChildren(...rows);
      here.hidden = rows.length === 0;
    }
    return open('keys');
  }

  const press = (element) => {
    if (!element) return false;
    if (element.matches(FIELD)) element.focus(); else element.click();
    return true;
  };

  const byKey = (attribute, key) => $$(`[${attribute}="${CSS.escape(key)}"]`).find((element) => attribute === 'data-go' || usable(element));

  function singleKey(event) {
    const { key } = event;
    if (waitingForRoom) {
      clearTimeout(waitingForRoom);
      waitingForRoom = 0;
      return press(byKey('data-go', key));
    }
    if (key === '?') return openKeys();
    if (key === '/') {
      const search = $$('[data-search]').find(usable);
      search?.focus();
      search?.select();
      return Boolean(search);
    }
    if (press(byKey('data-key', key))) return true;
    const row = $('[data-list] [data-focus]');
    switch (key) {
      case 'g': waitingForRoom = setTimeout(() => { waitingForRoom = 0; }, 1500); return true;
      case 'j': moveInList(1); return true;
      case 'k': moveInList(-1); return true;
      case 'x': return press(row && $('.pick input', row));
      case 'Enter': return document.activeElement === document.body && press(row && linkOf(row));
      default: return false;
    }
  }

  on('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      if (openPalette()) event.preventDefault();
      return;
    }
    if (event.key === 'Escape') {
      if (typing(event.target) && !event.target.closest('dialog')) event.target.blur();
      $$('details.pop[open], details.menu[open]').forEach((menu) => { menu.open = false; });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $('dialog[open]')) return;
    if (document.body.dataset.keys === 'off') return;
    if (singleKey(event)) event.preventDefault();
  });

  // Palette ------------------------------------------------------------------------

  const palette = $('dialog.palette');
  const field = palette && $('input', palette);
  const results = palette && $('ul', palette);
  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  let entries = [];

  function nameOf(element) {
    if (element.dataset.command) return element.dataset.command;
    const copy = element.cloneNode(true);
    $$('b, kbd, svg', copy).forEach((part) => part.remove());
    return copy.textContent.replace(/\s+/g, ' ').trim();
  }

  function openPalette() {
    if (!palette || !field || !results) return false;
    const seen = new Set();
    entries = $$('[data-go], [data-command]')
      .filter((element) => element.dataset.go !== undefined || usable(element))
      .map((element) => ({ element, name: nameOf(element), keys: element.dataset.key ?? (element.dataset.go ? `g ${element.dataset.go}` : '') }))
      .filter(({ element, name }) => {
        const same = `${element.href ?? ''}|${name}`;
        return name && !seen.has(same) && seen.add(same);
      });
    for (const [name, value] of [['role', 'combobox'], ['aria-controls', 'palette-results'], ['aria-expanded', 'true'], ['aria-autocomplete', 'list']]) field.setAttribute(name, value);
    results.id = 'palette-results';
    results.setAttribute('role', 'listbox');
    field.value = '';
    showResults();
    return open(palette.id);
  }

  function showResults() {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    const found = entries.filter(({ name }) => words.every((word) => plain(name).includes(word))).slice(0, 12);
    if (words.length) found.push({ name: fill(results.dataset.searchLabel ?? 'Find “{q}”', { q: field.value.trim() }), keys: '' });
    results.replaceChildren(...found.map((entry, index) => {
      const item = document.createElement('li');
      item.id = `palette-${index}`;
      item.setAttribute('role', 'option');
      item.append(entry.name);
      if (entry.keys) item.append(Object.assign(document.createElement('kbd'), { textContent: entry.keys }));
      item.addEventListener('click', () => { choose(index); run(); });
      item.entry = entry;
      return item;
    }));
    choose(0);
  }

  function choose(index) {
    [...results.children].forEach((item, at) => item.setAttribute('aria-selected', String(at === index)));
    const item = results.children[index];
    if (!item) return field.removeAttribute('aria-activedescendant');
    field.setAttribute('aria-activedescendant', item.id);
    item.scrollIntoView({ block: 'nearest' });
  }

  function run() {
    const element = $('[aria-selected=true]', results)?.entry.element;
    if (!element) { if (field.value.trim()) field.form.submit(); return; }
    palette.close();
    press(element);
  }

  field?.addEventListener('input', showResults);
  field?.form.addEventListener('submit', (event) => { event.preventDefault(); run(); });
  field?.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = results.children.length;
    if (!step || !count) return;
    event.preventDefault();
    choose(([...results.children].findIndex((item) => item.getAttribute('aria-selected') === 'true') + step + count) % count);
  });

  // Live updates -------------------------------------------------------------------

  const bareTitle = document.title.replace(/^\(\d+\S*\) /, '');
  let refreshTimer = 0;
  let refreshing = false;
  let again = false;   // something changed while a copy was on its way
  let wanted = false;  // a region in use was left as it was
  let lineWasDown = false;

  function badge() {
    const count = ($('[data-live-region] [data-badge]') ?? $('[data-badge]'))?.textContent.trim() ?? '';
    document.title = /^[1-9]/.test(count) ? `(${count}) ${bareTitle}` : bareTitle;
  }

  const changed = (control) => {
    if (control.type === 'checkbox' || control.type === 'radio') return control.checked !== control.defaultChecked;
    if (control instanceof HTMLSelectElement) {
      const options = [...control.options];
      const chosen = options.some((option) => option.defaultSelected);
      return options.some((option, at) => option.selected !== (chosen || control.multiple ? option.defaultSelected : at === 0));
    }
    return 'defaultValue' in control && control.type !== 'hidden' && control.value !== control.defaultValue;
  };

  function inUse(region) {
    const active = document.activeElement;
    const held = region.contains(active) && !(active.matches('a') && active.closest('[data-list] li, [data-list] tr'));
    return held || $$('input, textarea, select', region).some(changed) || Boolean(String(getSelection()) && region.contains(getSelection().anchorNode));
  }

  function replace(region, fresh) {
    if (region.innerHTML === fresh.innerHTML) return;
    const active = region.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
    const marked = $('[data-focus]', region);
    const row = marked && linkOf(marked)?.getAttribute('href');
    const unfolded = new Set($$('details[open][id]', region).map((part) => part.id));
    const known = new Set($$('[data-list] > li a.title', region.parentNode).map((link) => link.getAttribute('href')));
    const scroll = region.scrollTop;
    region.replaceChildren(...fresh.cloneNode(true).childNodes);
    region.scrollTop = scroll;
    $$('details[id]', region).filter((part) => unfolded.has(part.id)).forEach((part) => { part.open = true; });
    if (known.size) $$('li a.title', region).filter((link) => !known.has(link.getAttribute('href'))).forEach((link) => link.closest('li').classList.add('fresh'));
    const same = (href) => href && $(`a[href="${CSS.escape(href)}"]`, region);
    same(row)?.closest('li, tr')?.setAttribute('data-focus', '');
    same(active)?.focus({ preventScroll: true });
    relativeTimes();
  }

  async function refresh() {
    if (refreshing) { again = true; return; }
    refreshing = true;
    try {
      // What is open stays open: a page that chose it by itself would choose what came in meanwhile.
      const address = $('[data-page]')?.dataset.page ?? location.href;
      const answer = await fetch(address, { headers: { Accept: 'text/html' }, credentials: 'same-origin', redirect: 'error' });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      // Another report was opened while this copy was on its way.
      if (address !== ($('[data-page]')?.dataset.page ?? location.href)) { again = true; return; }
      let left = false;
      for (const region of $$('[data-live-region][id]')) {
        const fresh = page.getElementById(region.id);
        if (!fresh || !region.isConnected) continue;
        if (inUse(region)) left = true; else replace(region, fresh);
      }
      wanted = left;
      badge();
      countTicks();
    } catch { /* the line is down: EventSource comes back and asks again */ } finally {
      refreshing = false;
      if (again) { again = false; soon(250); }
    }
  }

  function soon(delay) {
    clearTimeout(refreshTimer);
    refreshTimer = setTimeout(refresh, delay + Math.random() * 400);
  }

  on('focusout', () => { if (wanted) { wanted = false; soon(300); } });

  // A browser opens six connections to a server, for all its tabs together: one tab listens and tells the others. Where
  // tabs cannot agree which (no secure context), each listens for itself. Whoever begins to listen asks for what came since its
  // page was made, or since the last that was heard.
  function listen() {
    const topics = document.body.dataset.topics?.split(/\s+/).filter(Boolean) ?? [];
    const tell = (down) => $$('[data-offline]').forEach((note) => { note.hidden = !down; });
    const hear = {
      open() { tell(false); if (lineWasDown) soon(0); lineWasDown = false; },
      down() { lineWasDown = true; setTimeout(() => { if (lineWasDown) tell(true); }, 5000); },
      news([data, id]) {
        heard = id;
        let names = [];
        try { const message = JSON.parse(data); names = Array.isArray(message) ? message : message.topics ?? []; } catch { return; }
        if (!topics.length || names.some((name) => topics.includes(name))) soon(document.hidden ? 4000 : 250);
      },
    };
    let heard = document.body.dataset.head;
    const shared = navigator.locks && 'BroadcastChannel' in window ? new BroadcastChannel('live') : null;
    if (shared) shared.onmessage = ({ data: [what, data] }) => hear[what]?.(data);
    const both = (what, data) => { hear[what](data); shared?.postMessage([what, data]); };
    const gone = new AbortController();
    const left = new Promise((leave) => window.addEventListener('pagehide', leave, { once: true }));
    const connect = () => {
      const source = new EventSource(`${document.body.dataset.live}?since=${heard}`);
      source.onopen = () => both('open');
      source.onerror = () => both('down');
      source.onmessage = ({ data, lastEventId }) => both('news', [data, lastEventId]);
      return left.then(() => source.close());
    };
    if (shared) navigator.locks.request('live', { signal: gone.signal }, connect).catch(() => {});
    else connect();
    left.then(() => { gone.abort(); shared?.close(); });
  }

  if (document.body.dataset.live && 'EventSource' in window) {
    listen();
    window.addEventListener('pageshow', (event) => { if (event.persisted) { listen(); soon(0); } });
  }

  // Drafts ---------------------------------------------------------------------------

  const drafts = new WeakMap();
  const draftOf = (form) => drafts.get(form) ?? (drafts.set(form, { timer: 0, unsaved: false, sending: false, stopped: false }), drafts.get(form));

  function say(form, word, values = {}, fallback = '') {
    const places = [...$$('[data-draft-state=""]', form), ...(form.id ? $$(`[data-draft-state="${CSS.escape(form.id)}"]`) : [])];
    for (const place of places) place.textContent = values.message ?? fill(place.dataset[word] ?? fallback, values);
  }

  function fieldsOf(form) {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value);
    return fields;
  }

  async function save(form, leaving = false) {
    const draft = draftOf(form);
    clearTimeout(draft.timer);
    if (draft.sending || draft.stopped || !draft.unsaved) return;
    draft.sending = true;
    draft.unsaved = false;
    say(form, 'saving', {}, 'saving …');
    try {
      const answer = await fetch(form.dataset.draft, { method: 'POST', body: fieldsOf(form), credentials: 'same-origin', redirect: 'error', keepalive: leaving, headers: { Accept: 'application/json' } });
      const body = await answer.json().catch(() => ({}));
      if (answer.status === 409) { draft.stopped = draft.unsaved = true; say(form, 'failed', { message: body.message }, 'somebody else changed this text'); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      const time = body.saved ?? new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit' }).format(new Date());
      say(form, draft.unsaved ? 'unsaved' : 'saved', { time }, draft.unsaved ? 'not saved yet' : 'draft saved {time}');
      if (draft.unsaved) later(form, 1500);
    } catch {
      draft.unsaved = true;
      say(form, 'failed', {}, 'not saved, trying again');
      later(form, 10000);
    } finally { draft.sending = false; }
  }

  function later(form, delay) {
    const draft = draftOf(form);
    clearTimeout(draft.timer);
    draft.timer = setTimeout(() => save(form), delay);
  }

  on('input', (event) => {
    const form = event.target.form ?? event.target.closest?.('form');
    if (!form?.dataset.draft || event.target.type === 'file') return;
    // What was shown is not what stands there now: it must be looked at again before it may leave.
    if (form.id) $$(`[data-shown="${CSS.escape(form.id)}"]`).forEach((part) => { part.disabled = true; });
    const draft = draftOf(form);
    draft.unsaved = true;
    if (!draft.stopped) { say(form, 'unsaved', {}, 'not saved yet'); later(form, 1500); }
  });
  on('submit', (event) => { if (!event.defaultPrevented && event.target.dataset?.draft) { const draft = draftOf(event.target); clearTimeout(draft.timer); draft.unsaved = false; } });
  on('visibilitychange', () => { if (document.hidden) $$('form[data-draft]').forEach((form) => save(form, true)); });
  window.addEventListener('beforeunload', (event) => {
    if ($$('form[data-draft]').some((form) => drafts.get(form)?.unsaved)) event.preventDefault();
  });

  // Forms that are looked at while somebody types: what their button "Look at it" shows ------------

  let looking = 0;

  on('input', (event) => {
    const form = event.target.closest?.('form[data-judged]');
    if (!form) return;
    clearTimeout(looking);
    looking = setTimeout(() => look(form), 900);
  });

  async function look(form) {
    const mine = looking;
    const body = fieldsOf(form);
    body.set('look', 'yes');
    try {
      const answer = await fetch(form.action, { method: 'POST', body, credentials: 'same-origin', redirect: 'error', headers: { Accept: 'text/html' } });
      if (!answer.ok || mine !== looking) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const [here, fresh] = [document, page].map((root) => root.getElementById(form.dataset.judged));
      if (!here || !fresh) return;
      here.replaceChildren(...document.adoptNode(fresh).childNodes);
      const wrong = new Set($$('[data-field]', here).map((line) => line.dataset.field));
      [...form.elements].filter(typing).forEach((field) => (wrong.has(field.id) ? field.setAttribute('aria-invalid', 'true') : field.removeAttribute('aria-invalid')));
    } catch { /* It is judged when it is saved. */ }
  }

  // Bulk selection -----------------------------------------------------------------------

  const scopeOf = (box) => box.closest('[data-list]') ?? box.form ?? document;
  const boxesOf = (scope) => $$('.pick input[type=checkbox]:not([data-all])', scope);
  let lastTicked = null;

  function countTicks() {
    const boxes = boxesOf(document);
    const ticked = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.closest('li, tr')?.classList.toggle('ticked', box.checked);
    for (const bar of $$('[data-bulk]')) {
      bar.toggleAttribute('data-none', ticked === 0);
      $$('[data-count]', bar).forEach((place) => { place.textContent = new Intl.NumberFormat(lang).format(ticked); });
    }
    for (const all of $$('[data-all]')) {
      const own = all.closest('[data-list]') ? boxesOf(scopeOf(all)) : boxes;
      const some = own.filter((box) => box.checked).length;
      all.checked = some > 0 && some === own.length;
      all.indeterminate = some > 0 && some < own.length;
    }
  }

  on('click', (event) => {
    const box = event.target;
    if (!box.matches?.('.pick input[type=checkbox]')) return;
    if (box.matches('[data-all]')) {
      const scope = box.closest('[data-list]') ?? document;
      boxesOf(scope).filter(visible).forEach((other) => { other.checked = box.checked; });
    } else {
      const boxes = boxesOf(scopeOf(box));
      const [from, to] = [boxes.indexOf(lastTicked), boxes.indexOf(box)].sort((a, b) => a - b);
      if (event.shiftKey && from >= 0) boxes.slice(from, to + 1).forEach((other) => { other.checked = box.checked; });
      lastTicked = box;
    }
    countTicks();
  });

  // Times, copying, small things ---------------------------------------------------------------

  const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'auto', style: 'short' });
  const full = new Intl.DateTimeFormat(lang, { dateStyle: 'full', timeStyle: 'medium' });
  const UNITS = [['year', 31557600], ['month', 2629800], ['day', 86400], ['hour', 3600], ['minute', 60]];

  function relativeTimes() {
    for (const time of $$('time[data-rel][datetime]')) {
      const at = Date.parse(time.dateTime);
      if (Number.isNaN(at)) continue;
      const seconds = (at - Date.now()) / 1000;
      const [unit, length] = UNITS.find(([, span]) => Math.abs(seconds) >= span) ?? ['minute', 60];
      const text = relative.format(Math.trunc(seconds / length), unit);
      if (time.textContent !== text) time.textContent = text;
      if (!time.title) time.title = full.format(at);
    }
  }

  async function copy(button) {
    const value = button.dataset.copy;
    const text = value.startsWith('#') ? document.getElementById(value.slice(1))?.textContent.trim() ?? '' : value;
    try { await navigator.clipboard.writeText(text); } catch { return; }
    if (!button.dataset.copied) return;
    const note = Object.assign(document.createElement('div'), { className: 'flash ok', textContent: button.dataset.copied });
    $('.toasts')?.append(note);
    setTimeout(() => note.remove(), 2500);
  }

  on('click', (event) => {
    const element = event.target.closest?.('[data-copy], [data-open], [data-print]');
    if (element?.dataset.copy) { event.preventDefault(); copy(element); }
    else if (element?.dataset.print !== undefined) print();
    else if (element?.dataset.open && (element.dataset.open === 'palette' ? openPalette() : open(element.dataset.open))) event.preventDefault();
    if (event.target instanceof HTMLDialogElement && event.target.open) event.target.close();
    $$('details.pop[open], details.menu[open]').filter((menu) => !menu.contains(event.target)).forEach((menu) => { menu.open = false; });
  });

  function awaken() {
    $$('[data-copy][hidden], [data-print][hidden]').forEach((button) => { button.hidden = false; });
    relativeTimes();
  }

  awaken();
  setInterval(relativeTimes, 30000);
  countTicks();
  badge();
})();
