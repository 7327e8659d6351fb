import { expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parse-config.js';
import { createProvider, providerName } from '../../../src/service/delivery-part.js';
import { WHOLE_ENVIRONMENT } from '../config/a-whole-environment.js';

it.each([
  [{}, 'smtp'],
  [{ EMAIL_HOST: 'smtp.gmail.com' }, 'gmail'],
  [{ DELIVERY_MODE: 'allowlist', DELIVERY_ALLOWLIST: '@example.com' }, 'smtp'],
  [{ DELIVERY_MODE: 'sink' }, 'sink'],
])('the name of the provider with %j is %s, and that of the provider itself', async (change, name) => {
  const config = parseConfig({ ...WHOLE_ENVIRONMENT, ...change });
  const provider = createProvider(config);
  expect(providerName(config)).toBe(name);
  expect(provider.name).toBe(name);
  await provider.close();
});
