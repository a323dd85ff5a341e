import type { LastUse, UsageCount, UsageLog } from '../ports/index.ts';
import { everyUnreferenced } from './every-unreferenced.ts';

const HOUR_MS = 3_600_000;
const NEVER = -1;
/** Rows handed to the log at once: building and posting more would hold up decisions. */
const ROWS_PER_WRITE = 4_000;

export interface UsageRecorderOptions {
  readonly log: UsageLog;
  /** Time between flushes; a crash loses at most this plus one write. Default 1,000. */
  readonly flushMs?: number;
  /** Token-hours kept while the log cannot be written; further ones are dropped and counted. Default 500,000. */
  readonly pendingMax?: number;
  /** Calls `work` again and again until the returned function is called. Default an unref'd interval. */
  readonly every?: (periodMs: number, work: () => void) => () => void;
  /** Told of every failed flush; its counts are kept and written with the next. */
  readonly onFlushFailed?: (error: unknown) => void;
}

/** Uses of one token in one UTC hour, not yet written. Hours are numbered from 1970: small integers cost no allocation. */
interface PendingHour {
  hour: number;
  ok: number;
  /** Refused uses by reason; null while there are none, which is nearly always. */
  refused: Map<string, number> | null;
  /** Further hours, where the clock passed (or stepped over) a full hour since the last flush. */
  others: PendingHour | null;
}

/** The hour counted last, flat, with the last accepted use: one object to reach per use. */
interface PendingToken extends PendingHour {
  /** Hour of the last accepted use, or NEVER. */
  lastHour: number;
  lastMsOfHour: number;
  lastIp: string | null;
}

/**
 * Counts uses per token, UTC hour and outcome, and when and from where each token was last accepted. Counting is memory
 * only; flushes carry it to the log. Reads include what is still in memory of this process, not that of others.
 */
export class UsageRecorder {
  readonly #log: UsageLog;
  readonly #pendingMax: number;
  readonly #onFlushFailed: (error: unknown) => void;
  readonly #stop: () => void;
  #pending = new Map<string, PendingToken>();
  #pendingHours = 0;
  #dropped = 0;
  /** Flushes and reads, one after the other: a read between them sees every count exactly once. */
  #turn: Promise<unknown> = Promise.resolve();
  #queued: Promise<void> | null = null;

  constructor(options: UsageRecorderOptions) {
    this.#log = options.log;
    this.#pendingMax = options.pendingMax ?? 500_000;
    this.#onFlushFailed = options.onFlushFailed ?? (() => {});
    const every = options.every ?? everyUnreferenced;
    this.#stop = every(options.flushMs ?? 1_000, () => void this.flush().catch(this.#onFlushFailed));
  }

  /** Uses that were counted nowhere because too many were waiting to be written. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Token-hours waiting to be written. */
  get pending(): number {
    return this.#pendingHours;
  }

  /**
   * Counts one use at `at` (wall clock, ms). `outcome` is `ok` or a denial reason; only `ok` moves the last use. Never waits,
   * never throws.
   */
  count(tokenId: string, outcome: string, at: number, ip: string | null): void {
    const hour = Math.floor(at / HOUR_MS);
    const token = this.#pendingHour(tokenId, hour);
    if (token === null) this.#dropped += 1;
    else if (outcome === 'ok') {
      token.ok += 1;
      moveLastUse(token, hour, at - hour * HOUR_MS, ip);
    } else countRefused(token, outcome, 1);
  }

