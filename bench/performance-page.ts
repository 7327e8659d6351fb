import {
  cpuTable,
  disturbance,
  otpTable,
  roundsTable,
  stageTable,
  type Table,
  tableAsMarkdown,
  throughputTable,
} from './report.js';
import type { BenchResult } from './result.js';

/** docs/performance.md: every figure is from this run. */
export function performancePage(result: BenchResult): string {
  const { machine, at, command, connections, brake, throughput, warmUpSeconds } = result;
  const events = throughput[0]?.events.toLocaleString('en') ?? '0';
  const table = (one: Table) => tableAsMarkdown(one);
  const commit = machine.commit === null ? '' : `, commit ${machine.commit}`;
  return `# Performance

Written by \`${command}\` on ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC${commit}; not by hand.
${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, Node ${machine.node}, PostgreSQL
${machine.postgres} (fsync ${machine.fsync}, synchronous_commit ${machine.synchronousCommit}), all of it on this one
machine: broker, registry, database, mail server, the service and the bench.
${events} orders of eight lines, ${connections} SMTP connections, brake ${brake}.
${disturbance(result)}
## Events per second

${table(throughputTable(result))}
${rounds(result)}
${table(cpuTable(result))}

${table(stageTable(result))}

- **ours**: one process of the service, compiled as for production, the whole way: inbox row first, sealed content,
  the statuses QUEUED and SENT, log rows, brake, metrics scraped every 5 seconds. PostgreSQL syncs every commit to disk, as it does
  unless told otherwise.
- **naive**: the consumer that most teams would write first (\`bench/peers/naive-consumer-main.ts\`): for each message decode,
  render, a Sequelize row, \`sendMail\`, an update, a status. It uses the same templates, compiled once, and a transport that
  keeps its connections, and publishes one status instead of two. It reads one partition at a time, which is what kafkajs
  does unless told otherwise; **×6** reads the topic's six side by side. It can neither tell an event that comes again, nor
  what was sent before it was killed, and keeps what it sends in clear.
- **bare sink**: a client that does nothing but hand over one of our e-mails again and again, pipelined. It is what the mail
  server of the bench takes on this machine, and so the ceiling of the others.

## How to read it

- Each consumer first has orders that don't count, for ${warmUpSeconds} s and to their end: a service runs for weeks, and what Node
  is still compiling says nothing of it. Each has a database of its own, which is dropped afterwards, so that PostgreSQL has
  nothing of it left to write. Then all orders are published in one Kafka transaction. The clock starts when the
  broker has answered its commit, after which all of them can be read, and ends with the last e-mail accepted, counted at
  the mail server; *until published* ends with the last status in its topic; each has its own
  comparison with the naive consumer, which publishes as it goes. Every run checks that each order led to its
  e-mail; *twice* counts those that went out once more.
- All share the ${machine.cores} cores, so events per second also depend on what broker, database and mail server take. *others*
  is the part of the machine that went to something else: above a few per cent the run was disturbed, and the processor time
  of an event rises too. Compare within one table only; a few per cent are noise.
- Stage times are summed over everything that went through a stage and divided by the events. \`decode\` and \`store\` are
  counted for whole chunks, \`send\` for each of ${connections} connections at once: they show where the time goes, and don't add up.
  What is claimed by the statement that records counts as \`record\`.
- The mail server (\`bench/sink\`) is as simple as can be, accepts everything and keeps nothing. It answers at once; with
  one that takes its time the number of connections is the limit.
- The brake counts (${brake}), and holds nothing: with its default, more than 200 messages an hour of one rule wait for \`comms release\`.

## Codes behind a backlog

${table(otpTable(result))}

${codesInWords(result)}

## Again

\`npm run bench -- --write\` needs what \`npm run stack\` needs; this run took ${Math.round(result.seconds)} s. \`--help\` has the rest.
\`--only ours --profile <folder>\` tells where the processor time of the service goes.
`;
}

/** Nothing, if there was one round only. */
function rounds(result: BenchResult): string {
  const table = roundsTable(result);
  if (table.rows.length === 0) return '';
  return `\nOurs and naive had ${table.rows.length} turns each, since a machine is not the same from one minute to the next; the median of each stands above:\n\n${tableAsMarkdown(table)}\n`;
}

function codesInWords({ otp }: BenchResult): string {
  return otp
    .map(
      ({ perSecond, answerAfterMs, connections }) =>
        `${perSecond} codes a second are asked for while the others wait; the mail server answers each message after ` +
        `${answerAfterMs} ms.\nMeasured from outside, from publishing to acceptance: the best that can be is ${answerAfterMs} ms. ` +
        `Of ${connections} connections a third is\nkept for high priority, so that a code waits for none of the ` +
        'backlog. What is equally urgent takes its turn: a code comes\nafter whatever of high priority was there before it.',
    )
    .join('\n\n');
}
