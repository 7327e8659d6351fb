import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { DockerComposeEnvironment, type StartedDockerComposeEnvironment, Wait } from 'testcontainers';
import { afterAll, expect, test } from 'vitest';
import { dockerEngineAnswers } from '../../dev/stack/docker-engine.js';
import { freePort } from '../../dev/stack/free-port.js';
import { projectRoot } from '../../src/project-root.js';
import { migrateUp } from '../../src/store/migrations.js';

let environment: StartedDockerComposeEnvironment | undefined;

afterAll(async () => {
  await environment?.down({ removeVolumes: true });
});

test('the containers of docker-compose.yml serve what the local processes serve', {
  timeout: 300_000,
}, async ({ skip }) => {
  skip(!(await dockerEngineAnswers()), 'no Docker engine answers here');
  const password = randomBytes(12).toString('hex');
  const ports = {
    KAFKA_PORT: await freePort(),
    REGISTRY_PORT: await freePort(),
    POSTGRES_PORT: await freePort(),
  };
  const services = ['kafka', 'registry', 'postgres'];
  environment = await new DockerComposeEnvironment(projectRoot(), 'docker-compose.yml')
    .withEnvironment({
      ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
      POSTGRES_PASSWORD: password,
    })
    .withDefaultWaitStrategy(Wait.forHealthCheck())
    .up(services);

  const url = `postgres://chesanto:${password}@127.0.0.1:${ports.POSTGRES_PORT}/communications`;
  await migrateUp(url);
  expect(await countOfTables(url)).toBeGreaterThan(10);
  expect(await registeredThenRead(ports.REGISTRY_PORT)).toContain('OtpRequested');
  expect(await topicsAfterMakingOne(ports.KAFKA_PORT)).toContain('otp.requested');
});

async function countOfTables(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      "SELECT 1 FROM pg_tables WHERE tablename LIKE 'communications_%'",
    );
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}

async function registeredThenRead(port: number): Promise<string> {
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7/subjects/otp.requested-value/versions`;
  const schema = JSON.stringify({
    type: 'record',
    name: 'OtpRequested',
    fields: [{ name: 'user_id', type: 'string' }],
  });
  const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' };
  const registered = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ schema }) });
  expect(registered.status).toBe(200);
  return (await fetch(`${url}/latest`)).text();
}

async function topicsAfterMakingOne(port: number): Promise<string[]> {
  const kafka = new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createTopics({ topics: [{ topic: 'otp.requested', numPartitions: 6 }] });
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}
