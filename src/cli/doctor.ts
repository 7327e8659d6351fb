import { Command } from 'commander';
import { CommandError } from './command-error.js';
import { examine } from './doctor-examine.js';
import { printJson } from './print-json.js';
import { withExamples } from './with-examples.js';

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description(
      'Check every setting and connection. Changes nothing and sends no e-mail; fails if there is a problem.',
    )
    .option('--json', 'for machines', false)
    .action(async ({ json }: { json: boolean }) => {
      const findings = await examine(process.env);
      if (json) printJson(findings);
      else {
        const width = Math.max(...findings.map(({ subject }) => subject.length));
        for (const { subject, ok, says, advice } of findings) {
          console.log(`${ok ? 'ok     ' : 'problem'}  ${subject.padEnd(width)}  ${says}`);
          if (!ok && advice !== '') console.log(`${' '.repeat(width + 11)}→ ${advice}`);
        }
      }
      const problems = findings.filter(({ ok }) => !ok).length;
      if (problems > 0) throw new CommandError(`${problems} of ${findings.length} checks found a problem.`);
    });
  return withExamples(command, 'comms doctor');
}
