import type { ProcessSpec } from './supervised-process.js';

/** Where a part may write, and how it tells of slow steps. */
export interface PartContext {
  /** Its own, empty, gone when the stack stops. */
  readonly directory: string;
  readonly durable: boolean;
  readonly report: (line: string) => void;
}

/** A part made ready to start: its files are there, its ports chosen. */
export interface PartDefinition {
  readonly process: ProcessSpec;
  readonly variables: Readonly<Record<string, string>>;
  /** Once, after the first start. */
  readonly afterFirstStart?: () => Promise<void>;
}

export type PreparePart = (context: PartContext) => Promise<PartDefinition>;
