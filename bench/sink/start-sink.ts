import { z } from 'zod';
import type { Programs } from '../../dev/build-programs.js';
import { startChild } from '../child.js';
import { type SinkFigures, type SinkOrder, type SinkRecord, sinkFigures, sinkRecord } from './sink-order.js';

export interface Sink {
  readonly pid: number;
  readonly port: number;
  figures(): Promise<SinkFigures>;
  record(): Promise<SinkRecord>;
  end(): Promise<void>;
}

/** An SMTP server that accepts everything, in a process of its own. */
export async function startSink(programs: Programs, order: Partial<SinkOrder> = {}): Promise<Sink> {
  const child = startChild(programs.of('bench/sink/smtp-sink-main.ts'), order);
  const { port } = z.object({ port: z.number() }).parse(await child.next());
  return {
    pid: child.pid,
    port,
    figures: async () => sinkFigures.parse(await child.ask('figures')),
    record: async () => sinkRecord.parse(await child.ask('record')),
    end: child.end,
  };
}
