import { z } from 'zod';
import { startChild } from './child.js';
import { watchCpu } from './cpu/cpu-of.js';
import type { BareClientOrder } from './peers/bare-client-order.js';
import type { Throughput } from './result.js';
import type { Setting } from './setting.js';
import { startSink } from './sink/start-sink.js';

/** How much the mail server itself takes, of messages that cost nothing to make: what nobody can exceed here. */
export async function measureSink(
  { programs, events, connections, report }: Setting,
  mail: Buffer,
): Promise<Throughput> {
  const sink = await startSink(programs);
  const client = startChild(programs.of('bench/peers/bare-client-main.ts'), {
    smtpPort: sink.port,
    connections,
    mails: events,
    mail: mail.toString('base64'),
  } satisfies BareClientOrder);
  const cpu = watchCpu({ service: client.pid, sink: sink.pid });
  try {
    report('bare sink: running');
    const { startedAt } = z.object({ startedAt: z.number() }).parse(await client.ask('begin'));
    const { accepted, lastAt, bytes } = await sink.figures();
    if (accepted !== events || lastAt === null)
      throw new Error(`The sink took ${accepted} of ${events} mails.`);
    return {
      name: 'bare sink',
      events,
      mailedSeconds: (lastAt - startedAt) / 1000,
      publishedSeconds: null,
      bytesPerMail: bytes / accepted,
      twice: 0,
      cpu: cpu.between(startedAt, lastAt),
      stages: null,
    };
  } finally {
    cpu.stop();
    await client.end();
    await sink.end();
  }
}
