// Whether this browser can seal. If not, the page says so and leaves the choice to the reporter;
// it never goes another way on its own.

/** What is missing, as a code, or null. */
export function missing(scope = globalThis) {
  if (scope.isSecureContext === false) return 'able-insecure';
  if (!scope.crypto?.subtle || !scope.crypto.getRandomValues) return 'able-crypto';
  const streams = typeof scope.ReadableStream === 'function' && typeof scope.TransformStream === 'function' && typeof scope.Blob?.prototype?.stream === 'function';
  return streams ? null : 'able-streams';
}

/** Tries the very operations: some browsers have the names but refuse the work (curves apart, which the library brings). */
export async function tryOut() {
  try {
    const key = await crypto.subtle.importKey('raw', new Uint8Array(16), 'HKDF', false, ['deriveBits']);
    await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(16), info: new Uint8Array() }, key, 256);
    const aes = await crypto.subtle.importKey('raw', new Uint8Array(32), 'AES-GCM', false, ['encrypt']);
    await crypto.subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, aes, new Uint8Array(1));
    return null;
  } catch { return 'able-crypto'; }
}
