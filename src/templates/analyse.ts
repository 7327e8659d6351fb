import { DefinitionError } from '../domain/definition-error.js';
import { signatureOf } from './helper-signatures.js';
import { addUse, fieldOf, itemOf, type Need, noNeed, type Use } from './need.js';
import { partialFile } from './partial-file.js';
import { outermost, type Piece, type Scope, within } from './scope.js';
import {
  isBlock,
  isInline,
  isMustache,
  isPartial,
  isPartialBlock,
  isPath,
  isString,
  isSubExpression,
  pairsOf,
  parse,
  placeOf,
} from './syntax.js';

export interface Sources {
  /** Stands before every complaint. */
  readonly where: string;
  /** The source of a partial or layout, e.g. `layouts/base`. */
  partial(name: string): string | undefined;
  /** Whether the engine provides `@<path>`. */
  provides(path: string): boolean;
  /** A subject: all of it is seen before the message is opened. */
  readonly glanced?: boolean;
}

export interface Analysis {
  readonly needs: Need;
  /** Every partial and layout it uses, directly or not. */
  readonly partials: ReadonlySet<string>;
}

const BLOCKS = ['if', 'unless', 'each', 'with'];
const ENGINE_DATA = /^(index|key|first|last)$/;

/**
 * Reads from the syntax tree what a template needs of its context.
 *
 * @throws Error with file, line and column for whatever can't be known beforehand (unescaped output, unknown
 *   helpers, computed partials, indexes, paths that leave the template)
 */
