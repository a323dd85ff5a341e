import type { ProfileVersion } from './records.ts';

/** Versions of the profile; the newest is in force. */
export interface ProfileReads {
  inForce(): Promise<ProfileVersion | null>;
  /** The newest version that had this digest; null when it was never in force. */
  findByDigest(digest: string): Promise<ProfileVersion | null>;
}

export interface ProfileWrites extends ProfileReads {
  /** Appends a version and returns its number. Without `imports` it keeps those of the version before it. */
  append(version: Omit<ProfileVersion, 'version'>): Promise<number>;
}
