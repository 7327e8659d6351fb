import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  classifySmtpFailure,
  DROPPED,
  SMTP_STAGES,
  type SmtpFailure,
  type SmtpStage,
} from '../../../src/channels/email/smtp-failure.js';
import { REASONS } from '../../../src/domain/reason.js';
import { cases } from '../../helpers/cases.js';

const silence: SmtpFailure = {
  stage: 'connect',
  code: 'ECONNECTION',
  responseCode: null,
  enhancedCode: null,
  response: 'Connection closed unexpectedly',
  bodyHandedOver: false,
};

function reply(stage: SmtpStage, response: string, bodyHandedOver = stage === 'data'): SmtpFailure {
  const [, code, enhanced] = /^(\d{3})[ -](?:([45]\.\d+\.\d+))?/.exec(response) ?? [];
  return {
    stage,
    code: 'EENVELOPE',
    responseCode: Number(code),
    enhancedCode: enhanced ?? null,
    response,
    bodyHandedOver,
  };
}

describe('a reply of the server', () => {
  test.each<[SmtpStage, string, string]>([
    ['connect', '554 5.7.1 no mail from your network', 'provider unreachable'],
    ['connect', '421 4.3.2 shutting down', 'provider unreachable'],
    ['connect', '421 4.7.0 Too many concurrent connections', 'provider quota'],
    ['login', '535 5.7.8 Username and Password not accepted', 'provider auth_failed'],
    ['login', '534 5.7.9 Application-specific password required', 'provider auth_failed'],
    ['login', '504 5.5.4 mechanism unknown', 'provider auth_failed'],
    ['login', '454 4.7.0 Temporary authentication failure', 'provider unreachable'],
    ['login', '454 4.7.0 Too many login attempts, please try again later', 'provider quota'],
    ['mail', '530 5.7.0 Must issue a STARTTLS command first', 'provider auth_failed'],
    ['mail', '553 5.7.1 Sender address rejected: not owned by user', 'provider auth_failed'],
    ['mail', '421 4.4.2 timeout exceeded', 'transient unreachable'],
    ['mail', '552 5.3.4 Message size exceeds fixed limit', 'permanent content_refused'],
    ['mail', '501 SIZE too big', 'permanent content_refused'],
    ['mail', '552 5.7.0 message too large', 'permanent content_refused'],
    ['mail', '501 5.1.7 bad sender address syntax', 'provider auth_failed'],
    ['mail', '503 5.5.1 nested MAIL command', 'transient unreachable'],
    ['rcpt', '530 5.7.1 not for this one', 'permanent policy_refused'],
    ['rcpt', '535 not for this one', 'permanent policy_refused'],
    ['rcpt', '550 5.1.1 The account that you tried to reach does not exist', 'permanent bad_address'],
    ['rcpt', '550 5.1.2 Bad destination host', 'permanent bad_address'],
    ['rcpt', '550 5.2.1 The account is disabled', 'permanent bad_address'],
    ['rcpt', '550 5.1.8 Sender domain does not exist', 'provider auth_failed'],
    ['rcpt', '552 5.2.2 The account is over quota', 'transient mailbox_full'],
    ['rcpt', '452 4.2.2 The account is over quota', 'transient mailbox_full'],
    ['rcpt', '452 Mailbox full', 'transient mailbox_full'],
    ['rcpt', '450 4.7.1 Greylisted', 'transient unreachable'],
    ['rcpt', '450 4.2.1 receiving mail at a rate that is too high', 'transient unreachable'],
    ['rcpt', '550 5.7.1 Relaying denied', 'permanent policy_refused'],
    ['rcpt', '550 No such user here', 'permanent bad_address'],
    ['rcpt', '550 Blocked', 'permanent policy_refused'],
    ['rcpt', '550 5.4.4 Invalid domain', 'permanent unreachable'],
    ['rcpt', '451 4.3.0 try later', 'transient unreachable'],
    ['data', '550 5.6.0 bad MIME', 'permanent content_refused'],
    ['data', '552 too large', 'permanent content_refused'],
    ['data', '554 5.7.1 looks like spam', 'permanent policy_refused'],
    ['data', '554 Transaction failed', 'permanent policy_refused'],
    ['data', '451 4.3.0 queue file write error', 'transient unreachable'],
    ['data', '421 4.3.2 shutting down', 'transient unreachable'],
    ['data', '454 Throttling failure: Maximum sending rate exceeded', 'provider quota'],
  ])('%s: %s → %s', (stage, response, expected) => {
    const { kind, reason } = classifySmtpFailure(reply(stage, response));
    expect(`${kind} ${reason}`).toBe(expected);
  });

  test.each(SMTP_STAGES)("Gmail's daily limit pauses the provider for a day, at %s", (stage) => {
    const outcome = classifySmtpFailure(reply(stage, '550 5.4.5 Daily user sending limit exceeded'));
    expect(outcome).toMatchObject({ kind: 'provider', reason: 'quota', retryAfterMs: 86_400_000 });
  });
});

