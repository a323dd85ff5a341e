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

/** By what uses are told apart: the permission that was asked, the network of the client, the kind of client. */
export const USE_ASPECTS = ['permission', 'network', 'agent'] as const;
export type UseAspect = (typeof USE_ASPECTS)[number];

/** Values of one aspect that are kept apart for a token in an hour; further ones are counted together. */
export const USE_VALUES_MAX = 64;

/** Counted uses of one token in one UTC hour, in one aspect. The aspects are counted each by itself. */
export interface UseDetail extends UsageCount {
  readonly aspect: UseAspect;
  /** Of `permission` a term of `useTerms`, of `network` one in CIDR notation or `unknown`, of `agent` its class. */
  readonly value: string;
}

/** The same, in an hour or a day. */
export interface UseSum {
  readonly tokenId: string;
  /** Start of the hour or day, milliseconds. */
  readonly at: number;
  readonly value: string;
  /** `ok`, `free` for an accepted question that cost nothing, or a denial reason. */
  readonly outcome: string;
  readonly count: number;
}

export interface UseSpan {
  readonly unit: 'hour' | 'day';
  /** Hours or days that begin in [from, to). */
  readonly from: number;
  readonly to: number;
}

/** Where counted uses are kept. Batches are added, never rewritten; last use only ever moves forward. */
export interface UsageLog {
  /** What is too much of a detail for its token and hour is added to the value `other`. */
  add(counts: readonly UsageCount[], lastUses: readonly LastUse[], details?: readonly UseDetail[]): Promise<void>;
  /** Of one aspect, ascending by time. */
  readDetails(tokenIds: readonly string[], aspect: UseAspect, span: UseSpan): Promise<readonly UseSum[]>;
  /** Start of the first day of which there are details; null where there are none. */
  detailsSince(): Promise<number | null>;
  /** Deletes details of hours and of days before these, in small steps; of no token, which say since when there are any, none. */
  trimDetails(hoursBefore: number, daysBefore: number): Promise<void>;
  /** Hours in [from, to), ascending. */
  read(tokenId: string, from: number, to: number): Promise<readonly UsageCount[]>;
  lastUses(tokenIds: readonly string[]): Promise<readonly LastUse[]>;
  close(): Promise<void>;
}
