import { createRequire } from 'node:module';
import { encodeRecord } from './encode-record.js';

const RECORD = 'kafkajs/src/protocol/recordBatch/record/v0/index.js';

/**
 * kafkajs 2.2.4 encodes each record, and each of its headers, into half a kilobyte of zeros of its own: a third of what
 * publishing a status cost us. Its requests take the function from here when the first of them is made.
 * @throws Error if kafkajs has changed
 */
export function tightRecords(): void {
  const require = createRequire(import.meta.url);
  const original: unknown = require(RECORD);
  const module = require.cache[require.resolve(RECORD)];
  if (module === undefined || typeof original !== 'function') {
    throw new Error(
      `kafkajs has no function in ${RECORD} any more; look whether tight records are still needed`,
    );
  }
  module.exports = encodeRecord;
}
