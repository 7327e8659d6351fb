import { Worker } from 'node:worker_threads';

/**
 * A thread that runs a module: in a checkout a source, through tsx, as the process itself does (`bin/comms.mjs`).
 * @param module as compiled: `.js`
 */
export function openThread(module: URL, name: string): Worker {
  if (import.meta.url.endsWith('.js')) return new Worker(module, { name });
  const source = module.href.replace(/\.js$/, '.ts');
  const tsx = import.meta.resolve('tsx/esm/api');
  const load = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(source)}); })`;
  return new Worker(load, { name, eval: true, execArgv: [] });
}
