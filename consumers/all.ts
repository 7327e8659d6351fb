import type { Consumer } from '../src/rules/words.js';
import auth from './auth.js';
import inventory from './inventory.js';
import sales from './sales.js';

/** One file per module of the bakery. */
export const consumers: readonly Consumer[] = [auth, inventory, sales];
