import type { Channel } from '../domain/channel.js';
import type { Priority } from '../domain/priority.js';
import type { Events, Modules, Person } from '../generated/events.js';
import type { TemplateChannels, TemplateContexts } from '../generated/templates.js';
import type { Instant } from './values.js';

export type EventName = keyof Events;
export type Event<N extends EventName> = Events[N];
export type TemplateName = keyof TemplateContexts;
export type Duration = `${number}${'m' | 'h' | 'd'}`;

export const ROLES = [
  'SUPERADMIN',
  'ADMIN',
  'PRODUCT_MANAGER',
  'DEPT_HEAD',
  'DISPATCH',
  'SALESMAN',
  'SECURITY',
] as const;
export type Role = (typeof ROLES)[number];

export type Category = 'account' | 'orders' | 'money' | 'stock' | 'production' | 'dispatch' | 'reports';

type Some<T> = readonly [T, ...T[]];

/** Everybody active and approved who holds one of the roles. */
export interface Roles {
  readonly role: Some<Role>;
}
export type Audience<E> = Roles | { readonly direct: (e: E) => Person | readonly Person[] | null };

/** One rule, as its author writes it: who hears of an event E, through which channels, in which words. */
export interface Rule<E, T extends TemplateName, C> {
  /** Its name in logs and status events; never changes. */
  readonly rule: string;
  readonly category: Category;
  /** Without it: always. */
  readonly when?: (e: E) => boolean;
  readonly to: Audience<E> | readonly Audience<E>[];
  /** This person never hears of it. */
  readonly except?: (e: E) => Person | null;
  readonly template: T;
  readonly via: Some<TemplateChannels[T]>;
  readonly priority: Priority;
  /** From the event's time, at the end of its day in Nairobi, or at an instant of its own; without it 7d. */
  readonly expires?: Duration | 'end of day' | ((e: E) => Instant);
  /** The template's variables. The only function that sees secrets, and only in the run that is sealed. */
  readonly context: (e: E) => C;
}

/**
 * A rule as the engine holds it. Methods on purpose: TypeScript then accepts a rule for any one event,
 * and the rule book sees to it that a rule only ever meets the event it was written for.
 */
export interface EngineRule {
  readonly rule: string;
  readonly category: Category;
  when?(e: unknown): boolean;
  readonly to: EngineAudience | readonly EngineAudience[];
  except?(e: unknown): Person | null;
  readonly template: TemplateName;
  readonly via: Some<Channel>;
  readonly priority: Priority;
  readonly expires?: Duration | 'end of day' | EngineExpiry;
  context(e: unknown): unknown;
}
export type EngineAudience = Roles | { direct(e: unknown): Person | readonly Person[] | null };
type EngineExpiry = { bivariant(e: unknown): Instant }['bivariant'];

export interface Entry<N extends EventName = EventName> {
  readonly event: N;
  readonly rule: EngineRule;
}
export interface Consumer {
  readonly module: string;
  readonly entries: readonly Entry[];
}

type IsUnion<T, Whole = T> = T extends unknown ? ([Whole] extends [T] ? false : true) : never;
/** What a template needs. Of an unknown one (tsc then infers all of them) anything, so that only its name is reported. */
export type ContextOf<T extends TemplateName> =
  IsUnion<T> extends true ? Readonly<Record<string, unknown>> : TemplateContexts[T];

/** An arrow's object literal gets no excess-property check; this does it, at the property. */
type NoExtra<C, Needed> = {
  readonly [K in keyof C]: K extends keyof Needed ? unknown : 'the template does not use this variable';
};

/** One rule for one event. */
export function on<N extends EventName, const T extends TemplateName, C>(
  event: N,
  rule: Rule<Event<N>, T, ContextOf<T> & NoExtra<C, ContextOf<T>>>,
): Entry<N> {
  return { event, rule };
}

/** The rules for what one module publishes. */
export function consumer<M extends keyof Modules>(
  module: M,
  entries: readonly Entry<Modules[M]>[],
): Consumer {
  return { module, entries };
}

/** The people in the event. Their address wins, the directory fills gaps. */
export const direct = <E>(people: (e: E) => Person | readonly Person[] | null): Audience<E> => ({
  direct: people,
});

export const role = (...roles: Some<Role>): Roles => ({ role: roles });
