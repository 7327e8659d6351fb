// Before the program: at each SIGUSR2 the clock of this process jumps to the next of these distances from the true
// time, after the last one to the true time.
const jumps = [0, ...(process.env['FAULTS_CLOCK_JUMPS_MS'] ?? '').split(',').filter(Boolean).map(Number)];
let position = 0;
process.on('SIGUSR2', () => {
  position = (position + 1) % jumps.length;
});

const TrueDate = Date;
const now = () => TrueDate.now() + (jumps[position] ?? 0);
globalThis.Date = new Proxy(TrueDate, {
  construct: (target, parameters, type) =>
    Reflect.construct(target, parameters.length === 0 ? [now()] : parameters, type),
  apply: () => new TrueDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