export function analyse(source: string, sources: Sources): Analysis {
  const root = noNeed();
  const partials = new Set<string>();
  visit(parse(source, sources.where), outermost(root, sources.glanced ?? false));
  return { needs: root, partials };

  /** Of a partial, it also tells in which template it can't be used. */
  function fail(node: hbs.AST.Node, why: string): never {
    const within = node.loc.source === sources.where ? '' : ` (in ${sources.where})`;
    throw new DefinitionError(`${placeOf(node)}: ${why}${within}`);
  }

  function visit(program: hbs.AST.Program | undefined, scope: Scope): void {
    for (const node of program?.body ?? []) statement(node, scope);
  }

  function statement(node: hbs.AST.Statement, scope: Scope): void {
    if (node.type === 'ContentStatement' || node.type === 'CommentStatement') return;
    if (isMustache(node)) mustache(node, scope);
    else if (isPartial(node)) partial(node, scope, scope.block, scope.preheader);
    else if (isPartialBlock(node)) partialBlock(node, scope);
    else if (isBlock(node)) block(node, scope);
    else fail(node, `${node.type} is not used here`);
  }

  function mustache(node: hbs.AST.MustacheStatement, scope: Scope): void {
    if (!node.escaped) fail(node, 'unescaped output; write {{ }}');
    if (!isPath(node.path)) fail(node, 'a literal; write it as text');
    const called = node.params.length > 0 || pairsOf(node).length > 0;
    if (called) helper(node, node.path, scope);
    else if (signatureOf(node.path.original) === undefined) use(node.path, scope, 'Text');
    else fail(node, `${node.path.original} takes an argument`);
  }

  function helper(
    node: hbs.AST.MustacheStatement | hbs.AST.SubExpression,
    path: hbs.AST.PathExpression,
    scope: Scope,
  ): void {
    const signature = signatureOf(path.original);
    if (signature === undefined) fail(node, `there is no helper ${path.original}`);
    if (node.params.length !== signature.length) {
      fail(node, `${path.original} takes ${signature.length} arguments, not ${node.params.length}`);
    }
    const [option] = pairsOf(node);
    if (option !== undefined) fail(node, `${path.original} has no option ${option.key}`);
    for (const [index, kind] of signature.entries()) use(node.params[index], scope, kind);
  }

  function use(expression: hbs.AST.Expression | undefined, scope: Scope, as: Use): void {
    if (expression === undefined) return;
    if (isSubExpression(expression)) helper(expression, expression.path, scope);
    if (!isPath(expression)) return;
    const need = resolve(expression, scope);
    if (need === null) return;
    addUse(need, as, placeOf(expression));
    if (as !== 'flag' && scope.glanced) need.glanced = true;
    if (as !== 'flag' && !scope.sure.has(need)) need.bare = true;
  }

  function resolve(path: hbs.AST.PathExpression, scope: Scope): Need | null {
    if (path.data) return resolveData(path);
    let from: Scope | null = scope;
    for (let depth = 0; depth < path.depth; depth++) from = from?.outer ?? null;
    if (from === null) return fail(path, `${path.original} leaves the template`);
    const [head, ...rest] = path.parts;
    const explicit = path.depth > 0 || /^(this\b|\.)/.test(path.original);
    if (head !== undefined && !explicit && from.names.has(head)) {
      const named = from.names.get(head) ?? null;
      return named === null ? null : descend(path, named, rest);
    }
    return descend(path, from.self, path.parts);
  }

  function resolveData(path: hbs.AST.PathExpression): Need | null {
    const [head, ...rest] = path.parts;
    if (head === 'root') return descend(path, root, rest);
    const name = path.parts.join('.');
    if (ENGINE_DATA.test(name)) return null;
    if (!sources.provides(name)) fail(path, `there is no @${name}`);
    if (path.depth > 0) fail(path, `@${name} is the same everywhere: write it without ../`);
    return null;
  }

  function descend(path: hbs.AST.PathExpression, from: Need, parts: readonly string[]): Need {
    return parts.reduce((need, part) => {
      if (/^\d+$/.test(part)) fail(path, `${path.original} takes an item by number; use each`);
      return fieldOf(need, part);
    }, from);
  }

  /** A block that gives a layout its content, and the preheader in an {{#*inline}} that is part of it. */
  function partialBlock(node: hbs.AST.PartialBlockStatement, scope: Scope): void {
    const body = node.program.body.filter((child) => !isInline(child));
    const inlines = node.program.body.filter(isInline);
    for (const inline of inlines) {
      const [name] = inline.params;
      if (name === undefined || !isString(name) || name.value !== 'preheader') {
        fail(inline, 'the only inline is {{#*inline "preheader"}}');
      }
    }
    const [inline] = inlines;
    const preheader = inline && { program: inline.program, scope: { ...scope, glanced: true } };
    partial(node, scope, { program: { ...node.program, body }, scope }, preheader ?? scope.preheader);
  }

  function lackPreheader(shown: hbs.AST.Node): never {
    const why = `lacks {{#*inline "preheader"}}…{{/inline}}, which ${placeOf(shown)} shows`;
    throw new DefinitionError(`${sources.where}: ${why}`);
  }

  function partial(
    node: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement,
    scope: Scope,
    given: Piece | null,
    preheader: Piece | null,
  ): void {
    if (!isPath(node.name)) fail(node, 'a partial whose name is computed');
    const name = node.name.original;
    if (name === '@partial-block') {
      if (scope.block === null) fail(node, 'nothing was given to this layout');
      visit(scope.block.program, scope.block.scope);
      return;
    }
    if (name === 'preheader') {
      if (scope.preheader === null) lackPreheader(node);
      visit(scope.preheader.program, scope.preheader.scope);
      return;
    }
    const text = sources.partial(name);
    if (text === undefined) fail(node, `there is no partial ${name}`);
    if (scope.inside.includes(name)) fail(node, `the partial ${name} includes itself`);
    partials.add(name);
    const [argument] = node.params;
    const self =
      argument !== undefined && isPath(argument) ? (resolve(argument, scope) ?? noNeed()) : scope.self;
    visit(parse(text, partialFile(name)), {
      ...scope,
      self,
      names: new Map([...scope.names, ...argumentsOf(node, scope)]),
      block: given,
      preheader,
      inside: [...scope.inside, name],
    });
  }

  function argumentsOf(
    node: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement,
    scope: Scope,
  ): [string, Need | null][] {
    return pairsOf(node).map(({ key, value }) => {
      if (isPath(value)) return [key, resolve(value, scope)];
      use(value, scope, 'Text');
      return [key, null];
    });
  }

  function block(node: hbs.AST.BlockStatement, scope: Scope): void {
    const word = node.path.original;
    const [condition] = node.params;
    const odd = pairsOf(node).find(({ key }) => key !== 'includeZero');
    if (odd !== undefined) fail(node, `${word} has no option ${odd.key}`);
    if (!BLOCKS.includes(word) || condition === undefined) fail(node, `there is no block ${word}`);
    const need = isPath(condition) ? resolve(condition, scope) : null;
    if (need === null) use(condition, scope, 'flag');
    else {
      addUse(need, word === 'each' ? 'list' : 'flag', placeOf(node));
      need.guarded = true;
    }
    const sure: Scope = need === null ? scope : { ...scope, sure: new Set([...scope.sure, need]) };
    if (word === 'each' || word === 'with') {
      if (need === null) fail(node, `${word} takes a variable`);
      visit(node.program, within(sure, word === 'each' ? itemOf(need) : need, node.program.blockParams));
      visit(node.inverse, scope);
    } else {
      visit(node.program, word === 'if' ? sure : scope);
      visit(node.inverse, word === 'if' ? scope : sure);
    }
  }
}
