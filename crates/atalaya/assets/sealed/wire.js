// The way to the server: no cookies, no referrer, nothing in an address, nothing kept, and
// patience, since a line over Tor breaks often.

import { Problem } from './problem.js';

const TRIES = 12;
const LONGEST_WAIT = 30_000;
const PATIENCE = 10 * 60_000;

/** What a status says if the answer's body names no code. That a receipt leads nowhere is the server's to say, in its own words. */
const CODES = { 400: 'refused', 401: 'refused', 403: 'refused', 404: 'gone', 409: 'moved', 410: 'gone', 413: 'file-large', 428: 'work', 507: 'full' };
const PASSING = [408, 422, 425, 429, 500, 502, 503, 504];

export const sleep = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

/**
 * `base`: where paths begin. `headers`, `credentials`: for the console, which knows its users;
 * reporters send none. `tries`: how often the same is asked; `patience`: milliseconds for one try.
 */
export function wire({ base = '', headers = {}, credentials = 'omit', signal, fetch = globalThis.fetch, wait = sleep, patience = PATIENCE, tries = TRIES } = {}) {
  async function once(path, options) {
    const timer = new AbortController();
    const stop = () => timer.abort();
    const clock = setTimeout(stop, patience);
    signal?.addEventListener('abort', stop);
    try {
      if (signal?.aborted) throw new Problem('stopped');
      const answer = await fetch(base + path, { ...options, headers: { ...headers, ...options.headers }, credentials, cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer', signal: timer.signal });
      // Read inside of the try: a body that breaks off counts as a broken line.
      return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) };
    } finally {
      clearTimeout(clock);
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Asks until there is an answer that will not change; `tell(try)` before each wait. */
  async function ask(path, options, tell = () => {}, most = tries) {
    for (let tried = 1; ; tried++) {
      let answer = null;
      try { answer = await once(path, options); } catch { if (signal?.aborted) throw new Problem('stopped'); }
      if (answer && answer.status >= 200 && answer.status < 300) return answer.bytes;
      if (answer && !PASSING.includes(answer.status)) throw refusal(answer);
      if (tried >= most) throw answer ? new Problem(answer.status === 429 ? 'busy' : 'server', String(answer.status)) : new Problem('network');
      tell(tried);
      await wait(Math.min(LONGEST_WAIT, 500 * 2 ** (tried - 1)) * (0.5 + Math.random() / 2));
    }
  }

  const json = async (path, value, tell) => {
    const bytes = await ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) }, tell);
    return bytes.length ? parse(bytes) : null;
  };

  return {
    json,
    // Sent once: a form makes something, and twice would make two.
    form: async (path, data) => parse(await ask(path, { method: 'POST', body: data }, undefined, 1)),
    get: (path) => ask(path, { method: 'GET' }),
    post: (path, value) => ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) }),
    put: (path, bytes, more, tell) => ask(path, { method: 'PUT', headers: { 'Content-Type': 'application/octet-stream', ...more }, body: bytes }, tell),
  };
}

function parse(bytes) {
  try { return JSON.parse(new TextDecoder().decode(bytes)); } catch { throw new Problem('server', 'not JSON'); }
}

function refusal({ status, bytes }) {
  let body = null;
  try { body = JSON.parse(new TextDecoder().decode(bytes)); } catch { /* a page of some proxy */ }
  const named = typeof body?.code === 'string' && /^[a-z-]{1,40}$/.test(body.code) ? body.code : null;
  const problem = new Problem(named ?? CODES[status] ?? 'server', String(status));
  problem.body = body;
  return problem;
}
