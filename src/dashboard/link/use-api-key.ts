import { useCallback, useState } from 'react';

/** The tab's own store: the key is gone with the tab, and other tabs do not see it. */
const KEPT = 'millrace.api-key';

/**
 * The key that this tab works with. One that came in the address (`/#key=…`, as the start prints it) is taken and wiped from there, so that it is
 * in no history and no screenshot.
 */
export function useApiKey(): [key: string | null, setKey: (key: string | null) => void] {
  const [key, setKey] = useState(() => takeFromAddress() ?? sessionStorage.getItem(KEPT));
  const keep = useCallback((next: string | null): void => {
    if (next === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, next);
    setKey(next);
  }, []);
  return [key, keep];
}

function takeFromAddress(): string | null {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key === null) return null;
  history.replaceState(null, '', location.pathname + location.search);
  sessionStorage.setItem(KEPT, key);
  return key;
}
