import { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { printJson } from '../print-json.js';
import { withExamples } from '../with-examples.js';
import { labelled, wrapped } from '../wrapped.js';
import { examine } from './examine.js';
import { severityOf } from './finding.js';

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description(
      'Check every setting and connection. Changes nothing and sends no e-mail; fails if there is a problem.',
    )
    .option('--json', 'for machines', false)
    .action(async ({ json }: { json: boolean }) => {
      const findings = await examine(process.env);
      if (json) printJson(findings.map((finding) => ({ ...finding, severity: severityOf(finding) })));
      else {
        const width = Math.max(...findings.map(({ subject }) => subject.length));
        for (const finding of findings) {
          const { subject, says, advice } = finding;
          const lines = [
            ...labelled(0, `${LABELS[severityOf(finding)]}  ${subject.padEnd(width)}`, says),
            ...(advice === '' ? [] : wrapped(`→ ${advice}`, width + 11, width + 13)),
          ];
          console.log(lines.join('\n'));
        }
      }
      const problems = findings.filter(({ ok }) => !ok).length;
      if (problems > 0) throw new CommandError(`${problems} of ${findings.length} checks found a problem.`);
    });
  return withExamples(command, 'comms doctor');
}

const LABELS = { fine: 'ok     ', warning: 'warning', problem: 'problem' } as const;
