import type { z } from 'zod';
import type { Config, ConfigOf, ConfigPart, ServiceConfig } from './config.js';
import { ConfigError } from './config-error.js';
import { brakePart } from './parts/brake.js';
import { databasePart } from './parts/database.js';
import { deliveryPart } from './parts/delivery.js';
import { emailPart } from './parts/email.js';
import { httpPart } from './parts/http.js';
import { kafkaPart } from './parts/kafka.js';
import { payloadKeysPart } from './parts/payload-keys.js';
import { registryPart } from './parts/registry.js';
import { servicePart } from './parts/service.js';
import { smsPart } from './parts/sms.js';
import { VARIABLE_GROUPS } from './variables.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const PARTS = {
  kafka: kafkaPart,
  registry: registryPart,
  database: databasePart,
  http: httpPart,
  payloadKeys: payloadKeysPart,
  email: emailPart,
  sms: smsPart,
  delivery: deliveryPart,
  brake: brakePart,
} as const satisfies Record<ConfigPart, z.ZodType<Partial<Config>>>;

const ALL: readonly ConfigPart[] = [
  'kafka',
  'registry',
  'database',
  'payloadKeys',
  'email',
  'sms',
  'delivery',
  'brake',
  'http',
];

const VARIABLES = new Map(VARIABLE_GROUPS.flatMap((group) => group.variables).map((one) => [one.name, one]));

/**
 * Reads and checks the parts of the environment that a command needs; all of them unless told.
 * An empty value counts as unset, as in most .env files.
 * @throws ConfigError that lists every problem at once.
 */
export function parseConfig(environment: Environment): Config;
export function parseConfig<Part extends ConfigPart>(
  environment: Environment,
  options: { readonly needs: readonly Part[] },
): ConfigOf<Part>;
export function parseConfig(
  environment: Environment,
  options?: { readonly needs: readonly ConfigPart[] },
): ServiceConfig & Partial<Config> {
  const set = withoutEmpty(environment);
  const service = servicePart.safeParse(set);
  const parts = (options?.needs ?? ALL).map((name) => PARTS[name].safeParse(set));

  const issues = [...parts, service].flatMap((result) => result.error?.issues ?? []);
  if (issues.length > 0 || !service.success)
    throw new ConfigError(issues.map((issue) => describe(issue, set)));
  const found: ServiceConfig & Partial<Config> = service.data;
  return parts.reduce((config, part) => withPart(config, part.data), found);
}

function withPart(config: ServiceConfig & Partial<Config>, part: Partial<Config> | undefined) {
  return { ...config, ...part };
}

function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
}

/** One line: which variable, what is wrong, what it was (unless secret), what would be right. */
function describe(issue: z.core.$ZodIssue, environment: Environment): string {
  const name = String(issue.path[0]);
  const variable = VARIABLES.get(name);
  if (variable === undefined) return `${name} ${issue.message}`;

  const example = variable.make
    ? `(make one with: ${variable.make})`
    : `(example: ${name}=${variable.example})`;
  const value = environment[name];
  if (value === undefined) return `${name} is missing: ${variable.meaning} ${example}`;
  const given = variable.secret ? '' : `, not ${JSON.stringify(value.slice(0, 60))}`;
  return `${name} ${issue.message}${given} ${example}`;
}
