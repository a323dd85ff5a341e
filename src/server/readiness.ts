import type { Readiness } from '../http/index.ts';
import type { Clock, Store } from '../ports/index.ts';

/** How long an answer about the store holds: readiness is asked for often, and by anybody. */
const FRESH_MS = 1_000;

/**
 * Whether decisions can be taken (a read) and changes written (an empty write transaction).
 * @returns a function that looks at most once a second, however often it is called.
 */
export function storeReadiness(store: Store, clock: Clock): () => Promise<Readiness> {
  let latest: { readonly at: number; readonly found: Promise<Readiness> } | null = null;
  return () => {
    const at = clock.monotonic();
    if (latest === null || at - latest.at > FRESH_MS) latest = { at, found: look(store) };
    return latest.found;
  };
}

async function look(store: Store): Promise<Readiness> {
  try {
    await store.changeFeed.newest();
  } catch {
    return { store: 'unreachable', draining: false };
  }
  try {
    await store.transact(async (transaction) => transaction.replays.purgeExpired(0));
    return { store: 'ok', draining: false };
  } catch {
    return { store: 'read_only', draining: false };
  }
}

/** Whether there is an administrator, by a read: the home workspace is made together with the first. */
export async function isSetUp({ store }: { readonly store: Store }): Promise<boolean> {
  return (await store.owners.findWorkspace({ home: true })) !== null;
}
