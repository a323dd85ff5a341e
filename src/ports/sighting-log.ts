import type { Instant } from './records.ts';

/** A network that a token was used from. */
export interface SeenNetwork {
  readonly tokenId: string;
  readonly network: string;
  readonly firstAt: Instant;
}

/** Whether a network was looked at already, and is where the token is at home. */
export interface TokenNetwork extends SeenNetwork {
  readonly isKnown: boolean;
}

/** `guess`: a text that could be a token and is none. */
export type FailureKind = 'guess' | 'token_in_url';

/** Failures of one network in one UTC hour. */
export interface FailureCount {
  readonly kind: FailureKind;
  /** '' are all those together that no room was left for in that hour. */
  readonly network: string;
  /** Start of the hour, milliseconds. */
  readonly hour: number;
  readonly count: number;
  readonly lastAt: Instant;
}

/** Refused uses of one token on one UTC day, with an hour that was too many. */
export interface DenialBurst {
  readonly tokenId: string;
  /** Start of the day, milliseconds. */
  readonly day: number;
  /** On the whole day; refusals because of a limit count for nothing. */
  readonly count: number;
  /** Start of its first and last hour with a refusal. */
  readonly firstHour: number;
  readonly lastHour: number;
}

/** Failures of one network on one UTC day, with an hour that was too many. */
export interface FailureBurst {
  readonly network: string;
  readonly day: number;
  readonly count: number;
  readonly firstHour: number;
  readonly lastAt: Instant;
}

/** Uses of one revoked or replaced token on one UTC day, as far as denials of it are kept. */
export interface EndedUse {
  readonly tokenId: string;
  readonly day: number;
  readonly count: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
}

/** Which hours are looked at, and what is too many in one of them. */
export interface BurstsAsked {
  readonly fromHour: number;
  readonly countMin: number;
  readonly limit: number;
}

export interface NetworkSightings {
  /** Notes uses at `at`; a network that is there already stays as it is, but for when it was used last, to a day. */
  note(uses: readonly Omit<SeenNetwork, 'firstAt'>[], at: Instant): Promise<void>;
  /** Networks that nobody has looked at yet, oldest first. */
  findNew(limit: number): Promise<readonly SeenNetwork[]>;
  /** All networks of these tokens, oldest first. */
  of(tokenIds: readonly string[]): Promise<readonly TokenNetwork[]>;
  /** Accepted uses of these tokens, until the end of the hour of `at`. */
  countUses(tokenIds: readonly string[], at: Instant): Promise<number>;
  /** Says that they were looked at: from now on the tokens are at home there. */
  learn(networks: readonly SeenNetwork[]): Promise<void>;
  forget(networks: readonly SeenNetwork[]): Promise<void>;
  /** Forgets networks without use since `before`, except the first of each token: at most a thousand. */
  forgetUnused(before: Instant): Promise<void>;
}

export interface RefusalSightings {
  /** The most first. */
  bursts(asked: BurstsAsked): Promise<readonly DenialBurst[]>;
  /** Uses after the end among denials since `from`, with all there is of each day. */
  endedUses(from: Instant, limit: number): Promise<readonly EndedUse[]>;
  /** Some of the addresses that denials of a line came from, in [from, to). */
  addressesOf(lineageId: string, from: Instant, to: Instant): Promise<readonly string[]>;
}

export interface FailureSightings {
  add(counts: readonly FailureCount[]): Promise<void>;
  /** The most first. */
  bursts(kind: FailureKind, asked: BurstsAsked): Promise<readonly FailureBurst[]>;
  forget(beforeHour: number): Promise<void>;
}

/**
 * What recorders have written of uses and denials, as whoever looks for what is unusual reads it. Nothing here is on the way
 * of a decision.
 */
export interface SightingLog {
  readonly networks: NetworkSightings;
  readonly refusals: RefusalSightings;
  readonly failures: FailureSightings;
}
