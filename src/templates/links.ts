/** An attribute may stand close behind another, or behind a slash. */
const LINK =
  /[\s"'/](?:href|src|action|background|poster|formaction)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*))/gi;
const ALLOWED = /^(?:https?:\/\/|mailto:|tel:)/i;

/** Whether every link of the page goes to the web, a mailbox or a phone. Values are escaped, so quotes end attributes. */
export function hasOnlySafeLinks(html: string): boolean {
  for (const [, double, single, bare] of html.matchAll(LINK)) {
    if (!ALLOWED.test((double ?? single ?? bare ?? '').trim())) return false;
  }
  return true;
}

/**
 * Whether all links of a template are the same in all messages, and safe: then they need not be looked at in each.
 * @param source with Handlebars' tags, those of the brand replaced
 */
export const hasFixedSafeLinks = (source: string): boolean =>
  ![...source.matchAll(LINK)].some(([link]) => link.includes('{{')) && hasOnlySafeLinks(source);
