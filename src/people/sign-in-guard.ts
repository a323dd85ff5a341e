import { Rejection } from '../manage/index.ts';
import { clientNetwork } from '../policy/index.ts';
import type { Clock } from '../ports/index.ts';

/** Who tries to sign in, as far as can be said before a password is looked at. */
export interface Attempt {
  /** The e-mail address as it is compared. */
  readonly account: string;
  readonly ip: string | null;
  /** The device on which this account has signed in before; null on any other. */
  readonly device: string | null;
}

/** An attempt that was let in and counted as a failure until it is told how it went. */
export interface Admission {
  succeeded(): void;
  /** Nothing was found out about the password: the attempt counts for nothing. */
  withdrawn(): void;
}

interface Tally {
  failures: number;
  lastAt: number;
}

interface Counted {
  readonly key: string;
  /** Failures before the waiting begins. */
  readonly free: number;
  readonly isForgotten: boolean;
}

const FREE_PER_DEVICE = 5;
const FREE_PER_ACCOUNT = 10;
/** An office behind one address mistypes together. */
const FREE_PER_NETWORK = 50;
/** After so many in a row nothing but a known device, a new password or a day's rest helps. */
const FAILURES_MAX = 100;
const DELAY_MIN_MS = 1_000;
const DELAY_MAX_MS = 15 * 60_000;
const FORGOTTEN_AFTER_MS = 24 * 60 * 60_000;
const TALLIES_MAX = 65_536;

/**
 * Slows guessing down (threats row 100a): each attempt is counted before its password is hashed, so that a hundred at once
 * are no more than a few in a row. Counted are the account from one network (an IPv6 /64 is one), the account from
 * everywhere, and the network over all accounts; a known device is counted alone, so that strangers cannot lock it out.
 * The counts are this process's own and bounded: each entry costs its maker a hash, of which there are few in a second.
 */
export class SignInGuard {
  readonly #clock: Clock;
  /** Longest untouched first. */
  readonly #tallies = new Map<string, Tally>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws {Rejection} `rate_limited`, saying when the next attempt is looked at. */
  admit(attempt: Attempt): Admission {
    const now = this.#clock.now();
    const counted = countedFor(attempt);
    const waitMs = Math.max(...counted.map((one) => this.#waitMs(one, now)));
    if (waitMs > 0) {
      throw new Rejection('rate_limited', undefined, { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
    }
    for (const { key } of counted) this.#add(key, 1, now);
    return {
      succeeded: () => {
        for (const { key, isForgotten } of counted) {
          if (isForgotten) this.#tallies.delete(key);
          else this.#add(key, -1, now);
        }
      },
      withdrawn: () => {
        for (const { key } of counted) this.#add(key, -1, now);
      },
    };
  }

  /** A new password: what was guessed about the old one is over. */
  forget(account: string): void {
    this.#tallies.delete(accountKey(account));
  }

  #waitMs({ key, free }: Counted, now: number): number {
    const tally = this.#tallies.get(key);
    if (tally === undefined || tally.failures < free) return 0;
    const since = now - tally.lastAt;
    if (since >= FORGOTTEN_AFTER_MS) {
      this.#tallies.delete(key);
      return 0;
    }
    const delayMs =
      tally.failures >= Math.max(FAILURES_MAX, free)
        ? FORGOTTEN_AFTER_MS
        : Math.min(DELAY_MAX_MS, DELAY_MIN_MS * 2 ** (tally.failures - free));
    return Math.max(0, delayMs - since);
  }

  #add(key: string, by: number, now: number): void {
    const known = this.#tallies.get(key);
    const isOld = known !== undefined && now - known.lastAt >= FORGOTTEN_AFTER_MS;
    const failures = Math.max(0, (known === undefined || isOld ? 0 : known.failures) + by);
    this.#tallies.delete(key);
    if (failures > 0) this.#tallies.set(key, { failures, lastAt: by > 0 ? now : (known?.lastAt ?? now) });
    if (this.#tallies.size > TALLIES_MAX) this.#tallies.delete(this.#tallies.keys().next().value as string);
  }
}

function countedFor({ account, ip, device }: Attempt): readonly Counted[] {
  if (device !== null) return [{ key: `d ${device} ${account}`, free: FREE_PER_DEVICE, isForgotten: true }];
  const network = ip === null ? 'unknown' : clientNetwork(ip);
  return [
    { key: `p ${network} ${account}`, free: FREE_PER_DEVICE, isForgotten: true },
    { key: accountKey(account), free: FREE_PER_ACCOUNT, isForgotten: true },
    { key: `n ${network}`, free: FREE_PER_NETWORK, isForgotten: false },
  ];
}

function accountKey(account: string): string {
  return `a ${account}`;
}

interface Guards {
  readonly signIns: SignInGuard;
  /** Apart: asking for a link costs no hash, and must neither push out nor add to what is counted of guesses. */
  readonly resets: SignInGuard;
}

const guards = new WeakMap<object, Guards>();

/** The guard of one engine's process. */
export function guardOf(
  { store, clock }: { readonly store: object; readonly clock: Clock },
  of: keyof Guards = 'signIns',
): SignInGuard {
  let known = guards.get(store);
  if (known === undefined) {
    known = { signIns: new SignInGuard(clock), resets: new SignInGuard(clock) };
    guards.set(store, known);
  }
  return known[of];
}
