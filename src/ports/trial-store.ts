import type { DenialReason, Grant, LimitSetting } from '../policy/index.ts';
import type { Page, PageRequest } from './page.ts';
import type { ActorRef, Instant } from './records.ts';

/** What a trial would tighten. `id` is that of the token, owner or role, `*` for the profile. */
export interface TrialSubject {
  readonly kind: 'token' | 'owner' | 'role' | 'profile';
  readonly id: string;
}

/** Of a token: what a trial may narrow. */
export interface TokenTerms {
  readonly grant: Grant;
  readonly ipAllowlist: readonly string[] | null;
  readonly expiresAt: Instant | null;
  readonly limits: LimitSetting;
}

/** What an owner may do in one workspace. */
export interface MembershipTerms {
  readonly workspaceId: string;
  readonly permissions: readonly string[];
  readonly roleIds: readonly string[];
}

/** A subject as it is, or as it would be. */
export type TrialTerms =
  | ({ readonly kind: 'token' } & TokenTerms)
  | { readonly kind: 'owner'; readonly memberships: readonly MembershipTerms[] }
  | { readonly kind: 'role'; readonly permissions: readonly string[] }
  | { readonly kind: 'profile'; readonly version: number; readonly document: string };

/** A proposed tightening that decisions are judged against as well, and that refuses nothing. */
export interface TrialRecord {
  readonly id: string;
  readonly name: string | null;
  readonly subject: TrialSubject;
  /** The one workspace it concerns; null where there are several, or all. */
  readonly workspaceId: string | null;
  /** The operation that would make the change, and what it would be given. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** As the subject was when the trial began. */
  readonly before: TrialTerms;
  /** As the change would have left it. */
  readonly after: TrialTerms;
  readonly createdAt: Instant;
  readonly createdBy: ActorRef;
  readonly endsAt: Instant;
  /** Set together when somebody ended or enforced it. */
  readonly endedAt: Instant | null;
  readonly ending: 'ended' | 'enforced' | null;
}

export interface TrialFilter {
  /** Ids of the operations that would make the change. */
  readonly operations: readonly string[];
  /** Only those of this one workspace. */
  readonly workspaceId?: string;
}

export interface TrialReads {
  find(id: string): Promise<TrialRecord | null>;
  /** Neither ended nor over at `at`, oldest first. */
  inForce(at: Instant): Promise<readonly TrialRecord[]>;
  /** Newest first by (created_at, id). */
  list(filter: TrialFilter, page: PageRequest): Promise<Page<TrialRecord>>;
}

export interface TrialWrites extends TrialReads {
  /**
   * How many are in force, of this workspace (null: of several or all) and of any one workspace; until commit nobody else
   * adds one.
   */
  lockInForce(
    at: Instant,
    workspaceId: string | null,
  ): Promise<{ readonly here: number; readonly ofWorkspaces: number }>;
  insert(trial: TrialRecord): Promise<void>;
  /** Reads and locks a trial for update. */
  lock(id: string): Promise<TrialRecord | null>;
  end(id: string, at: Instant, ending: NonNullable<TrialRecord['ending']>): Promise<void>;
  /** Deletes those that were over or ended before `at`. @returns their ids. */
  purge(at: Instant): Promise<readonly string[]>;
}

/** What a would-be refusal is about, as far as its reason says. */
export interface FindingAbout {
  /** Permissions needed and not held. */
  readonly missing?: readonly string[];
  /** The address it came from; null where it was not known. */
  readonly address?: string | null;
  /** The window of the limit that is full. */
  readonly window?: string;
  /** Method and path of the rule that accepts it now. */
  readonly route?: string;
}

/** Who would break, and on what: equal refusals of one token are one finding. */
export interface Finding {
  /** Follows from token, reason and what it is about. */
  readonly id: string;
  readonly tokenId: string;
  readonly reason: DenialReason;
  readonly about: FindingAbout;
  readonly count: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly lastRequestId: string | null;
}

/** What a trial has seen. */
export interface TrialTally {
  /** Accepted requests that were judged. */
  readonly judged: number;
  /** Of those, how many would have been refused. */
  readonly refused: number;
  /** Of these, how many are in no finding because there were too many findings. */
  readonly unlisted: number;
}

export interface TrialSightings extends TrialTally {
  readonly trialId: string;
  readonly findings: readonly Finding[];
}

/** Where sightings are kept, beside counted uses. */
export interface TrialLog {
  /** Adds to what is there: counts add up, instants widen. */
  add(sightings: readonly TrialSightings[]): Promise<void>;
  /** Of each of these trials that has seen anything. */
  tallies(trialIds: readonly string[]): Promise<ReadonlyMap<string, TrialTally & { readonly tokens: number }>>;
  /** Newest first by (first_at, id). */
  findings(trialId: string, page: PageRequest): Promise<Page<Finding>>;
  /** Every finding there is, for counting them. */
  known(trialId: string): Promise<readonly Pick<Finding, 'id' | 'tokenId'>[]>;
  remove(trialIds: readonly string[]): Promise<void>;
}
