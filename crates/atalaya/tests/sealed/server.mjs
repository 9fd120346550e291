// A small stand-in for the sealed listener: the same addresses and answers, in memory, with as
// much trouble as wanted. The real one is tested elsewhere; this one shows what the pages rely on.

import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** `trouble`: share of requests that fail in some way; `bits` of work; `lie`: about the hash; `pages`: path → {type, body, headers}. */
export async function sealedServer({ trouble = 0, bits = 0, lie = false, pages = new Map() }) {
  const uploads = new Map();
  const dialogues = new Map(); // lookup → {number, state, intake, wrapped_key, envelopes}
  const self = { arrived: new Map(), dialogues, pages, troubles: 0, refuse: 0, requests: [] };
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

  function commit(id, details, desk) {
    const upload = uploads.get(id);
    if (!upload) return [404, {}];
    if (upload.answer) return [200, upload.answer];
    const bytes = Buffer.concat(Array.from({ length: details.parts }, (_, at) => upload.parts.get(at) ?? Buffer.alloc(0)));
    if (bytes.length !== details.size || hash(bytes) !== details.sha256) return [400, { code: 'refused' }];
    const lookup = details.auth ? hash(Buffer.from(details.auth, 'hex')) : details.lookup;
    let dialogue = desk ? self.desk : dialogues.get(lookup);
    if (details.auth && !dialogue) return [401, { code: 'receipt-unknown' }];
    const last = dialogue?.envelopes.at(-1)?.sha256 ?? '';
    if (dialogue && details.prev !== last) return [409, { code: 'moved' }];
    if (!dialogue) {
      dialogue = { number: `S-2026-${String(dialogues.size + 1).padStart(6, '0')}`, state: 'new', intake: details.intake, grade: details.grade, wrapped_key: details.wrapped_key, envelopes: [] };
      dialogues.set(lookup, dialogue);
    }
    self.add(dialogue, desk ? 'out' : 'in', bytes, details.manifest_version);
    upload.answer = { sha256: lie ? hash('other') : hash(bytes), number: dialogue.number };
    self.arrived.set(dialogue.number, { bytes, details });
    return [200, upload.answer];
  }

  self.add = (dialogue, way, bytes, version) => dialogue.envelopes.push({ place: dialogue.envelopes.length + 1, way, sha256: hash(bytes), size: bytes.length, day: '2026-11-22', manifest_version: version, bytes });
  const of = ({ auth }) => dialogues.get(hash(Buffer.from(String(auth), 'hex')));

  async function answer(method, path, headers, body) {
    const json = () => JSON.parse(body.toString());
    // The desk uploads its replies in the same way, elsewhere.
    const desk = path.startsWith('/desk/replies');
    const [, id, rest] = /^\/(?:sealed\/v1|desk\/replies)\/uploads\/([0-9a-f]+)\/(\w+)$/.exec(path) ?? [];
    if (self.refuse && path.startsWith('/sealed/v1')) return [self.refuse, {}];
    if (method === 'POST' && path === '/sealed/v1/uploads') return begin(json());
    if (desk && headers['x-csrf-token'] !== 't0ken') return [403, {}];
    if (method === 'POST' && path === '/desk/replies/uploads') return [200, { id: fresh() }];
    if (method === 'PUT' && id) {
      if (!uploads.has(id)) return [404, {}];
      if (hash(body) !== headers['x-part-sha256']) return [422, {}];
      uploads.get(id).parts.set(Number(rest), body);
      return [204, null];
    }
    if (method === 'POST' && rest === 'commit') return commit(id, json(), desk);
    if (method === 'POST' && path === '/sealed/v1/dialogue') {
      const found = of(json());
      return found ? [200, { ...found, envelopes: found.envelopes.map(({ bytes, ...more }) => more) }] : [401, { code: 'receipt-unknown' }];
    }
    if (method === 'POST' && path === '/sealed/v1/envelope') {
      const found = of(json())?.envelopes[json().place - 1];
      return found ? [200, found.bytes] : [401, { code: 'receipt-unknown' }];
    }
    if (method === 'POST' && path === '/sealed/v1/delete') return dialogues.delete(hash(Buffer.from(json().auth, 'hex'))) ? [204, null] : [401, {}];
    return null;
  }

  const server = createServer((request, response) => {
    const parts = [];
    const path = request.url.split('?')[0];
    self.requests.push(`${request.method} ${request.url}`);
    const unlucky = path.startsWith('/sealed/v1') && Math.random() < trouble ? Math.floor(Math.random() * 4) : -1;
    if (unlucky >= 0) self.troubles++;
    if (unlucky === 0) { request.destroy(); return; }
    request.on('data', (part) => parts.push(part));
    request.on('end', async () => {
      if (unlucky === 1) { response.writeHead(503).end(); return; }
      let page = pages.get(path) ?? pages.get(`${request.method} ${path}`);
      if (typeof page === 'function') page = page(Buffer.concat(parts), request.headers);
      if (page) { response.writeHead(200, { 'Content-Type': page.type, ...page.headers }).end(page.body); return; }
      let body = Buffer.concat(parts);
      if (unlucky === 2 && request.method === 'PUT' && body.length) { body = Buffer.from(body); body[0] ^= 1; }
      const [status, value] = await answer(request.method, path, request.headers, body) ?? [404, {}];
      // It was done, but the answer is lost: the same is asked again.
      if (unlucky === 3) { request.destroy(); return; }
      if (value === null) response.writeHead(status).end();
      else if (Buffer.isBuffer(value)) response.writeHead(status, { 'Content-Type': 'application/octet-stream' }).end(value);
      else response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    });
    request.on('error', () => {});
  });
  await new Promise((listening) => { server.listen(0, '127.0.0.1', listening); });
  self.url = `http://127.0.0.1:${server.address().port}`;
  self.close = () => new Promise((closed) => { server.closeAllConnections(); server.close(closed); });
  return self;
}
