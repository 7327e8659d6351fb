/** Everything that is derived from `sales order.cancelled`. */
export interface EventNames {
  /** sales */
  readonly module: string;
  /** order.cancelled */
  readonly event: string;
  /** OrderCancelled */
  readonly record: string;
  /** Of the person in it: customers are sales' alone, the others have a login. */
  readonly person: 'customer' | 'user';
  /** order_id */
  readonly idField: string;
  /** cancelled_at */
  readonly timeField: string;
  /** order */
  readonly thing: string;
  /** cancelled */
  readonly happened: string;
  /** order-cancelled */
  readonly rule: string;
  /** sales/order_cancelled */
  readonly template: string;
}

const MODULE = /^[a-z][a-z0-9]*$/;
const EVENT = /^[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Folders and files of schemas/, consumers/ and templates/ that are something else. */
const RESERVED = ['communications', 'all', 'brand', 'layouts', 'partials'];

/** @returns what is wrong with the names; empty if nothing is */
export function problemsOfNames(module: string, event: string): string[] {
  return [
    ...(MODULE.test(module)
      ? []
      : [`"${module}" is no module: lower-case letters and digits, such as sales`]),
    ...(RESERVED.includes(module)
      ? [`"${module}" stands for something else here; name the module otherwise`]
      : []),
    ...(EVENT.test(event)
      ? []
      : [`"${event}" is no event: a thing and what happened to it, such as order.cancelled`]),
  ];
}

/** @param event well-formed */
export function namesOf(module: string, event: string): EventNames {
  const [thing = '', happened = ''] = event.split('.');
  const snake = event.replaceAll(/[.-]/g, '_');
  return {
    module,
    event,
    record: snake.replaceAll(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    person: module === 'sales' ? 'customer' : 'user',
    idField: `${thing.replaceAll('-', '_')}_id`,
    // Not low_at, of stock.low.
    timeField: happened.endsWith('ed') ? `${happened.replaceAll('-', '_')}_at` : 'occurred_at',
    thing: thing.replaceAll('-', ' '),
    happened: happened.replaceAll('-', ' '),
    rule: event.replace('.', '-'),
    template: `${module}/${snake}`,
  };
}
