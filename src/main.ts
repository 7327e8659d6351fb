import { runProgram } from './cli/run-program.js';
import { loadEnvFile } from './config/load-env-file.js';

loadEnvFile();
// `comms … | head`: who reads has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
// Loaded when asked for: the other commands start in half the time.
const code = await runProgram(process.argv.slice(2), {
  start: async (options) => (await import('./service/start-command.js')).startCommand(options),
  openRetry: async (config) => (await import('./service/open-retry.js')).openRetry(config),
  openReplay: async (config) => (await import('./service/open-replay.js')).openReplay(config),
  openExplain: async (config) => (await import('./service/open-explain.js')).openExplain(config),
});
// Explicitly: a socket that is still open is no reason to stay.
process.exit(code);
