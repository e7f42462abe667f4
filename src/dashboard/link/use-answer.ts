import { useCallback, useEffect, useRef, useState } from 'react';
import type { TypedDocumentString } from '../../generated/operations/graphql.ts';
import { useLink } from './link-context.tsx';
import { openQuestion, type Question } from './question.ts';

export interface Answer<Result> {
  /** The newest answer there was, to whichever variables: the old one stands until the new one is there. */
  data: Result | null;
  /** Why the last question has none. */
  error: string | null;
  /** Asks again. */
  again(): void;
}

/** Asks once, and again whenever a variable changes or somebody wishes it. Give variables as a flat object. */
export function useAnswer<Result, Variables extends object>(document: TypedDocumentString<Result, Variables>, variables: Variables): Answer<Result> {
  const link = useLink();
  const asked = JSON.stringify(variables);
  const question = useRef<Question | null>(null);
  const [{ data, error }, setAnswer] = useState<{ data: Result | null; error: string | null }>({ data: null, error: null });
  useEffect(() => {
    const opened = openQuestion(
      () => link.ask(document, JSON.parse(asked) as Variables),
      (given) => setAnswer({ data: given, error: null }),
      (message) => setAnswer((before) => ({ ...before, error: message })),
    );
    question.current = opened;
    return () => opened.close();
  }, [link, document, asked]);
  const again = useCallback(() => question.current?.again(), []);
  return { data, error, again };
}
