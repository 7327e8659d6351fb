import type { Fault } from '../fault.js';

/** Handshake, alert, application data: the first byte of a TLS record, then the version. */
const isTls = (chunk: Buffer): boolean => [0x15, 0x16, 0x17].includes(chunk[0] ?? 0) && chunk[1] === 3;

function flipLastBit(chunk: Buffer): Buffer {
  const spoilt = Buffer.from(chunk);
  spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1;
  return spoilt;
}

/** One bit of each TLS record is wrong: handshakes fail, and open sessions end in the middle of a message. */
export const smtpBreaksTls: Fault = {
  name: 'smtp-tls',
  what: 'mail server: TLS broken, in handshakes and open sessions',
  instances: 2,
  times: { whole: 4, short: 0 },
  lastsMs: [2_000, 6_000],
  restMs: [8_000, 12_000],
  recovery: { from: 'end', withinMs: 20_000 },
  through: ['smtp'],
  startTls: true,
  // What waits through fault and pause has to be gone before the next one.
  perSecond: 30,
  async strike({ links: { smtp }, allConnections }) {
    let spoilt = 0;
    const spoil = (chunk: Buffer) => {
      if (!isTls(chunk)) return chunk;
      spoilt += 1;
      return flipLastBit(chunk);
    };
    for (const link of smtp) link.spoil(spoil);
    return {
      what: 'a bit of each TLS record is wrong',
      async end() {
        for (const link of smtp) await link.restore();
        return allConnections;
      },
      hits: () => spoilt,
    };
  },
};
