import type { HelperName } from './helper-signatures.js';

/** A value that its helper can't show. Says what was asked for, never what came. */
export class HelperError extends Error {
  override readonly name = 'HelperError';
}

/** Handlebars passes its options last; helpers take no more than they have names for. */
export const HELPERS: Readonly<Record<HelperName, (...values: unknown[]) => string | boolean>> = {
  time: (value) => formatTime(instant(value)),
  date: (value) => formatDate(value),
  money: (value) => `KES ${formatAmount(finite('money', value))}`,
  amount: (value, currency) => `${currencyCode(currency)} ${formatAmount(finite('amount', value))}`,
  quantity: (value) => formatNumber(finite('quantity', value)),
  number: (value) => formatNumber(finite('number', value)),
  plural: (value, one, many) =>
    formatCount(finite('plural', value), text('plural', one), text('plural', many)),
  label: (value) => text('label', value).toLowerCase().replaceAll('_', ' '),
  eq: (left, right) => plain('eq', left) === plain('eq', right),
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const NAIROBI_OFFSET_MS = 3 * 3_600_000;
// Made once: making a formatter costs more than the rest of a message.
const MONEY = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });

/** Two decimals, thousands apart. By hand where there is nothing to round: Intl is slow. */
export function formatAmount(value: number): string {
  const size = Math.abs(value);
  const cents = Math.round(size * 100);
  if (size >= 1e9 || cents / 100 !== size) return MONEY.format(value);
  const whole = Math.floor(cents / 100);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return `${sign}${grouped(whole)}.${twoDigits(cents - whole * 100)}`;
}

/** Below 1e9. */
function grouped(whole: number): string {
  if (whole < 1_000) return String(whole);
  const digits = String(whole);
  const thousands =
    digits.length > 6 ? `${digits.slice(0, -6)},${digits.slice(-6, -3)}` : digits.slice(0, -3);
  return `${thousands},${digits.slice(-3)}`;
}

const twoDigits = (number: number): string => (number < 10 ? `0${number}` : String(number));

const formatCount = (count: number, one: string, many: string): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`;

/** Intl only where there is something to group or to round. */
const formatNumber = (value: number): string =>
  Number.isInteger(value) && value > 0 && value < 1_000 ? String(value) : NUMBER.format(value);

/** By hand: what Intl calls September changes with the version of Node. */
function formatTime(at: Date): string {
  const there = new Date(at.getTime() + NAIROBI_OFFSET_MS);
  if (Number.isNaN(there.getTime())) throw new HelperError('time takes an instant of the calendar');
  return `${twoDigits(there.getUTCHours())}:${twoDigits(there.getUTCMinutes())}, ${dayMonthYear(there)}`;
}

function formatDate(value: unknown): string {
  const day = new Date(`${text('date', value)}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) throw new HelperError('date takes YYYY-MM-DD');
  return `${WEEKDAYS[day.getUTCDay()]} ${dayMonthYear(day)}`;
}

const dayMonthYear = (day: Date): string =>
  `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]} ${day.getUTCFullYear()}`;

/** An instant that has been through JSON is its RFC 3339 text. */
function instant(value: unknown): Date {
  const at = value instanceof Date ? value : new Date(text('time', value));
  if (Number.isNaN(at.getTime())) throw new HelperError('time takes an instant');
  return at;
}

function currencyCode(value: unknown): string {
  const code = text('amount', value);
  if (!/^[A-Z]{3}$/.test(code)) throw new HelperError('amount takes a currency of three capitals');
  return code;
}

function finite(helper: HelperName, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new HelperError(`${helper} takes a number`);
  return value;
}

function text(helper: HelperName, value: unknown): string {
  if (typeof value !== 'string') throw new HelperError(`${helper} takes text`);
  return value;
}

function plain(helper: HelperName, value: unknown): string | number {
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new HelperError(`${helper} takes text or numbers`);
  }
  return value;
}
