import { z } from 'zod';
import type { Statements } from './database.js';

/** A template as its files have it. */
export interface TemplateFile {
  /** `<module>_<name>`: auth_otp. */
  readonly name: string;
  readonly type: 'EMAIL' | 'SMS';
  /** Path form: auth/otp. */
  readonly path: string;
  /** Source of the subject; empty for SMS. */
  readonly subject: string;
  readonly description: string;
  /** Names of the variables that it uses. */
  readonly requiredContext: readonly string[];
  /** Hex, at most 64 characters; over all that decides what is rendered. */
  readonly contentHash: string;
}

const templateState = z
  .object({ name: z.string(), version: z.number(), is_active: z.boolean() })
  .transform(({ name, version, is_active }) => ({ name, version, isActive: is_active }));
export type TemplateState = Readonly<z.infer<typeof templateState>>;

/**
 * Makes the rows follow the files: the version goes up by one when the content hash changes, is_active stays as
 * people set it, rows without a file stay for the logs that name them. Safe from several instances at once.
 * @returns the rows that were added or changed
 */
export async function syncTemplates(
  db: Statements,
  templates: readonly TemplateFile[],
): Promise<TemplateState[]> {
  if (templates.length === 0) return [];
  return db.rows(SYNC, [JSON.stringify(templates.map(toJson))], templateState);
}

/** Every template's version and whether people let it be sent, by name. */
export async function templateStates(db: Statements): Promise<ReadonlyMap<string, TemplateState>> {
  const rows = await db.rows(
    'SELECT name, version, is_active FROM communications_message_template',
    [],
    templateState,
  );
  return new Map(rows.map((row) => [row.name, row]));
}

const toJson = (template: TemplateFile) => ({
  name: template.name,
  type: template.type,
  template_path: template.path,
  subject: template.subject.slice(0, 255),
  description: template.description,
  required_context: [...template.requiredContext].sort(),
  content_hash: template.contentHash,
});

// Sorted by name, so that instances that start together wait for each other and don't deadlock.
const SYNC = `
INSERT INTO communications_message_template AS held
  (name, type, template_path, subject, description, required_context, content_hash)
SELECT name, type, template_path, subject, description, required_context, content_hash
  FROM jsonb_to_recordset($1::jsonb) AS file(
    name text, type text, template_path text, subject text, description text, required_context jsonb,
    content_hash text)
 ORDER BY name
ON CONFLICT (name) DO UPDATE SET
  version = held.version + (held.content_hash <> excluded.content_hash)::integer,
  type = excluded.type, template_path = excluded.template_path, subject = excluded.subject,
  description = excluded.description, required_context = excluded.required_context,
  content_hash = excluded.content_hash, updated_at = now()
WHERE (held.type, held.template_path, held.subject, held.description, held.required_context, held.content_hash)
  IS DISTINCT FROM (excluded.type, excluded.template_path, excluded.subject, excluded.description,
                    excluded.required_context, excluded.content_hash)
RETURNING name, version, is_active`;
