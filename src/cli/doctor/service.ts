import type { Statements } from '../../store/database.js';
import { pauses } from '../../store/pauses.js';
import { type RunningWorkers, runningWorkers } from '../../store/running-workers.js';
import { type WaitingMessages, waitingMessages } from '../../store/waiting-messages.js';
import { counted } from '../counted.js';
import { eatTime } from '../eat-time.js';
import { pausedInWords, pauseInWords, pauseTodo, resumeTodo } from '../paused-provider.js';
import { type Finding, fine, problem, warning } from './finding.js';

/** Whether anybody delivers, and what keeps them from it. */
export async function examineService(database: Statements): Promise<Finding[]> {
  const workers = await runningWorkers(database);
  return [
    instancesOf(workers),
    // As they are written down: instances tell of them only while they run.
    ...(await pauses(database)).map((pause) =>
      warning('paused', pausedInWords(pause), resumeTodo(pause.what)),
    ),
    ...workers.pauses
      .filter(({ byPeople }) => byPeople === undefined)
      .map((pause) => problem('provider', pauseInWords(pause), pauseTodo(pause))),
    queueOf(await waitingMessages(database)),
  ];
}

function instancesOf({ instances, lastBeat }: RunningWorkers): Finding {
  if (instances.length > 0) {
    return fine('service', `${counted(instances.length, 'instance')} running: ${instances.join(', ')}`);
  }
  const says =
    lastBeat === null ? 'no instance is running' : `no instance has been heard of since ${eatTime(lastBeat)}`;
  return problem('service', says, 'start it: "comms start"');
}

function queueOf({ due, oldest, overdue, claimed, later }: WaitingMessages): Finding {
  const parts = [
    ...(due > 0 && oldest !== null
      ? [`${counted(due, 'message')} due, the oldest since ${eatTime(oldest)}`]
      : []),
    ...(claimed > 0 ? [`${claimed} being sent`] : []),
    ...(later > 0 ? [`${later} for later`] : []),
  ];
  const says = parts.length === 0 ? 'nothing waits to be sent' : parts.join(', ');
  return overdue
    ? warning('queue', says, 'see whether the service runs, and what it names on /readyz and in its log')
    : fine('queue', says);
}
