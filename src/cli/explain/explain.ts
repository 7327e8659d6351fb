import { Command } from 'commander';
import type { ConfigOf } from '../../config/config.js';
import { parseConfig } from '../../config/parse-config.js';
import type { CloudEvent } from '../../domain/cloud-event-headers.js';
import type { Explanation } from '../../intake/explanation.js';
import { isoTime } from '../iso-time.js';
import { printJson } from '../print-json.js';
import { projectContracts } from '../project-contracts.js';
import { withExamples } from '../with-examples.js';
import { type GivenIdentity, readEventToExplain } from './event-file.js';
import { inWords } from './in-words.js';

const NEEDS = ['database', 'payloadKeys', 'sms', 'delivery', 'brake'] as const;

/** Intake, wired for an event that was never published. */
export type OpenExplain = (config: ConfigOf<(typeof NEEDS)[number]>) => Promise<{
  explain(event: CloudEvent, fields: object): Promise<Explanation>;
  warnings(explanation: Explanation): readonly string[];
  close(): Promise<void>;
}>;

interface ExplainOptions extends GivenIdentity {
  readonly json: boolean;
}

export function explainCommand(openExplain: OpenExplain): Command {
  const command = new Command('explain')
    .description('Say what would become of an event: who would get what, who not, and why. Sends nothing.')
    .argument('<file>', 'JSON of the event’s fields, or of a CloudEvent with them; - reads standard input')
    .option('--event <type>', 'which event it is (default: as the CloudEvent or the file’s name says)')
    .option('--id <id>', 'ce_id (default: that of the CloudEvent, else random)')
    .option('--source <source>', 'ce_source (default: that of the CloudEvent, else /chesanto/<module>)')
    .option('--subject <subject>', 'ce_subject (default: that of the CloudEvent)')
    .option('--time <time>', 'ce_time, with zone (default: that of the CloudEvent, else now)', isoTime)
    .option('--json', 'for machines', false)
    .action((file: string, options: ExplainOptions) => explain(file, options, openExplain));
  return withExamples(
    command,
    'comms explain dev/events/stock.low.json',
    'comms explain --event order.created --time 2026-03-09T08:00:00+03:00 order.json',
  );
}

async function explain(file: string, { json, ...given }: ExplainOptions, openExplain: OpenExplain) {
  const { event, fields } = await readEventToExplain(file, given, projectContracts());
  const explaining = await openExplain(parseConfig(process.env, { needs: NEEDS }));
  try {
    const explanation = await explaining.explain(event, fields);
    const warnings = explaining.warnings(explanation);
    if (json) printJson({ ...explanation, warnings });
    else console.log([inWords(explanation), ...warnings.map((line) => `\nNote: ${line}`)].join('\n'));
  } finally {
    await explaining.close();
  }
}
