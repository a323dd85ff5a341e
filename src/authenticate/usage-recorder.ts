import type { LastUse, UsageCount, UsageLog } from '../ports/index.ts';

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

/** Uses of one token in one UTC hour, not yet written. */
interface PendingHour {
  readonly hour: number;
  ok: number;
  /** Refused uses by reason; null while there are none, which is nearly always. */
  refused: Map<string, number> | null;
  /** The hour before this one where the clock passed (or stepped over) a full hour since the last flush. */
  readonly earlier: PendingHour | null;
}

interface PendingToken {
  latest: PendingHour;
  /** Last accepted use, or NEVER. */
  lastAt: number;
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
    const token = this.#pending.get(tokenId) ?? this.#open(tokenId, hourOf(at));
    if (token === null) {
      this.#dropped += 1;
      return;
    }
    const sinceHour = at - token.latest.hour;
    const current = sinceHour >= 0 && sinceHour < HOUR_MS ? token.latest : this.#turnHour(token, hourOf(at));
    if (current === null) this.#dropped += 1;
    else if (outcome !== 'ok') countRefused(current, outcome, 1);
    else {
      current.ok += 1;
      if (at >= token.lastAt) {
        token.lastAt = at;
        token.lastIp = ip;
      }
    }
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
        if (token === undefined || token.lastAt === NEVER) continue;
        if (token.lastAt >= (latest.get(tokenId)?.at ?? NEVER)) {
          latest.set(tokenId, { tokenId, at: token.lastAt, ip: token.lastIp });
        }
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
    for (const [tokenId, token] of newer) {
      for (const { hour, outcome, count } of rowsOf(tokenId, token)) this.#add(tokenId, hour, outcome, count);
      const kept = this.#pending.get(tokenId);
      if (kept !== undefined && token.lastAt >= kept.lastAt) {
        kept.lastAt = token.lastAt;
        kept.lastIp = token.lastIp;
      }
    }
  }

  #add(tokenId: string, hour: number, outcome: string, count: number): void {
    const token = this.#pending.get(tokenId) ?? this.#open(tokenId, hour);
    const target = token?.latest.hour === hour ? token.latest : token && this.#turnHour(token, hour);
    if (!target) this.#dropped += count;
    else if (outcome === 'ok') target.ok += count;
    else countRefused(target, outcome, count);
  }

  #open(tokenId: string, hour: number): PendingToken | null {
    if (this.#pendingHours >= this.#pendingMax) return null;
    this.#pendingHours += 1;
    const token: PendingToken = { latest: { hour, ok: 0, refused: null, earlier: null }, lastAt: NEVER, lastIp: null };
    this.#pending.set(tokenId, token);
    return token;
  }

  #turnHour(token: PendingToken, hour: number): PendingHour | null {
    if (this.#pendingHours >= this.#pendingMax) return null;
    this.#pendingHours += 1;
    token.latest = { hour, ok: 0, refused: null, earlier: token.latest };
    return token.latest;
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
    if (token.lastAt !== NEVER) lastUses.push({ tokenId, at: token.lastAt, ip: token.lastIp });
    slice.push(tokenId);
    if (counts.length >= ROWS_PER_WRITE) await write();
  }
  await write();
}

function countRefused(hour: PendingHour, outcome: string, count: number): void {
  hour.refused ??= new Map();
  hour.refused.set(outcome, (hour.refused.get(outcome) ?? 0) + count);
}

function rowsOf(tokenId: string, token: PendingToken): UsageCount[] {
  const rows: UsageCount[] = [];
  for (let at: PendingHour | null = token.latest; at !== null; at = at.earlier) {
    if (at.ok > 0) rows.push({ tokenId, hour: at.hour, outcome: 'ok', count: at.ok });
    for (const [outcome, count] of at.refused ?? []) rows.push({ tokenId, hour: at.hour, outcome, count });
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
  for (let at: PendingHour | null = token.latest; at !== null; at = at.earlier) hours += 1;
  return hours;
}

function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

function everyUnreferenced(periodMs: number, work: () => void): () => void {
  const timer = setInterval(work, periodMs);
  timer.unref();
  return () => clearInterval(timer);
}
