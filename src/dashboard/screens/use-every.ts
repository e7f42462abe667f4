import { useEffect, useEffectEvent } from 'react';

/** Calls `act` every `ms` while the page is seen. */
export function useEvery(act: () => void, ms: number): void {
  const acting = useEffectEvent(act);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) acting();
    }, ms);
    return () => clearInterval(timer);
  }, [ms]);
}
