import { Op } from 'sequelize';
import type { Database } from '../../store/database.js';
import { type DeadLetterRow, defineDeadLetter } from '../../store/models/dead-letter.js';
import { defineInbox, type InboxRow } from '../../store/models/inbox.js';
import { defineParked, type ParkedRow } from '../../store/models/parked.js';
import { defineSkip, type SkipRow } from '../../store/models/skip.js';
import { projectContracts } from '../project-contracts.js';

/** Events by their id, else by the module's own key (ce_subject); newest first. */
export async function findEvents(
  { sequelize }: Database,
  text: string,
  limit: number,
): Promise<readonly InboxRow[]> {
  const inbox = defineInbox(sequelize);
  // The index begins with the source.
  const known = await inbox.findAll({ where: { source: knownSources(), eventId: text }, raw: true });
  if (known.length > 0) return known;
  return inbox.findAll({
    where: { [Op.or]: [{ eventId: text }, { subject: text }] },
    limit,
    raw: true,
  });
}

const knownSources = (): string[] => [
  ...new Set(
    projectContracts().all.flatMap(({ module, event }) => [`/chesanto/${module}`, `/unknown/${event}`]),
  ),
];

export const eventsByRef = ({ sequelize }: Database, refs: readonly number[]): Promise<InboxRow[]> =>
  refs.length === 0
    ? Promise.resolve([])
    : defineInbox(sequelize).findAll({ where: { id: [...refs] }, raw: true });

/** Of these events, or of those with this id or key of their module; or by their own id. */
export function lettersOf(
  { sequelize }: Database,
  of: {
    readonly events?: readonly InboxRow[];
    readonly eventId?: string;
    readonly subject?: string;
    readonly id?: string;
  },
  limit?: number,
): Promise<DeadLetterRow[]> {
  const wanted = [
    ...(of.events ?? []).flatMap(({ source, eventId, topic, partition, offset }) => [
      { topic, partition, offset },
      { source, eventId },
    ]),
    ...(of.eventId === undefined ? [] : [{ eventId: of.eventId }]),
    ...(of.subject === undefined ? [] : [{ headers: { ce_subject: of.subject } }]),
    ...(of.id === undefined ? [] : [{ id: of.id }]),
  ];
  if (wanted.length === 0) return Promise.resolve([]);
  return defineDeadLetter(sequelize).findAll({
    attributes: { exclude: ['sealed'] },
    where: { [Op.or]: wanted },
    raw: true,
    ...(limit !== undefined && { limit }),
  });
}

/** What never became a message of these events, or newest first of these people. */
export const skipsOf = (
  { sequelize }: Database,
  of: { readonly eventRef: number[] } | { readonly recipientKey: string[] },
  limit?: number,
): Promise<SkipRow[]> =>
  defineSkip(sequelize).findAll({ where: { ...of }, raw: true, ...(limit !== undefined && { limit }) });

/** What waits of these events, or for these people. */
export const parkedOf = (
  { sequelize }: Database,
  of: { readonly eventRef: number[] } | { readonly waitFor: string[] },
): Promise<ParkedRow[]> =>
  defineParked(sequelize).findAll({ attributes: { exclude: ['sealed'] }, where: { ...of }, raw: true });
