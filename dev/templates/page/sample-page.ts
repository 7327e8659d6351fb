import type { RenderedEmail } from '../../../src/templates/templates.js';
import type { Sending } from '../mail/sending.js';
import type { Reading } from '../reading.js';
import { pathOf, type Rendering } from '../rendering.js';
import { htmlDocument } from './document.js';
import { type Html, html } from './html.js';
import { inbox } from './inbox.js';
import { partsOf } from './parts.js';
import { sampleBar } from './sample-bar.js';
import { sizeChip } from './weight.js';

export interface SamplePageParts {
  readonly reading: Reading;
  readonly rendering: Rendering;
  /** The last one of this sample. */
  readonly sending: Sending | null;
  /** What the button says. */
  readonly mailGoesTo: string;
}

/** All parts of one template with one sample. */
export function samplePage({ reading, rendering, sending, mailGoesTo }: SamplePageParts): Html {
  const { template, sample, email } = rendering;
  const path = pathOf(rendering);
  const sendingPart = html`${sendForm(path, mailGoesTo)}${sending === null ? null : sendingNote(sending)}`;
  return htmlDocument({
    title: `${template}, ${sample}`,
    reading,
    bar: sampleBar(reading.renderings, rendering),
    main: html`${email === null ? null : emailHead(path, email, sendingPart)}
${partsOf(rendering)}`,
  });
}

const emailHead = (path: string, email: RenderedEmail, sending: Html): Html => html`<section>
<div class="heading">
<h2>E-mail ${sizeChip(email.html)} <a class="raw" href="${path}/message.html">as sent</a> <a class="raw" href="${path}/source">source</a></h2>
<div class="sending">${sending}</div>
</div>
${inbox(email)}
</section>`;

const sendForm = (path: string, mailGoesTo: string): Html =>
  html`<form method="post" action="${path}/send"><button>Send to ${mailGoesTo}</button></form>`;

function sendingNote({ at, failure, page }: Sending): Html {
  const time = at.toTimeString().slice(0, 8);
  if (failure !== null) return html`<p class="bad" role="status">Not sent at ${time}: ${failure}</p>`;
  if (page === null) return html`<p class="good" role="status">Sent at ${time}</p>`;
  return html`<p class="good" role="status">Sent at ${time}: <a href="${page}" target="_blank">see it in the mail catcher</a></p>`;
}
