import { nearestWord } from '../domain/nearest-word.js';
import type { Environment } from './parse-config.js';
import { LATER_VARIABLES, VARIABLE_GROUPS } from './variables.js';

export interface StrangeVariable {
  readonly name: string;
  /** The variable whose name it probably should be. */
  readonly meant: string | null;
}

const OURS = /^(BRAKE|DATABASE|DELIVERY|EMAIL|KAFKA|SCHEMA_REGISTRY|SMS)_/;
// Kubernetes sets these in every pod for a Service called, say, kafka.
const OF_A_SERVICE = /_SERVICE_(HOST|PORT)[_=]|_PORT_\d+_(TCP|UDP)[_=]|_PORT=tcp:/;

const KNOWN = [...VARIABLE_GROUPS.flatMap(({ variables }) => variables), ...LATER_VARIABLES].map(
  ({ name }) => name,
);

/** What is set under a name like ours that nobody reads: most likely misspelt, and so without effect. */
export function strangeVariables(environment: Environment): readonly StrangeVariable[] {
  return Object.entries(environment)
    .filter(([name, value]) => !OF_A_SERVICE.test(`${name}=${value}`))
    .map(([name]) => name)
    .filter((name) => OURS.test(name) && !KNOWN.includes(name))
    .sort()
    .map((name) => ({ name, meant: nearestWord(name, KNOWN) }));
}
