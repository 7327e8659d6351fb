import { z } from 'zod';
import type { Mail } from './scenarios.js';

const caught = z.array(
  z.object({
    subject: z.string(),
    to: z.array(z.object({ address: z.string() })),
    text: z.string(),
    html: z.string(),
  }),
);

export interface MailCheck {
  readonly caught: number;
  /** What is not as it must be. */
  readonly problems: readonly string[];
}

/** Asks the mail catcher whether each expected e-mail is there once, its code in both bodies and not in the subject. */
export async function checkMail(catcherUrl: string, expected: readonly Mail[]): Promise<MailCheck> {
  const response = await fetch(`${catcherUrl}/api/email`);
  if (!response.ok) throw new Error(`the mail catcher answered ${response.status}`);
  const mails = caught.parse(await response.json());
  const problems = expected.flatMap(({ to, code }) => {
    const own = mails.filter((mail) => mail.to.some(({ address }) => address === to));
    const [mail] = own;
    if (mail === undefined || own.length > 1) return [`${to} got ${own.length} e-mails instead of 1`];
    return [
      ...(mail.subject.includes(code) ? [`the code of ${to} is in the subject`] : []),
      ...(mail.text.includes(code) ? [] : [`the code of ${to} is not in the text`]),
      ...(mail.html.includes(code) ? [] : [`the code of ${to} is not in the HTML`]),
    ];
  });
  const others = mails.length - expected.length;
  if (others > 0) problems.push(`${others} e-mails more than expected`);
  return { caught: mails.length, problems };
}
