import { z } from 'zod';
import { e164 } from '../domain/phone-number.js';
import type { Statements } from './database.js';

/** A profile as it came over the bus. */
export interface Profile {
  readonly userId: number;
  readonly name: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  /** As written: +254…, 254… or 0…. */
  readonly phone: string | null;
  readonly otherPhones: readonly string[];
  readonly role: string;
  readonly department: string | null;
  readonly active: boolean;
  readonly approved: boolean;
  readonly locale: string | null;
  readonly timezone: string | null;
  readonly updatedAt: Date;
}

/** A tombstone of profile.updated. */
export interface Departure {
  readonly userId: number;
  /** The event's time. */
  readonly deletedAt: Date;
}

const contact = z
  .object({
    user_id: z.number(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    email_verified: z.boolean(),
    phone: z.string().nullable(),
    other_phones: z.array(z.string()),
    role: z.string().nullable(),
    department: z.string().nullable(),
    active: z.boolean(),
    approved: z.boolean(),
    locale: z.string().nullable(),
    timezone: z.string().nullable(),
    updated_at: z.date(),
    deleted_at: z.date().nullable(),
  })
  .transform((row) => ({
    userId: row.user_id,
    name: row.name,
    email: row.email,
    emailVerified: row.email_verified,
    /** E.164, like otherPhones. */
    phone: row.phone,
    otherPhones: row.other_phones,
    role: row.role,
    department: row.department,
    active: row.active,
    approved: row.approved,
    locale: row.locale,
    timezone: row.timezone,
    updatedAt: row.updated_at,
    /** Set: gone, and every personal field is null. */
    deletedAt: row.deleted_at,
  }));
export type Contact = Readonly<z.infer<typeof contact>>;

const COLUMNS = `user_id, name, email, email_verified, phone, other_phones, role, department, active, approved,
  locale, timezone, updated_at, deleted_at`;

/**
 * Applies profiles and departures in the order in which they were read: a profile older than the one held is
 * ignored; a departure always counts, and only a profile that is not older than it brings the person back.
 * Numbers become E.164; those that can't be are left out.
 * @returns the contacts that changed
 * @throws RangeError for a user id that is no safe integer; errors of class 22 for text that a column can't hold
 */
export async function applyProfiles(
  tx: Statements,
  changes: readonly (Profile | Departure)[],
): Promise<Contact[]> {
  if (changes.length === 0) return [];
  return tx.rows(APPLY, [JSON.stringify(lastPerUser(changes))], contact);
}

/** Known contacts by id, those who are gone included: only an unknown one may still arrive. */
export async function contactsById(
  tx: Statements,
  userIds: readonly number[],
): Promise<ReadonlyMap<number, Contact>> {
  if (userIds.length === 0) return new Map();
  const rows = await tx.rows(
    `SELECT ${COLUMNS} FROM communications_contact WHERE user_id = ANY($1::bigint[])`,
    [userIds],
    contact,
  );
  return new Map(rows.map((row) => [row.userId, row]));
}

/** Active, approved contacts who hold one of the roles, by user id. */
export async function holdersOfRoles(tx: Statements, roles: readonly string[]): Promise<Contact[]> {
  if (roles.length === 0) return [];
  return tx.rows(
    `SELECT ${COLUMNS} FROM communications_contact
      WHERE role = ANY($1::varchar[]) AND active AND approved AND deleted_at IS NULL ORDER BY user_id`,
    [roles],
    contact,
  );
}

// Rows sorted by key: two instances that apply overlapping batches then wait, and don't deadlock.
const APPLY = `
INSERT INTO communications_contact AS held (${COLUMNS})
SELECT ${COLUMNS} FROM jsonb_to_recordset($1::jsonb) AS change(
  user_id bigint, name text, email text, email_verified boolean, phone text, other_phones jsonb, role text,
  department text, active boolean, approved boolean, locale text, timezone text,
  updated_at timestamptz, deleted_at timestamptz)
ORDER BY user_id
ON CONFLICT (user_id) DO UPDATE SET
  name = excluded.name, email = excluded.email, email_verified = excluded.email_verified,
  phone = excluded.phone, other_phones = excluded.other_phones, role = excluded.role,
  department = excluded.department, active = excluded.active, approved = excluded.approved,
  locale = excluded.locale, timezone = excluded.timezone,
  updated_at = greatest(held.updated_at, excluded.updated_at), deleted_at = excluded.deleted_at
WHERE excluded.deleted_at IS NOT NULL OR excluded.updated_at >= held.updated_at
RETURNING ${COLUMNS}`;

/** One statement can't touch a row twice, so what one batch says of one person is reduced first. */
function lastPerUser(changes: readonly (Profile | Departure)[]): ContactJson[] {
  const last = new Map<number, ContactJson>();
  for (const change of changes) {
    if (!Number.isSafeInteger(change.userId)) {
      throw new RangeError(`user id ${change.userId} of a profile is not an integer below 2^53`);
    }
    const before = last.get(change.userId);
    const next = 'deletedAt' in change ? departed(change, before) : present(change);
    if (before === undefined || next.updated_at >= before.updated_at) last.set(change.userId, next);
  }
  return [...last.values()];
}

type ContactJson = ReturnType<typeof present> | ReturnType<typeof departed>;

function present(profile: Profile) {
  return {
    user_id: profile.userId,
    name: profile.name,
    email: profile.email?.trim() || null,
    email_verified: profile.emailVerified,
    phone: profile.phone === null ? null : e164(profile.phone),
    other_phones: profile.otherPhones.map(e164).filter((number) => number !== null),
    role: profile.role,
    department: profile.department,
    active: profile.active,
    approved: profile.approved,
    locale: profile.locale,
    timezone: profile.timezone,
    updated_at: profile.updatedAt,
    deleted_at: null,
  };
}

function departed({ userId, deletedAt }: Departure, before: { updated_at: Date } | undefined) {
  return {
    user_id: userId,
    name: null,
    email: null,
    email_verified: false,
    phone: null,
    other_phones: [],
    role: null,
    department: null,
    active: false,
    approved: false,
    locale: null,
    timezone: null,
    updated_at: before !== undefined && before.updated_at > deletedAt ? before.updated_at : deletedAt,
    deleted_at: deletedAt,
  };
}
