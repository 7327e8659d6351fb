import type { Rendering } from '../rendering.js';
import type { MailOut } from './mail-out.js';

/** What became of the last attempt to send a sample. */
export interface Sending {
  readonly at: Date;
  /** Why it was not taken. */
  readonly failure: string | null;
  /** Where to look at it. */
  readonly page: string | null;
}

/** @returns null before the first attempt */
export async function attemptSending(mailOut: MailOut, rendering: Rendering): Promise<Sending> {
  try {
    const page = await mailOut.send(rendering);
    return { at: new Date(), failure: null, page };
  } catch (error) {
    return { at: new Date(), failure: error instanceof Error ? error.message : String(error), page: null };
  }
}
