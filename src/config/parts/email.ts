import { z } from 'zod';
import type { EmailConfig } from '../config.js';
import { boolean, integer, oneOf, seconds, secretText, text } from '../readers.js';
import { allOrNone, together } from '../together.js';
import { optional, required, withDefault } from '../variable.js';
import { dkimKeyFile } from './dkim-key.js';
import { fromAddress, isAddress } from './from-address.js';

const DKIM = ['EMAIL_DKIM_DOMAIN', 'EMAIL_DKIM_SELECTOR', 'EMAIL_DKIM_KEY_FILE'] as const;
/** Nobody listens on the way to this machine itself. */
const HERE: readonly string[] = ['localhost', '127.0.0.1', '::1'];
const DOMAIN = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;
const SELECTOR = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

// The ports of RFC 8314 (TLS from the first byte), RFC 6409 (submission) and RFC 5321.
const PORTS = { implicit: 465, starttls: 587, none: 25 } as const;

export const emailVariables = z.object({
  EMAIL_PROVIDER: withDefault(oneOf(['smtp']), 'smtp', { meaning: 'Who takes the e-mails: smtp' }),
  EMAIL_HOST: required(text, { meaning: 'SMTP server', example: 'localhost' }),
  EMAIL_PORT: optional(integer({ min: 1, max: 65_535 }), {
    meaning: 'Port of the SMTP server',
    example: '1025',
    derived: `${PORTS.implicit} with EMAIL_USE_SSL, ${PORTS.starttls} with EMAIL_USE_TLS, else ${PORTS.none}`,
  }),
  EMAIL_USE_SSL: withDefault(boolean, 'False', { meaning: 'TLS from the first byte (port 465)' }),
  EMAIL_USE_TLS: withDefault(boolean, 'False', {
    meaning: 'Begin in clear and insist on STARTTLS (port 587); not together with EMAIL_USE_SSL',
  }),
  EMAIL_TLS_VERIFY: withDefault(boolean, 'True', {
    meaning: "Whether the server's certificate must be valid; False only against a test server",
  }),
  EMAIL_HOST_USER: optional(text, {
    meaning: 'User name at the SMTP server; goes with the password',
    example: 'bakery@example.com',
    secret: true,
  }),
  EMAIL_HOST_PASSWORD: optional(secretText, {
    meaning: 'Password at the SMTP server',
    example: 'change-me',
    secret: true,
  }),
  DEFAULT_FROM_EMAIL: required(fromAddress, {
    meaning: 'Sender of every e-mail; its domain is also that of the Message-ID',
    example: '"Chesanto Bakery <no-reply@example.com>"',
  }),
  EMAIL_REPLY_TO: optional(z.string().trim().refine(isAddress, 'must be an e-mail address'), {
    meaning: 'Where answers go',
    example: 'hello@example.com',
  }),
  EMAIL_TIMEOUT: withDefault(seconds({ min: 0.1, max: 600 }), '30', {
    meaning: 'Seconds that one attempt may take in all',
  }),
  EMAIL_MAX_RETRIES: withDefault(integer({ min: 0, max: 100 }), '3', {
    meaning: 'Attempts after the first, unless the message is urgent: that is tried until it expires',
  }),
  EMAIL_RETRY_DELAY: withDefault(seconds({ min: 0, max: 86_400 }), '60', {
    meaning: 'Seconds before the first retry; doubled each time, with jitter',
  }),
  EMAIL_MAX_CONNECTIONS: withDefault(integer({ min: 2, max: 100 }), '5', {
    meaning:
      'SMTP connections of one instance, at least 2: a third is kept for urgent messages, which may use all',
  }),
  EMAIL_DKIM_DOMAIN: optional(z.string().trim().regex(DOMAIN, 'must be a domain'), {
    meaning: 'Domain that signs (DKIM); goes with selector and key file',
    example: 'example.com',
  }),
  EMAIL_DKIM_SELECTOR: optional(z.string().trim().regex(SELECTOR, 'must be a DNS name such as mail2026'), {
    meaning: 'DKIM selector: the public key is at `<selector>._domainkey.<domain>`',
    example: 'mail2026',
  }),
  EMAIL_DKIM_KEY_FILE: optional(dkimKeyFile, {
    meaning: 'PEM file with the RSA private key that signs',
    example: '/run/secrets/dkim.pem',
  }),
});

export const emailPart = emailVariables
  .check(
    together(['EMAIL_USE_SSL', 'EMAIL_USE_TLS'], (values) =>
      values['EMAIL_USE_SSL'] === true && values['EMAIL_USE_TLS'] === true
        ? 'exclude each other: EMAIL_USE_SSL=True for port 465, EMAIL_USE_TLS=True for port 587'
        : null,
    ),
    together(['EMAIL_HOST', 'EMAIL_HOST_USER', 'EMAIL_USE_SSL', 'EMAIL_USE_TLS'], (values) =>
      values['EMAIL_HOST_USER'] !== null &&
      values['EMAIL_USE_SSL'] === false &&
      values['EMAIL_USE_TLS'] === false &&
      !HERE.includes(String(values['EMAIL_HOST']).toLowerCase())
        ? 'would send the password in clear: set EMAIL_USE_TLS=True (port 587) or EMAIL_USE_SSL=True (port 465)'
        : null,
    ),
    allOrNone(['EMAIL_HOST_USER', 'EMAIL_HOST_PASSWORD']),
    allOrNone(DKIM),
  )
  .transform((values): { readonly email: EmailConfig } => {
    const security = values.EMAIL_USE_SSL ? 'implicit' : values.EMAIL_USE_TLS ? 'starttls' : 'none';
    return {
      email: {
        provider: values.EMAIL_PROVIDER,
        host: values.EMAIL_HOST,
        port: values.EMAIL_PORT ?? PORTS[security],
        security,
        user: values.EMAIL_HOST_USER,
        password: values.EMAIL_HOST_PASSWORD,
        from: values.DEFAULT_FROM_EMAIL,
        replyTo: values.EMAIL_REPLY_TO,
        timeoutMs: values.EMAIL_TIMEOUT,
        maxRetries: values.EMAIL_MAX_RETRIES,
        retryDelayMs: values.EMAIL_RETRY_DELAY,
        maxConnections: values.EMAIL_MAX_CONNECTIONS,
        dkim: dkim(values.EMAIL_DKIM_DOMAIN, values.EMAIL_DKIM_SELECTOR, values.EMAIL_DKIM_KEY_FILE),
        tlsRejectUnauthorized: values.EMAIL_TLS_VERIFY,
      },
    };
  });

function dkim(
  domain: string | null,
  selector: string | null,
  privateKey: string | null,
): EmailConfig['dkim'] {
  if (domain === null || selector === null || privateKey === null) return null;
  return { domain, selector, privateKey };
}
