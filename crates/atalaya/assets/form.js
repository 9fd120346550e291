// Small comforts on the portal. Every form works without this file.
(() => {
  'use strict';
  const $$ = (selector) => [...document.querySelectorAll(selector)];

  // An error summary takes the focus, so that it is read out.
  document.querySelector('.error-summary')?.focus();

  // One press sends once. aria-disabled keeps the button's name and value in the form.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method === 'dialog') return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = 'yes';
    if (event.submitter) { event.submitter.dataset.held = ''; event.submitter.setAttribute('aria-disabled', 'true'); }
  });
  window.addEventListener('pageshow', () => {
    $$('form[data-sent]').forEach((form) => { delete form.dataset.sent; });
    $$('[data-held]').forEach((button) => { delete button.dataset.held; button.removeAttribute('aria-disabled'); });
  });

  // <input type="file" data-max="26214400" aria-describedby="too-big"> with <p class="error" id="too-big" data-too-big hidden>
  document.addEventListener('change', (event) => {
    const { files, dataset, form } = event.target;
    if (!files || !dataset.max) return;
    const largest = Math.max(0, ...[...files].map((file) => file.size));
    form?.querySelectorAll('[data-too-big]').forEach((note) => { note.hidden = largest <= Number(dataset.max); });
  });

  // Receipts: copy the secret link, print the page.
  document.addEventListener('click', async (event) => {
    const button = event.target.closest?.('[data-copy], [data-print]');
    if (!button) return;
    if (button.dataset.print !== undefined) { print(); return; }
    const value = button.dataset.copy;
    const text = value.startsWith('#') ? document.getElementById(value.slice(1))?.textContent.trim() ?? '' : value;
    try { await navigator.clipboard.writeText(text); } catch { return; }
    if (button.dataset.copied) button.textContent = button.dataset.copied;
  });
  $$('[data-print][hidden]').forEach((button) => { button.hidden = false; });
  if (navigator.clipboard) $$('[data-copy][hidden]').forEach((button) => { button.hidden = false; });
})();
