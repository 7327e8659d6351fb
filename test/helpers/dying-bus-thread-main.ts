import { runThread } from '../../src/service/bus-side/run-thread.js';
import { reachUntilDeath } from './reach-until-death.js';

runThread(reachUntilDeath(process.env));
