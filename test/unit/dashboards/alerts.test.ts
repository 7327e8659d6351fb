import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertSections, anchorOf } from '../../../dev/dashboards/runbook.js';
import { projectRoot } from '../../../src/project-root.js';

const FOLDER = join(projectRoot(), 'grafana', 'prometheus');
const textOf = (folder: string) =>
  readdirSync(join(FOLDER, folder))
    .map((name) => readFileSync(join(FOLDER, folder, name), 'utf8'))
    .join('\n');

const alerts = textOf('rules')
  .split(/^ {6}- /m)
  .filter((rule) => rule.startsWith('alert: '))
  .map((rule) => ({ name: /^alert: (\w+)/.exec(rule)?.[1] ?? '', rule }));
const sections = alertSections();
const COMMANDS = readdirSync(join(projectRoot(), 'src', 'cli')).map((name) => name.replace(/\.ts$/, ''));

it('there are alerts, each once', () => {
  expect(alerts.length).toBeGreaterThan(20);
  expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
});

it('the book has no section on an alert that there is not', () => {
  expect(sections.map(({ alert }) => alert).sort()).toEqual(alerts.map(({ name }) => name).sort());
});

describe.each(alerts)('$name', ({ name, rule }) => {
  it('says how grave it is, what happens, and the value in words', () => {
    expect(rule).toMatch(/^ {10}severity: (critical|warning)$/m);
    for (const annotation of ['summary', 'description', 'runbook']) expect(rule).toContain(`${annotation}: `);
    expect(rule).toMatch(/\$(value|labels)|No instance/);
  });

  it('names its section in the book, which has three commands to type first', () => {
    const section = sections.find(({ alert }) => alert === name);
    expect(rule).toContain(`runbook: docs/operating.md#${anchorOf(name)}`);
    const typed =
      /```sh\n([\s\S]*?)```/
        .exec(section?.text ?? '')?.[1]
        ?.trim()
        .split('\n') ?? [];
    expect(typed).toHaveLength(3);
    for (const line of typed) {
      expect(line).toMatch(/^(npx comms|psql "\$DATABASE_URL" -c "|curl -s localhost:8080\/)/);
      const command = /^npx comms (\S+)/.exec(line)?.[1];
      if (command !== undefined) expect(COMMANDS).toContain(command);
      // Typed at night, before anything is understood.
      expect(line).not.toMatch(/<[a-z]|--all(?!.*--dry-run)|\b(DELETE|UPDATE|INSERT|DROP)\b/);
    }
    expect(section?.text.replace(/```[\s\S]*```/, '').length).toBeGreaterThan(150);
  });

  it('is tested going off and not going off', () => {
    const tests = textOf('tests')
      .split(/^ {2}- name: /m)
      .filter((test) => test.includes(`alertname: ${name}\n`));
    expect(tests.some((test) => test.includes('exp_labels'))).toBe(true);
    expect(tests.some((test) => test.includes('exp_alerts: []'))).toBe(true);
  });
});
