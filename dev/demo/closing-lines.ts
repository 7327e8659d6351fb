import { readFileSync } from 'node:fs';
import pc from 'picocolors';
import { z } from 'zod';
import { counted } from '../../src/cli/counted.js';
import type { Demo } from './run-demo.js';

const LONGEST = 300;
const MOST_LISTED = 12;

export const isGood = ({ problems, mail }: Demo): boolean => problems.length + mail.problems.length === 0;

/** Whether all came as expected, what arrived, and the story of one event. */
export function closingLines(demo: Demo): string[] {
  const { rows, events, problems, mail, why, setUp } = demo;
  const arrived = `${counted(mail.mails, 'e-mail')} caught, ${counted(mail.texts, 'text message')} in the sink`;
  return [
    '',
    problems.length === 0
      ? pc.green(`✓ ${rows.length} outcomes of ${counted(events, 'event')}, all as expected`)
      : pc.red(`✗ not everything came as expected:${listed(problems)}`),
    mail.problems.length === 0
      ? pc.green(
          `✓ ${arrived}\n✓ each code and password in the body of its own e-mail, none in a subject or preheader`,
        )
      : pc.red(`✗ ${arrived}, not as expected:${listed(mail.problems)}`),
    ...(isGood(demo)
      ? []
      : [pc.red(`\nThe last that the service complained of:${listed(complaints(setUp.service.logFile))}`)]),
    ...(why === null ? [] : ['', pc.bold(`$ npx comms why ${why.eventId}`), why.told]),
  ];
}

const listed = (lines: readonly string[]): string => {
  const more = lines.length > MOST_LISTED ? [`and ${lines.length - MOST_LISTED} more`] : [];
  return [...lines.slice(0, MOST_LISTED), ...more].map((line) => `\n  ${line}`).join('');
};

const logLine = z.looseObject({ level: z.string(), msg: z.string() });

/** The last warnings in the service's log. */
function complaints(logFile: string): string[] {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n');
  const said = lines.flatMap(complaint);
  return said.length === 0 ? ['nothing'] : said.slice(-5);
}

function complaint(line: string): string[] {
  try {
    const { level, msg, time, instance, version, ...rest } = logLine.parse(JSON.parse(line));
    if (!['warn', 'error', 'fatal'].includes(level)) return [];
    return [`${level}: ${msg} ${JSON.stringify(rest)}`.slice(0, LONGEST)];
  } catch {
    // What Node itself prints is no JSON.
    return [line.slice(0, LONGEST)];
  }
}
