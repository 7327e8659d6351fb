import { segmentsOf } from '../../../src/channels/sms/segments.js';
import type { Reading } from '../reading.js';
import { pathOf, type Rendering } from '../rendering.js';
import { htmlDocument } from './document.js';
import { thumbnail } from './frame.js';
import { type Html, html } from './html.js';
import { sizeChip, smsChip } from './weight.js';

export function overviewPage(reading: Reading): Html {
  const names = [...new Set(reading.renderings.map(({ template }) => template))];
  return htmlDocument({
    title: 'Templates',
    reading,
    bar: html`<span class="soft">${count(names.length, 'template')}, ${count(reading.renderings.length, 'sample')}</span>
<span class="keys"><kbd>←</kbd> <kbd>→</kbd> walk, <kbd>Enter</kbd> open</span>`,
    main: html`${names.map((name) =>
      templateSection(
        name,
        reading.renderings.filter(({ template }) => template === name),
      ),
    )}`,
  });
}

function templateSection(name: string, renderings: readonly Rendering[]): Html {
  const channels = renderings[0]?.channels ?? [];
  return html`<section class="template">
<h2>${name} ${channels.map((channel) => html`<span class="chip channel">${channel}</span> `)}</h2>
<ul class="cards">
${renderings.map(card)}
</ul>
</section>
`;
}

function card(rendering: Rendering): Html {
  const { template, sample, email, sms } = rendering;
  return html`<li class="card">
<div class="thumb">${email === null ? html`<p class="bubble">${sms}</p>` : thumbnail(rendering)}</div>
<div class="facts">
<a href="${pathOf(rendering)}" aria-label="${template}, ${sample}">${sample}</a>
<p class="subject">${email === null ? null : email.subject}</p>
<p class="chips">${email === null ? null : sizeChip(email.html)} ${sms === null ? null : smsChip(segmentsOf(sms))}</p>
</div>
</li>
`;
}

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