describe('silence', () => {
  test.each<[Partial<SmtpFailure>, string]>([
    [{ stage: 'connect', code: 'EDNS' }, 'provider unreachable'],
    [{ stage: 'connect', code: 'ETIMEDOUT' }, 'provider unreachable'],
    [{ stage: 'connect', code: 'ETLS' }, 'provider unreachable'],
    [{ stage: 'connect', code: DROPPED }, 'transient unreachable'],
    [{ stage: 'login', code: 'ETIMEDOUT' }, 'provider unreachable'],
    [{ stage: 'login', code: 'EAUTH', response: 'Missing credentials for "PLAIN"' }, 'provider auth_failed'],
    [{ stage: 'mail' }, 'transient unreachable'],
    [{ stage: 'mail', code: 'EMESSAGE' }, 'permanent content_refused'],
    [{ stage: 'mail', code: 'EENVELOPE' }, 'permanent bad_address'],
    [{ stage: 'rcpt', code: 'ETIMEDOUT' }, 'transient unreachable'],
    [{ stage: 'data' }, 'transient unreachable'],
    [{ stage: 'data', code: DROPPED }, 'transient unreachable'],
    [{ stage: 'data', bodyHandedOver: true }, 'unknown outcome_unknown'],
    [{ stage: 'data', bodyHandedOver: true, code: DROPPED }, 'unknown outcome_unknown'],
    [
      { stage: 'data', bodyHandedOver: true, code: 'EMESSAGE', response: 'garbage' },
      'unknown outcome_unknown',
    ],
    [{ stage: 'data', bodyHandedOver: true, code: 'EMESSAGE', responseCode: 354 }, 'unknown outcome_unknown'],
  ])('%j → %s', (part, expected) => {
    const { kind, reason } = classifySmtpFailure({ ...silence, ...part });
    expect(`${kind} ${reason}`).toBe(expected);
  });
});

const anyFailure: fc.Arbitrary<SmtpFailure> = fc.record({
  stage: fc.constantFrom(...SMTP_STAGES),
  code: fc.option(
    fc.constantFrom(
      'EAUTH',
      'ECONNECTION',
      'ESOCKET',
      'ETIMEDOUT',
      'EENVELOPE',
      'EMESSAGE',
      'EPROTOCOL',
      DROPPED,
    ),
  ),
  responseCode: fc.option(fc.integer({ min: 0, max: 999 })),
  enhancedCode: fc.option(
    fc.tuple(fc.constantFrom(4, 5), fc.nat({ max: 9 }), fc.nat({ max: 30 })).map((parts) => parts.join('.')),
  ),
  response: fc.oneof(fc.string({ unit: 'binary', maxLength: 2000 }), fc.lorem()),
  bodyHandedOver: fc.boolean(),
});
const decides = (code: number | null) => code !== null && code >= 400 && code <= 599;

it('is marked as ours when we dropped the connection, whatever was under way', () => {
  for (const bodyHandedOver of [false, true]) {
    const dropped = classifySmtpFailure({ ...silence, stage: 'data', code: DROPPED, bodyHandedOver });
    expect(dropped.byUs).toBe(true);
    expect(classifySmtpFailure({ ...silence, stage: 'data', bodyHandedOver }).byUs).toBeUndefined();
  }
});

describe('whatever happened', () => {
  it('is unknown exactly when the message was handed over and no reply decided', () => {
    fc.assert(
      fc.property(anyFailure, (failure) => {
        const unknown = failure.bodyHandedOver && !decides(failure.responseCode);
        expect(classifySmtpFailure(failure).kind === 'unknown').toBe(unknown);
      }),
      cases(),
    );
  });

  it('burns no message on what went wrong before MAIL FROM', () => {
    fc.assert(
      fc.property(anyFailure, fc.constantFrom('connect' as const, 'login' as const), (failure, stage) => {
        const { kind } = classifySmtpFailure({ ...failure, stage, bodyHandedOver: false });
        expect(kind).toBe(
          failure.code === DROPPED && !decides(failure.responseCode) ? 'transient' : 'provider',
        );
      }),
      cases(),
    );
  });

  it('never takes a temporary reply for a permanent one', () => {
    fc.assert(
      fc.property(anyFailure, fc.integer({ min: 400, max: 499 }), (failure, responseCode) => {
        const enhancedCode = failure.enhancedCode?.replace(/^\d/, '4') ?? null;
        expect(classifySmtpFailure({ ...failure, responseCode, enhancedCode }).kind).not.toBe('permanent');
      }),
      cases(),
    );
  });

  it('leaves one printable line of at most 300 characters, without addresses', () => {
    fc.assert(
      fc.property(anyFailure, fc.emailAddress(), (failure, address) => {
        const { detail, reason } = classifySmtpFailure({
          ...failure,
          response: `550 <${address}>: ${failure.response}`,
        });
        expect(detail.length).toBeLessThanOrEqual(300);
        expect(detail).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(detail).not.toContain(address);
        expect(REASONS).toContain(reason);
      }),
      cases(),
    );
  });
});
