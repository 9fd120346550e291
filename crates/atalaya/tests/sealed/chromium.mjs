// Chromium over its DevTools protocol, by two pipes: a page, its scripts, and what they cost.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TICKS = 100; // USER_HZ, on every Linux

/** Starts it with one empty page. */
export async function chromium() {
  const folder = mkdtempSync(join(tmpdir(), 'c'));
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--remote-debugging-pipe', `--user-data-dir=${folder}`, 'about:blank'];
  const process = spawn('chromium', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const [, , , to, from] = process.stdio;
  const waiting = new Map();
  const told = [];
  let last = 0;
  let session;
  let held = '';
  from.setEncoding('utf8').on('data', (text) => {
    const messages = (held + text).split('\0');
    held = messages.pop();
    for (const message of messages.map((one) => JSON.parse(one))) {
      if (!message.id) { for (const tell of told) tell(message); continue; }
      const { done, fail } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) fail(new Error(message.error.message)); else done(message.result);
    }
  });
  const call = (method, params = {}) => new Promise((done, fail) => {
    waiting.set(++last, { done, fail });
    to.write(`${JSON.stringify({ id: last, method, params, sessionId: session })}\0`);
  });
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  session = (await call('Target.attachToTarget', { targetId, flatten: true })).sessionId;
  await call('Page.enable');
  return {
    call,
    version: (await call('Browser.getVersion')).product,
    async go(url) {
      const loaded = new Promise((done) => { told.push(({ method }) => { if (method === 'Page.loadEventFired') done(); }); });
      await call('Page.navigate', { url });
      await loaded;
    },
    /** The value of a function in the page; a promise is waited for. */
    async run(action, ...values) {
      const expression = `(${action})(...${JSON.stringify(values)})`;
      const { result, exceptionDetails } = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    },
    /** CPU seconds of the process that runs the page's scripts. */
    cpu: () => Math.max(...family(process.pid).filter(({ command }) => command.includes('--type=renderer')).map(({ seconds }) => seconds)),
    /** CPU seconds of the whole browser. */
    cpuOfAll: () => family(process.pid).reduce((sum, { seconds }) => sum + seconds, 0),
    async close() {
      const ended = new Promise((done) => { process.on('exit', done); });
      await call('Browser.close').catch(() => {});
      await ended;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A process and all below it (proc(5)). */
function family(root) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((id) => {
    try {
      const [, parent, ...rest] = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').pop().split(' ');
      return [{ id: Number(id), parent: Number(parent), seconds: (Number(rest[9]) + Number(rest[10])) / TICKS, command: readFileSync(`/proc/${id}/cmdline`, 'utf8') }];
    } catch { return []; } // It has just ended.
  });
  const found = [];
  const add = (id) => { for (const one of all.filter(({ parent }) => parent === id)) { found.push(one); add(one.id); } };
  add(root);
  return found;
}
