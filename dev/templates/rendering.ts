import type { Channel } from '../../src/domain/channel.js';
import type { RenderedEmail, Templates } from '../../src/templates/templates.js';

/** One template with one of its samples. */
export interface Rendering {
  /** auth/otp */
  readonly template: string;
  /** As in the log: auth_otp. */
  readonly identifier: string;
  /** `sample`, or the name within sample.<name>.json. */
  readonly sample: string;
  readonly channels: readonly Channel[];
  readonly email: RenderedEmail | null;
  readonly sms: string | null;
  readonly context: Readonly<Record<string, unknown>>;
  /** What the template asks for. */
  readonly asked: readonly string[];
}

/** Where its page is; its parts are below. */
export const pathOf = ({ template, sample }: Pick<Rendering, 'template' | 'sample'>): string =>
  `/templates/${template}/${sample}`;

/** @throws RenderError */
export function renderAll(templates: Templates): readonly Rendering[] {
  return templates.names.flatMap((name) =>
    templates.samples(name).map(({ name: sample, context }): Rendering => {
      const channels = templates.channels(name);
      return {
        template: name,
        identifier: templates.identifier(name),
        sample,
        channels,
        email: channels.includes('email') ? templates.render(name, 'email', context) : null,
        sms: channels.includes('sms') ? templates.renderSms(name, context) : null,
        context,
        asked: templates.requiredContext(name),
      };
    }),
  );
}
