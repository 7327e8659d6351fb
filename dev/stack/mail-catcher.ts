import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.js';
import { freePort } from './free-port.js';
import type { PartContext, PartDefinition } from './part-definition.js';

/** MailDev: takes every e-mail, delivers none, shows them on a page. Keeps them in memory only. */
export async function prepareMailCatcher({ directory }: PartContext): Promise<PartDefinition> {
  const [smtp, web] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${web}`;
  const script = join(projectRoot(), 'node_modules', 'maildev', 'dist', 'bin', 'maildev.js');
  const addresses = [
    '--ip',
    '127.0.0.1',
    '--smtp',
    String(smtp),
    '--web-ip',
    '127.0.0.1',
    '--web',
    String(web),
  ];
  return {
    process: {
      name: 'mail',
      command: [process.execPath, script, ...addresses],
      logFile: join(directory, 'maildev.log'),
      healthy: async () => (await fetch(`${url}/api/email`, { signal: AbortSignal.timeout(2000) })).ok,
      healthyWithinMs: 30_000,
      stopSignal: 'SIGTERM',
      abandonSignal: 'SIGKILL',
      advice: 'MailDev says why:',
    },
    variables: {
      EMAIL_HOST: '127.0.0.1',
      EMAIL_PORT: String(smtp),
      EMAIL_USE_SSL: 'False',
      EMAIL_USE_TLS: 'False',
      MAILDEV_URL: url,
    },
  };
}
