/** Times that only tests have a reason to change, in milliseconds. */
export interface Tuning {
  readonly housekeepingMs: number;
  /** How long an unknown schema id is asked for again before its event is dead-lettered. */
  readonly unknownSchemaGraceMs: number;
  /** How long rules wait at start for the profiles to be read. */
  readonly profileGateMs: number;
  readonly missingTopicsMs: number;
}

export const DEFAULT_TUNING: Tuning = {
  housekeepingMs: 1_000,
  unknownSchemaGraceMs: 60_000,
  profileGateMs: 60_000,
  missingTopicsMs: 60_000,
};
