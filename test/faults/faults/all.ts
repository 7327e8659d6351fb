import type { Fault } from '../fault.js';
import { brokerKilled } from './broker.js';
import { brokerAway } from './broker-away.js';
import { clocks } from './clocks.js';
import { databaseConnections } from './database-connections.js';
import { databaseDeadlocks } from './database-deadlocks.js';
import { databaseReadOnly } from './database-read-only.js';
import { databaseRestarts } from './database-restarts.js';
import { databaseSerialization } from './database-serialization.js';
import { diskFull } from './disk-full.js';
import { freeze } from './freeze.js';
import { kill } from './kill.js';
import { leaders } from './leaders.js';
import { linkFaults } from './links.js';
import { promotion } from './promotion.js';
import { rebalances } from './rebalances.js';
import { registryDown } from './registry-down.js';
import { rollingRestart } from './rolling-restart.js';
import { smtpBreaksTls } from './smtp-breaks-tls.js';
import { smtpDefers } from './smtp-defers.js';
import { smtpDrips } from './smtp-drips.js';
import { smtpHalves } from './smtp-halves.js';
import { smtpHangs } from './smtp-hangs.js';
import { smtpLosesAnswers } from './smtp-loses-answers.js';
import { smtpRefuses } from './smtp-refuses.js';
import { smtpRefusesForGood } from './smtp-refuses-for-good.js';
import { statusTopicMissing } from './status-topic-missing.js';

/** In the order in which they are run. */
export const faults: readonly Fault[] = [
  kill,
  rollingRestart,
  freeze,
  rebalances,
  promotion,
  clocks,
  databaseRestarts,
  databaseConnections,
  databaseReadOnly,
  databaseDeadlocks,
  databaseSerialization,
  diskFull,
  brokerKilled,
  brokerAway,
  leaders,
  statusTopicMissing,
  registryDown,
  smtpRefuses,
  smtpHangs,
  smtpLosesAnswers,
  smtpDefers,
  smtpRefusesForGood,
  smtpDrips,
  smtpHalves,
  smtpBreaksTls,
  ...linkFaults,
];
