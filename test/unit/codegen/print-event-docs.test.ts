import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printEventDocs } from '../../../src/codegen/print-event-docs.js';
import { loadContracts } from '../../../src/contracts/contract.js';
import { projectRoot } from '../../../src/project-root.js';
import { loadRules } from '../../../src/rules/rule-book.js';
import type { Event } from '../../../src/rules/words.js';
import { type Collapse, consumer, direct, on, type Rule, role } from '../../../src/rules/words.js';

const contracts = loadContracts(join(projectRoot(), 'schemas'));
type Stock = Event<'stock.low'>;

/** The words that a rule may have besides those that it must have. */
type Extra = Partial<
  Pick<
    Rule<Stock, 'inventory/low_stock_alert', unknown>,
    'when' | 'except' | 'escalate' | 'expires' | 'brake' | 'via' | 'to'
  >
> & {
  readonly collapse?: Collapse<Stock>;
};

function docsOf(extra: Extra = {}): string {
  const made = consumer('inventory', [
    on('stock.low', {
      rule: 'low-stock-alert',
      category: 'stock',
      to: role('PRODUCT_MANAGER', 'ADMIN'),
      template: 'inventory/low_stock_alert',
      via: ['email'],
      priority: 'low',
      ...extra,
      context: (e, { at }) => ({
        item: e.item_name,
        category: e.category,
        as_of: at,
        level: e.alert_level,
        stock: e.current_stock,
        threshold: e.reorder_level,
        unit: e.unit,
        days_remaining: e.days_remaining,
      }),
    }),
  ]);
  const template = { name: 'inventory/low_stock_alert', subjectSource: 'Low: {{item}} | {{level}}' };
  return printEventDocs(contracts.all, loadRules([made], contracts), [template]);
}

const wordIn = (docs: string, word: string): string | undefined =>
  new RegExp(`^\\| ${word} \\| (.*) \\|$`, 'm').exec(docs)?.[1];

const somebody = { user_id: 1, name: 'x', email: null, phone: null };
const by = (e: Stock) => e.item_id;

describe('the page of events', () => {
  const docs = docsOf();

  it('has every event of every module, with its fields', () => {
    for (const { event, module, topic } of contracts.all) {
      expect(docs).toContain(`\n## ${module}\n`);
      expect(docs).toContain(`\n### ${event}\n`);
      expect(docs).toContain(`on topic \`${topic}\``);
    }
    expect(docs).toContain('| `customer.email` | text, or null | PII | One address. |');
    expect(docs).toContain('| `code` | text | SECRET | Six digits. |');
    expect(docs).toContain('| `lines[].unit_price` | number with 2 decimals |  | For one unit. |');
    expect(docs).toContain('| `alert_level` | `LOW` `CRITICAL` `OUT` `UNKNOWN` |  | LOW lasts');
    expect(docs).toContain('| `other_phones` | list of text | PII |');
  });

  it('says for whom there is no rule, of events alone', () => {
    const events = contracts.all.filter(({ kind }) => kind === 'event');
    expect(docs.match(/\*\*No rule is for it\.\*\*/g)).toHaveLength(events.length - 1);
  });

  it('links schema, rule and template, and shows the subject as it is written', () => {
    expect(docs).toContain('([schemas/inventory/stock.low.avsc](../schemas/inventory/stock.low.avsc))');
    expect(docs).toContain('[consumers/inventory.ts](../consumers/inventory.ts)');
    expect(docs).toContain('[inventory/low_stock_alert](../templates/inventory/low_stock_alert/)');
    expect(docs).toContain('subject `Low: {{item}} | {{level}}`');
  });

  it('begins with who gets what', () => {
    expect(docs).toContain(
      '| [stock.low](#stocklow) | inventory/low-stock-alert | every PRODUCT_MANAGER or ADMIN | email | low |',
    );
    const escalate = {
      when: () => true,
      alsoTo: role('SUPERADMIN'),
      alsoVia: ['sms'],
      priority: 'high',
    } as const;
    expect(docsOf({ escalate })).toContain(
      '| every PRODUCT_MANAGER or ADMIN, at times every SUPERADMIN | email, at times sms | low, at times high |',
    );
  });
});

describe('the words of a rule', () => {
  it.each([
    ['when', {}, 'always'],
    ['when', { when: () => false }, 'only if its condition holds (depends on the event)'],
    ['to', { to: direct(() => somebody) }, 'whom the event names (depends on the event)'],
    ['except', {}, undefined],
    ['except', { except: () => somebody }, 'never this person (depends on the event)'],
    ['via', { via: () => ['sms'] as const }, 'depends on the event'],
    ['escalate', {}, undefined],
    [
      'escalate',
      { escalate: { when: () => true, priority: 'high' } },
      'in some cases (depends on the event): priority high',
    ],
    ['expires', {}, '7d after the event'],
    ['expires', { expires: '24h' }, '24h after the event'],
    ['expires', { expires: 'end of day' }, 'at the end of the event’s day in Nairobi'],
    ['expires', { expires: () => new Date() }, 'at a time of its own (depends on the event)'],
    ['collapse', {}, 'never: every event is sent'],
    ['collapse', { collapse: { by, within: '4h' } }, /the first within 4h is sent$/],
    ['collapse', { collapse: { by, within: '15m', keep: 'newest' } }, /the newest within 15m is sent when/],
    ['collapse', { collapse: { by, within: 'ever' } }, /one is sent for ever$/],
    [
      'collapse',
      { collapse: { by, within: 'ever', againIfHigher: () => 1 } },
      /again whenever its figure is higher$/,
    ],
    ['brake', {}, /exceeds `BRAKE_PER_RULE` to all, `BRAKE_PER_RECIPIENT` to one person/],
    ['brake', { brake: { perRule: '50/1d' } }, /exceeds 50\/1d to all, `BRAKE_PER_RECIPIENT` to one person/],
  ] satisfies readonly (readonly [string, Extra, string | RegExp | undefined])[])(
    '%s %o',
    (word, extra, expected) => {
      const says = wordIn(docsOf(extra), word);
      if (expected instanceof RegExp) expect(says).toMatch(expected);
      else expect(says).toBe(expected);
    },
  );
});
