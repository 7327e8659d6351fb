import { runProgram } from './cli/run-program.js';
import { loadEnvFile } from './config/load-env-file.js';
import { openRetry } from './service/open-retry.js';
import { startCommand } from './service/start-command.js';

loadEnvFile();
// Explicitly: a socket that is still open is no reason to stay.
process.exit(await runProgram(process.argv.slice(2), { start: startCommand, openRetry }));
