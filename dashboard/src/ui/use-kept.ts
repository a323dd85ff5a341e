import { useRef } from 'react';

/** The value while something is open, and the last one of then while it goes: what a dialog says does not turn at its end. */
export function useKept<T>(value: T, isOpen: boolean): T {
  const kept = useRef(value);
  if (isOpen) kept.current = value;
  return kept.current;
}
