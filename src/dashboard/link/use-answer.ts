import { useCallback, useEffect, useState } from 'react';
import type { TypedDocumentString } from '../../generated/operations/graphql.ts';
import { useLink } from './link-context.tsx';

export interface Answer<Result> {
  data: Result | null;
  error: string | null;
  /** Asks again; the old answer stays until the new one is there. */
  again(): void;
}

/** Asks once, and again whenever a variable changes. Give variables as a flat object. */
export function useAnswer<Result, Variables extends object>(document: TypedDocumentString<Result, Variables>, variables: Variables): Answer<Result> {
  const link = useLink();
  const asked = JSON.stringify(variables);
  const [round, setRound] = useState(0);
  const [{ of, data, error }, setAnswer] = useState<{ of: string; data: Result | null; error: string | null }>({ of: asked, data: null, error: null });
  useEffect(() => {
    let wanted = true;
    const keep = (given: { data: Result | null; error: string | null }): void => void (wanted && setAnswer({ of: asked, ...given }));
    link.ask(document, JSON.parse(asked) as Variables).then((given) => keep({ data: given, error: null }), (reason: Error) => keep({ data: null, error: reason.message }));
    return () => void (wanted = false);
  }, [link, document, asked, round]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return of === asked ? { data, error, again } : { data: null, error: null, again };
}
