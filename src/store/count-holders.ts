import { z } from 'zod';
import type { Statements } from './database.js';

const roleCount = z.object({ role: z.string().nullable(), active: z.number(), holders: z.number() });
/** Of one role: who is active, and who of them is approved too, and so gets what is for the role. */
export type RoleCount = Readonly<z.infer<typeof roleCount>>;

/** The directory in numbers. */
export const countHolders = (db: Statements): Promise<RoleCount[]> => db.rows(SQL, [], roleCount);

const SQL = `
SELECT role, count(*)::integer AS active, (count(*) FILTER (WHERE approved))::integer AS holders
FROM communications_contact WHERE active AND deleted_at IS NULL GROUP BY role ORDER BY role`;
