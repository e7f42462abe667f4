import { useEffect, useEffectEvent, useRef } from 'react';

/** Calls `act` whenever `value` has become another one; what it is at first is no change. */
export function useAfterFirst(act: () => void, value: unknown): void {
  const seen = useRef(value);
  const acting = useEffectEvent(act);
  useEffect(() => {
    if (Object.is(seen.current, value)) return;
    seen.current = value;
    acting();
  }, [value]);
}
