import { z } from 'zod';

/** What people read about a variable: in .env.example, the README's table and error messages. */
export interface VariableNotes {
  /** One sentence without a full stop. */
  readonly meaning: string;
  readonly example: string;
  /** A shell's line that prints a value, where no example could serve; null: none. */
  readonly make: string | null;
  /** As written in the environment; null: none. */
  readonly default: string | null;
  /** What takes its place when unset, in words; null: nothing. */
  readonly derived: string | null;
  readonly required: boolean;
  /** Its value appears in no message. */
  readonly secret: boolean;
}

interface Notes {
  readonly meaning: string;
  readonly example: string;
  readonly make?: string;
  readonly secret?: boolean;
}

export const variableNotes = z.registry<VariableNotes>();

export function required<Value>(read: z.ZodType<Value, string>, notes: Notes): z.ZodType<Value, string> {
  // Cloned: the same reader may serve several variables, and notes belong to one.
  return read.clone().register(variableNotes, {
    secret: false,
    make: null,
    ...notes,
    default: null,
    derived: null,
    required: true,
  });
}

export function withDefault<Value>(
  read: z.ZodType<Value, string>,
  text: string,
  notes: Omit<Notes, 'example'> & { readonly example?: string },
): z.ZodType<Value, string | undefined> {
  return z.prefault(read, text).register(variableNotes, {
    secret: false,
    make: null,
    example: text,
    ...notes,
    default: text,
    derived: null,
    required: false,
  });
}

/** Null when unset. */
export function optional<Value>(
  read: z.ZodType<Value, string>,
  notes: Notes & { readonly derived?: string },
): z.ZodType<Value | null, string | undefined> {
  const { derived, ...rest } = notes;
  return z
    .optional(read)
    .transform((value) => value ?? null)
    .register(variableNotes, {
      secret: false,
      make: null,
      ...rest,
      default: null,
      derived: derived ?? null,
      required: false,
    });
}
