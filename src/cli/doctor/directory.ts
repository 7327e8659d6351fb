import { consumers } from '../../../consumers/all.js';
import { loadRules } from '../../rules/rule-book.js';
import type { EngineAudience } from '../../rules/words.js';
import { countHolders, type RoleCount } from '../../store/count-holders.js';
import type { Statements } from '../../store/database.js';
import { counted } from '../counted.js';
import { projectContracts } from '../project-contracts.js';
import { type Finding, fine, problem } from './finding.js';

/** Whether what is for a role has somebody to go to. */
export async function examineDirectory(database: Statements): Promise<Finding[]> {
  const roles = await countHolders(database);
  const unheld = [...rulesByRole()].filter(
    ([role]) => !roles.some((one) => one.role === role && one.holders > 0),
  );
  return [
    inNumbers(roles),
    ...unheld.map(([role, rules]) =>
      problem(
        'directory',
        `nobody active and approved holds ${role}, to whom ${rules.join(', ')} would write`,
        'give somebody the role and have the profile published (profile.updated)',
      ),
    ),
  ];
}

function inNumbers(roles: readonly RoleCount[]): Finding {
  const sum = (of: (one: RoleCount) => number) => roles.reduce((all, one) => all + of(one), 0);
  const active = sum((one) => one.active);
  const unapproved = active - sum((one) => one.holders);
  const but = unapproved === 0 ? '' : `, ${unapproved} of them not approved yet`;
  return fine('directory', `${counted(active, 'active contact')}${but}`);
}

function rulesByRole(): ReadonlyMap<string, readonly string[]> {
  const byRole = new Map<string, string[]>();
  for (const { name, to, escalate } of loadRules(consumers, projectContracts()).all) {
    for (const role of new Set([to, escalate?.alsoTo ?? []].flat().flatMap(rolesOf))) {
      byRole.set(role, [...(byRole.get(role) ?? []), name]);
    }
  }
  return byRole;
}

const rolesOf = (audience: EngineAudience): readonly string[] => ('role' in audience ? audience.role : []);
