import type { RenderedEmail } from '../../../src/templates/templates.js';
import { inboxText } from '../inbox-text.js';
import { SENDER } from '../mail/sender.js';
import { type Html, html, verbatim } from './html.js';

const TIME = '08:10';

/** What is seen of a message before it is opened, at a desk and on a phone. */
export function inbox({ subject, html: page }: RenderedEmail): Html {
  const preview = verbatim(inboxText(page));
  return html`<div class="inbox">
<p class="row"><b>${SENDER.name}</b><span class="line"><b>${subject}</b><span class="soft"> – ${preview}</span></span><time>${TIME}</time></p>
<p class="item"><b>${SENDER.name}</b><time>${TIME}</time><span class="line">${subject}</span><span class="soft preview">${preview}</span></p>
</div>`;
}
