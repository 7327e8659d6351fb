#!/usr/bin/env node
// Runs a TypeScript file of this project on a machine that has nothing but Node and npm:
//   node dev/with-dependencies.mjs <script.ts> [arguments]
// Plain JavaScript, since nothing is installed yet when it starts.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = join(root, 'package-lock.json');
const installed = join(root, 'node_modules', '.package-lock.json');

refuseOldNode();
if (!dependenciesAreCurrent()) installDependencies();
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

// Install scripts stay off: none is needed, and one compiles an optional add-on for half a minute.
function installDependencies() {
  const started = Date.now();
  console.error('Installing dependencies (about 610 packages) …');
  const ticking = spawn(
    process.execPath,
    ['-e', "let s = 0; setInterval(() => console.error('  still installing,', (s += 5), 's'), 5000)"],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const npm = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' },
  );
  ticking.kill();
  if (npm.error)
    fail(`npm could not be started (${npm.error.message}). It comes with Node; make sure it is on the PATH.`);
  if (npm.status !== 0) fail('npm ci failed, see above. Mend the cause and run the command again.');
  const now = new Date();
  utimesSync(installed, now, now);
  console.error(`Installed in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
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
