import { SINK } from './sink-provider.js';

/** Of all that this build has. */
export const PROVIDER_NAMES = ['smtp', 'gmail', SINK] as const;
