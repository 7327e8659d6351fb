import type { RequestHandler } from 'express';

/** The gallery's own pages: one style, one script, frames of its own previews. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; frame-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * A message: no script, no form, nothing fetched but the logo. Links open a tab of their own; the same origin lets
 * the page around it measure its height.
 */
export const MESSAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/** Other sites open in the same browser can neither read samples nor send them. */
export function onlyFrom(origin: string): RequestHandler {
  return ({ headers }, response, next) => {
    response.set({
      'Content-Security-Policy': PAGE_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    });
    const fromHere = headers.origin === undefined || headers.origin === origin;
    if (headers.host === new URL(origin).host && fromHere) next();
    else response.status(403).type('text').send(`This is ${origin}, for its own pages only.`);
  };
}
