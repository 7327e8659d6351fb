const TOKEN =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[a-zA-Z_:][\w:]*|\d[\w.]*|>=|<=|==|!=|=~|!~|[()[\]{}<>=,+\-*/%^@]|\s+/y;
const NAME = /^[a-zA-Z_:]/;
const LISTS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const WORDS = new Set(['and', 'or', 'unless', 'offset', 'bool', 'inf', 'nan', 'atan2']);
const COMPARISONS = new Set(['>', '<', '>=', '<=', '==', '!=']);

/** Every selector of series in an expression, with its matchers and without its range. */
export function selectorsOf(expression: string): readonly string[] {
  const tokens = tokensOf(expression);
  const found = new Set<string>();
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? '';
    const next = tokens[index + 1];
    if (token === '[') index = closing(tokens, index, '[', ']');
    else if (LISTS.has(token) && next === '(') index = closing(tokens, index + 1, '(', ')');
    else if (token === '{' || (isName(token) && next === '{')) {
      const end = closing(tokens, token === '{' ? index : index + 1, '{', '}');
      found.add(tokens.slice(index, end + 1).join(''));
      index = end;
    } else if (isName(token) && next !== '(') {
      if (next === undefined || !LISTS.has(next) || !isAggregation(tokens, index)) found.add(token);
    }
  }
  return [...found];
}

/**
 * The same with nothing filtered out: comparisons give 0 or 1, and what asks for absence gives what is there, also
 * behind `unless`: so labels that never agree are found.
 */
export function unfiltered(expression: string): string {
  const tokens = tokensOf(expression, true);
  let depth = 0;
  return tokens
    .map((token) => {
      if (token === '{') depth++;
      if (token === '}') depth--;
      return depth === 0 && COMPARISONS.has(token) ? `${token} bool` : token;
    })
    .join('')
    .replace(/\babsent\s*\(/g, '(')
    .replace(/\bunless\b/g, 'and')
    .replace(/bool\s+bool/g, 'bool');
}

const isName = (token: string): boolean => NAME.test(token) && !LISTS.has(token) && !WORDS.has(token);

/** `sum by (x) (…)`: the word before `by` is no series. */
const isAggregation = (tokens: readonly string[], index: number): boolean => {
  const end = closing(tokens, index + 2, '(', ')');
  return ['by', 'without'].includes(tokens[index + 1] ?? '') && tokens[end + 1] === '(';
};

function closing(tokens: readonly string[], from: number, open: string, close: string): number {
  let depth = 0;
  for (let index = from; index < tokens.length; index++) {
    if (tokens[index] === open) depth++;
    if (tokens[index] === close && --depth === 0) return index;
  }
  throw new Error(`no ${close} for the ${open} in ${tokens.join(' ')}`);
}

function tokensOf(expression: string, withSpace = false): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(expression)?.[0];
    if (token === undefined)
      throw new Error(`not understood from "${expression.slice(at, at + 20)}" on: ${expression}`);
    if (withSpace || token.trim() !== '') tokens.push(token);
  }
  return tokens;
}
