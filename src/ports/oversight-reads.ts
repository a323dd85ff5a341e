import type { Instant } from './records.ts';
import type { TokenFilter } from './token-store.ts';

/** Whose tokens are summed; everything left out is all of them. */
export type OversightScope = Pick<TokenFilter, 'ownerId' | 'workspaceId' | 'lineageId'>;

export interface HourSum {
  /** Start of the hour, milliseconds. */
  readonly hour: Instant;
  /** `ok` or a denial reason. */
  readonly outcome: string;
  readonly count: number;
}

export interface TokenSum {
  readonly tokenId: string;
  readonly count: number;
}

/** Sums over what many tokens did. Uses of the last seconds may not be known to them yet. */
export interface OversightReads {
  /** By hour in [from, to) and outcome, ascending by hour. */
  uses(scope: OversightScope, from: Instant, to: Instant): Promise<readonly HourSum[]>;
  /** The tokens that were accepted, or refused, most often in [from, to), most first. */
  topTokens(
    scope: OversightScope,
    of: 'accepted' | 'refused',
    from: Instant,
    to: Instant,
    limit: number,
  ): Promise<readonly TokenSum[]>;
}
