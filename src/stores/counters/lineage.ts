import type { CountsSlot, Reservation, Window, WindowState } from '../../policy/index.ts';
import type { CountsMemo } from '../../ports/index.ts';

/** How long what is reserved may be spent without another write. */
export const RESERVED_FOR_SECONDS = 300;
/** What is reserved at once: this part of what the tightest window has left, and so the most that a crash can lose. */
const RESERVED_PART = 10;

/** Rows that are written together, and who waits for them. */
export interface Batch {
  readonly lineages: Lineage[];
  /** Resolves when the rows are written, or when the writer gives up waiting for that. */
  readonly done: Promise<void>;
  readonly settle: () => void;
}

/**
 * One lineage in memory: where its exact counts are, and up to where the stored row covers them. There may be millions:
 * every field is a small integer or a pointer.
 */
export class Lineage {
  readonly id: string;
  slot: CountsSlot;
  windows: readonly Window[];
  /** Who remembers this object instead of looking it up; told when it is given up. */
  memo: CountsMemo | null = null;
  /** The batch that its row will be written with; null when none is asked for. */
  batch: Batch | null = null;
  #flags: number;
  /** Accepted by this process. */
  #spent = 0;
  /** What of it the stored row counts as spent. */
  #stored = 0;
  /** What of it the stored row counts as spent or reserved, */
  #covered = 0;
  /** until this second. */
  #coveredUntil = 0;

  constructor(id: string, slot: CountsSlot, windows: readonly Window[], isStored: boolean) {
    this.id = id;
    this.slot = slot;
    this.windows = windows;
    this.#flags = isStored ? STORED : 0;
  }

  /** Whether there is a row for it. */
  get isStored(): boolean {
    return (this.#flags & STORED) !== 0;
  }

  /** Whether its memory must stay where it is. */
  get isBeingSaved(): boolean {
    return this.batch !== null || (this.#flags & SAVING) !== 0;
  }

  /** Is remembered by `memo` from now on, and by nobody else. */
  rememberIn(memo: CountsMemo): void {
    this.forget();
    memo.countsAt = this;
    this.memo = memo;
  }

  /** Is looked up again by whoever remembered it: before it is given up. */
  forget(): void {
    if (this.memo !== null) this.memo.countsAt = null;
    this.memo = null;
  }

  /** Counts what was just admitted. @returns whether a crash at this moment would still know of it. */
  spend(cost: number, nowMs: number): boolean {
    this.#spent += cost;
    return this.#spent <= this.#covered && secondOf(nowMs) < this.#coveredUntil;
  }

  /** At least half of what was reserved is spent, and more is not on its way. */
  get isRunningLow(): boolean {
    return this.#spent - this.#stored >= this.#covered - this.#spent && !this.isBeingSaved;
  }

  /** Whether the row counts more than was spent, and no more of it may be spent. */
  isOverstated(nowMs: number): boolean {
    return this.#covered > this.#spent && secondOf(nowMs) >= this.#coveredUntil;
  }

  /** Whether the row says exactly what memory says. */
  get isExact(): boolean {
    return this.#covered === this.#spent && this.#stored === this.#spent;
  }

  /** Asks that its next row reserves more; without, it is written exact. */
  wantMore(): void {
    this.#flags |= WANTS_MORE;
  }

  /**
   * Plans the row that is about to be written. From now on no more may be spent than both rows cover, since nobody knows
   * which one a crash leaves.
   */
  planRow(states: readonly WindowState[], nowMs: number, exact: boolean): PlannedRow {
    const remaining = Math.min(...states.map((window) => window.remaining));
    const wanted = !exact && (this.#flags & WANTS_MORE) !== 0 && remaining > 0;
    const amount = wanted ? Math.max(1, Math.floor(remaining / RESERVED_PART)) : 0;
    const plan = { lineage: this, spent: this.#spent, amount, untilSeconds: secondOf(nowMs) + RESERVED_FOR_SECONDS };
    this.#covered = Math.min(this.#covered, plan.spent + amount);
    this.#flags = (this.#flags | SAVING) & ~WANTS_MORE;
    this.batch = null;
    return plan;
  }

  /** The planned row is known to be written. */
  storedAs(plan: PlannedRow): void {
    this.#stored = plan.spent;
    this.#covered = plan.spent + plan.amount;
    this.#coveredUntil = plan.untilSeconds;
    this.#flags = (this.#flags | STORED) & ~SAVING;
  }

  /** Nobody knows whether the planned row was written: what the one before covers is all there is. */
  notStored(): void {
    this.#flags &= ~SAVING;
    this.#flags |= STORED;
  }
}

export interface PlannedRow {
  readonly lineage: Lineage;
  readonly spent: number;
  readonly amount: number;
  readonly untilSeconds: number;
}

export function reservationOf({ amount, untilSeconds }: PlannedRow): Reservation {
  return { amount, untilMs: untilSeconds * 1_000 };
}

function secondOf(ms: number): number {
  return Math.floor(ms / 1_000);
}

const STORED = 1;
const SAVING = 2;
const WANTS_MORE = 4;
