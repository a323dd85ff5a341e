/** Parties remembered at most; the one seen longest ago is forgotten first, and begins anew. */
const PARTIES_MAX = 10_000;

interface Party {
  left: number;
  /** Monotonic milliseconds. */
  at: number;
}

/** So many at once for each party, and one more every so often: a party that floods uses up its own share alone. */
export class FairShare {
  readonly #atOnce: number;
  readonly #anotherMs: number;
  readonly #parties = new Map<string, Party>();

  constructor(atOnce: number, anotherMs: number) {
    this.#atOnce = atOnce;
    this.#anotherMs = anotherMs;
  }

  /** Takes one of the party's share; false when there is none left. `now` is monotonic milliseconds. */
  take(party: string, now: number): boolean {
    const known = this.#parties.get(party);
    if (known === undefined) {
      if (this.#parties.size >= PARTIES_MAX) this.#parties.delete(this.#parties.keys().next().value as string);
      this.#parties.set(party, { left: this.#atOnce - 1, at: now });
      return true;
    }
    const left = Math.min(this.#atOnce, known.left + (now - known.at) / this.#anotherMs);
    if (left < 1) return false;
    // Put last again: what is forgotten first is what was quiet longest.
    this.#parties.delete(party);
    this.#parties.set(party, { left: left - 1, at: now });
    return true;
  }
}
