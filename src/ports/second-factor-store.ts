import type { Instant } from './records.ts';

/** The secret that a person's authenticator shares with us. */
export interface SecondFactorRecord {
  readonly ownerId: string;
  /** Sealed under the pepper. */
  readonly sealedSecret: string;
  /** null until a first code has shown that the authenticator has it: it is not asked for before. */
  readonly confirmedAt: Instant | null;
  /** The newest time step whose code was taken: no code is taken twice. */
  readonly lastStep: number;
  readonly createdAt: Instant;
}

/** Second factors and their recovery codes, inside one transaction. */
export interface SecondFactorWrites {
  /** Reads and locks. */
  lock(ownerId: string): Promise<SecondFactorRecord | null>;
  put(factor: SecondFactorRecord): Promise<void>;
  /** With its recovery codes. */
  delete(ownerId: string): Promise<boolean>;
  putRecoveryCodes(ownerId: string, digests: readonly string[]): Promise<void>;
  /** @returns whether the code was there; it is gone now. */
  takeRecoveryCode(ownerId: string, digest: string): Promise<boolean>;
}
