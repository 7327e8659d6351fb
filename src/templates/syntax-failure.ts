// How Handlebars' parser complains: the text around the place, without line breaks, and an arrow below it.
const PARSER = /^Parse error on line (\d+):\n(.*)\n(-*)\^\n(.*)$/s;
// How the rest of it does; columns from 0.
const OTHERS = /^(.*) - (\d+):(\d+)$/s;
/** So much of the text does the parser show before and after the place. */
const SHOWN = 20;

/** What is wrong, as `where:line:column: why`. */
export function syntaxFailure(message: string, source: string, where: string): string {
  const [, line, shown = '', arrow = '', why = ''] = PARSER.exec(message) ?? [];
  if (line !== undefined) {
    const offset = offsetOf(source, shown, arrow.length, Number(line));
    const column = offset === undefined ? '' : `${columnAt(source, offset)}:`;
    return `${where}:${line}:${column} ${why}`;
  }
  const [, other, otherLine, otherColumn] = OTHERS.exec(message) ?? [];
  if (other === undefined) return `${where}: ${message}`;
  return `${where}:${otherLine}:${Number(otherColumn) + 1}: ${other}`;
}

/** Where on that line the text around is the text shown. */
function offsetOf(source: string, shown: string, arrow: number, line: number): number | undefined {
  const [before, after] = [shown.slice(0, arrow), shown.slice(arrow)];
  const offsets = Array.from({ length: source.length + 1 }, (_, offset) => offset);
  return offsets.find(
    (offset) =>
      lineAt(source, offset) === line &&
      before === textBefore(source, offset) &&
      after.startsWith(oneLine(source.slice(offset, offset + SHOWN))),
  );
}

const textBefore = (source: string, offset: number): string =>
  (offset > SHOWN ? '...' : '') + oneLine(source.slice(Math.max(0, offset - SHOWN), offset));

const oneLine = (text: string): string => text.replaceAll('\n', '');
const lineAt = (source: string, offset: number): number => source.slice(0, offset).split('\n').length;
const columnAt = (source: string, offset: number): number => offset - source.lastIndexOf('\n', offset - 1);
