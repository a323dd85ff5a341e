import type { SetupCode } from './records.ts';

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
