import type { ConfigOf } from '../../config/config.js';
import { subjectOf } from '../../contracts/contract.js';
import { createRegistry } from '../../contracts/registry.js';
import { REGISTRY_TIMEOUT_MS } from '../../contracts/registry-http.js';
import { projectContracts } from '../project-contracts.js';
import { type Finding, fine, problem } from './finding.js';

export async function examineRegistry({
  kafka,
  registry: config,
}: ConfigOf<'kafka' | 'registry'>): Promise<Finding[]> {
  const registry = createRegistry({ ...config, timeoutMs: REGISTRY_TIMEOUT_MS });
  await registry.ping();
  const checked = await Promise.all(
    projectContracts().all.map(async ({ topic, schema }) => {
      const subject = subjectOf(`${kafka.topicPrefix}${topic}`);
      return { subject, result: await registry.check(subject, schema) };
    }),
  );
  const problems = checked.flatMap(({ subject, result }) => {
    if (result.kind === 'unchanged') return [];
    return result.kind === 'compatible'
      ? [problem('schemas', `${subject} is not registered as it stands in schemas/`, 'run "comms schemas"')]
      : [
          problem(
            'schemas',
            `${subject} is refused: ${result.message}`,
            'give new fields a default, rename none',
          ),
        ];
  });
  const schemas = problems.length > 0 ? problems : [fine('schemas', `all ${checked.length} registered`)];
  return [fine('registry', 'answers'), ...schemas];
}
