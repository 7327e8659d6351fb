/** The environment can't be used. Its message lists every problem and never a secret's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(
      `The configuration has ${count}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n` +
        'Set these in the environment or in a .env file; .env.example lists and explains every variable.',
    );
  }
}
