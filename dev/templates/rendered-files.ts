import { previewOf } from './preview.js';
import type { Rendering } from './rendering.js';

export interface RenderedFile {
  readonly name: string;
  readonly content: string;
}

/** What a page shows and `--once` writes: the parts as they are sent, and the html as light and dark readers see it. */
export function filesOf({ email, sms }: Pick<Rendering, 'email' | 'sms'>): readonly RenderedFile[] {
  return [
    ...(email === null
      ? []
      : [
          { name: 'subject.txt', content: email.subject },
          { name: 'message.html', content: email.html },
          { name: 'message.txt', content: email.text },
          { name: 'light.html', content: previewOf(email.html, 'light') },
          { name: 'dark.html', content: previewOf(email.html, 'dark') },
        ]),
    ...(sms === null ? [] : [{ name: 'sms.txt', content: sms }]),
  ];
}
