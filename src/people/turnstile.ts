/** Lets so many in at once and so many wait; who comes on top of that is turned away. */
export class Turnstile {
  readonly #insideMax: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(insideMax: number, waitingMax: number) {
    this.#insideMax = insideMax;
    this.#waitingMax = waitingMax;
  }

  /** Does the work in its turn. @returns null, with nothing done, when too many are waiting. */
  async pass<T>(work: () => Promise<T>): Promise<{ readonly done: T } | null> {
    if (this.#inside < this.#insideMax) this.#inside += 1;
    else if (this.#waiting.length >= this.#waitingMax) return null;
    // Whoever leaves hands its place on, so that nobody can slip in between.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return { done: await work() };
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#inside -= 1;
      else next();
    }
  }
}
