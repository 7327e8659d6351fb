import { commandWorks } from './run-command.js';

/** Whether a Docker engine answers and its `compose` command is there. */
export async function dockerEngineAnswers(): Promise<boolean> {
  const [engine, compose] = await Promise.all([
    commandWorks('docker', ['version', '--format', '{{.Server.Version}}']),
    commandWorks('docker', ['compose', 'version']),
  ]);
  return engine && compose;
}
