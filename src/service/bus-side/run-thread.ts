import { type MessagePort, parentPort } from 'node:worker_threads';
import { parseConfig } from '../../config/parse-config.js';
import type { ReachCheckpoint } from '../../domain/checkpoint.js';
import { summarizeError } from '../../observability/error-summary.js';
import { createLog, writtenAtOnce } from '../../observability/log.js';
import { loadDefinitions } from '../load-definitions.js';
import { version } from '../version.js';
import type { BusSide, BusSideStart } from './bus-side.js';
import { BUS_THREAD, startBusSide } from './start-bus-side.js';
import type { FromThread, Question, ToThread } from './thread-messages.js';

/** The bus side, in a thread that `busSideThread` has opened. What is thrown here, and caught by nobody, ends it. */
export function runThread(reach: ReachCheckpoint): void {
  if (parentPort === null) throw new Error('this runs in a thread, which the service opens by itself');
  const port: MessagePort = parentPort;
  const tell = (message: FromThread) => port.postMessage(message);
  const config = parseConfig(process.env);
  const told = { level: config.logLevel, instance: config.instanceId, version: version() };
  const log = createLog(told).child({ thread: BUS_THREAD });
  const lastWords = createLog({ ...told, destination: writtenAtOnce() }).child({ thread: BUS_THREAD });
  // What ends the thread is told here, where all of it is known; the main one then ends the process.
  process.on('uncaughtExceptionMonitor', (error) =>
    lastWords.error('nobody caught an error: the thread ends', {}, error),
  );
  // As in the main one: what is under way may still come to its end.
  process.on('unhandledRejection', (error) => {
    lastWords.error('unhandled rejection: the service ends', {}, error);
    tell({ kind: 'dead', why: 'a promise was rejected that nobody waits for, see above' });
  });
  const definitions = loadDefinitions(config.http);
  let side: BusSide | null = null;

  const start = (from: BusSideStart): BusSide => {
    const started = startBusSide({ config, definitions, log, reach }, from, {
      queued: (queues) => tell({ kind: 'queued', queues }),
      profilesChanged: () => tell({ kind: 'profilesChanged' }),
      degraded: (part, why, forMs) => tell({ kind: 'degraded', part, why, forMs }),
      dead(error) {
        lastWords.error('nothing but a restart helps', {}, error);
        tell({ kind: 'dead', why: inWords(error) });
      },
    });
    started.joined.then(
      () => tell({ kind: 'joined' }),
      // Told as dead.
      () => undefined,
    );
    return started;
  };

  port.on('message', (message: ToThread) => {
    if (message.kind === 'start') {
      side = start(message.start);
      return;
    }
    if (side === null) throw new Error(`the thread is told "${message.kind}" before it is started`);
    if (message.kind === 'wakeRelay') return side.wakeRelay();
    if (message.kind === 'templates') return side.knowTemplates(message.known);
    const { id, question } = message;
    answer(side, question).then(
      (counted) => {
        tell({ kind: 'answer', id, counted });
        // Nothing else keeps the thread from ending.
        if (question.what === 'close') port.close();
      },
      (error: unknown) => {
        log.error('the thread could not do what it was asked for', { what: question.what }, error);
        tell({ kind: 'failed', id, why: inWords(error) });
      },
    );
  });
}

async function answer(side: BusSide, question: Question) {
  if (question.what === 'counted') return side.counted();
  if (question.what === 'stopReading') await side.stopReading(question.limitMs);
  if (question.what === 'stopPublishing') await side.stopPublishing(question.limitMs);
  if (question.what === 'close') await side.close();
  return [];
}

function inWords(error: unknown): string {
  const { class: name, message } = summarizeError(error);
  return `${name}: ${message}`;
}
