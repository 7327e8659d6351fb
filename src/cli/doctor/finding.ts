import { explainError } from '../explain-error.js';

/** What one check found. */
export interface Finding {
  readonly subject: string;
  /** No problem. With an advice all the same it is a warning. */
  readonly ok: boolean;
  readonly says: string;
  /** What to do about it; empty where `says` tells it. */
  readonly advice: string;
}

export const severityOf = ({ ok, advice }: Finding): 'fine' | 'warning' | 'problem' => {
  if (!ok) return 'problem';
  return advice === '' ? 'fine' : 'warning';
};

export const fine = (subject: string, says: string): Finding => ({ subject, ok: true, says, advice: '' });

/** No fault, but something that people should know of. */
export const warning = (subject: string, says: string, advice: string): Finding => ({
  subject,
  ok: true,
  says,
  advice,
});

export const problem = (subject: string, says: string, advice = ''): Finding => ({
  subject,
  ok: false,
  says,
  advice,
});

/** Runs a check; what it throws is its finding. */
export async function check(
  subject: string,
  run: () => Finding[] | Promise<Finding[]>,
  advice = '',
): Promise<Finding[]> {
  try {
    return await run();
  } catch (error) {
    return [problem(subject, explainError(error), advice)];
  }
}
