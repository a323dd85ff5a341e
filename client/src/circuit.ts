/** Failures in a row after which a server is left alone. */
const FAILURES_MAX = 3;
/** How long it is left alone, in milliseconds, before one request tries it again. */
const REST_MS = 1_000;

/**
 * Keeps requests away from a server that does not answer, so that each of them does not wait for it anew. After a rest one
 * request at a time is let through to see, and its success opens the way for all.
 */
export class Circuit {
  readonly #now: () => number;
  #failures = 0;
  #restsUntil = 0;
  #isProbing = false;

  /** @param now a monotonic clock, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether requests are kept away now. */
  get rests(): boolean {
    return this.#failures >= FAILURES_MAX && (this.#isProbing || this.#now() < this.#restsUntil);
  }

  /** Whether a request may go to this server now; whoever got true says later how it ended. */
  enter(): boolean {
    if (this.rests) return false;
    this.#isProbing = this.#failures >= FAILURES_MAX;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#isProbing = false;
  }

  failed(): void {
    this.#failures += 1;
    this.#isProbing = false;
    this.#restsUntil = this.#now() + REST_MS;
  }
}
