// Streams of bytes as async iterables, which every browser has in the same way.

import { concat } from './bytes.js';

/** The pieces of a ReadableStream. Not every browser can iterate over one. */
export async function* piecesOf(stream) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever stops early lets go of the source, too; at the end this does nothing.
    reader.cancel().catch(() => {});
  }
}

/** Pieces of exactly `size` bytes, the last one shorter. */
export async function* even(pieces, size) {
  let held = [];
  let length = 0;
  for await (let piece of pieces) {
    while (length + piece.length >= size) {
      const part = piece.subarray(0, size - length);
      piece = piece.subarray(part.length);
      yield held.length ? concat([...held, part]) : part;
      held = [];
      length = 0;
    }
    if (piece.length) { held.push(piece); length += piece.length; }
  }
  if (length) yield concat(held);
}

/** A ReadableStream that takes a piece only when somebody reads: memory stays small. */
export function streamOf(pieces) {
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close(); else controller.enqueue(value);
    },
    async cancel() { await iterator.return?.(); },
  }, { highWaterMark: 0 });
}

/** All of it in memory, at most `most` bytes; null if there is more. */
export async function whole(pieces, most) {
  const parts = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > most) return null;
    parts.push(piece);
  }
  return concat(parts);
}
