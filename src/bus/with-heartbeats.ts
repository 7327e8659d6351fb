/**
 * Keeps the membership of the group alive while `work` runs: kafkajs beats only between fetches.
 * A failed beat is left to the caller's next one, which fails again and is heard by kafkajs; beating goes on
 * meanwhile, because during a rebalance the answer is an error and still keeps the session.
 */
export async function withHeartbeats<T>(
  beat: () => Promise<void>,
  everyMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const timer = setInterval(() => void beat().catch(() => undefined), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
