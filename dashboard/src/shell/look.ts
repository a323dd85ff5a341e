import { useSyncExternalStore } from 'react';

export type Look = 'system' | 'light' | 'dark';

/** The same name as in `public/look.js`, which sets the look before anything is drawn. */
const STORED_AS = 'keyhouse-look';

const listeners = new Set<() => void>();

export function useLook(): readonly [Look, (look: Look) => void] {
  const look = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (document.documentElement.dataset.look ?? 'system') as Look,
  );
  return [look, choose];
}

function choose(look: Look): void {
  if (look === 'system') delete document.documentElement.dataset.look;
  else document.documentElement.dataset.look = look;
  try {
    if (look === 'system') localStorage.removeItem(STORED_AS);
    else localStorage.setItem(STORED_AS, look);
  } catch {
    // Storage that is switched off: the choice holds until the page is left.
  }
  for (const listener of listeners) listener();
}
