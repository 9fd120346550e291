// Prints what sealing and opening cost in Chromium, one JSON object a line as `atalaya bench` does:
// `per_second` is MiB per CPU-second of the process that runs the page. node bench.mjs [MiB]

import { readdirSync, readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { chromium } from './chromium.mjs';
import { team as makeTeam } from './kit.mjs';
import { sealedServer } from './server.mjs';

const size = Number(argv[2] ?? 128);
const assets = new URL('../../assets/sealed/', import.meta.url);
const pages = new Map([['/', { type: 'text/html', body: '<!doctype html><title>bench</title>', headers: {} }]]);
for (const name of readdirSync(assets)) if (/\.m?js$/.test(name)) pages.set(`/${name}`, { type: 'text/javascript', body: readFileSync(new URL(name, assets)), headers: {} });
const server = await sealedServer({ pages });
const browser = await chromium();
await browser.go(`${server.url}/`);
const people = await makeTeam(4);
const keys = [...people.duty, people.recovery].map((one) => one.public.armor());
const [, library] = /OpenPGP\.js (v?[\d.]+)/.exec(pages.get('/openpgp.min.mjs').body) ?? [];

const timed = async (what, action, ...values) => {
  const [cpu, all, wall] = [browser.cpu(), browser.cpuOfAll(), performance.now()];
  const heap_mb = await browser.run(action, ...values);
  const spent = browser.cpu() - cpu;
  const round = (value) => Math.round(value * 1000) / 1000;
  console.log(JSON.stringify({
    what, by: `OpenPGP.js ${library} in ${browser.version}`, n: 1, cpu_ms: round(spent * 1000), cpu_ms_of_the_browser: round((browser.cpuOfAll() - all) * 1000),
    wall_p50_ms: round(performance.now() - wall), bytes: size << 20, per_second: round(size / spent), heap_mb,
  }));
};

// What is measured is told apart: the sealing alone, which includes the hash of each file, and with the way to a server.
for (const [what, send] of [['seal_browser', false], ['seal_and_send_browser', true]]) {
  await timed(what, async (size, keys, send) => {
    const [{ seal, fileOf, readCertificate }, { upload }, { wire }, { piecesOf }] = await Promise.all(['/envelope.js', '/upload.js', '/wire.js', '/stream.js'].map((path) => import(path)));
    const file = new File([new Blob(Array(size * 16).fill(crypto.getRandomValues(new Uint8Array(65536))))], 'big');
    let most = 0;
    const watch = () => { most = Math.max(most, performance.memory.usedJSHeapSize); };
    const { stream } = await seal({ report: {}, text: '', files: [fileOf(file)], about: { prev: '' }, to: await Promise.all(keys.map(readCertificate)) });
    if (send) await upload(stream, { line: wire({ base: '/sealed/v1' }), details: { lookup: '00' }, progress: watch });
    else for await (const piece of piecesOf(stream)) if (piece.length) watch();
    return Math.round(most / 2 ** 20);
  }, size, keys, send);
}
const [{ bytes }] = server.arrived.values();
pages.set('/envelope', { type: 'application/octet-stream', body: bytes, headers: {} });
await timed('open_browser', async (secret) => {
  const { open, unlock } = await import('/envelope.js');
  const opened = await open(new Uint8Array(await (await fetch('/envelope')).arrayBuffer()), { keys: await unlock(secret) });
  if (opened.problems.length || !opened.files[0].whole) throw new Error(`it did not open well: ${opened.problems}`);
  return Math.round(performance.memory.usedJSHeapSize / 2 ** 20);
}, people.duty[2].secret.armor());
await browser.close();
await server.close();
