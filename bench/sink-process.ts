import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const started = z.object({ variables: z.record(z.string(), z.string()) });
const figures = z.object({
  accepted: z.number(),
  /** Milliseconds since 1970, of the first and the last message. */
  firstAt: z.number().nullable(),
  lastAt: z.number().nullable(),
});

/** An SMTP server in a process of its own, which ends with this one. */
export async function startSinkProcess() {
  const child = fork(fileURLToPath(new URL('./smtp-sink-main.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  const [first] = await once(child, 'message');
  return {
    variables: started.parse(first).variables,
    async figures() {
      const answer = once(child, 'message');
      child.send('figures');
      return figures.parse((await answer)[0]);
    },
    close: () => child.disconnect(),
  };
}
