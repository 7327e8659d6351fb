/** A text of a page and what it is painted with. */
export interface Painted {
  readonly text: string;
  readonly colour: string;
  readonly ground: string;
}
interface Paint {
  readonly colour: string;
  readonly ground: string;
}
type Rules = ReadonlyMap<string, Partial<Paint>>;

const VOID = ['img', 'br', 'meta', 'link'];

/** Every text of a mail with its colours, as a program sees them that is set to light or to dark. */
export function paintedTexts(html: string, mode: 'light' | 'dark'): Painted[] {
  const rules = mode === 'dark' ? darkRules(html) : new Map<string, Partial<Paint>>();
  const body = html.replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<\/head>/, '');
  const stack: Paint[] = [{ colour: '#000000', ground: '#ffffff' }];
  const texts: Painted[] = [];
  for (const [token, closing, name = ''] of body.matchAll(/<(\/?)(\w+)[^>]*>|[^<]+/g)) {
    const around = stack.at(-1) ?? { colour: '#000000', ground: '#ffffff' };
    if (name === '') texts.push({ text: token.trim(), ...around });
    else if (closing === '/') stack.pop();
    else {
      const own = { ...around, ...styleOf(token), ...ruleOf(token, rules) };
      const [, alt] = /\salt="([^"]*)"/.exec(token) ?? [];
      if (alt !== undefined) texts.push({ text: alt, ...own });
      if (!VOID.includes(name)) stack.push(own);
    }
  }
  return texts.filter(({ text }) => /[\w&]/.test(text) && !text.includes('&#8199;'));
}

const styleOf = (tag: string): Partial<Paint> => paint(/\sstyle="([^"]*)"/.exec(tag)?.[1] ?? '');

function ruleOf(tag: string, rules: Rules): Partial<Paint> {
  const classes = /\sclass="([^"]*)"/.exec(tag)?.[1]?.split(' ') ?? [];
  return Object.assign({}, ...classes.map((name) => rules.get(name) ?? {}));
}

function darkRules(html: string): Rules {
  const block = /@media \(prefers-color-scheme: dark\) \{([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
  const rules = [...block.matchAll(/([^{}]+)\{([^}]*)\}/g)];
  return new Map(
    rules.flatMap(([, selectors = '', declarations = '']) =>
      [...selectors.matchAll(/\.([\w-]+)/g)].map(([, name = '']) => [name, paint(declarations)] as const),
    ),
  );
}

function paint(declarations: string): Partial<Paint> {
  const [, colour] = /(?:^|[;\s])color:\s*(#[0-9a-f]{6})/.exec(declarations) ?? [];
  const [, ground] = /background-color:\s*(#[0-9a-f]{6})/.exec(declarations) ?? [];
  return { ...(colour && { colour }), ...(ground && { ground }) };
}

/** WCAG 2.1: 1 (the same) to 21 (black on white); text is readable from 4.5. */
export function contrast(a: string, b: string): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
