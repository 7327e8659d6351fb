import { join } from 'node:path';
import { consumers } from '../../consumers/all.js';
import { type Contracts, loadContracts } from '../contracts/contract.js';
import { templateNeeds } from '../generated/templates.js';
import { projectRoot } from '../project-root.js';
import { declaredChannels, loadRules, type RuleBook } from '../rules/rule-book.js';
import { assertMatches } from '../templates/assert-matches.js';
import { loadTemplates, type TemplateOptions, type Templates } from '../templates/templates.js';

/** What is sent: schemas, rules and templates, checked against each other. */
export interface Definitions {
  readonly contracts: Contracts;
  readonly ruleBook: RuleBook;
  readonly templates: Templates;
}

/**
 * @param options where the outside fetches what messages point to; on this machine unless given
 * @throws Error naming the file and what in it does not fit
 */
export function loadDefinitions(options: TemplateOptions = {}): Definitions {
  const contracts = loadContracts(join(projectRoot(), 'schemas'));
  const templates = loadTemplates(join(projectRoot(), 'templates'), options);
  const ruleBook = loadRules(consumers, contracts);
  const users = ruleBook.all.map((rule) => ({ ...rule, via: declaredChannels(rule) }));
  assertMatches({ all: users }, templates, templateNeeds);
  return { contracts, ruleBook, templates };
}
