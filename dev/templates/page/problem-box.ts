import { type ExcerptLine, type Problem, placeOf } from '../problem.js';
import { type Html, html } from './html.js';

/** Above everything else. */
export function problemBox(problem: Problem, showsOlder: boolean): Html {
  const place = placeOf(problem);
  return html`<section class="problem" role="alert">
<h1>The templates can't be used as they are</h1>
${place === '' ? null : html`<p class="place">${place}</p>`}
<p class="message">${problem.message}</p>
${problem.excerpt.length === 0 ? null : html`<pre class="excerpt">${problem.excerpt.map((line) => excerptLine(line, problem))}</pre>`}
<p class="soft">${showsOlder ? 'What you see below is from before. ' : ''}The page follows as soon as a file is saved.</p>
</section>`;
}

function excerptLine({ number, text }: ExcerptLine, { line, column }: Problem): Html {
  const shown = html`<span class="number">${String(number).padStart(4)}</span>  ${text}\n`;
  if (number !== line) return shown;
  const pointer = column === null ? null : html`${' '.repeat(6 + column - 1)}<b>^</b>\n`;
  return html`<mark>${shown}</mark>${pointer}`;
}
