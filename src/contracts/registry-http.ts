import { z } from 'zod';
import { RegistryUnavailable } from './registry-unavailable.js';

/** How long people and partitions wait for one answer. */
export const REGISTRY_TIMEOUT_MS = 10_000;

export interface RegistryOptions {
  /** E.g. http://localhost:8081 or https://registry.example.com/apis/ccompat/v7. */
  readonly url: string;
  readonly username: string | null;
  readonly password: string | null;
  /** For one request, its answer included. */
  readonly timeoutMs: number;
}

/** An answer that only a registry gives: success, or a refusal with a code of its API. */
export type Answer =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly code: number; readonly message: string };

export interface RegistryHttp {
  /** @throws RegistryUnavailable for everything else: no connection, no answer in time, 401, 5xx, a proxy's page */
  request(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Answer>;
}

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';
const refusal = z.object({ error_code: z.number().int(), message: z.string() });

export function createRegistryHttp(options: RegistryOptions): RegistryHttp {
  const base = options.url.replace(/\/+$/, '');
  const headers = { accept: MEDIA_TYPE, 'content-type': MEDIA_TYPE, ...authorization(options) };

  return {
    async request(method, path, body) {
      const where = `the schema registry (${method} ${withoutLogin(base)}${path})`;
      const { status, text } = await ask(where, `${base}${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(options.timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const json = parseJson(text);
      if (status === 200) {
        if (json !== undefined) return { ok: true, body: json };
        throw new RegistryUnavailable(
          `${where} answered with something other than JSON; is SCHEMA_REGISTRY_URL right?`,
        );
      }
      const refused = refusal.safeParse(json);
      // Apicurio gives unknown paths error_code 0.
      if ([404, 409, 422].includes(status) && refused.success && refused.data.error_code !== 0) {
        return { ok: false, code: refused.data.error_code, message: refused.data.message };
      }
      throw new RegistryUnavailable(`${where} answered ${status}; ${advice(status)}`);
    },
  };
}

async function ask(where: string, url: string, init: RequestInit): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, init);
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new RegistryUnavailable(`${where} can't be reached: ${reasonOf(error)}`, { cause: error });
  }
}

/** fetch says only "fetch failed"; why is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

function advice(status: number): string {
  if (status === 401 || status === 403) return 'check SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD';
  return status === 404 ? 'is SCHEMA_REGISTRY_URL right?' : 'it is asked again';
}

function authorization({ username, password }: RegistryOptions): Record<string, string> {
  if (username === null) return {};
  const login = Buffer.from(`${username}:${password ?? ''}`).toString('base64');
  return { authorization: `Basic ${login}` };
}

const withoutLogin = (url: string): string => url.replace(/\/\/[^/@]*@/, '//');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Undefined is no JSON: the caller says what came instead.
    return undefined;
  }
}
