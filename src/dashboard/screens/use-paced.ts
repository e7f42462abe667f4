import { useEffect, useRef, useState } from 'react';

/** A value that changes at most once in `ms`; its last change is not lost. */
export function usePaced<Value>(value: Value, ms: number): Value {
  const [paced, setPaced] = useState(value);
  const changedAt = useRef(-Infinity);
  useEffect(() => {
    const timer = setTimeout(() => {
      changedAt.current = performance.now();
      setPaced(value);
    }, Math.max(0, changedAt.current + ms - performance.now()));
    return () => clearTimeout(timer);
  }, [value, ms]);
  return paced;
}
