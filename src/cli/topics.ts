import { Command } from 'commander';
import { createTopics, type TopicReport } from '../bus/topics.js';
import { parseConfig } from '../config/parse-config.js';
import { openKafka } from './open-kafka.js';
import { printJson } from './print-json.js';
import { projectContracts } from './project-contracts.js';
import { formatTable } from './table.js';
import { topicSpecs } from './topic-specs.js';
import { withExamples } from './with-examples.js';

export function topicsCommand(): Command {
  const command = new Command('topics')
    .description(
      'Create the topics that are missing, and report how others differ. Changes and deletes nothing.',
    )
    .option('--json', 'for machines', false)
    .action(async ({ json }: { json: boolean }) => {
      const config = parseConfig(process.env, { needs: ['kafka'] });
      const specs = topicSpecs(projectContracts(), config.kafka.topicPrefix);
      const reports = await createTopics(openKafka(config), specs);
      if (json) printJson(reports);
      else
        console.log(
          formatTable(
            ['topic', 'state'],
            reports.map((report) => [report.name, stateOf(report)]),
          ),
        );
    });
  return withExamples(command, 'comms topics');
}

export function stateOf({ created, differences }: TopicReport): string {
  if (created) return 'created';
  if (differences.length === 0) return 'as it should be';
  return `differs: ${differences.map(({ setting, wanted, found }) => `${setting} is ${found}, not ${wanted}`).join('; ')}`;
}
