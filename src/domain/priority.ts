/** In the order in which they are claimed. */
export const PRIORITIES = ['high', 'medium', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** How the database stores a priority: 0 is claimed first. */
export const priorityRank = (priority: Priority): number => PRIORITIES.indexOf(priority);

/** A claim loop with connections of its own; the high one never waits for the normal one. */
export const LANES = ['high', 'normal'] as const;
export type Lane = (typeof LANES)[number];

export const laneOf = (priority: Priority): Lane => (priority === 'high' ? 'high' : 'normal');
