import { useEffect, useEffectEvent, useState } from 'react';
import type { TypedDocumentString as Operation } from '../../generated/operations/graphql.ts';
import { useLink } from './link-context.tsx';

const AGAIN_MS = 1_500;

/**
 * Hears a stream as long as the component is there. `hear` gets each result; the cursor that it gives back, if any, is
 * where the stream goes on when the line was lost or the server let go of it. Gives what the server said when it ended the stream with an error.
 */
export function useStream<Result, Variables extends object>(document: Operation<Result, Variables>, variables: Variables, hear: (result: Result) => string | void): string | null {
  const link = useLink();
  const [error, setError] = useState<string | null>(null);
  const asked = JSON.stringify(variables);
  const heard = useEffectEvent(hear);
  useEffect(() => {
    const live = JSON.parse(asked) as Variables & { after?: string };
    let retry: ReturnType<typeof setTimeout> | undefined;
    let stop = (): void => undefined;
    const take = (result: Result): void => {
      const cursor = heard(result);
      if (typeof cursor === 'string') live.after = cursor;
    };
    const fail = (message: string, passing: boolean): void => {
      stop();
      setError(message);
      clearTimeout(retry);
      if (passing) retry = setTimeout(listen, AGAIN_MS);
    };
    function listen(): void {
      setError(null);
      stop = link.listen(document, live, { hear: take, fail });
    }
    listen();
    return () => {
      clearTimeout(retry);
      stop();
    };
  }, [link, document, asked]);
  return error;
}
