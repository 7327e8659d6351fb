import fc from 'fast-check';

/** A valid sample after a few bytes were overwritten, cut off or added; sometimes bytes that were never valid. */
export function mutatedBytes(...samples: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const odd = fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff);
  const edit = fc.tuple(fc.nat(4_000), fc.oneof(odd, fc.nat(255)));
  return fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .record({
          sample: fc.constantFrom(...samples),
          edits: fc.array(edit, { maxLength: 6 }),
          kept: fc.option(fc.nat(4_000)),
          tail: fc.uint8Array({ maxLength: 12 }),
        })
        .map(({ sample, edits, kept, tail }) => {
          const whole = kept === null ? sample : sample.subarray(0, kept % (sample.length + 1));
          const bytes = Buffer.concat([whole, tail]);
          for (const [at, byte] of edits) if (bytes.length > 0) bytes[at % bytes.length] = byte;
          return bytes;
        }),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  );
}
