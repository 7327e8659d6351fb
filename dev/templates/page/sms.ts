import { segmentsOf } from '../../../src/channels/sms/segments.js';
import { SENDER } from '../mail/sender.js';
import { type Html, html } from './html.js';
import { smsChip } from './weight.js';

/** A text message as a phone shows it, cut where the network cuts it. */
export function smsView(text: string): Html {
  const segments = segmentsOf(text);
  const { pieces, foreign } = segments;
  return html`<div class="handset">
<p class="from">${SENDER.name}</p>
<p class="bubble">${pieces.map((piece, index) => html`${index === 0 ? null : html`<span class="cut" title="segment ${index + 1} begins"></span>`}${piece}`)}</p>
</div>
<p class="chips">${smsChip(segments)}</p>
${foreign.length === 0 ? null : html`<p class="warn">Not in GSM-7, so that 70 characters fit instead of 160: ${foreign.map(named)}</p>`}`;
}

function named(character: string): Html {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return html`<code>${character}</code> U+${code} `;
}
