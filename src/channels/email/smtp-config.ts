/** A mail server and who we are to it. Secrets (`password`, `dkim.privateKey`) stay out of logs and errors. */
export interface SmtpConfig {
  readonly host: string;
  readonly port: number;
  /** `starttls` insists on it; `none` never tries, so nothing falls back to plain text unasked. */
  readonly security: 'implicit' | 'starttls' | 'none';
  /** null: no login. */
  readonly user: string | null;
  readonly password: string | null;
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo: string | null;
  /** Of both lanes together, at least 2. */
  readonly maxConnections: number;
  /** `privateKey`: RSA, PEM. */
  readonly dkim: { readonly domain: string; readonly selector: string; readonly privateKey: string } | null;
  /** false accepts any certificate, for a server under test; no host is exempt by itself. */
  readonly tlsRejectUnauthorized: boolean;
}
