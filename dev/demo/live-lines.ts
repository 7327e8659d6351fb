export interface LiveLines {
  /** Whether open lines are seen before they end. */
  readonly redraws: boolean;
  /**
   * @param standing don't change any more; the same ones as before and perhaps more
   * @param open take the place of those shown before
   */
  show(standing: readonly string[], open: readonly string[]): void;
  /** Leaves the last lines standing. */
  end(): void;
}

/** Redraws in place on a terminal; elsewhere only the last state of each line is printed. */
export function createLiveLines(stream: NodeJS.WriteStream): LiveLines {
  const redraws = stream.isTTY && process.env['TERM'] !== 'dumb';
  let printed = 0;
  let open: readonly string[] = [];
  let drawn: readonly string[] = [];

  function print(standing: readonly string[]): void {
    if (!redraws) stream.write(standing.map((line) => `${line.trimEnd()}\n`).join(''));
    else draw(standing, open);
  }

  function draw(standing: readonly string[], changing: readonly string[]): void {
    // What has scrolled away can't be redrawn, and a line that wraps would be two.
    const fitting = changing.slice(-Math.max(1, stream.rows - 1)).map((line) => cut(line, stream.columns));
    if (standing.length === 0 && fitting.join('\n') === drawn.join('\n')) return;
    const up = drawn.length === 0 ? '' : `\u001b[${drawn.length}A`;
    // Line by line: some terminals keep a screen that is cleared whole in what can be scrolled back.
    const lines = [...standing, ...fitting].map((line) => `${line}\u001b[K\n`).join('');
    stream.write(`${up}${lines}\u001b[J`);
    drawn = fitting;
  }

  return {
    redraws,
    show(standing, changing) {
      const newly = standing.slice(printed);
      printed = standing.length;
      open = changing;
      print(newly);
    },
    end() {
      const last = open;
      open = [];
      print(last);
    },
  };
}

/** To a number of visible characters. */
function cut(line: string, columns: number): string {
  let visible = 0;
  return line.replace(COLOUR_OR_CHARACTER, (piece, colour?: string) => {
    if (colour !== undefined) return piece;
    visible += 1;
    return visible > columns ? '' : piece;
  });
}

const COLOUR_OR_CHARACTER = new RegExp(`(${String.fromCharCode(27)}\\[\\d+m)|.`, 'gu');
