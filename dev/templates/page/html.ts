/** Markup that may stand in a page as it is. */
export interface Html {
  readonly markup: string;
}
type Value = string | number | Html | readonly Html[] | null;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** html`<b>${text}</b>`: text is escaped, markup stands as it is, null is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { markup: strings.map((text, index) => text + markupOf(values[index] ?? null)).join('') };
}

/** For what was escaped before, such as the text of a page. */
export const verbatim = (markup: string): Html => ({ markup });

function markupOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
  if (typeof value === 'number') return String(value);
  if ('markup' in value) return value.markup;
  return value.map(({ markup }) => markup).join('');
}
