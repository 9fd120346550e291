// Padmé (Nikitin and others, "Reducing Metadata Leakage from Encrypted Files and Communication
// with PURBs", 2019): sizes are rounded up so that at most their leading bits tell something.

export const FLOOR = 64 * 1024;

/** The size that `size` bytes are padded to: at most 12 % more, and never below 64 KiB. */
export function padme(size) {
  if (size <= FLOOR) return FLOOR;
  const exponent = Math.floor(Math.log2(size));
  const kept = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** (exponent - kept);
  return Math.ceil(size / step) * step;
}
