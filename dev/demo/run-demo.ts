import { checkMail, type MailCheck } from './check-mail.js';
import { createGuestStory } from './guest-story.js';
import { judge } from './judge.js';
import { createLedger } from './ledger.js';
import { MOST_INTERESTING, wholeMorning } from './morning/whole-morning.js';
import type { Row } from './row.js';
import { runMorning } from './run-morning.js';
import { type DemoStack, type SetUp, setUp } from './set-up.js';
import { type StoryLines, storyLines } from './story-lines.js';

export interface Demo {
  readonly rows: readonly Row[];
  /** How many events were published. */
  readonly events: number;
  /** What did not come as expected. */
  readonly problems: readonly string[];
  readonly mail: MailCheck;
  /** What an operator is told of the most interesting event; null if the morning did not come so far. */
  readonly why: Why | null;
  readonly setUp: Pick<SetUp, 'environment' | 'service' | 'catcher'>;
  /**
   * Shows what others publish from now on, as it comes.
   * @param redraws whether open lines are seen
   */
  showGuests(redraws: boolean, onChange: (lines: StoryLines) => void): void;
  stop(): Promise<void>;
}

export interface Why {
  readonly eventId: string;
  readonly told: string;
}

export interface DemoHooks {
  /** What goes on, a line each. */
  readonly report: (line: string) => void;
  readonly onChange: (lines: StoryLines) => void;
}

/** On a running stack: sets all up, plays the morning, and sees what became of it. */
export async function runDemo(stack: DemoStack, { report, onChange }: DemoHooks): Promise<Demo> {
  let phase = 0;
  let show = () => onChange(storyLines(wholeMorning, ledger, phase));
  const ledger = createLedger(() => show());
  const all = await setUp(stack, ledger, report);
  const brokenOff = await play(all, (begun) => {
    phase = begun;
    show();
  });

  const rows = ledger.rows();
  const { problems } = judge(ledger.expected, rows);
  return {
    rows,
    events: ledger.expected.size,
    problems: [...brokenOff, ...problems],
    mail: await checkMail(all.catcher.url, ledger),
    why: brokenOff.length > 0 ? null : await why(all),
    setUp: all,
    showGuests(redraws, onGuest) {
      ledger.welcomeGuests(wholeMorning.length);
      const story = createGuestStory(ledger, wholeMorning.length, redraws);
      show = () => onGuest(story());
      show();
    },
    stop: all.stop,
  };
}

/** @returns why it was broken off, if it was */
async function play({ stage, watch }: SetUp, onPhase: (phase: number) => void): Promise<string[]> {
  try {
    await Promise.race([runMorning(wholeMorning, stage, onPhase), watch.failed]);
    return [];
  } catch (error) {
    return [`the morning was broken off: ${error instanceof Error ? error.message : String(error)}`];
  }
}

async function why({ stage: { ledger, operator } }: SetUp): Promise<Why | null> {
  const event = ledger.find(MOST_INTERESTING);
  return event === undefined ? null : { eventId: event.id, told: await operator(['why', event.id]) };
}
