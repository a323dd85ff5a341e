import type { LastUse, UsageCount, UsageLog, UseAspect, UseSpan, UseSum } from '../ports/index.ts';
import { everyUnreferenced } from './every-unreferenced.ts';
import {
  beginRun,
  countRefused,
  HOUR_MS,
  hoursOf,
  isInRun,
  lastUseOf,
  moveLastUse,
  openHour,
  openToken,
  type PendingHour,
  type PendingToken,
  rowsOf,
  runOf,
  sumCounts,
  usesOf,
} from './pending-usage.ts';
import { UseDetails, type UseQuestion } from './use-details.ts';
import { beginning, untoldRows, writeInSlices } from './write-usage.ts';

/** Different details that wait to be written at most, over all tokens. */
const DETAILS_MAX = 200_000;

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
  #pendingDetails = 0;
  #dropped = 0;
  /** Hours of which uses or their details were dropped: what is told of these hours is not everything. */
  #untold = new Map<number, number>();
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

  /** Different details of uses that wait to be written, beside one for each token. */
  get pendingDetails(): number {
    return this.#pendingDetails;
  }

  /**
   * Counts one use at `at` (wall clock, ms). `outcome` is `ok` or a denial reason; only `ok` moves the last use. Never waits,
   * never throws.
   */
  count(tokenId: string, outcome: string, at: number, used: UseQuestion): void {
    const hour = Math.floor(at / HOUR_MS);
    const token = this.#pendingHour(tokenId, hour);
    if (token === null) {
      this.#dropped += 1;
      this.#leaveUntold(hour, 1);
    } else if (outcome === 'ok') {
      token.ok += 1;
      moveLastUse(token, hour, at - hour * HOUR_MS, used.ip);
      if (token.run === 0 || !isInRun(token, used)) {
        this.#endRun(token);
        beginRun(token, used);
      }
      token.run += 1;
    } else {
      countRefused(token, outcome, 1);
      this.#tell(token, used, outcome, 1);
    }
  }

  /** Notes what an accepted question asked that cost nothing: no use is counted, and what it needed was needed. */
  note(tokenId: string, at: number, used: UseQuestion): void {
    const hour = Math.floor(at / HOUR_MS);
    const token = this.#pendingHour(tokenId, hour);
    if (token === null) this.#leaveUntold(hour, 1);
    else this.#tell(token, used, 'free', 1);
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

  /** Uses told apart in one aspect, ascending by time. @throws what the log threw. */
  async detailsOf(tokenIds: readonly string[], aspect: UseAspect, span: UseSpan): Promise<readonly UseSum[]> {
    await this.flush();
    return this.#log.readDetails(tokenIds, aspect, span);
  }

  /** Start of the first day of which details are kept; null where there are none. @throws what the log threw. */
  async detailsSince(): Promise<number | null> {
    await this.flush();
    return this.#log.detailsSince();
  }

  /**
   * Notes that details are told apart from now on, where nothing is told yet.
   * @throws what the log threw.
   */
  async begin(now: number): Promise<void> {
    if ((await this.#log.detailsSince()) === null) await this.#log.add([], [], [beginning(now)]);
  }

  /** Deletes details of hours and of days before these. */
  trimDetails(hoursBefore: number, daysBefore: number): Promise<void> {
    return this.#log.trimDetails(hoursBefore, daysBefore);
  }

  /** Keeps last uses that another system has seen; a later one is kept instead. @throws what the log threw. */
  noteLastUses(lastUses: readonly LastUse[]): Promise<void> {
    return this.#inTurn(() => this.#log.add([], lastUses));
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
    const untold = this.#untold;
    this.#pending = new Map();
    this.#pendingHours = 0;
    this.#pendingDetails = 0;
    this.#untold = new Map();
    try {
      await writeInSlices(batch, this.#log);
      if (untold.size > 0) await this.#log.add([], [], untoldRows(untold));
    } catch (error) {
      this.#keep(batch);
      for (const [hour, count] of untold) this.#leaveUntold(hour, count);
      throw error;
    }
  }

  /** Puts back what was not written, under what was counted meanwhile. */
  #keep(unwritten: Map<string, PendingToken>): void {
    const newer = this.#pending;
    this.#pending = unwritten;
    this.#pendingHours = 0;
    this.#pendingDetails = 0;
    for (const token of unwritten.values()) {
      for (const { details } of hoursOf(token)) {
        this.#pendingHours += 1;
        this.#pendingDetails += details?.size ?? 0;
      }
    }
    for (const [tokenId, token] of newer) this.#merge(tokenId, token);
  }

  #merge(tokenId: string, newer: PendingToken): void {
    this.#endRun(newer);
    for (const from of hoursOf(newer)) {
      const into = this.#pendingHour(tokenId, from.hour);
      if (into === null) {
        this.#dropped += usesOf(from);
        this.#leaveUntold(from.hour, usesOf(from));
        continue;
      }
      into.ok += from.ok;
      for (const [outcome, count] of from.refused ?? []) countRefused(into, outcome, count);
      if (from.details === null) continue;
      into.details ??= new UseDetails();
      into.details.merge(from.details);
    }
    const token = this.#pending.get(tokenId);
    const last = lastUseOf(tokenId, newer);
    if (token !== undefined && last !== null) moveLastUse(token, newer.lastHour, newer.lastMsOfHour, last.ip);
  }

  #endRun(token: PendingToken): void {
    const { run } = token;
    if (run === 0) return;
    token.run = 0;
    this.#tell(token, runOf(token), 'ok', run);
  }

  #tell(into: PendingHour, used: UseQuestion, outcome: string, count: number): void {
    if (this.#pendingDetails >= DETAILS_MAX) {
      this.#leaveUntold(into.hour, count);
      return;
    }
    into.details ??= new UseDetails();
    const before = into.details.size;
    into.details.add(used, outcome, count);
    this.#pendingDetails += into.details.size - before;
  }

  #leaveUntold(hour: number, count: number): void {
    this.#untold.set(hour, (this.#untold.get(hour) ?? 0) + count);
  }

  /** The token's counts, with that hour in front; null when there is no room for one more. */
  #pendingHour(tokenId: string, hour: number): PendingToken | null {
    const token = this.#pending.get(tokenId);
    if (token !== undefined && token.hour === hour) return token;
    if (this.#pendingHours >= this.#pendingMax) return null;
    this.#pendingHours += 1;
    if (token !== undefined) {
      this.#endRun(token);
      openHour(token, hour);
      return token;
    }
    const opened = openToken(hour);
    this.#pending.set(tokenId, opened);
    return opened;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}
