// Makes vectors.json anew, with node's own cryptography rather than ours. Run by hand.
import { createCipheriv, createHash, hkdfSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const INSTANCES = ['00112233445566778899aabbccddeeff', 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf'];
const hash = (bytes) => createHash('sha256').update(bytes).digest();
const base32 = (bits) => bits.match(/.{1,5}/g).map((five) => LETTERS[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
const bitsOf = (bytes) => [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');

const receipts = ['00000000000000000000000000000000', 'ffffffffffffffffffffffffffffffff', '000102030405060708090a0b0c0d0e0f', '8f3a01c4de5529b07713ea60925b4cd8', '0123456789abcdeffedcba9876543210', '108421084210842108421084210842fc'].map((receipt, at) => {
  const bytes = Buffer.from(receipt, 'hex');
  const instance = INSTANCES[at % 2];
  const derived = (info) => Buffer.from(hkdfSync('sha256', bytes, Buffer.from(instance, 'hex'), info, 32));
  const display = (base32(bitsOf(bytes)) + base32(bitsOf(hash(bytes)).slice(0, 10))).match(/.{4}/g).join('-');
  const auth = derived('atalaya sealed auth');
  const typed = [display.toLowerCase().replaceAll('-', ' '), display.replaceAll('0', 'o').replaceAll('1', 'I'), display.replaceAll('1', 'l').replaceAll('-', '')];
  return { receipt, instance, display, auth: auth.toString('hex'), lookup: hash(auth).toString('hex'), kek: derived('atalaya sealed kek').toString('hex'), typed };
});
const [{ kek }] = receipts;
const plain = '-----BEGIN PGP PRIVATE KEY BLOCK-----\n(only a text)\n-----END PGP PRIVATE KEY BLOCK-----\n';
const iv = Buffer.from('0102030405060708090a0b0c', 'hex');
const cipher = createCipheriv('aes-256-gcm', Buffer.from(kek, 'hex'), iv);
const wrapped = Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('hex');
const padme = (size) => {
  if (size <= 65536) return 65536;
  const e = BigInt(size).toString(2).length - 1;
  const last = BigInt(e - (e.toString(2).length));
  const mask = (1n << last) - 1n;
  return Number((BigInt(size) + mask) & ~mask);
};
const sizes = [0, 1, 65535, 65536, 65537, 67584, 67585, 100_000, 131_072, 131_073, 1_048_576, 1_048_577, 10_000_000, 67_108_864, 67_108_865, 2_147_483_648];
const challenge = '000102030405060708090a0b0c0d0e0f';
let nonce = 0;
for (; ; nonce++) {
  const end = Buffer.alloc(8);
  end.writeBigUInt64BE(BigInt(nonce));
  if (hash(Buffer.concat([Buffer.from(challenge, 'hex'), end])).readUInt32BE(0) >>> 20 === 0) break;
}
writeFileSync(new URL('vectors.json', import.meta.url), `${JSON.stringify({ receipts, wrapped: [{ kek, plain, wrapped }], padme: sizes.map((size) => ({ size, padded: padme(size) })), work: [{ challenge, bits: 12, nonce }] }, null, 1)}\n`);
