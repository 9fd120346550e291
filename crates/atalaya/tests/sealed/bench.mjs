// Prints how fast this machine's Chromium seals and opens. node bench.mjs [MiB]
// (ATALAYA_PLAYWRIGHT names the folder that playwright-core is in.)

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { argv, env } from 'node:process';
import { team as makeTeam } from './kit.mjs';
import { sealedServer } from './server.mjs';

const size = Number(argv[2] ?? 64);
const assets = new URL('../../assets/sealed/', import.meta.url);
const pages = new Map([['/', { type: 'text/html', body: '<!doctype html><title>bench</title>', headers: {} }]]);
for (const name of readdirSync(assets)) if (/\.m?js$/.test(name)) pages.set(`/${name}`, { type: 'text/javascript', body: readFileSync(new URL(name, assets)), headers: {} });
const server = await sealedServer({ pages });
const { chromium } = createRequire(join(env.ATALAYA_PLAYWRIGHT ?? '/tmp/pw/node_modules', 'x.js'))('playwright-core');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--enable-precise-memory-info', ...(env.ATALAYA_CHROMIUM_ARGS ?? '').split(' ').filter(Boolean)] });
const page = await browser.newPage();
page.setDefaultTimeout(0);
await page.goto(server.url);
const people = await makeTeam(4);
const keys = [...people.duty, people.recovery].map((one) => one.public.armor());
const cdp = await page.context().newCDPSession(page);
await cdp.send('Performance.enable');
const cpu = async () => (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'ProcessTime').value;
const timed = async (what, run) => {
  const began = await cpu();
  const wall = Date.now();
  const more = await run();
  const spent = await cpu() - began;
  console.log(`${what} ${size} MiB: ${(size / spent).toFixed(1)} MiB per CPU-second of the page's process, ${((Date.now() - wall) / 1000).toFixed(1)} s by the clock${more ? `, ${more}` : ''}`);
};
await timed('seal and upload', () => page.evaluate(async ({ size, keys }) => {
  const { seal, fileOf, readCertificate } = await import('/envelope.js');
  const { upload } = await import('/upload.js');
  const { wire } = await import('/wire.js');
  const block = crypto.getRandomValues(new Uint8Array(65536));
  const file = new File([new Blob(Array(size * 16).fill(block))], 'big');
  let most = 0;
  const { stream } = await seal({ report: {}, text: '', files: [fileOf(file)], about: { prev: '' }, to: await Promise.all(keys.map(readCertificate)) });
  await upload(stream, { line: wire({ base: '/sealed/v1' }), details: { lookup: '00' }, progress: () => { most = Math.max(most, performance.memory.usedJSHeapSize); } });
  return `${Math.round(most / 2 ** 20)} MiB of heap at most`;
}, { size, keys }));
const [{ bytes }] = server.arrived.values();
pages.set('/envelope', { type: 'application/octet-stream', body: bytes, headers: {} });
await timed('open', () => page.evaluate(async (secret) => {
  const { open, unlock } = await import('/envelope.js');
  const opened = await open(new Uint8Array(await (await fetch('/envelope')).arrayBuffer()), { keys: await unlock(secret) });
  return opened.problems.join() || `${opened.files.length} file, its hash is right`;
}, people.duty[2].secret.armor()));
await browser.close();
await server.close();
