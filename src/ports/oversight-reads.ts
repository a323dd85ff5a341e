import type { Instant } from './records.ts';
import type { TokenFilter } from './token-store.ts';

/** Whose tokens are summed; everything left out is all of them. */
export type OversightScope = Pick<TokenFilter, 'ownerId' | 'workspaceId' | 'lineageId'>;

/** Hours or days of UTC, the first that begins at `from` and the last that ends at `to`. */
export interface UsageSpan {
  readonly unit: 'hour' | 'day';
  readonly from: Instant;
  readonly to: Instant;
}

export interface UsageSum {
  /** Start of the hour or day, milliseconds. */
  readonly at: Instant;
  /** `ok` or a denial reason. */
  readonly outcome: string;
  readonly count: number;
}

export interface TokenSum {
  readonly tokenId: string;
  readonly count: number;
}

export interface TallyMoments {
  readonly liveAt: Instant;
  readonly endsBefore: Instant;
  readonly unusedSince: Instant;
}

/** How many tokens can still be accepted, and how many of these need a look. */
export interface TokenTally {
  readonly live: number;
  /** Whose own expiry comes before `endsBefore`. */
  readonly ending: number;
  readonly neverExpire: number;
  /** That existed at `unusedSince` and have not been accepted since. */
  readonly unused: number;
  /** Whose owner is disabled, deleted or no member of their workspace any more. */
  readonly ownerEnded: number;
}

/** Sums over what many tokens are and did. Uses of the last seconds may not be known to them yet. */
export interface OversightReads {
  /** By unit of time and outcome, ascending by time. */
  uses(scope: OversightScope, span: UsageSpan): Promise<readonly UsageSum[]>;
  /** The tokens that were accepted, or refused, most often in that time, most first. */
  topTokens(
    scope: OversightScope,
    of: 'accepted' | 'refused',
    span: UsageSpan,
    limit: number,
  ): Promise<readonly TokenSum[]>;
  tally(scope: OversightScope, at: TallyMoments): Promise<TokenTally>;
}
