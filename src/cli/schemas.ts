import { Command } from 'commander';
import { parseConfig } from '../config/parse-config.js';
import { subjectOf } from '../contracts/contract.js';
import { registerAll, type SubjectReport } from '../contracts/register-all.js';
import { createRegistry } from '../contracts/registry.js';
import { REGISTRY_TIMEOUT_MS } from '../contracts/registry-http.js';
import { CommandError } from './command-error.js';
import { printJson } from './print-json.js';
import { projectContracts } from './project-contracts.js';
import { formatTable } from './table.js';
import { withExamples } from './with-examples.js';

export function schemasCommand(): Command {
  const command = new Command('schemas')
    .description('Register the schemas of schemas/, each checked for compatibility (FULL_TRANSITIVE) first.')
    .option('--check', 'register nothing, only say what would be refused', false)
    .option('--json', 'for machines', false)
    .action(async ({ check, json }: { check: boolean; json: boolean }) => {
      const config = parseConfig(process.env, { needs: ['kafka', 'registry'] });
      const registry = createRegistry({ ...config.registry, timeoutMs: REGISTRY_TIMEOUT_MS });
      const { topicPrefix } = config.kafka;
      const contracts = projectContracts();
      const reports = check
        ? await Promise.all(
            contracts.all.map(async ({ event, topic, schema }) => {
              const subject = subjectOf(`${topicPrefix}${topic}`);
              return { subject, event, result: await registry.check(subject, schema) };
            }),
          )
        : await registerAll(contracts, registry, topicPrefix);
      tell(reports, json);
    });
  return withExamples(command, 'comms schemas', 'comms schemas --check');
}

type Report = Omit<SubjectReport, 'result'> & {
  readonly result: { readonly kind: string; readonly id?: number; readonly message?: string };
};

function tell(reports: readonly Report[], json: boolean): void {
  if (json) printJson(reports.map(({ subject, event, result }) => ({ subject, event, ...result })));
  else {
    console.log(
      formatTable(
        ['subject', 'id', 'state'],
        reports.map(({ subject, result }) => [subject, String(result.id ?? '-'), result.kind]),
      ),
    );
  }
  const refused = reports.filter(({ result }) => result.kind === 'incompatible');
  if (refused.length === 0) return;
  const reasons = refused.map(
    ({ subject, result }) => `  - ${subject}: ${result.message ?? 'no reason given'}`,
  );
  throw new CommandError(
    `The registry refuses what does not fit every earlier version:\n${reasons.join('\n')}\n` +
      'Give new fields a default, and rename or retype none.',
  );
}
