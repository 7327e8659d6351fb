import type { Contract } from '../contracts/contract.js';
import type { NamedRule, RuleBook } from '../rules/rule-book.js';
import { fieldRows } from './field-rows.js';
import { ruleAtAGlance, ruleInWords } from './rule-in-words.js';

const HEADER =
  '<!-- Generated from schemas/, consumers/ and templates/ by `npm run generate`; do not edit. -->';

const INTRODUCTION = `# Events

What modules publish, and who hears of it. How to add one: [adding-an-event.md](adding-an-event.md).
What would become of one event, address by address: \`npx comms explain <event.json>\`.

What a function of the rule gives depends on the event: the function stands in the rule, which is linked. Of a role,
everybody active and approved who holds it is meant. A field that may be null may be left out.
**PII** is masked in logs, **SECRET** is kept nowhere in clear. Times are RFC 3339 with their zone in JSON and
timestamp-millis in Avro, days are YYYY-MM-DD in Nairobi, money is KES with two decimals.`;

/** Of a template: its name, and the subject as it is written; empty if it has none. */
interface DescribedTemplate {
  readonly name: string;
  readonly subjectSource: string;
}

/** docs/events.md: each module's events, their fields, and what each rule makes of them. */
export function printEventDocs(
  contracts: readonly Contract[],
  ruleBook: RuleBook,
  templates: readonly DescribedTemplate[],
): string {
  const subjects = new Map(templates.map(({ name, subjectSource }) => [name, subjectSource]));
  const modules = [...new Set(contracts.map(({ module }) => module))];
  const sections = modules.map((module) =>
    [
      `## ${module}`,
      ...contracts.filter((one) => one.module === module).map((one) => section(one, ruleBook, subjects)),
    ].join('\n\n'),
  );
  return `${[HEADER, INTRODUCTION, overview(contracts, ruleBook), ...sections].join('\n\n')}\n`;
}

function overview(contracts: readonly Contract[], ruleBook: RuleBook): string {
  const rules = contracts.flatMap(({ event }) => ruleBook.rulesOf(event));
  const rows = rules.map((rule) => {
    const { to, via, priority } = ruleAtAGlance(rule);
    return [`[${rule.event}](#${anchorOf(rule.event)})`, rule.name, to, via, priority];
  });
  return table(['event', 'rule', 'to', 'by', 'priority'], rows);
}

function section(contract: Contract, ruleBook: RuleBook, subjects: ReadonlyMap<string, string>): string {
  const { event, module, record, shape, topic } = contract;
  const file = `schemas/${module}/${event.replace(/^communications\./, '')}.avsc`;
  const rules = ruleBook.rulesOf(event);
  return [
    `### ${event}`,
    shape.doc ?? '',
    `${KINDS[contract.kind]} on topic \`${topic}\`, record \`${record}\` ([${file}](../${file})).${kept(contract)}`,
    table(
      ['field', 'type', 'tag', 'meaning'],
      fieldRows(shape).map(({ path, type, tag, doc }) => [`\`${path}\``, type, tag ?? '', doc]),
    ),
    ...rules.map((rule) => ruleSection(rule, subjects)),
    ...(rules.length === 0 && contract.kind === 'event' ? ['**No rule is for it.**'] : []),
  ].join('\n\n');
}

const KINDS: Readonly<Record<Contract['kind'], string>> = {
  event: 'News',
  state: 'State: the last record of each key,',
  published: 'Published by this service',
};

const kept = ({ hasSecret }: Contract): string =>
  hasSecret ? ' It has secrets, so the topic keeps it for a day.' : '';

function ruleSection(rule: NamedRule, subjects: ReadonlyMap<string, string>): string {
  const { name, module, template } = rule;
  const subject = subjects.get(template) ?? '';
  const file = `consumers/${module}.ts`;
  return [
    `#### ${name}`,
    `In [${file}](../${file}), in the words of [${template}](../templates/${template}/)${subject === '' ? '' : `, subject \`${subject}\``}.`,
    table(
      ['word', 'says'],
      ruleInWords(rule).map(([word, says]) => [word, says]),
    ),
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** As Markdown viewers make it of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
