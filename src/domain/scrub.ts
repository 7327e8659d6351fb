const PLACEHOLDER = '***';
const SHORT = 4;

/**
 * Removes known secrets from a text, such as a provider's answer that quotes the message: as they
 * are and in the forms in which they travel (percent-encoded, form-encoded, base64 at any alignment,
 * HTML and JSON). A secret of fewer than four characters goes only where it stands as a word, since
 * it would otherwise take half of the text with it.
 */
export function scrub(text: string, secrets: readonly string[]): string {
  const ranges = secrets.flatMap((secret) =>
    secret.length < SHORT
      ? wordsOf(text, secret)
      : formsOf(secret).flatMap((form) => occurrences(text, form)),
  );
  return cut(text, ranges);
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function occurrences(text: string, form: string): readonly Range[] {
  const found: Range[] = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
    found.push({ from: at, to: at + form.length });
  }
  return found;
}

function wordsOf(text: string, secret: string): readonly Range[] {
  if (secret === '') return [];
  const inWord = (character: string | undefined) =>
    character !== undefined && /[\p{L}\p{N}]/u.test(character);
  return occurrences(text, secret).filter(({ from, to }) => !inWord(text[from - 1]) && !inWord(text[to]));
}

/** Overlapping finds are cut as one, so that no piece of a second secret stays behind. */
function cut(text: string, ranges: readonly Range[]): string {
  let result = '';
  let end = 0;
  for (const { from, to } of ranges.toSorted((one, other) => one.from - other.from)) {
    if (to <= end) continue;
    if (from > end || end === 0) result += text.slice(end, from) + PLACEHOLDER;
    end = to;
  }
  return result + text.slice(end);
}

function formsOf(secret: string): readonly string[] {
  // Through UTF-8, as it travels; encodeURIComponent refuses lone surrogates.
  const bytes = Buffer.from(secret, 'utf8');
  const percent = encodeURIComponent(bytes.toString('utf8'));
  const lowerPercent = percent.replace(/%../g, (code) => code.toLowerCase());
  const forms = [
    secret,
    percent,
    lowerPercent,
    percent.replaceAll('%20', '+'),
    lowerPercent.replaceAll('%20', '+'),
    encodeURI(bytes.toString('utf8')),
    JSON.stringify(secret).slice(1, -1),
    ...htmlForms(secret),
    ...[0, 1, 2].flatMap((shift) => base64At(bytes, shift)),
  ];
  return [...new Set(forms)];
}

/** What lies whole inside the base64 of a longer text, in which the secret begins at byte 3n + shift. */
function base64At(bytes: Buffer, shift: number): readonly string[] {
  const all = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64url');
  const firstWhole = Math.ceil((shift * 8) / 6);
  const afterWhole = Math.floor(((shift + bytes.length) * 8) / 6);
  const form = all.slice(firstWhole, afterWhole);
  return [form, form.replaceAll('-', '+').replaceAll('_', '/')];
}

const HANDLEBARS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
  '`': '&#x60;',
  '=': '&#x3D;',
};
const COMMON: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function htmlForms(secret: string): readonly string[] {
  const escaped = (entities: Readonly<Record<string, string>>) =>
    secret.replace(/[&<>"'`=]/g, (character) => entities[character] ?? character);
  return [escaped(HANDLEBARS), escaped(COMMON)];
}
