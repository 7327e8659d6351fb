import type { Mutation } from './mutation.js';

const unit = (...names: readonly string[]) => names.map((name) => `test/unit/${name}.test.ts`);
const one = (file: string, text: string, by: string) => [{ file, text, by }];

/** What fuzzing finds of the parsers at the edge. */
export const parserMutations: readonly Mutation[] = [
  {
    guard: 'parsers: a list has no more items than bytes',
    replacements: one('src/contracts/well-formed.ts', 'if (items > body.length)', 'if (items > 2 ** 28)'),
    tests: unit('contracts/decoder'),
  },
  {
    guard: 'parsers: what is malformed is told without its value',
    replacements: one(
      'src/contracts/well-formed.ts',
      'path.length === 0 ? why :',
      "path.length === 0 ? why : body.length > 0 ? body.toString('latin1') :",
    ),
    tests: unit('contracts/decoder'),
  },
  {
    guard: 'parsers: no varint is longer than ten bytes',
    replacements: one('src/contracts/well-formed.ts', 'shift < 70', 'shift < 7'),
    tests: unit('contracts/decoder'),
  },
  {
    guard: 'parsers: a seal knows where it belongs',
    replacements: one(
      'src/store/sealing.ts',
      "Buffer.concat([header, Buffer.from(aad, 'utf8')])",
      "Buffer.concat([header, Buffer.from(aad, 'utf8').subarray(0, 10)])",
    ),
    tests: unit('domain/payload'),
  },
  {
    guard: 'parsers: a payload keeps its dates',
    replacements: one('src/domain/payload.ts', "typeof milliseconds === 'number'", 'false'),
    tests: unit('domain/payload'),
  },
  {
    guard: 'parsers: no secret in a problem of the configuration',
    replacements: one(
      'src/config/parse-config.ts',
      "variable.secret ? '' :",
      "variable.secret && value.length > 20 ? '' :",
    ),
    tests: unit('config/parse-config'),
  },
  {
    guard: 'parsers: a time is one that a column takes',
    replacements: one(
      'src/intake/record-time.ts',
      'new Date(Math.min(Math.max(timestamp, 0), LATEST))',
      'new Date(Math.min(timestamp, LATEST))',
    ),
    tests: unit('intake/any-record'),
  },
  {
    guard: 'parsers: what a header says fits its column',
    replacements: one('src/domain/storable-text.ts', ".replace(/\\p{Cc}/gu, '\\u{FFFD}')", ''),
    tests: unit('intake/any-record'),
  },
  {
    guard: 'parsers: a line end in a name begins no header',
    replacements: one(
      'src/channels/email/header-text.ts',
      ".replace(BREAKS, ' ')\n    .replace(UNWANTED, '')",
      '',
    ),
    tests: unit('channels/any-text'),
  },
  {
    guard: 'parsers: white space at the end of a line is encoded',
    replacements: one(
      'src/channels/email/quoted-printable.ts',
      'if (byte === CR || byte === LF) {',
      'if (byte === CR) {',
    ),
    tests: unit('channels/any-text'),
  },
  {
    guard: 'parsers: no address in what a server said',
    replacements: one('src/channels/email/printable-reply.ts', ".replace(EMAIL_ADDRESS, '(address)')", ''),
    tests: unit('channels/any-text'),
  },
  {
    guard: 'parsers: a batch has a size',
    replacements: one('src/bus/unpack-limit.ts', 'if (bytes > MOST_UNPACKED_BYTES)', 'if (bytes > 2 ** 27)'),
    tests: unit('bus/broken-batches'),
  },
  {
    guard: 'parsers: a typed time is a time',
    replacements: one(
      'src/cli/read-event.ts',
      'return Number.isNaN(instant.getTime()) ? null : instant;',
      'return instant;',
    ),
    tests: unit('cli/any-words'),
  },
  {
    guard: 'parsers: what is not found is not decoded',
    replacements: one(
      'src/http/app.ts',
      "{ error: 'not found; see / for what there is' }",
      '{ error: decodeURIComponent(_request.path) }',
    ),
    tests: unit('http/any-request'),
  },
];
