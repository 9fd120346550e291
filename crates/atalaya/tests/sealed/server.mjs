// A small stand-in for the sealed listener: the addresses and answers of an upload, in memory, with as
// much trouble as wanted. The real one is tested elsewhere; this one breaks off and lies.

import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** `trouble`: share of requests that fail in some way; `bits` of work; `lie`: about the hash; `pages`: path → {type, body, headers}. */
export async function sealedServer({ trouble = 0, bits = 0, lie = false, pages = new Map() }) {
  const uploads = new Map();
  const self = { arrived: new Map(), pages, troubles: 0, refuse: 0 };
  const challenges = new Set();

  function begin({ work }) {
    if (bits) {
      if (!work || !challenges.delete(work.challenge)) {
        const challenge = randomBytes(16).toString('hex');
        challenges.add(challenge);
        return [428, { code: 'work', challenge, bits }];
      }
      const nonce = Buffer.alloc(8);
      nonce.writeBigUInt64BE(BigInt(work.nonce));
      const found = createHash('sha256').update(Buffer.from(work.challenge, 'hex')).update(nonce).digest();
      if (Math.clz32(found.readUInt32BE(0)) < bits) return [400, { code: 'refused' }];
    }
    return [200, { id: fresh() }];
  }

  function fresh() {
    const id = randomBytes(16).toString('hex');
    uploads.set(id, { parts: new Map() });
    return id;
  }

  function commit(id, details) {
    const upload = uploads.get(id);
    if (!upload) return [404, {}];
    if (upload.answer) return [200, upload.answer];
    const bytes = Buffer.concat(Array.from({ length: details.parts }, (_, at) => upload.parts.get(at) ?? Buffer.alloc(0)));
    if (bytes.length !== details.size || hash(bytes) !== details.sha256) return [400, { code: 'refused' }];
    const number = `S-2026-${String(self.arrived.size + 1).padStart(6, '0')}`;
    upload.answer = { sha256: lie ? hash('other') : hash(bytes), number };
    self.arrived.set(number, { bytes, details });
    return [200, upload.answer];
  }

  async function answer(method, path, headers, body) {
    const json = () => JSON.parse(body.toString());
    const [, id, rest] = /^\/sealed\/v1\/uploads\/([0-9a-f]+)\/(\w+)$/.exec(path) ?? [];
    if (self.refuse && path.startsWith('/sealed/v1')) return [self.refuse, {}];
    if (method === 'POST' && path === '/sealed/v1/uploads') return begin(json());
    if (method === 'PUT' && id) {
      if (!uploads.has(id)) return [404, {}];
      if (hash(body) !== headers['x-part-sha256']) return [422, {}];
      uploads.get(id).parts.set(Number(rest), body);
      return [204, null];
    }
    return method === 'POST' && rest === 'commit' ? commit(id, json()) : null;
  }

  const server = createServer((request, response) => {
    const parts = [];
    const path = request.url.split('?')[0];
    const unlucky = path.startsWith('/sealed/v1') && Math.random() < trouble ? Math.floor(Math.random() * 4) : -1;
    if (unlucky >= 0) self.troubles++;
    if (unlucky === 0) { request.destroy(); return; }
    request.on('data', (part) => parts.push(part));
    request.on('end', async () => {
      if (unlucky === 1) { response.writeHead(503).end(); return; }
      const page = pages.get(path);
      if (page) { response.writeHead(200, { 'Content-Type': page.type, ...page.headers }).end(page.body); return; }
      let body = Buffer.concat(parts);
      if (unlucky === 2 && request.method === 'PUT' && body.length) { body = Buffer.from(body); body[0] ^= 1; }
      const [status, value] = await answer(request.method, path, request.headers, body) ?? [404, {}];
      // It was done, but the answer is lost: the same is asked again.
      if (unlucky === 3) { request.destroy(); return; }
      if (value === null) response.writeHead(status).end();
      else response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    });
    request.on('error', () => {});
  });
  await new Promise((listening) => { server.listen(0, '127.0.0.1', listening); });
  self.url = `http://127.0.0.1:${server.address().port}`;
  self.close = () => new Promise((closed) => { server.closeAllConnections(); server.close(closed); });
  return self;
}
