import { Command } from 'commander';
import { withExamples } from '../with-examples.js';
import { discardCommand } from './discard.js';
import { listCommand } from './list.js';
import { type OpenRetry, retryCommand } from './retry.js';
import { showCommand } from './show.js';

export function deadLettersCommand(openRetry: OpenRetry): Command {
  const command = new Command('dead-letters')
    .description(
      'What could not become messages: look at it, take it in again once the cause is mended, or close it.',
    )
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(retryCommand(openRetry))
    .addCommand(discardCommand());
  return withExamples(
    command,
    'comms dead-letters list',
    'comms dead-letters show 019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10',
    'comms dead-letters retry --reason unknown_schema --dry-run',
  );
}
