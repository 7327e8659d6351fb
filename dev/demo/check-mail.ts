import { z } from 'zod';
import type { Row } from './row.js';

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
  readonly texts: number;
  /** What is not as it must be. */
  readonly problems: readonly string[];
}

/**
 * Asks the mail catcher whether it has just the mails that were sent, each secret in both bodies of its own mail and
 * nowhere else, least of all in what a mailbox shows of a mail that is not open.
 */
export async function checkMail(catcherUrl: string, rows: readonly Row[]): Promise<MailCheck> {
  const response = await fetch(`${catcherUrl}/api/email`);
  if (!response.ok) throw new Error(`the mail catcher answered ${response.status}`);
  const mails = caughtMails.parse(await response.json());
  const sent = rows.reduce((sum, row) => sum + copiesOf(row), 0);
  return {
    mails: mails.length,
    texts: rows.filter((row) => row.channel === 'sms' && isSent(row)).length,
    problems: [
      ...(mails.length === sent ? [] : [`${sent} e-mails were sent and ${mails.length} caught`]),
      ...(mails.every(({ html }) => PREHEADER.test(html)) ? [] : ['an e-mail has no preheader']),
      ...secretsOf(rows).flatMap((secret) => secretProblems(secret, mails)),
    ],
  };
}

const isSent = ({ stages }: Row): boolean => stages.at(-1)?.word === 'SENT';

/** The mail server of the demo hangs up only when it has passed a message on. */
const copiesOf = (row: Row): number =>
  row.channel === 'email' && isSent(row) ? (row.possibleDuplicate ? 2 : 1) : 0;

interface SecretMail {
  readonly as: string;
  readonly text: string;
  readonly to: string;
  readonly copies: number;
}

function secretsOf(rows: readonly Row[]): SecretMail[] {
  return [...new Set(rows.map(({ event }) => event))].flatMap((event) => {
    const { as, secret } = event;
    const own = rows.filter((row) => row.event === event);
    return secret ? [{ as, ...secret, copies: own.reduce((sum, row) => sum + copiesOf(row), 0) }] : [];
  });
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
