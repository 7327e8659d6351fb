import type { Phase } from '../step.js';
import { flood } from './flood.js';
import { mailTrouble, REFUSED_ORDER } from './mail-trouble.js';
import { nobodyCanRead } from './nobody-can-read.js';
import { operatorActs } from './operator-acts.js';
import { ordersComeIn } from './orders-come-in.js';
import { staffLogIn } from './staff-log-in.js';
import { stockRunsLow } from './stock-runs-low.js';

export const wholeMorning: readonly Phase[] = [
  staffLogIn,
  ordersComeIn,
  stockRunsLow,
  mailTrouble,
  nobodyCanRead,
  flood,
  operatorActs,
];

/** Refused by the mail server, and sent again by the operator once the mailbox was there. */
export const MOST_INTERESTING = REFUSED_ORDER;
