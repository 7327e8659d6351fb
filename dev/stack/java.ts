import { runCommand } from './run-command.js';

const advice =
  'Without a Docker engine, Kafka and the schema registry run on Java 17 and come through Maven. ' +
  'Start Docker, or install both (Debian, Ubuntu: apt-get install openjdk-17-jre-headless maven; macOS: brew install openjdk@17 maven).';

/** @throws Error that says what is missing and how to get it */
export async function requireJava(): Promise<void> {
  const printed = await runCommand('java', ['-version']).catch(() => undefined);
  if (printed === undefined) throw new Error(`Java was not found. ${advice}`);
  const major = Number(/version "(\d+)/.exec(printed)?.[1] ?? 0);
  if (major < 17) throw new Error(`Java is too old (${printed.split('\n')[0]}). ${advice}`);
}

/** @throws Error that says what is missing and how to get it */
export async function requireMaven(): Promise<void> {
  const found = await runCommand('mvn', ['--version']).catch(() => undefined);
  if (found === undefined) throw new Error(`Maven (mvn) was not found. ${advice}`);
}

/** Small heap, quick start: C1 only, no parallel collector. */
export const smallJvm = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'] as const;
