export interface LiveLines {
  /** Takes the place of what was shown before. */
  show(lines: readonly string[]): void;
  /** Leaves the last lines standing. */
  end(): void;
}

/** Redraws in place on a terminal; elsewhere only the last state is printed. */
export function createLiveLines(stream: NodeJS.WriteStream): LiveLines {
  let shown: readonly string[] = [];
  return {
    show(lines) {
      if (stream.isTTY && lines.join('\n') !== shown.join('\n')) {
        if (shown.length > 0) stream.moveCursor(0, -shown.length);
        for (const line of lines) {
          stream.clearLine(0);
          stream.write(`${line}\n`);
        }
      }
      shown = lines;
    },
    end() {
      if (!stream.isTTY) stream.write(`${shown.join('\n')}\n`);
      shown = [];
    },
  };
}
