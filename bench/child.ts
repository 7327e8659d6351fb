import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A program of the bench in a process of its own, which ends with this one. */
export interface Child {
  readonly pid: number;
  /** What it says next. @throws Error if it ends instead */
  next(): Promise<unknown>;
  ask(question: string): Promise<unknown>;
  end(): Promise<void>;
}

export function startChild(program: string, order: object): Child {
  const child = fork(program, [JSON.stringify(order)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} could not be started`);
  const ended = once(child, 'exit');
  const next = async (): Promise<unknown> => {
    const gone = ended.then(([code, signal]: readonly unknown[]) => {
      throw new Error(`${program} ended (${String(code ?? signal)}), see above`);
    });
    const [message]: readonly unknown[] = await Promise.race([once(child, 'message'), gone]);
    return message;
  };
  return {
    pid,
    next,
    ask(question) {
      const answer = next();
      child.send(question);
      return answer;
    },
    async end() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
