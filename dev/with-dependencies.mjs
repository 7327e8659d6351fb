#!/usr/bin/env node
// Runs a TypeScript file of this project on a machine that has nothing but Node and npm:
//   node dev/with-dependencies.mjs <script.ts> [arguments]
// Plain JavaScript, since nothing is installed yet when it starts.
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = join(root, 'package-lock.json');
const installed = join(root, 'node_modules', '.package-lock.json');

refuseOldNode();
if (!dependenciesAreCurrent()) {
  refuseLinkedFolder();
  await installDependencies();
}
await runTypeScript(process.argv.slice(2));

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(
    `This project needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node and run the command again.`,
  );
}

function dependenciesAreCurrent() {
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(manifest).mtimeMs;
}

/** npm ci empties the folder first: through a link that would be somebody else's. */
function refuseLinkedFolder() {
  if (!lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  fail(
    'node_modules is a link, and what it links to is older than package-lock.json. Run "npm ci" where it links to, or take the link away.',
  );
}

// Install scripts stay off: none is needed, and one compiles an optional add-on for half a minute.
async function installDependencies() {
  const started = Date.now();
  const seconds = () => ((Date.now() - started) / 1000).toFixed(0);
  console.error('Installing dependencies (about 610 packages) …');
  const ticking = setInterval(() => console.error(`  still installing, ${seconds()} s`), 5000);
  const warming = warmMaven();
  const npm = await run('npm', [
    'ci',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  if (npm.error)
    fail(`npm could not be started (${npm.error.message}). It comes with Node; make sure it is on the PATH.`);
  if (npm.code !== 0) fail('npm ci failed, see above. Mend the cause and run the command again.');
  await warming;
  clearInterval(ticking);
  const now = new Date();
  utimesSync(installed, now, now);
  console.error(`Installed in ${seconds()} s.`);
}

// While npm is busy, Maven fetches what the local stack will ask it for. Whatever goes wrong here is told there.
async function warmMaven() {
  if (process.argv[2]?.endsWith('check.ts') || existsSync(join(root, '.cache'))) return;
  const docker = await run('docker', ['info'], 'ignore');
  if (docker.code === 0) return;
  const directory = mkdtempSync(join(tmpdir(), 'chesanto-maven-'));
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const pom = join(root, 'dev', 'stack', 'local-parts.pom.xml');
  await run('mvn', ['-B', '-q', '-ntp', '-f', pom, goal, `-DoutputDirectory=${directory}`], 'ignore');
  rmSync(directory, { recursive: true, force: true });
}

/** Never rejects: a program that isn't there is an answer too. */
function run(program, args, output = 'inherit') {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'ignore', output],
      shell: process.platform === 'win32',
    });
    child.on('error', (error) => resolve({ error }));
    child.on('exit', (code) => resolve({ code }));
  });
}

// In this very process: signals, standard streams and the exit code need no forwarding, and no second process can
// be left behind when this one is killed.
async function runTypeScript([script, ...rest]) {
  if (script === undefined) fail('Usage: node dev/with-dependencies.mjs <script.ts> [arguments]');
  const { register } = await import('tsx/esm/api');
  register();
  const file = join(root, script);
  process.argv = [process.execPath, file, ...rest];
  await import(pathToFileURL(file).href);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
