/** What was asked, and what is wrong with the answer. */
export interface Verdict {
  /** Dashboard and panel, or rule. */
  readonly of: string;
  readonly question: string;
  readonly problems: readonly string[];
}
