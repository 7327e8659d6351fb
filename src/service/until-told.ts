/** How long a fault counts that is told of every `againMs`: long enough for a slow round. */
export const untilTold = (againMs: number): number => 2 * againMs + 1_000;
