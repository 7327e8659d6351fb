import type { Need } from './need.js';

/** A piece of the template that a layout asks for, and where it was written. */
export interface Piece {
  readonly program: hbs.AST.Program;
  readonly scope: Scope;
}

/** Where names are looked up: the value itself, names of block parameters and partial arguments, the block around. */
export interface Scope {
  readonly self: Need;
  /** Null: a value of the engine or a literal, of which nothing is needed. */
  readonly names: ReadonlyMap<string, Need | null>;
  readonly outer: Scope | null;
  /** Known to be there. */
  readonly sure: ReadonlySet<Need>;
  /** What {{> @partial-block}} stands for. */
  readonly block: Piece | null;
  /** What {{> preheader}} stands for. */
  readonly preheader: Piece | null;
  readonly glanced: boolean;
  readonly inside: readonly string[];
}

export const outermost = (self: Need, glanced: boolean): Scope => ({
  self,
  names: new Map(),
  outer: null,
  sure: new Set(),
  block: null,
  preheader: null,
  glanced,
  inside: [],
});

/** Of an each or a with: `self` is its value, named where it has block parameters. */
export function within(scope: Scope, self: Need, [value, index]: readonly string[] = []): Scope {
  const names = new Map(scope.names);
  if (value !== undefined) names.set(value, self);
  if (index !== undefined) names.set(index, null);
  return { ...scope, self, names, outer: scope };
}
