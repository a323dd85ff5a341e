import type { Instant } from './records.ts';

/** Which tokens of other systems are here already, by their ids there. */
export interface ImportWrites {
  /** The id of the token that this one became; null where it was not imported. */
  find(source: string, foreignId: string): Promise<string | null>;
  /** The other way round. */
  foreignId(source: string, tokenId: string): Promise<string | null>;
  /** @throws {UniqueViolation} `imported_token` when it is being imported at the same time. */
  note(source: string, foreignId: string, tokenId: string, at: Instant): Promise<void>;
}
