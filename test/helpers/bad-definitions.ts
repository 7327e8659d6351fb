import { join } from 'node:path';
import { z } from 'zod';
import { consumers } from '../../consumers/all.js';
import { loadContracts } from '../../src/contracts/contract.js';
import { projectRoot } from '../../src/project-root.js';
import { loadRules } from '../../src/rules/rule-book.js';
import type { EngineRule } from '../../src/rules/words.js';
import type { Definitions } from '../../src/service/load-definitions.js';
import { loadTemplates } from '../../src/templates/templates.js';

const named = z.object({ user: z.object({ name: z.string() }) });
const coded = z.object({ code: z.string() });

/** Meets only events whose person bears the name, and writes to `<rule>@example.com`. */
const badRule = (rule: string, name: string, context: EngineRule['context']) => ({
  event: 'otp.requested' as const,
  rule: {
    rule,
    category: 'account',
    when: (event: unknown) => named.parse(event).user.name === name,
    to: { direct: () => ({ user_id: null, name, email: `${rule}@example.com`, phone: null }) },
    template: 'auth/otp',
    via: ['email'],
    priority: 'medium',
    context,
  } satisfies EngineRule,
});

/** The project's own, and rules beside them that go wrong for people with telling names. */
export function definitionsWithBadRules(): Definitions {
  const contracts = loadContracts(join(projectRoot(), 'schemas'));
  const templates = loadTemplates(join(projectRoot(), 'templates'));
  const bad = {
    module: 'auth',
    entries: [
      badRule('rule-throws', 'Rule Throws', (event) => {
        throw new RangeError(`no good: ${coded.parse(event).code}`);
      }),
      badRule('template-throws', 'Template Throws', () => ({ name: 'nothing else' })),
      badRule('context-is-no-json', 'Context Is No Json', () => ({ name: 10n })),
    ],
  };
  return { contracts, templates, ruleBook: loadRules([...consumers, bad], contracts) };
}