  /**
   * Writes what was counted so far. What could not be written is kept for the next flush; where the log cannot say whether
   * it had written (a connection lost in its commit), those uses may be counted twice.
   * @throws what the log threw.
   */
  flush(): Promise<void> {
    this.#queued ??= this.#inTurn(() => {
      this.#queued = null;
      return this.#write();
    });
    return this.#queued;
  }

  /** Hours in [from, to), ascending. */
  usageOf(tokenId: string, from: number, to: number): Promise<readonly UsageCount[]> {
    return this.#inTurn(async () => {
      const written = await this.#log.read(tokenId, from, to);
      const token = this.#pending.get(tokenId);
      const unwritten = token === undefined ? [] : rowsOf(tokenId, token);
      return sumCounts([...written, ...unwritten.filter(({ hour }) => hour >= from && hour < to)]);
    });
  }

  /** Last accepted uses of those of `tokenIds` that have one. */
  lastUses(tokenIds: readonly string[]): Promise<readonly LastUse[]> {
    return this.#inTurn(async () => {
      const latest = new Map((await this.#log.lastUses(tokenIds)).map((use) => [use.tokenId, use]));
      for (const tokenId of tokenIds) {
        const token = this.#pending.get(tokenId);
        const use = token === undefined ? null : lastUseOf(tokenId, token);
        if (use !== null && use.at >= (latest.get(tokenId)?.at ?? use.at)) latest.set(tokenId, use);
      }
      return [...latest.values()];
    });
  }

  /**
   * Stops the timer and writes the rest. The log stays open: whoever opened it closes it.
   * @throws what the log threw; the rest is lost then.
   */
  async close(): Promise<void> {
    this.#stop();
    await this.flush();
  }

  async #write(): Promise<void> {
    const batch = this.#pending;
    this.#pending = new Map();
    this.#pendingHours = 0;
    try {
      await writeInSlices(batch, this.#log);
    } catch (error) {
      this.#keep(batch);
      throw error;
    }
  }

  /** Puts back what was not written, under what was counted meanwhile. */
  #keep(unwritten: Map<string, PendingToken>): void {
    const newer = this.#pending;
    this.#pending = unwritten;
    this.#pendingHours = 0;
    for (const token of unwritten.values()) this.#pendingHours += hoursOf(token);
    for (const [tokenId, token] of newer) this.#merge(tokenId, token);
  }

  #merge(tokenId: string, newer: PendingToken): void {
    for (let from: PendingHour | null = newer; from !== null; from = from.others) {
      const into = this.#pendingHour(tokenId, from.hour);
      if (into === null) this.#dropped += usesOf(from);
      else {
        into.ok += from.ok;
        for (const [outcome, count] of from.refused ?? []) countRefused(into, outcome, count);
      }
    }
    const token = this.#pending.get(tokenId);
    if (token !== undefined && newer.lastHour !== NEVER) {
      moveLastUse(token, newer.lastHour, newer.lastMsOfHour, newer.lastIp);
    }
  }

  /** The token's counts, with that hour in front; null when there is no room for one more. */
  #pendingHour(tokenId: string, hour: number): PendingToken | null {
    const token = this.#pending.get(tokenId);
    if (token !== undefined && token.hour === hour) return token;
    if (this.#pendingHours >= this.#pendingMax) return null;
    this.#pendingHours += 1;
    if (token !== undefined) {
      token.others = { hour: token.hour, ok: token.ok, refused: token.refused, others: token.others };
      token.hour = hour;
      token.ok = 0;
      token.refused = null;
      return token;
    }
    const opened = { hour, ok: 0, refused: null, others: null, lastHour: NEVER, lastMsOfHour: 0, lastIp: null };
    this.#pending.set(tokenId, opened);
    return opened;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}

/** Writes and empties `batch` slice by slice; what is left in it after an exception was not written. */
async function writeInSlices(batch: Map<string, PendingToken>, log: UsageLog): Promise<void> {
  let counts: UsageCount[] = [];
  let lastUses: LastUse[] = [];
  let slice: string[] = [];
  const write = async () => {
    if (slice.length === 0) return;
    await log.add(counts, lastUses);
    for (const tokenId of slice) batch.delete(tokenId);
    counts = [];
    lastUses = [];
    slice = [];
  };
  for (const [tokenId, token] of batch) {
    counts.push(...rowsOf(tokenId, token));
    const lastUse = lastUseOf(tokenId, token);
    if (lastUse !== null) lastUses.push(lastUse);
    slice.push(tokenId);
    if (counts.length >= ROWS_PER_WRITE) await write();
  }
  await write();
}

function countRefused(hour: PendingHour, outcome: string, count: number): void {
  hour.refused ??= new Map();
  hour.refused.set(outcome, (hour.refused.get(outcome) ?? 0) + count);
}

function moveLastUse(token: PendingToken, hour: number, msOfHour: number, ip: string | null): void {
  if (hour < token.lastHour || (hour === token.lastHour && msOfHour < token.lastMsOfHour)) return;
  token.lastHour = hour;
  token.lastMsOfHour = msOfHour;
  token.lastIp = ip;
}

function lastUseOf(tokenId: string, token: PendingToken): LastUse | null {
  if (token.lastHour === NEVER) return null;
  return { tokenId, at: token.lastHour * HOUR_MS + token.lastMsOfHour, ip: token.lastIp };
}

function rowsOf(tokenId: string, token: PendingToken): UsageCount[] {
  const rows: UsageCount[] = [];
  for (let from: PendingHour | null = token; from !== null; from = from.others) {
    const hour = from.hour * HOUR_MS;
    if (from.ok > 0) rows.push({ tokenId, hour, outcome: 'ok', count: from.ok });
    for (const [outcome, count] of from.refused ?? []) rows.push({ tokenId, hour, outcome, count });
  }
  return rows;
}

/** One row per hour and outcome, ascending by both: a clock that stepped back may have opened an hour twice. */
function sumCounts(counts: readonly UsageCount[]): UsageCount[] {
  const sums = new Map<string, UsageCount>();
  for (const row of counts) {
    const key = `${row.hour} ${row.outcome}`;
    sums.set(key, { ...row, count: row.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()].sort((a, b) => a.hour - b.hour || (a.outcome < b.outcome ? -1 : 1));
}

function hoursOf(token: PendingToken): number {
  let hours = 0;
  for (let from: PendingHour | null = token; from !== null; from = from.others) hours += 1;
  return hours;
}

function usesOf(hour: PendingHour): number {
  let uses = hour.ok;
  for (const count of hour.refused?.values() ?? []) uses += count;
  return uses;
}
