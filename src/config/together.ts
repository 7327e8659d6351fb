import { z } from 'zod';

/**
 * A check over several variables of one part. Unlike zod's own refinements it also runs when other
 * variables are wrong, so that one start tells all there is to mend; only trouble with its own
 * variables keeps it silent.
 */
export function together<Values extends Readonly<Record<string, unknown>>>(
  names: readonly (keyof Values & string)[],
  problemOf: (values: Values) => string | null,
) {
  return z.superRefine<Values>(
    (values, context) => {
      const problem = problemOf(values);
      if (problem !== null) context.addIssue({ code: 'custom', path: [names.join(', ')], message: problem });
    },
    { when: ({ issues }) => !issues.some((issue) => names.some((name) => name === issue.path?.[0])) },
  );
}

/** Optional variables that mean something only with each other. */
export function allOrNone<Name extends string>(names: readonly Name[]) {
  return together<Readonly<Record<Name, unknown>>>(names, (values) => {
    const missing = names.filter((name) => values[name] === null);
    if (missing.length === 0 || missing.length === names.length) return null;
    return `go together: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing (set all or none)`;
  });
}
