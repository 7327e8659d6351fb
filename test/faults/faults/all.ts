import type { Fault } from '../fault.js';
import { databaseConnections } from './database-connections.js';
import { databaseRestarts } from './database-restarts.js';
import { kill } from './kill.js';
import { rollingRestart } from './rolling-restart.js';

/** In the order in which they are run. */
export const faults: readonly Fault[] = [kill, rollingRestart, databaseRestarts, databaseConnections];
