import { useState } from 'react';
import type { TypedDocumentString } from '../../generated/operations/graphql.ts';
import { useLink } from '../link/link-context.tsx';

interface Refusal {
  __typename: string;
  message?: string;
}

export interface Steer {
  busy: boolean;
  /** Why the last one was refused. */
  refusal: string | null;
  steer<Variables>(document: TypedDocumentString<{ answer: Refusal }, Variables>, variables: Variables): void;
}

/** Runs mutations whose answer is a payload or a typed error. `done` is called when one was taken. */
export function useSteer(done: () => void): Steer {
  const link = useLink();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const steer: Steer['steer'] = (document, variables) => {
    setBusy(true);
    link.ask(document, variables)
      .then(({ answer }) => (setRefusal(answer.message ?? null), answer.message === undefined && done()), (error: Error) => setRefusal(error.message))
      .finally(() => setBusy(false));
  };
  return { busy, refusal, steer };
}
