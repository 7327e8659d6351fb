import { z } from 'zod';

const colour = z.string().regex(/^#[0-9a-f]{6}$/);

const palette = z.strictObject({
  ink: colour,
  quiet: colour,
  paper: colour,
  page: colour,
  accent: colour,
  on_accent: colour,
  line: colour,
  well: colour,
});

/** How the bakery shows itself; templates read it as {{@brand.name}}. */
export const brandSchema = z.strictObject({
  name: z.string(),
  tagline: z.string(),
  address: z.string(),
  email: z.email(),
  phone: z.string(),
  /** The same number as tel: wants it. */
  phone_link: z.string().regex(/^\+\d+$/),
  colours: palette,
  /** For readers who set their programs to dark. */
  dark: palette,
});
export type Brand = z.infer<typeof brandSchema>;
