import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from './ledger.js';
import { perform, type Stage } from './perform.js';
import { outcomeText } from './row.js';
import type { Phase, Step, WaitStep } from './step.js';

const LOOK_EVERY_MS = 10;
const GIVE_UP_MS = 20_000;

/**
 * Takes the steps of every phase, and ends when all came to an end, as expected or not.
 * @param onPhase a phase begins, by its number
 * @throws Error if something came no further: what follows from it is left out
 */
export async function runMorning(
  phases: readonly Phase[],
  stage: Stage,
  onPhase: (phase: number) => void,
): Promise<void> {
  const { ledger } = stage;
  for (const [number, { steps }] of phases.entries()) {
    onPhase(number);
    for (const step of steps) {
      const place = ledger.turnTo(number);
      if (step.kind === 'wait') await until(() => hasCome(ledger, step), step.for);
      else await perform(step, place, stage);
    }
    for (const as of namesOf(steps, { late: false })) await until(() => hasEnded(ledger, as), as);
  }
  for (const { steps } of phases) {
    for (const as of namesOf(steps, { late: true })) await until(() => hasEnded(ledger, as), as);
  }
}

const namesOf = (steps: readonly Step[], { late }: { readonly late: boolean }): string[] =>
  steps.flatMap((step) => (step.kind === 'event' && (step.endsLate ?? false) === late ? [step.as] : []));

function hasCome(ledger: Ledger, { for: as, until: beginning }: WaitStep): boolean {
  if (beginning === undefined) return hasEnded(ledger, as);
  const rows = rowsOf(ledger, as);
  return rows.length >= wanted(ledger, as) && rows.every((row) => outcomeText(row).startsWith(beginning));
}

function hasEnded(ledger: Ledger, as: string): boolean {
  const rows = rowsOf(ledger, as);
  return rows.length >= wanted(ledger, as) && rows.every(({ tookMs }) => tookMs !== null);
}

const rowsOf = (ledger: Ledger, as: string) => ledger.rows().filter(({ event }) => event.as === as);
const wanted = (ledger: Ledger, as: string): number => ledger.expected.get(as)?.length ?? 0;

async function until(isSo: () => boolean, as: string): Promise<void> {
  const end = performance.now() + GIVE_UP_MS;
  while (!isSo()) {
    if (performance.now() > end) {
      throw new Error(`"${as}" came no further for ${GIVE_UP_MS / 1000} s`);
    }
    await delay(LOOK_EVERY_MS);
  }
}
