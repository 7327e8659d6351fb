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
  caution: colour,
  on_caution: colour,
  danger: colour,
  on_danger: colour,
});

/** How the bakery shows itself; templates read it as {{@brand.name}}. */
export const brandSchema = z.strictObject({
  name: z.string(),
  tagline: z.string(),
  address: z.string(),
  support: z.strictObject({
    email: z.email(),
    phone: z.string(),
    /** The same number as tel: wants it. */
    phone_link: z.string().regex(/^\+\d+$/),
  }),
  logo: z.strictObject({
    /** Below templates/brand/, twice as wide and high as it is shown. */
    file: z.string().regex(/^[a-z0-9-]+\.png$/),
    alt: z.string().min(1),
    width: z.number(),
    height: z.number(),
  }),
  colours: palette,
  /** For readers who set their programs to dark. */
  dark: palette,
});
export type Brand = z.infer<typeof brandSchema>;

/** A file that messages point to, to be served at its path. */
export interface BrandFile {
  /** /brand/logo.png */
  readonly path: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export const logoPath = (brand: Brand): string => `/brand/${brand.logo.file}`;

/** What templates see as @brand: the file, and where the logo is fetched from. */
export function brandData(brand: Brand, publicBaseUrl: string) {
  const url = `${publicBaseUrl.replace(/\/+$/, '')}${logoPath(brand)}`;
  return { ...brand, logo: { ...brand.logo, url } };
}
