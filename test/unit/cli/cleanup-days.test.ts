import { expect, it } from 'vitest';
import { cleanupCommand } from '../../../src/cli/cleanup.js';

/** Stops where it would ask for its settings. */
const cleanup = (option: string, days: string) =>
  cleanupCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parseAsync([option, days, '--dry-run'], { from: 'user' });

it.each(['--logs-days', '--events-days', '--dead-letters-days'])(
  '%s keeps what an event must be known by for as long as it can be read again',
  async (option) => {
    await expect(cleanup(option, '30')).rejects.toThrow('It must be at least 31');
    await expect(cleanup(option, '31')).rejects.not.toThrow('It must be at least 31');
  },
);
