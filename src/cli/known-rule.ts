import { consumers } from '../../consumers/all.js';
import { nearestWord } from '../domain/nearest-word.js';
import { loadRules } from '../rules/rule-book.js';
import type { Statements } from '../store/database.js';
import { rulesInQueue } from '../store/rules-in-queue.js';
import { CommandError } from './command-error.js';
import { projectContracts } from './project-contracts.js';
import { wrapped } from './wrapped.js';

/** @throws CommandError for a rule that neither consumers/ nor the queue knows: a slip of the pen must not look like success */
export async function assertKnownRule(database: Statements, rule: string): Promise<void> {
  const written = loadRules(consumers, projectContracts()).all.map(({ name }) => name);
  const known = [...new Set([...written, ...(await rulesInQueue(database))])];
  if (known.includes(rule)) return;
  const meant = meantBy(rule, known);
  const advice = meant === null ? `Known are ${known.join(', ')}.` : `Did you mean ${meant}?`;
  throw new CommandError(wrapped(`There is no rule ${rule}. ${advice}`).join('\n'));
}

/** Most leave the module out. */
function meantBy(rule: string, known: readonly string[]): string | null {
  const byOwnName = new Map(known.map((name) => [name.slice(name.indexOf('/') + 1), name]));
  const own = rule.includes('/') ? null : nearestWord(rule, [...byOwnName.keys()]);
  return own === null ? nearestWord(rule, known) : (byOwnName.get(own) ?? null);
}
