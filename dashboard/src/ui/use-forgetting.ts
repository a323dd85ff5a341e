import { useEffect, useRef } from 'react';

/** Forgets a secret when the page is put away, whole, for the Back button. */
export function useForgetting(forget: () => void): void {
  const latest = useRef(forget);
  latest.current = forget;
  useEffect(() => {
    const onHide = () => latest.current();
    window.addEventListener('pagehide', onHide);
    return () => window.removeEventListener('pagehide', onHide);
  }, []);
}
