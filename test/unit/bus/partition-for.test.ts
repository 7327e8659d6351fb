import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { partitionFor } from '../../../src/bus/partition-for.js';

/** murmur2 hashes from the unit tests of Kafka's Java client (UtilsTest.testMurmur2). */
const JAVA_HASHES: [string, number][] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

describe('partitionFor', () => {
  it.each(JAVA_HASHES)('puts the key %s where the Java client puts it', (key, hash) => {
    for (const partitions of [1, 6, 12, 50, 101]) {
      expect(partitionFor(Buffer.from(key), partitions)).toBe((hash & 0x7fffffff) % partitions);
    }
  });

  it('puts any key where kafkajs puts it', () => {
    const theirs = Partitioners.DefaultPartitioner();
    const layout = Array.from({ length: 50 }, (_, partitionId) => ({
      partitionErrorCode: 0,
      partitionId,
      leader: 0,
      replicas: [],
      isr: [],
    }));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        const key = Buffer.from(bytes);
        const message = { key, value: null };
        expect(partitionFor(key, 50)).toBe(theirs({ topic: '', partitionMetadata: layout, message }));
      }),
    );
  });

  it('always names an existing partition', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 200 }), (key, partitions) => {
        const partition = partitionFor(Buffer.from(key), partitions);
        expect(Number.isInteger(partition) && partition >= 0 && partition < partitions).toBe(true);
      }),
    );
  });

  it('refuses a topic without partitions', () => {
    expect(() => partitionFor(Buffer.from('a'), 0)).toThrow(RangeError);
  });
});
