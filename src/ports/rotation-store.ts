import type { Instant } from './records.ts';

/** A way to the successor of one token, mailed to one person. */
export interface ClaimLink {
  /** SHA-256 hex of the link's secret. */
  readonly digest: string;
  readonly tokenId: string;
  /** Who was mailed it. */
  readonly recipient: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

/** Automatic rotation, inside one transaction. */
export interface RotationWrites {
  /** When the job looks at a token next; null never. */
  lookAt(tokenId: string, at: Instant | null): Promise<void>;
  /** When that is; null for never, and for tokens that do not exist. */
  nextLookAt(tokenId: string): Promise<Instant | null>;
  /** The ids of up to `limit` tokens to be looked at by `now`, longest due first. */
  findDue(now: Instant, limit: number): Promise<readonly string[]>;
  insertLink(link: ClaimLink): Promise<void>;
  findLink(digest: string): Promise<ClaimLink | null>;
  /** Lets all links of a token run out at `at`, where they do not sooner. */
  shortenLinks(tokenId: string, at: Instant): Promise<void>;
  /** Drops links that ran out before `at`. */
  purgeLinks(at: Instant): Promise<void>;
}
