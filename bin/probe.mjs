#!/usr/bin/env node
// Asks the service on this machine, for health checks: node bin/probe.mjs /livez
// It needs no shell and no curl, and loads nothing of the service.
const [path = '/livez'] = process.argv.slice(2);
const port = process.env.HTTP_PORT?.trim() || '8080';
try {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(2_000) });
  // Docker keeps the last few answers: docker inspect --format '{{json .State.Health}}' <container>
  console.log(`${response.status} ${await response.text()}`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.error(`no answer from port ${port}: ${error.cause?.code ?? error.message}`);
  process.exitCode = 1;
}
