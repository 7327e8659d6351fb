import { join } from 'node:path';
import { consumers } from '../../../consumers/all.js';
import { loadContracts } from '../../../src/contracts/contract.js';
import { projectRoot } from '../../../src/project-root.js';
import { loadRules } from '../../../src/rules/rule-book.js';

/** Who sends a template and to whom, as headers tell it. */
export interface SendingRule {
  /** `<module>/<rule>` */
  readonly rule: string;
  readonly audience: 'person' | 'role';
}

/** The first rule that uses the template; for one that none uses yet, a rule of its own name. */
export function ruleOf(template: string): SendingRule {
  const book = loadRules(consumers, loadContracts(join(projectRoot(), 'schemas')));
  const rule = book.all.find((candidate) => candidate.template === template);
  if (rule === undefined) return { rule: template.replaceAll('_', '-'), audience: 'person' };
  return { rule: rule.name, audience: 'role' in rule.to ? 'role' : 'person' };
}
