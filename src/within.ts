/**
 * What `work` gives, unless it takes longer than `ms` (machine time): then it rejects, and what `work` comes to later is nobody's business any more.
 * @param late makes the error, which names the time by itself unless given.
 */
export async function within<T>(ms: number, work: () => Promise<T> | T, late: () => Error = () => new Error(`no answer within ${ms} ms`)): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
