/** How long a signed identity holds. */
export const IDENTITY_LIFE_SECONDS = 30;
/** How far the clocks of who signs and who checks may be apart, where Keyhouse checks. */
export const IDENTITY_SKEW_SECONDS = 5;
/** A new key is published so long before it signs: everybody who keeps a key set knows it by then. */
export const KEY_ANNOUNCED_MS = 5 * 60_000;
/** An old key stays published so long after it signed last: the life of what it signed, and a minute for slow clocks. */
const KEY_REMEMBERED_MS = IDENTITY_LIFE_SECONDS * 1_000 + 60_000;

/** A key among others, of which each signs until the next one does. */
export interface KeyTimes {
  /** Milliseconds since 1970. */
  readonly signsFrom: number;
}

/** The key that signs now; null where there is none. `keys` are in the order in which they sign. */
export function signingKey<Key extends KeyTimes>(keys: readonly Key[], now: number): Key | null {
  // The first one signs also before its time, in case the clock was set back.
  return keys.findLast(({ signsFrom }) => signsFrom <= now) ?? keys[0] ?? null;
}

/** The keys that verifiers have to know now: who signs, who is going to, and whose signatures may still be under way. */
export function publishedKeys<Key extends KeyTimes>(keys: readonly Key[], now: number): readonly Key[] {
  return keys.filter((_, at) => {
    const next = keys[at + 1];
    return next === undefined || now < next.signsFrom + KEY_REMEMBERED_MS;
  });
}
