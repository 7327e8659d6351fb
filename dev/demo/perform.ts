import type { Database } from '../../src/store/database.js';
import type { MailFront } from './mail-front.js';
import type { Operator } from './operator.js';
import { type Press, publishEvent, publishProfile } from './publish-step.js';
import type { Place } from './row.js';
import type { OperatorStep, Step } from './step.js';
import { switchStatement, switchTemplate } from './switch-template.js';

/** What the steps of the morning act upon. */
export interface Stage extends Press {
  readonly mailFront: MailFront;
  readonly database: Database;
  readonly operator: Operator;
}

/** Takes a step, unless it is one that only waits. */
export async function perform(
  step: Exclude<Step, { kind: 'wait' }>,
  place: Place,
  stage: Stage,
): Promise<void> {
  switch (step.kind) {
    case 'event':
      return publishEvent(step, place, stage);
    case 'profile':
      return publishProfile(step.person, stage.publisher);
    case 'mail server':
      stage.mailFront.behave(step.address, step.does);
      if (step.say !== undefined) stage.ledger.remark(step.say);
      return;
    case 'template':
      stage.ledger.remark(`SQL: ${switchStatement(step.name, step.active)}`);
      return switchTemplate(stage.database, step.name, step.active);
    case 'operator':
      return operate(step, stage);
  }
}

async function operate({ command, leadsTo }: OperatorStep, { ledger, operator }: Stage): Promise<void> {
  const args = command((as) => {
    const ids = ledger
      .rows()
      .flatMap(({ event, notificationId }) => (event.as === as ? (notificationId ?? []) : []));
    const id = ids.at(-1);
    if (id === undefined) throw new Error(`there is no message of "${as}" to name`);
    return id;
  });
  if (leadsTo !== undefined) ledger.expect(leadsTo.of, leadsTo.expect);
  const typed = args.map((arg) => (arg.includes(' ') ? `"${arg}"` : arg)).join(' ');
  ledger.remark(`$ npx comms ${typed}`);
  const printed = await operator(args);
  // Of a table its last row.
  ledger.remark(`  ${printed.split('\n').at(-1) ?? ''}`);
}
