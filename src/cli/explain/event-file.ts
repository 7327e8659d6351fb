import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import type { Contract, Contracts } from '../../contracts/contract.js';
import type { CloudEvent } from '../../domain/cloud-event-headers.js';
import { CommandError } from '../command-error.js';
import { fieldsOf, readJsonFile } from '../event-file.js';
import { instantOf } from '../read-event.js';

/** What the command line says of the event; it counts for more than the file. */
export interface GivenIdentity {
  readonly event?: string;
  readonly id?: string;
  readonly source?: string;
  readonly subject?: string;
  readonly time?: Date;
}

export interface EventToExplain {
  readonly event: CloudEvent;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** CloudEvents 1.0, structured mode. */
const envelope = z.looseObject({
  type: z.string(),
  data: z.looseObject({}),
  id: z.string().optional(),
  source: z.string().optional(),
  subject: z.string().optional(),
  time: z.string().optional(),
});
type Envelope = z.infer<typeof envelope>;

/**
 * Reads an event: its fields alone, or in a CloudEvents envelope. Which event it is, the envelope says, or the name
 * of the file (stock.low.json, stock.low.critical.json).
 * @throws CommandError that lists every field that does not fit
 */
export async function readEventToExplain(
  file: string,
  given: GivenIdentity,
  contracts: Contracts,
): Promise<EventToExplain> {
  const json = await readJsonFile(file);
  const found = envelope.safeParse(json);
  const wrapped: Partial<Envelope> = found.success ? found.data : {};
  const contract = contractFor(given.event ?? wrapped.type ?? typeInName(file, contracts), contracts);
  return {
    event: {
      type: contract.event,
      id: given.id ?? wrapped.id ?? randomUUID(),
      source: given.source ?? wrapped.source ?? `/chesanto/${contract.module}`,
      subject: given.subject ?? wrapped.subject ?? null,
      time: given.time ?? timeOf(wrapped),
    },
    fields: fieldsOf(contract, found.success ? wrapped.data : json, file),
  };
}

function typeInName(file: string, contracts: Contracts): string | undefined {
  const words = basename(file, '.json').split('.');
  const beginnings = words.map((_, left) => words.slice(0, words.length - left).join('.'));
  return beginnings.find((name) => contracts.find(name) !== undefined);
}

function contractFor(event: string | undefined, contracts: Contracts): Contract {
  const contract = event === undefined ? undefined : contracts.find(event);
  if (contract?.kind === 'event') return contract;
  if (contract !== undefined) {
    throw new CommandError(`No message comes of ${contract.event}: rules are for events.`);
  }
  const known = contracts.all.filter(({ kind }) => kind === 'event').map((one) => one.event);
  const what =
    event === undefined ? 'Which event is it? Name it with --event.' : `There is no event ${event}.`;
  throw new CommandError(`${what} Known are ${known.join(', ')} (schemas/).`);
}

function timeOf({ time }: Partial<Envelope>): Date {
  if (time === undefined) return new Date();
  const instant = instantOf(time);
  if (instant !== null) return instant;
  throw new CommandError('The event’s time must have its zone, such as 2026-03-09T08:00:00+03:00.');
}
