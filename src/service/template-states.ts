import type { Database } from '../store/database.js';
import { syncTemplates, type TemplateState, templateStates } from '../store/template-registry.js';
import type { Templates } from '../templates/templates.js';

/** By log identifier. */
export type KnownTemplates = ReadonlyMap<string, TemplateState>;

/** Which version each template has, and whether people let it be sent. */
export interface TemplateStates {
  /** As last read. */
  known(): KnownTemplates;
  /** Makes the rows follow the files. */
  sync(): Promise<void>;
  /** Reads what people have switched. */
  refresh(): Promise<void>;
  version(identifier: string): number;
  /** Also for templates of another build; what nobody knows has not been switched off. */
  isActive(identifier: string): boolean;
}

export const versionOf = (known: KnownTemplates, identifier: string): number =>
  known.get(identifier)?.version ?? 1;

export function createTemplateStates(database: Database, templates: Templates): TemplateStates {
  let states: KnownTemplates = new Map();
  const refresh = async () => {
    states = await templateStates(database);
  };
  return {
    known: () => states,
    refresh,
    async sync() {
      await syncTemplates(
        database,
        templates.names.map((path) => ({
          name: templates.identifier(path),
          type: templates.channels(path).includes('email') ? ('EMAIL' as const) : ('SMS' as const),
          path,
          subject: templates.subjectSource(path),
          description: '',
          requiredContext: templates.requiredContext(path),
          contentHash: templates.contentHash(path),
        })),
      );
      await refresh();
    },
    version: (identifier) => versionOf(states, identifier),
    isActive: (identifier) => states.get(identifier)?.isActive ?? true,
  };
}
