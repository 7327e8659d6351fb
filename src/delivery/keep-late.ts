import type { Log } from '../observability/log.js';
import type { Transition } from '../store/apply-transitions.js';
import type { Database } from '../store/database.js';
import { keepLateAnswer } from '../store/keep-late-answer.js';
import { untilAvailable } from '../store/until-available.js';

/** Keeps what an attempt came to that had been taken over meanwhile. Never rejects: the message is in other hands. */
export async function keepLate(database: Database, late: Transition, log: Log): Promise<void> {
  const { notificationId: notification, status, reason, attempt } = late.change;
  log.warn('a result came too late: another instance has taken the message over', {
    ...{ notification, status, reason, attempt },
    answer: late.error || null,
  });
  try {
    await untilAvailable(
      () => keepLateAnswer(database, late),
      (error) => log.warn('a late answer waits to be kept', { notification }, error),
    );
  } catch (error) {
    log.error("a late answer can't be kept: only the log line before has it", { notification }, error);
  }
}
