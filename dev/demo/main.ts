import pc from 'picocolors';
import { startStack } from '../stack/stack.js';
import { createLiveLines } from './live-lines.js';
import { type Demo, runDemo } from './run-demo.js';
import { asExpected, tableLines } from './table.js';

const USAGE = `Usage: npm run demo [-- --once]

Starts everything on this machine, publishes a handful of events and shows what becomes of them.
  --once   end then, with exit code 0 only if every outcome is the expected one; else stay up until Ctrl-C`;

const args = process.argv.slice(2);
const strange = args.filter((arg) => arg !== '--once');
if (strange.length > 0) {
  console.error(USAGE);
  process.exit(strange.includes('--help') || strange.includes('-h') ? 0 : 1);
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  // Leaving is enough: stack and service end in this process's last moment.
  process.once(signal, () => process.exit(code));
}

const started = performance.now();
const live = createLiveLines(process.stdout);
const demo = await startAndRun().catch((error: unknown) => {
  console.error(pc.red(error instanceof Error ? error.message : String(error)));
  process.exit(1);
});
live.end();
const good = tell(demo);

if (args.includes('--once')) {
  await demo.stop();
  console.log(`${seconds()} s in all, and nothing left running`);
  process.exit(good ? 0 : 1);
}
tellWhereToLook(demo);
setInterval(() => undefined, 2 ** 30);

async function startAndRun(): Promise<Demo> {
  const report = (line: string) => console.error(pc.dim(line));
  const stack = await startStack({ report });
  return runDemo({ ...stack, topicPrefix: '' }, { report, onChange: (rows) => live.show(tableLines(rows)) });
}

function tell({ rows, mail }: Demo): boolean {
  const wrong = rows.filter((row) => !asExpected(row)).length;
  console.log(
    wrong === 0
      ? pc.green(`\nall ${rows.length} events came to what was expected`)
      : pc.red(`\n${wrong} of ${rows.length} events did not come to what was expected`),
  );
  console.log(
    mail.problems.length === 0
      ? pc.green(`${mail.caught} e-mails caught, each code in the body and none in a subject`)
      : pc.red(`${mail.caught} e-mails caught: ${mail.problems.join('; ')}`),
  );
  return wrong === 0 && mail.problems.length === 0;
}

function tellWhereToLook({ environment, serviceUrl, serviceLog }: Demo): void {
  const { DATABASE_URL, MAILDEV_URL, KAFKA_BROKERS, SCHEMA_REGISTRY_URL } = environment;
  console.log(`
e-mails     ${MAILDEV_URL}
state       ${serviceUrl}/readyz
metrics     ${serviceUrl}/metrics
service log ${serviceLog}
database    psql '${DATABASE_URL}'
            SELECT recipient, last_status, subject FROM communications_email_log;
one more    export KAFKA_BROKERS=${KAFKA_BROKERS} SCHEMA_REGISTRY_URL=${SCHEMA_REGISTRY_URL}
            npx comms publish otp.requested dev/demo/otp.json

Ctrl-C ends all of it.`);
}

function seconds(): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}
