import { parseArgs } from 'node:util';
import { projectRoot } from '../../src/project-root.js';
import { addFiles } from './add-files.js';
import { nextSteps } from './next-steps.js';
import { planEvent } from './plan-event.js';
import { uncommitted } from './uncommitted.js';

const USAGE = `Usage: npm run new-event -- <module> <event.type> [--sms] [--dry-run]

Writes a schema, a rule, a template with a sample, and an example of the event, then runs the generators.
  --sms      a text message too
  --dry-run  name the files, and write none

Example: npm run new-event -- sales order.cancelled`;

process.exit(await run().catch(fail));

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      sms: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  const [module, event, ...others] = positionals;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (module === undefined || event === undefined || others.length > 0) throw new Error(USAGE);

  const root = projectRoot();
  const plan = planEvent(root, module, event, values.sms ? ['email', 'sms'] : ['email']);
  if (!plan.ok) throw new Error(plan.problems.join('\n'));
  for (const { path, before } of plan.files)
    console.log(`${before === null ? 'new    ' : 'changed'}  ${path}`);
  if (values['dry-run']) return 0;

  const open = await uncommitted(root, plan.files);
  if (open.length > 0) {
    throw new Error(
      `${open.join(', ')}: changed and not committed. Commit that first, so that git can tell both apart.`,
    );
  }
  await addFiles(root, plan.files);
  console.log(`\n${nextSteps(module, event)}`);
  return 0;
}

function fail(error: unknown): number {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
}
