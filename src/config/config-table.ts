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
  const start = variable.required ? '**required**' : variable.default === null ? '–' : code(variable.default);
  const example = variable.default === null && !variable.secret ? ` (e.g. ${code(variable.example)})` : '';
  return `| \`${variable.name}\` | ${start} | ${escape(variable.meaning)}${example} |`;
}

const escape = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
// A derived default is prose with a value in it; only a bare value is set as code.
const code = (text: string): string =>
  text.includes(' ') && !text.startsWith('"') ? escape(text) : `\`${text}\``;
