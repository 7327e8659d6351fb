import type { Channel } from '../domain/channel.js';
import type { Priority } from '../domain/priority.js';
import type { Events, Modules, Person } from '../generated/events.js';
import type { TemplateChannels, TemplateContexts } from '../generated/templates.js';
import type { Instant, Open } from './values.js';

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

export const CATEGORIES = [
  'account',
  'orders',
  'money',
  'stock',
  'production',
  'dispatch',
  'reports',
] as const;
export type Category = (typeof CATEGORIES)[number];

type Some<T> = readonly [T, ...T[]];

/** What makes two events the same to a reader. No secret is a key. */
export type Key = Open<string> | number;
/** How often what has the same key is sent, counted by the events' own times. */
export type Collapse<E> =
  | {
      readonly by: (e: E) => Key | readonly Key[];
      readonly within: Duration;
      /** first (unless said): what follows within that time is left out. newest: the first waits that long, and the newest of them goes. */
      readonly keep?: 'first' | 'newest';
    }
  | {
      readonly by: (e: E) => Key | readonly Key[];
      /** Once for ever; with `againIfHigher` again whenever that number is higher than when it was last sent. */
      readonly within: 'ever';
      readonly againIfHigher?: (e: E) => number;
    };

/** Such as 200/1h. */
export type Limit = `${number}/${Duration}`;
/** How many messages a rule may lead to before people are asked; what is left out is as the environment says. */
export interface Brake {
  /** To everybody together. */
  readonly perRule?: Limit;
  /** To one person, by one channel. */
  readonly perRecipient?: Limit;
}

/** Everybody active and approved who holds one of the roles. */
export interface Roles {
  readonly role: Some<Role>;
}
export type Audience<E> = Roles | { readonly direct: (e: E) => Person | readonly Person[] | null };

/** What an event's headers say. */
export interface Happened {
  readonly at: Instant;
}

/** One rule, as its author writes it: who hears of an event E, through which channels, in which words. */
export interface Rule<E, T extends TemplateName, C> {
  /** Its name in logs and status events. */
  readonly rule: string;
  /** Names that it had before, without the module: what was done under them counts as its own. */
  readonly formerly?: readonly string[];
  readonly category: Category;
  /** Without it: always. */
  readonly when?: (e: E) => boolean;
  readonly to: Audience<E> | readonly Audience<E>[];
  /** This person never hears of it. */
  readonly except?: (e: E) => Person | null;
  readonly template: T;
  readonly via: Some<TemplateChannels[T]> | ((e: E) => Some<TemplateChannels[T]>);
  readonly priority: Priority;
  /** In such a case these people and channels too, and this priority; still one message per person and channel. */
  readonly escalate?: {
    readonly when: (e: E) => boolean;
    readonly alsoTo?: Audience<E>;
    readonly alsoVia?: Some<TemplateChannels[T]>;
    readonly priority?: Priority;
  };
  /** From the event's time, at the end of its day in Nairobi, or at an instant of its own; without it 7d. */
  readonly expires?: Duration | 'end of day' | ((e: E) => Instant);
  /** Without it every event is sent. */
  readonly collapse?: Collapse<E>;
  readonly brake?: Brake;
  /** The template's variables. The only function that sees secrets, and only in the run that is sealed. */
  readonly context: (e: E, happened: Happened) => C;
}

/**
 * A rule as the engine holds it. Methods on purpose: TypeScript then accepts a rule for any one event,
 * and the rule book sees to it that a rule only ever meets the event it was written for.
 */
export interface EngineRule {
  readonly rule: string;
  readonly formerly?: readonly string[];
  readonly category: Category;
  when?(e: unknown): boolean;
  readonly to: EngineAudience | readonly EngineAudience[];
  except?(e: unknown): Person | null;
  readonly template: TemplateName;
  readonly via: Some<Channel> | EngineChannels;
  readonly priority: Priority;
  readonly escalate?: EngineEscalation;
  readonly expires?: Duration | 'end of day' | EngineExpiry;
  readonly collapse?: EngineCollapse;
  readonly brake?: Brake;
  context(e: unknown, happened: Happened): unknown;
}
export type EngineAudience = Roles | { direct(e: unknown): Person | readonly Person[] | null };
type EngineExpiry = { bivariant(e: unknown): Instant }['bivariant'];
type EngineChannels = { bivariant(e: unknown): Some<Channel> }['bivariant'];
export interface EngineEscalation {
  when(e: unknown): boolean;
  readonly alsoTo?: EngineAudience;
  readonly alsoVia?: Some<Channel>;
  readonly priority?: Priority;
}
export interface EngineCollapse {
  by(e: unknown): Key | readonly Key[];
  readonly within: Duration | 'ever';
  readonly keep?: 'first' | 'newest';
  againIfHigher?(e: unknown): number;
}

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
