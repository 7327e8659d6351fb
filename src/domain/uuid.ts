import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const BYTES = 16;
/** Drawn many at a time, as each call of the generator costs: 0.2 µs an id, singly 2.7 (one run). None is given out twice. */
const drawn = new Uint8Array(BYTES * 256);
let taken = drawn.length;

let lastMs = 0;
let inThatMs = 0;

/** RFC 9562 version 7: sorts by time of making, in one thread also within a millisecond, so that indexes grow at their end. */
export function uuidv7(): string {
  const random = nextRandom();
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    // Half of the 32 bits at most, so that there is room to count on (RFC 9562, 6.2, method 1).
    inThatMs = new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1;
  } else inThatMs += 1;
  return v7({ random, msecs: lastMs, seq: inThatMs });
}

function nextRandom(): Uint8Array {
  if (taken === drawn.length) {
    randomFillSync(drawn);
    taken = 0;
  }
  taken += BYTES;
  return drawn.subarray(taken - BYTES, taken);
}
