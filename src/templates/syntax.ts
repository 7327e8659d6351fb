import Handlebars from 'handlebars';
import { DefinitionError } from '../domain/definition-error.js';
import { syntaxFailure } from './syntax-failure.js';

/** @throws Error with file, line and column */
export function parse(source: string, where: string): hbs.AST.Program {
  try {
    return Handlebars.parse(source, { srcName: where });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new DefinitionError(syntaxFailure(message, source, where), { cause: error });
  }
}

/** `templates/auth/otp/html.hbs:3:1` */
export const placeOf = ({ loc }: hbs.AST.Node): string =>
  `${loc.source}:${loc.start.line}:${loc.start.column + 1}`;

/** Handlebars leaves `hash` out where there is none. */
export function pairsOf(node: { readonly hash?: hbs.AST.Hash }): readonly hbs.AST.HashPair[] {
  return node.hash?.pairs ?? [];
}

export const isPath = (node: hbs.AST.Node): node is hbs.AST.PathExpression => node.type === 'PathExpression';
export const isString = (node: hbs.AST.Node): node is hbs.AST.StringLiteral => node.type === 'StringLiteral';
export const isContent = (node: hbs.AST.Node): node is hbs.AST.ContentStatement =>
  node.type === 'ContentStatement';
export const isSubExpression = (node: hbs.AST.Node): node is hbs.AST.SubExpression =>
  node.type === 'SubExpression';
export const isMustache = (node: hbs.AST.Node): node is hbs.AST.MustacheStatement =>
  node.type === 'MustacheStatement';
export const isBlock = (node: hbs.AST.Node): node is hbs.AST.BlockStatement => node.type === 'BlockStatement';
export const isPartial = (node: hbs.AST.Node): node is hbs.AST.PartialStatement =>
  node.type === 'PartialStatement';
export const isPartialBlock = (node: hbs.AST.Node): node is hbs.AST.PartialBlockStatement =>
  node.type === 'PartialBlockStatement';
/** {{#*inline "name"}} */
export const isInline = (node: hbs.AST.Node): node is hbs.AST.DecoratorBlock =>
  node.type === 'DecoratorBlock';
