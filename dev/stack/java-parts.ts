import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.js';
import { cached } from './cached.js';
import { requireMaven } from './java.js';
import { runCommand } from './run-command.js';

export interface JavaParts {
  /** A folder of jars, for a class path. */
  readonly kafkaJars: string;
  readonly registryJar: string;
}

// As in local-parts.pom.xml.
const kafka = '4.3.1';
const registry = '2.6.13.Final';
const archive = `apicurio-registry-app-${registry}-all.tar.gz`;
const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

let fetching: Promise<JavaParts> | undefined;

/** What of the stack runs on Java, fetched once. Says every 5 s that it is still at it. */
export function javaParts(report: (line: string) => void): Promise<JavaParts> {
  fetching ??= fetchParts(report);
  return fetching;
}

async function fetchParts(report: (line: string) => void): Promise<JavaParts> {
  const folder = await cached(`kafka-${kafka}-apicurio-${registry}`, (directory) => fill(directory, report));
  return {
    kafkaJars: join(folder, 'kafka'),
    registryJar: join(folder, 'registry', `apicurio-registry-app-${registry}-runner.jar`),
  };
}

async function fill(directory: string, report: (line: string) => void): Promise<void> {
  await requireMaven();
  const [jars, app] = [join(directory, 'kafka'), join(directory, 'registry')];
  mkdirSync(app);
  const started = performance.now();
  const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
  report(`fetching Kafka ${kafka} (53 jars, 45 MB) and Apicurio ${registry} (142 MB) …`);
  const ticking = setInterval(() => report(`still fetching, ${seconds()} s`), 5000);
  try {
    const pom = join(projectRoot(), 'dev/stack/local-parts.pom.xml');
    await runCommand('mvn', ['-B', '-q', '-ntp', '-f', pom, goal, `-DoutputDirectory=${jars}`]);
    await runCommand('tar', ['-xzf', join(jars, archive), '-C', app]);
    rmSync(join(jars, archive));
  } finally {
    clearInterval(ticking);
  }
  report(`fetched in ${seconds()} s`);
}
