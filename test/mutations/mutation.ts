export interface Replacement {
  readonly file: string;
  /** Must stand there exactly once. */
  readonly text: string;
  readonly by: string;
}

export interface Mutation {
  readonly guard: string;
  readonly replacements: readonly Replacement[];
  /** Vitest filters; together they must go red. */
  readonly tests: readonly string[];
}
