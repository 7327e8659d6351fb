export type Scheme = 'light' | 'dark';

const ALWAYS = '(min-width: 0)';
const NEVER = '(min-width: 100000px)';

/**
 * The page as it looks to whoever prefers `scheme`, whatever whoever looks at it prefers: a frame can't be told.
 * Its own media queries decide, made unconditional. Links open a tab of their own, not in the frame.
 */
export function previewOf(page: string, scheme: Scheme): string {
  return page
    .replace(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi, (_query, asked: string) =>
      asked.toLowerCase() === scheme ? ALWAYS : NEVER,
    )
    .replace(/(color-schemes?\s*:\s*)light dark\b/gi, `$1${scheme}`)
    .replace(/(<meta name="(?:supported-)?color-schemes?" content=")[^"]*/gi, `$1${scheme}`)
    .replace(/<head>/i, '<head><base target="_blank">');
}
