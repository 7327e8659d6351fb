// Before the program, and in each of its threads: at each SIGUSR2 the clock of this process jumps to the next of these
// distances from the true time, after the last one to the true time.
import { isMainThread } from 'node:worker_threads';

const jumps = [0, ...(process.env['FAULTS_CLOCK_JUMPS_MS'] ?? '').split(',').filter(Boolean).map(Number)];
let position = 0;
// Signals come to the main thread alone.
const threads = new BroadcastChannel('jumping-clock');
threads.unref();
if (isMainThread) {
  process.on('SIGUSR2', () => {
    position = (position + 1) % jumps.length;
    threads.postMessage(position);
  });
} else {
  threads.onmessage = ({ data }) => {
    position = data;
  };
}

const TrueDate = Date;
const now = () => TrueDate.now() + (jumps[position] ?? 0);
globalThis.Date = new Proxy(TrueDate, {
  construct: (target, parameters, type) =>
    Reflect.construct(target, parameters.length === 0 ? [now()] : parameters, type),
  apply: () => new TrueDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
