/** For machines: Dates as ISO 8601 in UTC. */
export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));
