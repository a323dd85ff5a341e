import type { InvitationRecord } from './link-store.ts';
import type { Page, PageRequest } from './page.ts';
import type { Instant, SetupCode } from './records.ts';
import type { SecondFactorRecord } from './second-factor-store.ts';
import type { SessionRecord } from './session-store.ts';

/** What is known of people, outside a transaction. */
export interface PeopleReads {
  /** null for who has no password. */
  readPasswordHash(ownerId: string): Promise<string | null>;
  readSecondFactor(ownerId: string): Promise<SecondFactorRecord | null>;
  /** Newest first; also those whose time is over. */
  listSessions(ownerId: string): Promise<readonly SessionRecord[]>;
  /** Newest first, without those that have expired. */
  listInvitations(
    filter: { readonly workspaceId?: string; readonly now: Instant },
    page: PageRequest,
  ): Promise<Page<InvitationRecord>>;
}

/** What signing in needs, inside one transaction. Password hashes are argon2id strings, never anything else. */
export interface PeopleWrites {
  readPasswordHash(ownerId: string): Promise<string | null>;
  putPasswordHash(ownerId: string, hash: string, at: number): Promise<void>;
  /** The one set-up code there is, locked; null once used. */
  lockSetupCode(): Promise<SetupCode | null>;
  putSetupCode(code: SetupCode): Promise<void>;
  deleteSetupCode(): Promise<void>;
  /** Whether any user exists: set-up is over then. */
  hasUsers(): Promise<boolean>;
}
