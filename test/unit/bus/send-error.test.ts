import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { SendError, toSendError } from '../../../src/bus/send-error.js';

const { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } = kafkajs;

const answer = (type: string, retriable: boolean) =>
  new KafkaJSProtocolError(Object.assign(new Error(`the broker said ${type}`), { type, code: 1, retriable }));

describe('toSendError', () => {
  it.each([
    ['MESSAGE_TOO_LARGE', false, 'too_large'],
    ['RECORD_LIST_TOO_LARGE', false, 'too_large'],
    ['UNKNOWN_TOPIC_OR_PARTITION', true, 'unknown_topic'],
    ['TOPIC_AUTHORIZATION_FAILED', false, 'refused'],
    ['NOT_LEADER_FOR_PARTITION', true, 'unavailable'],
    ['OUT_OF_ORDER_SEQUENCE_NUMBER', false, 'unavailable'],
  ])('takes %s for what it means to the sender', (type, retriable, kind) => {
    const wrapped = new KafkaJSNumberOfRetriesExceeded(answer(type, retriable), {
      retryCount: 2,
      retryTime: 1,
    });
    for (const thrown of [answer(type, retriable), wrapped]) {
      const error = toSendError(thrown, 'otp.requested/3');
      expect(error.kind).toBe(kind);
      expect(error.message).toContain('otp.requested/3');
      expect(error.message).toContain(type);
    }
  });

  it('takes a lost connection, and anything it does not know, for a passing trouble', () => {
    expect(toSendError(new KafkaJSConnectionError('Connection lost'), 't/0').kind).toBe('unavailable');
    expect(toSendError('odd', 't/0')).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('odd'),
    });
  });

  it('leaves its own errors as they are', () => {
    const own = new SendError('timeout', 'too slow');
    expect(toSendError(own, 't/0')).toBe(own);
  });
});
