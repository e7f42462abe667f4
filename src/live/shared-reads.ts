/** Gives everybody who asks the same answer, if only it was asked for before the reading began. */
export type SharedReads = <T>(key: string, read: () => Promise<T>) => Promise<T>;

interface Line {
  /** The reading that is under way. */
  running: Promise<unknown>;
  /** The one after it, which all who came meanwhile wait for. */
  waiting: Promise<unknown> | null;
}

/**
 * Joins equal readings: one runs at a time and key, and whoever asks meanwhile shares the next. So a reader never gets an answer that is older
 * than its question, and a thousand of them cost as much as two. `read` must give the same for all who use the key.
 */
export function createSharedReads(): SharedReads {
  const lines = new Map<string, Line>();
  const start = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const answer = read();
    const line: Line = { running: answer, waiting: null };
    lines.set(key, line);
    const leave = (): void => {
      if (lines.get(key) === line && line.waiting === null) lines.delete(key);
    };
    answer.then(leave, leave);
    return answer;
  };
  return <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const line = lines.get(key);
    if (!line) return start(key, read);
    line.waiting ??= Promise.allSettled([line.running]).then(() => start(key, read));
    return line.waiting as Promise<T>;
  };
}
