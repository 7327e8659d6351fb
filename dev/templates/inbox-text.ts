const HIDDEN = /<!--[\s\S]*?-->|<(head|style)\b[\s\S]*?<\/\1>/gi;
const TAGS = /<[^>]*>/g;
/** What keeps the text after a preheader out of sight: invisible characters, as such or as entities. */
const FILLER = /(?:[ \p{Cf}\u00a0\u2007]|\u034f|&(?:nbsp|zwnj|zwj|shy|#847|#8199|#820[3-7]|#65279);){6,}.*/u;
const ENOUGH = 300;

/** What an inbox shows after the subject: the first text of the page, its entities as they are. */
export function inboxText(page: string): string {
  const text = page
    .replace(HIDDEN, '')
    .replace(TAGS, ' ')
    .replace(/[ \t\r\n]+/g, ' ')
    .replace(FILLER, '');
  return text
    .trim()
    .slice(0, ENOUGH)
    .replace(/&[^;\s]*$/, '');
}
