import type { Channel } from '../../src/domain/channel.js';

/** A step of the morning, as it is taken. */
export interface Place {
  readonly phase: number;
  /** In the phase. */
  readonly order: number;
  readonly time: Date;
  /** performance.now() */
  readonly at: number;
}

/** An event that was published, in the morning or by somebody who looks on. */
export interface Published {
  /** What it is called. */
  readonly as: string;
  readonly event: string;
  readonly id: string;
  readonly value: Buffer | null;
  /** What its e-mail must hold, and whose that is. */
  readonly secret: { readonly text: string; readonly to: string } | null;
  readonly place: Place;
}

/** How far something has come: a status, `parked`, `skipped`, `duplicate`, `dead letter`. */
export interface Stage {
  readonly word: string;
  readonly reason: string | null;
}

/** One message; or what of an event never became one. */
export interface Row {
  readonly event: Published;
  readonly place: Place;
  /** With its module; empty: of no rule alone. */
  readonly rule: string;
  /** Masked. */
  readonly recipient: string;
  readonly channel: Channel | null;
  readonly notificationId: string | null;
  readonly stages: readonly Stage[];
  readonly possibleDuplicate: boolean;
  /** From publishing, or from what an operator did, to the end; null while it is open. */
  readonly tookMs: number | null;
}

/** The unusual stages on the way and the last one: `RETRYING → SENT`. */
export function statusText({ stages, possibleDuplicate }: Pick<Row, 'stages' | 'possibleDuplicate'>): string {
  const last = stages.at(-1);
  if (last === undefined) return '';
  const way = stages
    .slice(0, -1)
    .map(({ word, reason }) => (reason === 'held' ? 'held' : word))
    .filter((word) => word !== 'QUEUED');
  const end = last.word === 'SENT' && possibleDuplicate ? 'SENT, maybe twice' : told(last);
  return [...way.filter((word, index) => word !== way[index - 1]), end].join(' → ');
}

function told({ word, reason }: Stage): string {
  if (reason === null || reason === word.toLowerCase()) return word;
  return word === 'parked' ? `${word} ${reason}` : `${word}: ${reason.replaceAll('_', ' ')}`;
}

/** The brake keeps it until somebody lets it go on. */
export const isHeld = ({ stages }: Row): boolean => stages.at(-1)?.reason === 'held';

/** As expectations name it. */
export const outcomeText = (row: Row): string =>
  row.channel === null ? statusText(row) : `${row.channel} ${statusText(row)}`;
