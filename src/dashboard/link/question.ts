/** A question that is put again from time to time. */
export interface Question {
  /** Puts it once more: at once, or when the one under way is answered. */
  again(): void;
  close(): void;
}

/** Why a question has no answer. */
export class Unanswered extends Error {
  /** Better in a moment: the server is away, or asked too much. */
  readonly passing: boolean;

  constructor(message: string, passing: boolean) {
    super(message);
    this.passing = passing;
  }
}

const RETRY_MS = 2_000;

/**
 * Puts a question at once. One is under way at a time, so that a slow answer is not dropped for the next one; wishes meanwhile become one. What fails and
 * may be better in a moment is put again by itself.
 * @param ask rejects with an `Unanswered`, or any other error, which is final.
 */
export function openQuestion<Result>(ask: () => Promise<Result>, hear: (result: Result) => void, fail: (message: string) => void): Question {
  let state: 'idle' | 'asking' | 'wished' | 'closed' = 'idle';
  let retry: ReturnType<typeof setTimeout> | undefined;
  const put = (): void => {
    clearTimeout(retry);
    state = 'asking';
    ask().then((result) => state !== 'closed' && hear(result), (error: Error) => {
      if (state === 'closed') return;
      fail(error.message);
      if (error instanceof Unanswered && error.passing) retry = setTimeout(again, RETRY_MS);
    }).finally(() => {
      if (state === 'wished') put();
      else if (state === 'asking') state = 'idle';
    });
  };
  function again(): void {
    if (state === 'idle') put();
    else if (state === 'asking') state = 'wished';
  }
  put();
  return {
    again,
    close: () => {
      state = 'closed';
      clearTimeout(retry);
    },
  };
}
