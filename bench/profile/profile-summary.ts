import { z } from 'zod';
import { PROGRAMS_FOLDER } from '../../dev/build-programs.js';

/** As `node --cpu-prof` writes it. */
export const cpuProfile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
export type CpuProfile = z.infer<typeof cpuProfile>;

const TOP = 45;
const IDLE = ['(idle)', '(root)'];

/** Where the time went while it was not idle: by function, file and package, in text. */
export function profileSummary({ nodes, samples, timeDeltas }: CpuProfile): string {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byFunction = new Map<string, number>();
  const byFile = new Map<string, number>();
  const byPackage = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, sample) => {
    const frame = frames.get(id);
    const micros = timeDeltas[sample] ?? 0;
    if (frame === undefined || IDLE.includes(frame.functionName)) return;
    const file = shortPath(frame.url);
    const name = frame.functionName === '' ? '(anonymous)' : frame.functionName;
    busy += micros;
    add(byFunction, file === '' ? name : `${name}  ${file}:${frame.lineNumber + 1}`, micros);
    add(byFile, file === '' ? name : file, micros);
    add(byPackage, packageOf(file === '' ? name : file), micros);
  });
  return [
    `${(busy / 1e6).toFixed(1)} s not idle; where others run too, that includes waiting for a processor`,
    section('By package or folder', byPackage, busy),
    section('By file', byFile, busy),
    section('By function, without what it calls', byFunction, busy),
  ].join('\n\n');
}

function add(sums: Map<string, number>, name: string, micros: number): void {
  sums.set(name, (sums.get(name) ?? 0) + micros);
}

function section(title: string, sums: ReadonlyMap<string, number>, all: number): string {
  const top = [...sums].sort(([, a], [, b]) => b - a).slice(0, TOP);
  const lines = top.map(
    ([name, micros]) =>
      `${((micros / all) * 100).toFixed(1).padStart(5)} %  ${(micros / 1000).toFixed(0).padStart(7)} ms  ${name}`,
  );
  return [title, ...lines].join('\n');
}

/** From node_modules or the folder of what was built on. */
const shortPath = (url: string): string =>
  url
    .replace(/^file:\/\//, '')
    .replace(/^.*\/node_modules\//, 'node_modules/')
    .replace(PROGRAMS_FOLDER, '');

const packageOf = (file: string): string =>
  /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ??
  /^(?:src\/[^/]+|node:[\w/]+)/.exec(file)?.[0] ??
  file;
