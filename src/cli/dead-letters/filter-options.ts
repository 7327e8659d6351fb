import type { Command } from 'commander';
import { Option } from 'commander';
import { DEAD_LETTER_REASONS } from '../../domain/reason.js';
import { since } from '../since.js';
import { wholeNumber } from '../whole-number.js';
import type { DeadLetterFilter } from './find-dead-letters.js';

export interface FilterOptions extends DeadLetterFilter {
  readonly limit?: number;
}

/** The same for whatever is done to many of them. */
export const withFilters = (command: Command, most: string): Command =>
  command
    .addOption(new Option('--reason <reason>', 'only with this reason').choices(DEAD_LETTER_REASONS))
    .option('--topic <topic>', 'only from this topic, without its prefix')
    .option('--rule <module/rule>', 'only of this rule alone, not of whole events')
    .option('--since <time>', 'only from then on: 24h ago, or 2026-03-09T08:00 in Nairobi', since)
    .option('--until <time>', 'only until then', since)
    .option('--event <id>', 'only of this event (ce_id)')
    .option('--limit <n>', most, wholeNumber);

export const filterOf = ({
  reason,
  topic,
  rule,
  since: from,
  until,
  event,
}: DeadLetterFilter): DeadLetterFilter => ({
  ...(reason !== undefined && { reason }),
  ...(topic !== undefined && { topic }),
  ...(rule !== undefined && { rule }),
  ...(from !== undefined && { since: from }),
  ...(until !== undefined && { until }),
  ...(event !== undefined && { event }),
});

export const isEmpty = (filter: DeadLetterFilter): boolean => Object.keys(filter).length === 0;

export const FILTERS = '--reason, --topic, --rule, --since, --until or --event';
