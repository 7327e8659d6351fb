import type { Scheme } from '../preview.js';
import { pathOf, type Rendering } from '../rendering.js';
import { messageFrame } from './frame.js';
import { type Html, html } from './html.js';
import { smsView } from './sms.js';
import { variablesTable } from './variables.js';

type Width = 'desktop' | 'phone';

/** Each part as its reader sees it. */
export function partsOf(rendering: Rendering): Html {
  const { email, sms } = rendering;
  const path = pathOf(rendering);
  return html`<div class="parts">
${email === null ? null : emailViews(rendering)}
<div class="parts plain">
${email === null ? null : part('Text part', html`<pre class="text">${email.text}</pre>`, `${path}/message.txt`)}
${sms === null ? null : part('SMS', smsView(sms), `${path}/sms.txt`)}
${part('Variables of the sample', variablesTable(rendering))}
</div>
</div>`;
}

const emailViews = (rendering: Rendering): Html => html`
${emailView(rendering, 'Desktop, 700 px', 'desktop', 'light')}
${emailView(rendering, 'Phone, 375 px', 'phone', 'light')}
${emailView(rendering, 'Phone, dark', 'phone', 'dark')}
${emailView(rendering, 'Desktop, dark', 'desktop', 'dark')}`;

const emailView = (rendering: Rendering, label: string, width: Width, scheme: Scheme): Html =>
  html`<figure class="${width} ${scheme}">
<figcaption>${label}</figcaption>
${messageFrame(rendering, scheme, label)}
</figure>`;

const part = (label: string, content: Html, raw?: string): Html => html`<figure>
<figcaption>${label}${raw === undefined ? null : html`<a class="raw" href="${raw}">raw</a>`}</figcaption>
${content}
</figure>`;
