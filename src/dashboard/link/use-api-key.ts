import { useCallback, useEffect, useState } from 'react';

/** The tab's own store: the key is gone with the tab, and other tabs do not see it. */
const KEPT = 'millrace.api-key';

export interface Held {
  key: string | null;
  /** Counts the keys that were given: the same one may be tried again. */
  given: number;
  /** Why the address that was opened gave none. */
  refusal: string | null;
}

/** The key that this tab works with. An address with an invitation (`/#open=…`, as the first start prints it) is traded for one. */
export function useApiKey(): [Held, setKey: (key: string | null) => void] {
  const [held, setHeld] = useState<Held>(() => ({ key: sessionStorage.getItem(KEPT), given: 0, refusal: null }));
  const keep = useCallback((key: string | null): void => {
    if (key === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, key);
    setHeld(({ given }) => ({ key, given: given + 1, refusal: null }));
  }, []);
  useEffect(() => {
    const look = (): void => {
      const code = new URLSearchParams(location.hash.slice(1)).get('open');
      if (code === null) return;
      history.replaceState(null, '', location.pathname + location.search);
      redeem(code).then(keep, (error: Error) => setHeld((before) => ({ ...before, refusal: error.message })));
    };
    look();
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, [keep]);
  return [held, keep];
}

async function redeem(code: string): Promise<string> {
  const response = await fetch('/invitation', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code }) }).catch(() => null);
  const answer = (await response?.json().catch(() => null) ?? {}) as { key?: string; detail?: string };
  if (answer.key) return answer.key;
  throw new Error(answer.detail ?? 'The server did not answer. Use the API key that was printed beside the address.');
}
