import Handlebars from 'handlebars';
import {
  isBlock,
  isContent,
  isInline,
  isMustache,
  isPartial,
  isPartialBlock,
  isPath,
  isString,
  isSubExpression,
  pairsOf,
} from './syntax.js';

export interface FlattenOptions {
  /** Their sources, by name. */
  readonly partials: ReadonlyMap<string, string>;
  /** What templates see as `@brand`. */
  readonly brand: object;
  readonly noEscape: boolean;
  /** A helper goes before a variable of the same name. */
  readonly isHelper: (name: string) => boolean;
}

/**
 * The same template as one piece, its syntax tree ready to be compiled: layouts, partials and inline partials stand
 * where they are used, what never changes (brand, parameters of partials) stands there as text. Of what Handlebars does
 * for a message, the better half went into calling partials.
 * @returns null for what can't be told beforehand (a partial that calls itself, or has a context of its own): such a
 * template is compiled as it is written
 */
export function flatten(source: string, options: FlattenOptions): hbs.AST.Program | null {
  try {
    const flat = flattened(Handlebars.parse(source), { given: [new Map()], blocks: new Map(), within: [] });
    forgetPlaces(flat);
    return flat;
  } catch {
    // What is wrong with it is told, with its place, when its template is analysed.
    return null;
  }

  function flattened(program: hbs.AST.Program, outer: Scope): hbs.AST.Program {
    if (program.blockParams?.length) throw new CannotFlatten();
    const scope = { ...outer, blocks: withInlines(program, outer) };
    return { ...program, body: program.body.flatMap((statement) => unfolded(statement, scope)) };
  }

  function unfolded(statement: hbs.AST.Statement, scope: Scope): hbs.AST.Statement[] {
    if (isInline(statement)) return [];
    if (isMustache(statement)) return [ofMustache(statement, scope)];
    if (isPartial(statement) || isPartialBlock(statement)) return ofPartial(statement, scope);
    if (isBlock(statement)) return ofBlock(statement, scope);
    if (isContent(statement)) return [asContent(statement.value, statement.loc)];
    if (statement.type === 'CommentStatement') return [];
    throw new CannotFlatten();
  }

  function ofMustache(statement: hbs.AST.MustacheStatement, scope: Scope): hbs.AST.Statement {
    if (!isPath(statement.path) || statement.params.length > 0 || pairsOf(statement).length > 0) {
      return Object.assign({}, statement, withValues(statement, scope), { strip: AS_IT_IS });
    }
    const path = options.isHelper(statement.path.original) ? statement.path : given(statement.path, scope);
    const constant = isPath(path) ? brandValue(path) : path.value;
    if (constant === undefined) return Object.assign({}, statement, { path, strip: AS_IT_IS });
    const raw = options.noEscape || !statement.escaped;
    return asContent(raw ? `${constant}` : Handlebars.escapeExpression(`${constant}`), statement.loc);
  }

  function ofPartial(
    statement: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement,
    scope: Scope,
  ): hbs.AST.Statement[] {
    const { name } = statement;
    if (!isPath(name) || statement.params.length > 0) throw new CannotFlatten();
    const pairs = pairsOf(statement).map(({ key, value }) => [key, asGiven(value, scope)] as const);
    // What was given makes a context of its own, from which `../` leads elsewhere than it seems.
    const names = pairs.length === 0 ? scope.given : [new Map([...(scope.given[0] ?? []), ...pairs])];
    const known = scope.blocks.get(name.original);
    // In another context than the one it was written in, its `../` would lead elsewhere.
    if (known !== undefined && known.contexts !== scope.given.length) throw new CannotFlatten();
    const partial = known ?? partialOf(name.original, scope);
    const blocks = new Map(partial.blocks);
    if (isPartialBlock(statement)) {
      // What it defines for its layout isn't part of what it shows.
      for (const [inline, block] of withInlines(statement.program, { ...scope, given: names }))
        blocks.set(inline, block);
      blocks.set(PARTIAL_BLOCK, blockOf(statement.program, { ...scope, given: names }));
    }
    const { body } = flattened(partial.program, { given: names, blocks, within: partial.within });
    // Of a partial alone on its line, the parser puts what stands before it here.
    return isPartial(statement) && statement.indent
      ? [asContent(statement.indent, statement.loc), ...body]
      : body;
  }

  function partialOf(name: string, scope: Scope): Block {
    const source = options.partials.get(name);
    if (source === undefined || scope.within.includes(name)) throw new CannotFlatten();
    return {
      program: Handlebars.parse(source),
      blocks: new Map([...scope.blocks].filter(([block]) => block !== PARTIAL_BLOCK)),
      within: [...scope.within, name],
      contexts: scope.given.length,
    };
  }

  function ofBlock(statement: hbs.AST.BlockStatement, scope: Scope): hbs.AST.Statement[] {
    const { original } = statement.path;
    const [condition] = statement.params;
    const inverse = statement.inverse ? flattened(statement.inverse, scope) : undefined;
    if (original === 'each') {
      const program = flattened(statement.program, { ...scope, given: [new Map(), ...scope.given] });
      return [asBlock({ ...statement, ...withValues(statement, scope), program }, inverse)];
    }
    const isConditional = original === 'if' || original === 'unless';
    if (!isConditional || condition === undefined) throw new CannotFlatten();
    const program = flattened(statement.program, scope);
    const known = isPath(condition) ? given(condition, scope) : condition;
    if (!isLiteral(known))
      return [asBlock({ ...statement, ...withValues(statement, scope), program }, inverse)];
    if (pairsOf(statement).length > 0) throw new CannotFlatten();
    const holds = Boolean(known.value) === (original === 'if');
    return holds ? program.body : (inverse?.body ?? []);
  }

  function withValues(node: WithValues, scope: Scope): WithValues {
    const value = (expression: hbs.AST.Expression): hbs.AST.Expression => {
      if (isSubExpression(expression)) return { ...expression, ...withValues(expression, scope) };
      return isPath(expression) ? given(expression, scope) : expression;
    };
    const params = node.params.map(value);
    // Handlebars leaves it out where there is none, and minds one that is empty.
    if (pairsOf(node).length === 0) return { params, hash: node.hash };
    return {
      params,
      hash: { ...node.hash, pairs: pairsOf(node).map((pair) => ({ ...pair, value: value(pair.value) })) },
    };
  }

  function brandValue({
    data,
    parts: [first, ...path],
  }: hbs.AST.PathExpression): string | number | undefined {
    if (!data || first !== 'brand') return undefined;
    let value: unknown = options.brand;
    for (const step of path) {
      value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
    }
    return typeof value === 'string' || typeof value === 'number' ? value : undefined;
  }
}

