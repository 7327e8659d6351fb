import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parse-config.js';
import { LATER_VARIABLES, VARIABLE_GROUPS } from '../../../src/config/variables.js';
import { WHOLE_ENVIRONMENT } from './a-whole-environment.js';

const file = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
const variables = VARIABLE_GROUPS.flatMap((group) => group.variables);
const { PAYLOAD_KEYS: KEY } = WHOLE_ENVIRONMENT;
const withOptionals = parseEnv(file.replaceAll(/^# (?=[A-Z_]+=)/gm, ''));

describe('.env.example', () => {
  it('lacks nothing but a key, and says how to make one', () => {
    const { PAYLOAD_KEYS: _k, ...others } = parseEnv(file);
    const command = /^# Make one: node -p "(.*)"$/m.exec(file)?.[1] ?? '';
    expect(() => parseConfig(parseEnv(file))).toThrow(
      `1 problem:\n  - PAYLOAD_KEYS is missing: Keys that seal what messages carry: \`id:base64 of 32 bytes\`, ` +
        `comma-separated; the first seals, all open (make one with: node -p "${command}")`,
    );
    const made = execFileSync(process.execPath, ['-p', command], { encoding: 'utf8' });
    expect(parseConfig({ ...others, PAYLOAD_KEYS: made }).payloadKeys).toHaveLength(1);
  });

  it('can be used with a key, with the local mail catcher', () => {
    const config = parseConfig({ ...parseEnv(file), PAYLOAD_KEYS: KEY });
    expect(config.email).toMatchObject({ host: 'localhost', port: 1025, security: 'none' });
    expect(config.email.from).toEqual({ name: 'Chesanto Bakery', address: 'no-reply@example.com' });
  });

  it('names every variable that is read, and no other', () => {
    const read = [...variables, ...LATER_VARIABLES].map(({ name }) => name);
    expect(Object.keys(withOptionals).sort()).toEqual(read.sort());
  });

  it('says the defaults that apply', () => {
    for (const variable of variables.filter((one) => one.default !== null)) {
      expect(withOptionals[variable.name], variable.name).toBe(variable.default);
    }
  });

  it('has examples that are accepted, save for the key file that is yet to be made', () => {
    const {
      EMAIL_DKIM_DOMAIN: _d,
      EMAIL_DKIM_SELECTOR: _s,
      EMAIL_DKIM_KEY_FILE: _k,
      ...rest
    } = withOptionals;
    expect(parseConfig({ ...rest, PAYLOAD_KEYS: KEY }).kafka.sasl?.mechanism).toBe('scram-sha-512');
  });
});
