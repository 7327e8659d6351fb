/** Text as a PostgreSQL column of `longest` characters takes it: control characters and lone surrogates marked. */
export const storableText = (text: string, longest: number): string =>
  text
    .replace(/\p{Cc}/gu, '\u{FFFD}')
    .toWellFormed()
    .slice(0, longest)
    .toWellFormed();
