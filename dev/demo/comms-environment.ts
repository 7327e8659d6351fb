import { VARIABLE_GROUPS } from '../../src/config/variables.js';

/** For a `comms` of the demo: set to nothing, a variable of the terminal or of .env can't lead it elsewhere. */
export const commsEnvironment = (environment: Readonly<Record<string, string>>): Record<string, string> => ({
  ...Object.fromEntries(VARIABLE_GROUPS.flatMap(({ variables }) => variables.map(({ name }) => [name, '']))),
  ...environment,
});
