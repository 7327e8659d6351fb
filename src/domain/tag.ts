/** What a schema says of a field: a secret is never kept or shown in clear, personal data never logged. */
export type Tag = 'SECRET' | 'PII';
/** Path of a field (`user.name`, `lines[].note`) to what it is. */
export type Tags = ReadonlyMap<string, Tag>;
