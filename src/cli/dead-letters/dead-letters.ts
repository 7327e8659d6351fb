import { Command } from 'commander';
import { withExamples } from '../with-examples.js';
import { discardCommand } from './discard.js';
import { listCommand } from './list.js';
import { type OpenRetry, retryCommand } from './retry.js';

export function deadLettersCommand(openRetry: OpenRetry): Command {
  const command = new Command('dead-letters')
    .description(
      'What could not become messages: look at it, take it in again once the cause is mended, or close it.',
    )
    .addCommand(listCommand())
    .addCommand(retryCommand(openRetry))
    .addCommand(discardCommand());
  return withExamples(
    command,
    'comms dead-letters list',
    'comms dead-letters retry --all --reason unknown_schema',
  );
}
