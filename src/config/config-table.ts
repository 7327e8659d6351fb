import { LATER_VARIABLES, VARIABLE_GROUPS, type Variable } from './variables.js';

/** The README's table of variables, in Markdown. */
export function configTable(): string {
  const groups = VARIABLE_GROUPS.map(({ title, variables }) =>
    [`**${title}**`, '', '| name | default | meaning |', '|---|---|---|', ...variables.map(row)].join('\n'),
  );
  const later = LATER_VARIABLES.map(({ name }) => `\`${name}\``).join(', ');
  return `${groups.join('\n\n')}\n\nAccepted for later, without effect yet: ${later}.\n`;
}

function row(variable: Variable): string {
  const example = variable.default === null && !variable.secret ? ` (e.g. \`${variable.example}\`)` : '';
  return `| \`${variable.name}\` | ${unset(variable)} | ${variable.meaning}${example} |`;
}

function unset(variable: Variable): string {
  if (variable.required) return '**required**';
  return variable.default === null ? (variable.derived ?? '–') : `\`${variable.default}\``;
}
