import { clientNetwork } from '../policy/index.ts';

/** Failures a source may have at once. */
export const FAILURES_MAX = 100;
/** Failures it is given back each second. */
export const FAILURES_PER_SECOND = 1;
const SOURCES_MAX = 50_000;

interface Balance {
  left: number;
  atMs: number;
}

/**
 * How many texts that could be a token and are none each source has sent: a token bucket per source. A source without
 * failures, or with none lately, is not in memory.
 */
export class FailureBudget {
  readonly #balances = new Map<string, Balance>();
  /** Everything before it is gone: see `RecentKeys`. */
  readonly #oldest = this.#balances.keys();
  readonly #sourcesMax: number;

  constructor(sourcesMax: number = SOURCES_MAX) {
    this.#sourcesMax = sourcesMax;
  }

  get sources(): number {
    return this.#balances.size;
  }

  charge(source: string, nowMs: number): void {
    const left = Math.max(0, this.#left(source, nowMs) - 1);
    // The source charged longest ago goes first: it has been given back most.
    this.#balances.delete(source);
    this.#balances.set(source, { left, atMs: nowMs });
    if (this.#balances.size > this.#sourcesMax) {
      this.#balances.delete(this.#oldest.next().value as string);
    }
  }

  isSpent(source: string, nowMs: number): boolean {
    return this.#left(source, nowMs) < 1;
  }

  #left(source: string, nowMs: number): number {
    const balance = this.#balances.get(source);
    if (balance === undefined) return FAILURES_MAX;
    const given = ((nowMs - balance.atMs) / 1000) * FAILURES_PER_SECOND;
    return Math.min(FAILURES_MAX, balance.left + given);
  }
}

/**
 * Whom a failure is charged to: the network of the client, or `asker` where its address is not known. All that have neither
 * are one source.
 * @param ip canonical, or null.
 */
export function failureSource(ip: string | null, asker: string | null): string {
  return ip === null ? (asker ?? '') : clientNetwork(ip);
}
