import { z } from 'zod';
import { startLocalStack } from '../../stack/local-stack.js';
import { poll } from '../../stack/poll.js';
import type { Destination } from './destination.js';

const variablesSchema = z.object({
  EMAIL_HOST: z.string(),
  EMAIL_PORT: z.coerce.number(),
  MAILDEV_URL: z.string(),
});
const caughtSchema = z.array(z.object({ id: z.string(), headers: z.record(z.string(), z.unknown()) }));
const SHOWN_WITHIN_MS = 2000;

/** Starts the mail catcher of the local stack, alone. It ends with this process. */
export async function startCatcher(report: (line: string) => void): Promise<Destination> {
  const stack = await startLocalStack({ parts: ['mail'], durable: false, report });
  const variables = variablesSchema.parse(stack.variables);
  const url = variables.MAILDEV_URL;

  async function idOf(notificationId: string): Promise<string | undefined> {
    const caught = caughtSchema.parse(await (await fetch(`${url}/api/email`)).json());
    return caught.find(({ headers }) => headers['x-notification-id'] === notificationId)?.id;
  }

  return {
    server: { host: variables.EMAIL_HOST, port: variables.EMAIL_PORT },
    async pageOf(notificationId) {
      let id: string | undefined;
      await poll(async () => {
        id = await idOf(notificationId);
        return id !== undefined;
      }, SHOWN_WITHIN_MS);
      return id === undefined ? url : `${url}/#/email/${id}`;
    },
    stop: () => stack.stop(),
  };
}
