import { createHash } from 'node:crypto';
import type { Degradation, Readiness } from './probes.js';

const STYLE = `
:root { color-scheme: light dark; --ink: #2b2118; --soft: #7a6a5b; --paper: #fbf7f1; --card: #fff; --line: #eadfd1; --good: #2f7d4f; --bad: #b3402f; --warn: #a8690d; }
@media (prefers-color-scheme: dark) { :root { --ink: #f1e8dd; --soft: #b3a492; --paper: #1d1814; --card: #28211b; --line: #40362c; --good: #6fc48f; --bad: #ee8674; --warn: #e5ae57; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 3rem 1.25rem; }
h1 { margin: 0 0 .25rem; font-size: 1.7rem; letter-spacing: -.01em; }
h2 { margin: 2rem 0 .6rem; font-size: 1rem; }
p { margin: 0 0 1rem; color: var(--soft); }
.state { display: inline-block; margin: .75rem 0 0; padding: .2rem .8rem; border: 1px solid; border-radius: 1rem; font-weight: 600; }
ul { margin: 0; padding: 0; list-style: none; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
li { display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between; padding: .6rem 1rem; border-top: 1px solid var(--line); }
li:first-child { border-top: 0; }
li span:nth-child(3) { flex-basis: 100%; }
a { color: inherit; font-weight: 600; }
.soft { color: var(--soft); }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
`;

/** For Content-Security-Policy: the only style that the page may have. */
export const STATE_PAGE_STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

/** The page for people who open the service in a browser. */
export function statePage(readiness: Readiness, live: boolean): string {
  const { word, tone } = stateOf(readiness, live);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="10">
<title>Chesanto Communications: ${word}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Chesanto Communications</h1>
<p>Turns the bakery's events into messages to its people, once each, and tells what became of them.</p>
<strong class="state ${tone}">${word}</strong>
<h2>Needed to be ready</h2>
<ul>
${part('Database', readiness.parts.database)}
${part('Migrations', readiness.parts.migrations)}
${part('First join of the consumer groups', readiness.parts.firstJoin)}
</ul>
${readiness.degraded.length === 0 ? '' : `<h2>Works less well than it should</h2>\n<ul>\n${readiness.degraded.map(degradation).join('\n')}\n</ul>`}
<h2>For machines</h2>
<ul>
<li><a href="/livez">/livez</a><span class="soft">whether a restart would help</span></li>
<li><a href="/readyz">/readyz</a><span class="soft">whether it works, and how well</span></li>
<li><a href="/metrics">/metrics</a><span class="soft">numbers for Prometheus</span></li>
</ul>
</main>
</body>
</html>
`;
}

function stateOf(readiness: Readiness, live: boolean): { readonly word: string; readonly tone: string } {
  if (!live) return { word: 'needs a restart', tone: 'bad' };
  if (!readiness.ready) return { word: 'not ready', tone: 'bad' };
  return readiness.degraded.length > 0
    ? { word: 'ready, degraded', tone: 'warn' }
    : { word: 'ready', tone: 'good' };
}

function part(name: string, good: boolean): string {
  return `<li><span>${name}</span><span class="${good ? 'good' : 'bad'}">${good ? 'good' : 'not yet'}</span></li>`;
}

function degradation({ part: name, why, since }: Degradation): string {
  const time = since.toISOString().replace('T', ' ').slice(0, 19);
  return `<li><span class="warn">${escapeHtml(name)}</span><span class="soft">since ${time} UTC</span><span>${escapeHtml(why)}</span></li>`;
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
