export interface LiveLines {
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
  let last: readonly string[] = [];
  let drawn: readonly string[] = [];

  /** What has scrolled away can't be redrawn, so the oldest lines of much too many are left out. */
  const fitting = (lines: readonly string[]) => lines.slice(-Math.max(1, stream.rows - 1));

  function draw(newly: readonly string[], open: readonly string[]): void {
    if (newly.length === 0 && open.join('\n') === drawn.join('\n')) return;
    const up = drawn.length === 0 ? '' : `\u001b[${drawn.length}A`;
    const text = [...newly, ...open].map((line) => `${line}\n`).join('');
    // Without wrapping a line is a line, however narrow the window.
    stream.write(`\u001b[?7l${up}\r\u001b[J${text}\u001b[?7h`);
    drawn = open;
  }

  return {
    show(standing, open) {
      const newly = standing.slice(printed);
      printed = standing.length;
      last = open;
      if (redraws) draw(newly, fitting(open));
      else if (newly.length > 0) stream.write(`${newly.join('\n')}\n`);
    },
    end() {
      if (redraws) draw(last, []);
      else if (last.length > 0) stream.write(`${last.join('\n')}\n`);
      last = [];
    },
  };
}
