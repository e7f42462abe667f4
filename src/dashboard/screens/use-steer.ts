import { useState } from 'react';
import type { TypedDocumentString } from '../../generated/operations/graphql.ts';
import { useLink } from '../link/link-context.tsx';

/** A payload, or a typed error with its message. */
export interface Given {
  __typename: string;
  message?: string;
}

export interface Steer {
  busy: boolean;
  /** Why the last one was refused. */
  refusal: string | null;
  /** `taken` gets the payload of one that was not refused. */
  steer<Answer extends Given, Variables>(document: TypedDocumentString<{ answer: Answer }, Variables>, variables: Variables, taken: (answer: Answer) => void): void;
}

/** Runs mutations whose answer is a payload or a typed error, each once. */
export function useSteer(): Steer {
  const link = useLink();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const steer: Steer['steer'] = (document, variables, taken) => {
    setBusy(true);
    link.change(document, variables)
      .then(({ answer }) => {
        setRefusal(answer.message ?? null);
        if (answer.message === undefined) taken(answer);
      }, (error: Error) => setRefusal(error.message))
      .finally(() => setBusy(false));
  };
  return { busy, refusal, steer };
}
