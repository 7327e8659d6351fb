import type { Channel } from '../domain/channel.js';
import { DefinitionError } from '../domain/definition-error.js';
import type { Templates } from './templates.js';

/** As far as this check needs a rule book. */
interface TemplateUsers {
  readonly all: readonly {
    readonly name: string;
    readonly template: string;
    readonly via: readonly Channel[];
  }[];
}
/** `templateNeeds` of src/generated/templates.ts: what the rules were type-checked against. */
type CheckedNeeds = Readonly<
  Record<string, { readonly channels: readonly Channel[]; readonly variables: readonly string[] }>
>;

/**
 * At start: the templates on disk are those that tsc held the rules against, and every rule's is there.
 *
 * @throws Error listing every rule whose template is missing, lacks a channel or has changed its variables
 */
export function assertMatches(rules: TemplateUsers, templates: Templates, checked: CheckedNeeds): void {
  const problems = rules.all.flatMap(({ name, template, via }) => {
    if (!templates.has(template)) return [`${name}: there is no template ${template}`];
    const lacking = via.filter((channel) => !templates.channels(template).includes(channel));
    const known = checked[template]?.variables ?? [];
    const needed = templates.requiredContext(template);
    return [
      ...lacking.map((channel) => `${name}: ${template} has no parts for ${channel}`),
      ...(sameWords(known, needed)
        ? []
        : [`${name}: ${template} now takes ${needed.join(', ')}; run npm run generate`]),
    ];
  });
  if (problems.length > 0)
    throw new DefinitionError(`rules and templates don't fit:\n- ${problems.join('\n- ')}`);
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join() === [...b].sort().join();
}
