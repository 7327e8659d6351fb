import { expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parse-config.js';
import { smsWarning } from '../../../src/config/sms-warning.js';
import { CHANNELS } from '../../../src/domain/channel.js';
import { loadDefinitions } from '../../../src/service/load-definitions.js';
import { createOutlets, providerNames } from '../../../src/service/outlets.js';
import { WHOLE_ENVIRONMENT } from '../config/a-whole-environment.js';

const { templates } = loadDefinitions();

it.each([
  [{}, { email: 'smtp', sms: 'sink' }],
  [{ EMAIL_HOST: 'smtp.gmail.com' }, { email: 'gmail', sms: 'sink' }],
  [
    { DELIVERY_MODE: 'allowlist', DELIVERY_ALLOWLIST: '@example.com' },
    { email: 'smtp', sms: 'sink' },
  ],
  [{ DELIVERY_MODE: 'sink' }, { email: 'sink', sms: 'sink' }],
  [{ SMS_PROVIDER: 'sink' }, { email: 'smtp', sms: 'sink' }],
])(
  'the names of the providers with %j are %j, and those of the outlets themselves',
  async (change, names) => {
    const config = parseConfig({ ...WHOLE_ENVIRONMENT, ...change });
    const outlets = createOutlets(config, templates);
    expect(providerNames(config)).toEqual(names);
    expect(outlets.map(({ channel }) => channel)).toEqual(CHANNELS);
    expect(Object.fromEntries(outlets.map(({ channel, provider }) => [channel, provider.name]))).toEqual(
      names,
    );
    await Promise.all(outlets.map(({ provider }) => provider.close()));
  },
);

it.each([
  [{ SMS_PROVIDER: 'sink' }, null],
  [{}, expect.stringContaining('SMS_PROVIDER is not set')],
  [{ SMS_PROVIDER: 'twilio' }, expect.stringContaining('no provider twilio')],
])('people are told of text messages that reach nobody, unless they said so: %j', (change, warning) => {
  expect(smsWarning(parseConfig({ ...WHOLE_ENVIRONMENT, ...change }).sms)?.what ?? null).toEqual(warning);
});
