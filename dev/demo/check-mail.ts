import { z } from 'zod';
import { counted } from '../../src/cli/counted.js';
import type { Ledger } from './ledger.js';
import { outcomeText } from './row.js';

const caughtMails = z.array(
  z.object({
    subject: z.string(),
    to: z.array(z.object({ address: z.string() })),
    text: z.string(),
    html: z.string(),
  }),
);
type CaughtMail = z.infer<typeof caughtMails>[number];

export interface MailCheck {
  readonly mails: number;
  /** Text messages that the provider took. */
  readonly texts: number;
  /** What is not as it must be. */
  readonly problems: readonly string[];
}

/**
 * Asks the mail catcher whether it has just the mails that are expected, each secret in both bodies of its own mail
 * and nowhere else, least of all in what a mailbox shows of a mail that is not open.
 */
export async function checkMail(catcherUrl: string, { expected, find, rows }: Ledger): Promise<MailCheck> {
  const response = await fetch(`${catcherUrl}/api/email`);
  if (!response.ok) throw new Error(`the mail catcher answered ${response.status}`);
  const mails = caughtMails.parse(await response.json());
  const wanted = copiesOf([...expected.values()].flat());
  const secrets = [...expected].flatMap(([as, outcomes]) => {
    const secret = find(as)?.secret ?? null;
    return secret === null ? [] : [{ as, ...secret, copies: copiesOf(outcomes) }];
  });
  return {
    mails: mails.length,
    texts: rows().filter((row) => outcomeText(row) === 'sms SENT').length,
    problems: [
      ...(mails.length === wanted ? [] : [`${counted(wanted, 'e-mail')} should have been caught`]),
      ...(mails.every(({ html }) => PREHEADER.test(html)) ? [] : ['an e-mail has no preheader']),
      ...secrets.flatMap((secret) => secretProblems(secret, mails)),
    ],
  };
}

/** The mail server of the demo hangs up only when it has passed a message on, so that one is caught twice. */
function copiesOf(outcomes: readonly string[]): number {
  const mails = outcomes.filter((outcome) => outcome.startsWith('email '));
  const twice = mails.filter((outcome) => outcome.endsWith('SENT, maybe twice'));
  return mails.filter((outcome) => outcome.endsWith('SENT')).length + 2 * twice.length;
}

interface SecretMail {
  readonly as: string;
  readonly text: string;
  readonly to: string;
  readonly copies: number;
}

function secretProblems({ as, text, to, copies }: SecretMail, mails: readonly CaughtMail[]): string[] {
  const holding = mails.filter((mail) => JSON.stringify(mail).includes(text));
  const right = holding.filter(
    (mail) =>
      mail.to.some(({ address }) => address === to) &&
      mail.text.includes(text) &&
      visible(mail.html).includes(text),
  );
  return [
    ...(right.length === copies
      ? []
      : [`${as}: its secret is in ${right.length} mails to ${to}, not in ${copies}`]),
    ...(holding.length === right.length ? [] : [`${as}: its secret is in mails where it must not be`]),
    ...(mails.some((mail) => mail.subject.includes(text)) ? [`${as}: its secret is in a subject`] : []),
    ...(mails.some((mail) => hidden(mail.html).includes(text))
      ? [`${as}: its secret is in a preheader`]
      : []),
  ];
}

const PREHEADER = /<div[^>]*display:\s*none[^>]*>(.*?)<\/div>/s;
const hidden = (html: string): string => PREHEADER.exec(html)?.[1] ?? '';
const visible = (html: string): string => html.replace(PREHEADER, '');
