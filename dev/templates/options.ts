import { parseArgs } from 'node:util';
import type { MailServer } from './mail/destination.js';

export const USAGE = `Usage: npm run templates [-- --port <n>] [--smtp <host:port>]
       npm run templates -- --once --out <folder>

Shows every template with every sample on a page of this machine, anew whenever a file of templates/ is saved.
  --port <n>          listen there; any free port unless given
  --smtp <host:port>  send samples to this mail server instead of the project's own mail catcher
  --once              write every rendering to files instead, then end
  --out <folder>      where to, with --once`;

export type Options =
  | { readonly kind: 'help' }
  | { readonly kind: 'once'; readonly out: string }
  | { readonly kind: 'serve'; readonly port: number; readonly smtp: MailServer | null };

/** @throws Error saying which argument can't be understood */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      smtp: { type: 'string' },
      once: { type: 'boolean' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return { kind: 'help' };
  if (values.once !== undefined && values.out !== undefined) return { kind: 'once', out: values.out };
  if (values.once !== undefined || values.out !== undefined) throw new Error('--once and --out go together');
  return {
    kind: 'serve',
    port: values.port === undefined ? 0 : portOf('--port', values.port),
    smtp: values.smtp === undefined ? null : serverOf(values.smtp),
  };
}

function serverOf(given: string): MailServer {
  const [, host, port] = /^(.+):([^:]+)$/.exec(given) ?? [];
  if (host === undefined || port === undefined)
    throw new Error('--smtp takes host:port, e.g. 127.0.0.1:1025');
  return { host, port: portOf('--smtp', port) };
}

function portOf(option: string, given: string): number {
  const port = Number(given);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`${option}: ${given} is no port`);
}
