import type { TokenState } from '../policy/index.ts';
import type { Page, PageRequest } from './page.ts';
import type { IdempotencyRecord, SealedValue, TokenRecord } from './records.ts';

export interface TokenFilter {
  readonly ownerId?: string;
  readonly workspaceId?: string;
  readonly lineageId?: string;
  readonly environment?: string;
  /** Substring of the name or the hint, case-insensitive. */
  readonly search?: string;
  /** Only tokens that could still be accepted at this instant (not revoked, replaced or expired). */
  readonly liveAt?: number;
  /** Only tokens that are in this state at that instant. */
  readonly state?: { readonly is: TokenState; readonly at: number };
  /** Only tokens that existed at this instant and have not been accepted since. */
  readonly unusedSince?: number;
  /** Only tokens whose own expiry lies in [from, to). */
  readonly expires?: { readonly from: number; readonly to: number };
  /** Only tokens without an expiry of their own. */
  readonly neverExpires?: true;
  /** Only tokens whose owner is disabled, deleted or no member of their workspace any more. */
  readonly ownerEnded?: true;
}

/**
 * `newest` and `oldest` by creation, `name` by its folded text, `last_used` most recent first and never used last, `expires`
 * soonest first and never last. Ties go by id.
 */
export type TokenOrder = 'newest' | 'oldest' | 'name' | 'last_used' | 'expires';

export interface TokenReads {
  findById(id: string): Promise<TokenRecord | null>;
  /** All tokens of a lineage, oldest first. */
  findByLineage(lineageId: string): Promise<readonly TokenRecord[]>;
  /** In that order, newest first where none is named. Uses of the last seconds may not be known to it yet. */
  list(filter: TokenFilter, page: PageRequest, order?: TokenOrder): Promise<Page<TokenRecord>>;
  /** How many tokens of this workspace could still be accepted at `at`. */
  countLive(workspaceId: string, at: number): Promise<number>;
}

/** Fields that may change after creation; everything else of a token is fixed. */
export type TokenPatch = Partial<
  Pick<
    TokenRecord,
    | 'ownerId'
    | 'name'
    | 'description'
    | 'grant'
    | 'ipAllowlist'
    | 'expiresAt'
    | 'expiryExplicit'
    | 'limits'
    | 'rotation'
    | 'metadata'
    | 'disabledAt'
    | 'revokedAt'
    | 'revokedReason'
    | 'supersededAt'
    | 'supersededBy'
    | 'graceEndsAt'
    | 'firstUsedAt'
    | 'soleKey'
    | 'digest'
    | 'pepperVersion'
  >
>;

/** Token writes inside one transaction. `lock…` take the row locks that make check-then-write safe on PostgreSQL. */
export interface TokenWrites extends TokenReads {
  /** @throws {UniqueViolation} `digest` or `sole_key`. */
  insert(token: TokenRecord): Promise<void>;
  update(id: string, patch: TokenPatch): Promise<void>;
  /** Locks every token of the lineage for update, oldest first; [] when there is none. */
  lockLineage(lineageId: string): Promise<readonly TokenRecord[]>;
  /** Locks every token that was derived from one of these (`parent_id`), revoked or not, oldest first. */
  lockChildren(parentIds: readonly string[]): Promise<readonly TokenRecord[]>;
  /** The live one-per-owner token, locked for update. */
  lockSole(soleKey: string): Promise<TokenRecord | null>;
  /** Locks and returns all tokens of the owner that are not revoked (in one workspace, or in all). */
  lockOfOwner(ownerId: string, workspaceId?: string): Promise<readonly TokenRecord[]>;
}

/** Sealed values and replay protection, inside one transaction. */
export interface ReplayWrites {
  findIdempotency(keyDigest: string, at: number): Promise<IdempotencyRecord | null>;
  /** @throws {UniqueViolation} `idempotency` when the same key is being used at the same time. */
  insertIdempotency(record: IdempotencyRecord): Promise<void>;
  insertSealed(value: SealedValue): Promise<void>;
  /** The sealed successor of a predecessor, unless it has expired at `at`. */
  findSealed(predecessorId: string, at: number): Promise<SealedValue | null>;
  /** Erases the sealed copies whose successor or predecessor is one of `tokenIds`. */
  eraseSealed(tokenIds: readonly string[]): Promise<void>;
  /** Drops replay rows that expired before `at`. */
  purgeExpired(at: number): Promise<void>;
}
