import type { Clock, Eventually } from '../ports/index.ts';
import type { Denial, Question } from './decision.ts';
import { FailureBudget, failureSource } from './failure-budget.ts';
import { RecentKeys } from './recent-keys.ts';
import { SlowLane } from './slow-lane.ts';

const UNKNOWN_MAX = 50_000;
const UNKNOWN_MS = 5_000;
const RECOGNISED_MAX = 100_000;
const RETRY_AFTER_MS = 1_000;

/** A lookup that was not made: whether the token is valid is not known. */
export const TURNED_AWAY = Symbol('turned away');

export const TOO_MANY_FAILURES: Denial = {
  reason: 'rate_limited',
  cause: 'too_many_failures',
  retryAfterMs: RETRY_AFTER_MS,
};

/** How much the guard holds, each bounded, and what it has refused since the start. */
export interface LookupPressure {
  readonly failureSources: number;
  readonly unknownTexts: number;
  readonly recognisedTexts: number;
  readonly waiting: number;
  readonly turnedAway: number;
}

/**
 * Stands between a cache, where there is one, and the store, so that texts which look like tokens and are none cannot crowd out those
 * that are. A failure slows the source it came from and locks out nobody: what is cached, or was found lately, never waits.
 */
export class GuardedLookups<Found> {
  readonly #clock: Clock;
  /** True where every change passes through this process and is told to `forget`. */
  readonly #hearsAllChanges: boolean;
  readonly #unknown = new RecentKeys(UNKNOWN_MAX, UNKNOWN_MS);
  /** Texts that were found, where nothing is cached: which way to take is remembered, nothing that could decide. */
  readonly #recognised = new RecentKeys(RECOGNISED_MAX, Number.POSITIVE_INFINITY);
  readonly #budget = new FailureBudget();
  readonly #lane = new SlowLane();
  /** Lookups that wait for their turn. They have not begun, so whoever asks for the same text may share them. */
  readonly #queued = new Map<string, Promise<Found | null>>();
  #turnedAway = 0;

  constructor(clock: Clock, hearsAllChanges: boolean) {
    this.#clock = clock;
    this.#hearsAllChanges = hearsAllChanges;
  }

  get pressure(): LookupPressure {
    return {
      failureSources: this.#budget.sources,
      unknownTexts: this.#unknown.size,
      recognisedTexts: this.#recognised.size,
      waiting: this.#lane.waiting,
      turnedAway: this.#turnedAway,
    };
  }

  /**
   * Looks a text up that is not in the cache.
   * @param key the cache's key of the text.
   * @throws whatever `read` throws; {StorageUnavailable} when the turn of a slowed source does not come in time.
   */
  find(
    key: string,
    { ip, asker }: Pick<Question, 'ip' | 'asker'>,
    read: () => Eventually<Found | null>,
  ): Eventually<Found | null | typeof TURNED_AWAY> {
    const now = this.#clock.monotonic();
    if (this.#unknown.has(key, now)) return null;
    const source = failureSource(ip, asker ?? null);
    const note = (facts: Found | null): Found | null => {
      this.#note(key, source, facts !== null);
      return facts;
    };
    const lookUp = (): Eventually<Found | null> => {
      const facts = read();
      if (facts instanceof Promise) return facts.then(note);
      // Read and remembered in one turn: no change can be answered between the two.
      if (facts === null && this.#hearsAllChanges) this.#unknown.add(key, this.#clock.monotonic());
      return note(facts);
    };
    if (!this.#budget.isSpent(source, now) || this.#recognised.has(key, now)) return lookUp();
    return this.#queued.get(key) ?? this.#queue(key, lookUp);
  }

  /** Something changed: what was unknown may be known now. */
  forget(): void {
    this.#unknown.clear();
  }

  #queue(key: string, lookUp: () => Eventually<Found | null>): Promise<Found | null> | typeof TURNED_AWAY {
    const passing = this.#lane.pass(() => {
      this.#queued.delete(key);
      return lookUp();
    });
    if (passing === null) {
      this.#turnedAway += 1;
      return TURNED_AWAY;
    }
    this.#queued.set(key, passing);
    passing.catch(() => {
      if (this.#queued.get(key) === passing) this.#queued.delete(key);
    });
    return passing;
  }

  #note(key: string, source: string, isFound: boolean): void {
    const now = this.#clock.monotonic();
    if (!isFound) this.#budget.charge(source, now);
    else if (!this.#hearsAllChanges) this.#recognised.add(key, now);
  }
}
