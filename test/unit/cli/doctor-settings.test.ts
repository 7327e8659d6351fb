import { expect, it } from 'vitest';
import { examine } from '../../../src/cli/doctor/examine.js';

it('the doctor warns of variables that nobody reads, also where others are wrong', async () => {
  const findings = await examine({ BRAKE_PER_RULLE: '5/1h', EMAIL_COLOUR: 'red' });
  const settings = findings.filter(({ subject }) => subject === 'settings');
  expect(settings).toContainEqual({
    subject: 'settings',
    ok: false,
    says: 'EMAIL_HOST is missing: SMTP server (example: EMAIL_HOST=localhost)',
    advice: '',
  });
  expect(settings.filter(({ ok }) => ok).map(({ says, advice }) => [says, advice])).toEqual([
    ['nobody reads BRAKE_PER_RULLE', 'did you mean BRAKE_PER_RULE?'],
    ['nobody reads EMAIL_COLOUR', 'look for its right name in .env.example, or take it away'],
  ]);
});
