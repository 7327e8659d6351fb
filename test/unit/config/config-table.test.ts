import { describe, expect, it } from 'vitest';
import { configTable } from '../../../src/config/config-table.js';
import { VARIABLE_GROUPS } from '../../../src/config/variables.js';

const rows = configTable()
  .split('\n')
  .filter((line) => line.startsWith('| `'));

describe('the configuration table', () => {
  it('has one row per variable, with its default or that it is required', () => {
    expect(rows).toHaveLength(VARIABLE_GROUPS.flatMap(({ variables }) => variables).length);
    expect(rows).toContain('| `EMAIL_TIMEOUT` | `30` | Seconds that one attempt may take in all |');
    expect(rows).toContain('| `EMAIL_HOST` | **required** | SMTP server (e.g. `localhost`) |');
  });

  it('is a table: every row has three columns', () => {
    for (const row of rows) expect(row.split(/(?<!\\)\|/), row).toHaveLength(5);
  });
});
