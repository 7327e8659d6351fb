/** Lets a loop sleep until there may be work: woken in the process at once, by the clock at the latest. */
export interface WakeUp {
  wake(): void;
  /** Resolves when woken or after `ms`. A wake before the call counts, so none is lost. */
  sleep(ms: number): Promise<void>;
}

export function createWakeUp(): WakeUp {
  let awake = false;
  let rouse: (() => void) | null = null;
  return {
    wake() {
      awake = true;
      rouse?.();
    },
    sleep(ms) {
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          rouse = null;
          awake = false;
          resolve();
        };
        const timer = setTimeout(done, ms);
        if (awake) done();
        else rouse = done;
      });
    },
  };
}
