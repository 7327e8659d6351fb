import type { Segments } from '../../../src/channels/sms/segments.js';
import { type Html, html } from './html.js';

/** Gmail cuts a message off at 102 KB. */
const MUCH = 100 * 1024;

export function sizeChip(page: string): Html {
  const bytes = Buffer.byteLength(page);
  const size = `${(bytes / 1024).toFixed(1)} KB`;
  return bytes > MUCH
    ? html`<span class="chip bad" title="Gmail cuts it off at 102 KB">html ${size}</span>`
    : html`<span class="chip">html ${size}</span>`;
}

export function smsChip({ encoding, units, pieces }: Segments): Html {
  const count = pieces.length === 1 ? '1 segment' : `${pieces.length} segments`;
  const tone = pieces.length > 1 || encoding === 'UCS-2' ? 'chip warn' : 'chip';
  return html`<span class="${tone}">SMS ${units} · ${encoding} · ${count}</span>`;
}
