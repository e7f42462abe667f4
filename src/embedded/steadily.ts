/**
 * Calls `act`, which never throws, every so often; a turn that comes while the one before is still in hand is passed over. Gives the way to end it,
 * which resolves when nothing is in hand any more.
 */
export function steadily(everyMs: number, act: () => Promise<void>): () => Promise<void> {
  let inHand: Promise<void> | null = null;
  const timer = setInterval(() => {
    inHand ??= act().finally(() => (inHand = null));
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await inHand;
  };
}