/**
 * Where a node stood in its source means nothing in the flat one, and Handlebars would put it together anew for each call
 * of a helper: a quarter of all that is allocated where messages are sent.
 */
function forgetPlaces(node: object): void {
  Reflect.deleteProperty(node, 'loc');
  for (const inner of Object.values(node))
    if (typeof inner === 'object' && inner !== null) forgetPlaces(inner);
}

const PARTIAL_BLOCK = '@partial-block';

class CannotFlatten extends Error {}

type Literal = hbs.AST.StringLiteral | hbs.AST.NumberLiteral | hbs.AST.BooleanLiteral;
type Given = Literal | hbs.AST.PathExpression;
type WithValues = { readonly params: hbs.AST.Expression[]; readonly hash: hbs.AST.Hash };

/** What a partial of a name is here, and what it sees itself. */
interface Block {
  readonly program: hbs.AST.Program;
  readonly blocks: ReadonlyMap<string, Block>;
  /** The partials that it is part of. */
  readonly within: readonly string[];
  /** How many contexts there are to step out of where it is shown. */
  readonly contexts: number;
}

const blockOf = (program: hbs.AST.Program, { blocks, within, given }: Scope): Block => ({
  ...{ program, blocks, within },
  contexts: given.length,
});

interface Scope {
  /** Parameters of partials, which go before what the context has: of this context, of that of `../`, and so on. */
  readonly given: readonly ReadonlyMap<string, Given>[];
  readonly blocks: ReadonlyMap<string, Block>;
  readonly within: readonly string[];
}

function withInlines(program: hbs.AST.Program, scope: Scope): ReadonlyMap<string, Block> {
  const blocks = new Map(scope.blocks);
  for (const statement of program.body.filter(isInline)) {
    const [name] = statement.params;
    if (name === undefined || !isString(name)) throw new CannotFlatten();
    blocks.set(name.value, blockOf(statement.program, scope));
  }
  return blocks;
}

/** What stands for a path: a literal, another path of the same context, or the path itself if nothing was given for it. */
function given(path: hbs.AST.PathExpression, scope: Scope): Given {
  if (path.data) return path;
  const names = scope.given[path.depth];
  if (names === undefined) throw new CannotFlatten();
  const instead = names.get(path.parts[0] ?? '');
  if (instead === undefined) return path;
  if (path.parts.length > 1 || (path.depth > 0 && isPath(instead))) throw new CannotFlatten();
  return instead;
}

function asGiven(value: hbs.AST.Expression, scope: Scope): Given {
  if (isPath(value)) return given(value, scope);
  if (isLiteral(value)) return value;
  throw new CannotFlatten();
}

const isLiteral = (value: hbs.AST.Node): value is Literal =>
  ['StringLiteral', 'NumberLiteral', 'BooleanLiteral'].includes(value.type);

/**
 * The parser has taken the white space away that belongs to tags. Compiling looks for it once more, in what was written
 * beside a tag, where something else may stand now: nothing of that is left here.
 */
const AS_IT_IS: hbs.AST.StripFlags = { open: false, close: false };

const asContent = (value: string, loc: hbs.AST.SourceLocation): hbs.AST.ContentStatement => ({
  type: 'ContentStatement',
  value,
  original: AS_IT_IS,
  loc,
});

const asBlock = (
  block: Omit<hbs.AST.BlockStatement, 'inverse'>,
  inverse: hbs.AST.Program | undefined,
): hbs.AST.Statement =>
  Object.assign({}, block, inverse && { inverse: { ...inverse, chained: false } }, {
    openStrip: AS_IT_IS,
    inverseStrip: AS_IT_IS,
    closeStrip: AS_IT_IS,
  });
