import type { Channel } from '../domain/channel.js';

export interface RenderedEmail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}
export type TemplateContext = Readonly<Record<string, unknown>>;

export interface Templates {
  readonly names: readonly string[];
  has(name: string): boolean;
  /** As in the logs: auth/otp is `auth_otp`. */
  identifier(name: string): string;
  channels(name: string): readonly Channel[];
  /** Names of the variables, sorted. */
  requiredContext(name: string): readonly string[];
  /** Changes whenever anything that shows changes: parts, partials, brand. Hex. */
  contentHash(name: string): string;
  /** The context may have been through JSON: an instant is then its ISO text. @throws RenderError */
  render(name: string, channel: 'email', context: TemplateContext): RenderedEmail;
  /** For the log, from the context without secrets. @throws RenderError */
  renderSubject(name: string, openContext: TemplateContext): string;
}

/** Names the template, the part and the variable; never a value. */
export class RenderError extends Error {
  override readonly name = 'RenderError';
}

/** Compiles everything below `root`. @throws Error naming file, line and what is wrong */
export function loadTemplates(_root: string): Templates {
  throw new Error('not yet');
}
