import type { BrakeLimits } from '../domain/brake.js';

/** Everything the service reads from its environment, checked. Times are milliseconds. */
export interface Config extends ServiceConfig {
  readonly kafka: KafkaConfig;
  readonly registry: RegistryConfig;
  readonly databaseUrl: string;
  readonly databasePoolSize: number;
  readonly http: HttpConfig;
  readonly payloadKeys: readonly PayloadKey[];
  readonly email: EmailConfig;
  readonly sms: SmsConfig;
  readonly delivery: DeliveryMode;
  readonly brake: BrakeLimits;
}

/** What every command has, whatever else it needs. */
export interface ServiceConfig {
  readonly logLevel: LogLevel;
  /** Who this process is among its like, in logs and in the worker table. */
  readonly instanceId: string;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

export interface KafkaConfig {
  readonly brokers: readonly string[];
  readonly ssl: boolean;
  readonly sasl: {
    readonly mechanism: SaslMechanism;
    readonly username: string;
    readonly password: string;
  } | null;
  readonly groupId: string;
  readonly topicPrefix: string;
}

export interface RegistryConfig {
  readonly url: string;
  readonly username: string | null;
  readonly password: string | null;
}

export interface HttpConfig {
  /** 0 takes any free port. */
  readonly port: number;
  /** Without a slash at its end. */
  readonly publicBaseUrl: string;
}

/** AES-256: 32 bytes. The first key of the list seals, all open. */
export interface PayloadKey {
  readonly id: string;
  readonly key: Buffer;
}

export interface EmailConfig {
  readonly provider: 'smtp';
  readonly host: string;
  readonly port: number;
  readonly security: 'implicit' | 'starttls' | 'none';
  readonly user: string | null;
  readonly password: string | null;
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo: string | null;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly retryDelayMs: number;
  /** At least 2: some are kept for high priority. */
  readonly maxConnections: number;
  readonly dkim: { readonly domain: string; readonly selector: string; readonly privateKey: string } | null;
  readonly tlsRejectUnauthorized: boolean;
}

export const SMS_PROVIDERS = ['sink', 'africastalking', 'twilio'] as const;
export interface SmsConfig {
  /** Null: nobody has said. */
  readonly provider: (typeof SMS_PROVIDERS)[number] | null;
}

/** Allow-list entries are lower-case: an address, `@domain`, or a number such as +254712345678. */
export type DeliveryMode =
  | { readonly mode: 'live' }
  | { readonly mode: 'sink' }
  | { readonly mode: 'allowlist'; readonly allow: readonly string[] };

/** What a command can need, and the keys of Config it then gets. */
interface KeysOfPart {
  readonly kafka: 'kafka';
  readonly registry: 'registry';
  readonly database: 'databaseUrl' | 'databasePoolSize';
  readonly payloadKeys: 'payloadKeys';
  readonly email: 'email';
  readonly sms: 'sms';
  readonly delivery: 'delivery';
  readonly brake: 'brake';
  readonly http: 'http';
}
export type ConfigPart = keyof KeysOfPart;
export type ConfigOf<Part extends ConfigPart> = ServiceConfig & Pick<Config, KeysOfPart[Part]>;
