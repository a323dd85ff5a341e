/**
 * Which keys came lately: a bounded set. The one that was added longest ago goes first, and none is kept beyond its
 * lifetime, which looking at it does not lengthen.
 */
export class RecentKeys {
  readonly #addedAt = new Map<string, number>();
  /** Everything before it is gone. A new iterator would pass all that was deleted at the front, each time. */
  #oldest = this.#addedAt.keys();
  readonly #keysMax: number;
  readonly #lifetimeMs: number;

  /** @param lifetimeMs Infinity keeps a key until it is pushed out. */
  constructor(keysMax: number, lifetimeMs: number) {
    this.#keysMax = keysMax;
    this.#lifetimeMs = lifetimeMs;
  }

  /** Expired keys that nothing has pushed out or asked for yet are counted too. */
  get size(): number {
    return this.#addedAt.size;
  }

  has(key: string, nowMs: number): boolean {
    const addedAt = this.#addedAt.get(key);
    if (addedAt === undefined) return false;
    if (nowMs - addedAt < this.#lifetimeMs) return true;
    this.#addedAt.delete(key);
    return false;
  }

  add(key: string, nowMs: number): void {
    // Set anew, so that the order of the map stays the order of adding.
    this.#addedAt.delete(key);
    this.#addedAt.set(key, nowMs);
    if (this.#addedAt.size > this.#keysMax) this.#addedAt.delete(this.#oldest.next().value as string);
  }

  clear(): void {
    this.#addedAt.clear();
    this.#oldest = this.#addedAt.keys();
  }
}
