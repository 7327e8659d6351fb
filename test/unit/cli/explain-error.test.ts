import { expect, it } from 'vitest';
import { explainError } from '../../../src/cli/explain-error.js';
import { DefinitionError } from '../../../src/domain/definition-error.js';
import { SetupError } from '../../../src/domain/setup-error.js';
import { MissingKey } from '../../../src/store/sealing.js';

it.each([
  new DefinitionError("consumers/ can't be used:\n- sales/Order Delayed: a name is written in lower-case"),
  new SetupError("HTTP can't listen on port 80: this user may not take it. Set HTTP_PORT to another port."),
  new MissingKey('k1'),
])('says all that an error says that explains itself: $name', (error) => {
  expect(explainError(error)).toBe(error.message);
});

it('says of any other error that nobody expected it, on one line and without addresses', () => {
  const explained = explainError(new Error('no such thing: jane@example.com\nand more'));
  expect(explained).toMatch(
    /^Unexpected: no such thing: \S*\*\S* \(LOG_LEVEL=debug shows where it happened\)$/,
  );
});
