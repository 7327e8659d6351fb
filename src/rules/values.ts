/**
 * The kinds of value an event carries. Flavours, not brands: each is still a string or a number, but a
 * secret is refused where an open value is asked for, and a quantity where money is. A template string or
 * `.trim()` loses the flavour: the types catch slips, the masked runs give the safety.
 */
declare const tag: unique symbol;
declare const kind: unique symbol;

export type Secret<T> = T & { readonly [tag]?: 'SECRET' | undefined };
export type Pii<T> = T & { readonly [tag]?: 'PII' | undefined };
/** Anything but a secret: subjects, previews, keys. */
export type Open<T> = T & { readonly [tag]?: 'PII' | undefined };

/**
 * Kenyan shillings.
 * @public generated types use it once a schema does; so the ones below
 */
export type Money = number & { readonly [kind]?: 'money' | undefined };
/** @public */
export type Quantity = number & { readonly [kind]?: 'quantity' | undefined };
/** @public */
export type Percent = number & { readonly [kind]?: 'percent' | undefined };
/** YYYY-MM-DD, a day in Nairobi. */
export type BusinessDate = string & { readonly [kind]?: 'business date' | undefined };
export type Instant = Date;

export type Text = string | number;
/** @public */
export type OpenText = Open<string> | number;
