import type { Clock } from '../../ports/index.ts';

/** Remembers what was used, for as long as it could be used again, in bounded memory. */
export class SpentIds {
  /** Until when each is remembered, on the clock that never steps; oldest first. */
  readonly #until = new Map<string, number>();
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #keptMs: number;
  readonly #idsMax: number;

  constructor(
    clock: Pick<Clock, 'monotonic'>,
    { keptMs, idsMax }: { readonly keptMs: number; readonly idsMax: number },
  ) {
    this.#clock = clock;
    this.#keptMs = keptMs;
    this.#idsMax = idsMax;
  }

  /** True for the first use. False for every further one, and while there is no room to remember it. */
  spend(id: string): boolean {
    const now = this.#clock.monotonic();
    for (const [old, until] of this.#until) {
      if (until > now) break;
      this.#until.delete(old);
    }
    if (this.#until.has(id) || this.#until.size >= this.#idsMax) return false;
    this.#until.set(id, now + this.#keptMs);
    return true;
  }
}
