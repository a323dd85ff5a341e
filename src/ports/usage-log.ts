/** Counted uses of one token in one UTC hour. */
export interface UsageCount {
  readonly tokenId: string;
  /** Start of the hour, milliseconds. */
  readonly hour: number;
  /** `ok` or a denial reason. */
  readonly outcome: string;
  readonly count: number;
}

export interface LastUse {
  readonly tokenId: string;
  readonly at: number;
  readonly ip: string | null;
}

/** Where counted uses are kept. Batches are added, never rewritten; last use only ever moves forward. */
export interface UsageLog {
  add(counts: readonly UsageCount[], lastUses: readonly LastUse[]): Promise<void>;
  /** Hours in [from, to), ascending. */
  read(tokenId: string, from: number, to: number): Promise<readonly UsageCount[]>;
  lastUses(tokenIds: readonly string[]): Promise<readonly LastUse[]>;
  close(): Promise<void>;
}
