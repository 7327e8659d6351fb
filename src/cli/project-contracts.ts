import { join } from 'node:path';
import { type Contracts, loadContracts } from '../contracts/contract.js';
import { projectRoot } from '../project-root.js';

/** Those of schemas/. */
export const projectContracts = (): Contracts => loadContracts(join(projectRoot(), 'schemas'));
