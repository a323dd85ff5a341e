import { type Authenticator, compileStoredProfile } from '../authenticate/index.ts';
import type { Store } from '../ports/index.ts';
import type { EngineLog } from './engine-log.ts';

const LOOK_MS = 1_000;

/**
 * Keeps up with profiles that other processes apply. Every decision about a token and every change is judged by the
 * profile in force anyway; this is for what is told without reading anything: what a token of ours looks like, and the
 * words of a refusal.
 * @returns stops it.
 */
export function followProfile(store: Store, authenticator: Authenticator, log: EngineLog): () => void {
  let isLooking = false;
  let hasFailed = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      const inForce = await store.profiles.inForce();
      if (inForce !== null && inForce.version > authenticator.profile.version) {
        authenticator.adopt(compileStoredProfile(inForce));
      }
      hasFailed = false;
    } catch (error) {
      // An outage is told once, not every second.
      if (!hasFailed) log.fault(error, { event: 'profile_not_followed' });
      hasFailed = true;
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
