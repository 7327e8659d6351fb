import type { Consumer } from '../src/rules/words.js';
import auth from './auth.js';

/** One file per module of the bakery. */
export const consumers: readonly Consumer[] = [auth];
