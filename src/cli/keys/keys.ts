import { Command } from 'commander';
import { withExamples } from '../with-examples.js';
import { listCommand } from './list.js';
import { newCommand } from './new.js';
import { resealCommand } from './reseal.js';

export function keysCommand(): Command {
  const command = new Command('keys')
    .description('The keys of PAYLOAD_KEYS: which are in use, a new one, and out with an old one.')
    .addCommand(listCommand())
    .addCommand(newCommand())
    .addCommand(resealCommand());
  return withExamples(command, 'comms keys list', 'comms keys new', 'comms keys reseal');
}
