/** A template that can't be rendered from this context. Names template, part and variable; never a value. */
export class RenderError extends Error {
  override readonly name = 'RenderError';
  constructor(
    readonly template: string,
    readonly part: string,
    why: string,
  ) {
    super(`${template}, ${part}: ${why}`);
  }
}
