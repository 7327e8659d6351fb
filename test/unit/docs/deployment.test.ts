import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VARIABLE_GROUPS } from '../../../src/config/variables.js';
import { projectRoot } from '../../../src/project-root.js';
import { version } from '../../../src/service/version.js';

const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');
const variables = new Map(
  VARIABLE_GROUPS.flatMap((group) => group.variables).map((variable) => [variable.name, variable]),
);
const required = [...variables.values()].filter((one) => one.required).map(({ name }) => name);
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found]) => found ?? '');

const names = readdirSync(join(projectRoot(), 'kubernetes'))
  .filter((name) => name.endsWith('.yaml'))
  .sort();
const manifests = names.map((name) => read(`kubernetes/${name}`));
const compose = read('docker-compose.yml');
const dockerfile = read('Dockerfile');
const secretsMaker = read('dev/compose/make-secrets.sh');

const ofCompose = [
  ...all(/^x-communications:[\s\S]*?^services:/m.exec(compose)?.[0] ?? '', /^ {4}([A-Z_]+):/gm),
  ...all(/communications\/\.env <<END\n([\s\S]*?)\nEND/.exec(secretsMaker)?.[1] ?? '', /^([A-Z_]+)=/gm),
];
const ofKubernetes = [
  ...all(read('kubernetes/config.yaml'), /^ {2}([A-Z_]+):/gm),
  ...all(read('kubernetes/README.md'), /--from-literal=([A-Z_]+)=/g),
  ...all(manifests.join('\n'), /- name: ([A-Z_]+)$/gm),
];

describe.each([
  ['docker-compose.yml', ofCompose],
  ['kubernetes/', ofKubernetes],
])('%s', (_name, names) => {
  it('sets what is required, and only variables that are read', () => {
    expect(names.filter((name) => !variables.has(name))).toEqual([]);
    expect(required.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('the deployment', () => {
  it('speaks of the port that is the default', () => {
    const port = variables.get('HTTP_PORT')?.default;
    expect(all(dockerfile, /^EXPOSE (\d+)/gm)).toEqual([port]);
    expect(all(manifests.join('\n'), /containerPort: (\d+)/g)).toEqual([port]);
    expect(read('kubernetes/deployment.yaml')).toContain(`prometheus.io/port: "${port}"`);
    expect(all(/^ {2}communications:[\s\S]*?^ {2}setup:/m.exec(compose)?.[0] ?? '', /:(\d+)"$/gm)).toEqual([
      port,
    ]);
    expect(all(read('grafana/prometheus/prometheus.yml'), /^ +port: (\d+)/gm)).toEqual([port]);
  });

  it('names the version of this checkout', () => {
    expect(all(dockerfile, /^ARG VERSION=(.+)$/gm)).toEqual([version()]);
    const images = all(manifests.join('\n'), /image: chesanto-communications:(\S+)/g);
    expect(new Set(images)).toEqual(new Set([version()]));
  });

  it('waits for the end of draining before it kills', () => {
    const source = read('src/service/run-until-signal.ts');
    const [drain = '', closing = ''] = ['DRAIN_LIMIT_MS', 'CLOSING_MS'].map(
      (name) => new RegExp(`${name} = ([\\d_]+)`).exec(source)?.[1]?.replace('_', '') ?? '',
    );
    const needed = (Number(drain) + Number(closing)) / 1000;
    expect(needed).toBeGreaterThan(0);
    const graces = [
      ...all(compose, /stop_grace_period: (\d+)s/g),
      ...all(manifests.join('\n'), /terminationGracePeriodSeconds: (\d+)/g),
    ].map(Number);
    expect(graces).toHaveLength(2);
    for (const grace of graces) expect(grace).toBeGreaterThan(needed);
  });

  it('has no more instances than a topic has partitions, and reads the groups that the service joins', () => {
    const scaled = read('kubernetes/scaled-object.yaml');
    const partitions = /PARTITIONS = (\d+)/.exec(read('src/cli/topic-specs.ts'))?.[1];
    expect(all(scaled, /maxReplicaCount: (\d+)/g)).toEqual([partitions]);
    const group = variables.get('KAFKA_GROUP_ID')?.default;
    expect(all(scaled, /consumerGroup: (\S+)/g)).toEqual([group, `${group}.high`]);
  });

  it('leaves the number of instances to KEDA, and all of them within what PostgreSQL lets in by default', () => {
    expect(read('kubernetes/deployment.yaml')).not.toMatch(/^ {2}replicas:/m);
    const [pool, instances, surge] = [
      /DATABASE_POOL_SIZE: "(\d+)"/.exec(read('kubernetes/config.yaml')),
      /maxReplicaCount: (\d+)/.exec(read('kubernetes/scaled-object.yaml')),
      /maxSurge: (\d+)/.exec(read('kubernetes/deployment.yaml')),
    ].map((found) => Number(found?.[1]));
    expect((Number(instances) + Number(surge)) * Number(pool)).toBeLessThan(90);
  });

  it('runs commands that there are, and applies every manifest that there is', () => {
    const commands = readdirSync(join(projectRoot(), 'src', 'cli'));
    const run = all(manifests.join('\n'), /args: \["(\w+)"\]/g);
    expect(run).toEqual(expect.arrayContaining(['start', 'cleanup']));
    expect(run.filter((name) => !commands.includes(`${name}.ts`))).toEqual([]);
    const applied = all(read('kubernetes/README.md'), /-f kubernetes\/(\S+)/g);
    expect(applied.sort()).toEqual(names);
  });

  it('keeps no password in the compose file', () => {
    const values = all(compose, /^ +[A-Z_]*(?:PASSWORD|KEYS?|SECRET|TOKEN)[A-Z_]*: (.+)$/gm);
    expect(values.length).toBeGreaterThan(2);
    expect(values.filter((value) => !/^(\/run\/|\$\{\w+:-\}$)/.test(value))).toEqual([]);
    expect(compose).not.toMatch(/:\/\/[^/\s$]*:[^/\s$]+@/);
  });

  it('publishes every port on this machine only', () => {
    const ports = all(compose, /^ {6}- "([^"]*:\d+)"$/gm);
    expect(ports.length).toBeGreaterThan(6);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});
