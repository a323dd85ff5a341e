import type { AuditDraft, Clock, Store, Subject, Transaction } from '../ports/index.ts';

/** What one change did, as its work reports it from inside the transaction. */
export interface Draft<T> {
  readonly value: T;
  /** What it altered. */
  readonly subjects: readonly Subject[];
  /**
   * True when all of it was so already (a repeated revoke): no sequence, log entry or audit row is written, but what is
   * cached is forgotten and a tightening waits again, because the first attempt may have ended without an answer.
   */
  readonly unchanged?: boolean;
  /** After it some request accepted before is refused: the answer waits until no node can still say yes. */
  readonly tightening: boolean;
  readonly audit: AuditDraft;
}

/** How far a tightening has reached when its answer is given (wire: `guarantee`). */
export interface Guarantee {
  readonly class: 'process' | 'cluster' | 'bounded';
  readonly durability: 'single-copy' | 'durable';
  readonly epoch: number;
  readonly nodesAcknowledged: number;
  readonly nodesWaitedOut: number;
  readonly milliseconds: number;
}

export interface Outcome<T> {
  readonly value: T;
  readonly seq: number;
  /** null for changes that only loosen. */
  readonly guarantee: Guarantee | null;
}

export interface ChangePathOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Forgets cached facts in this process; called after the commit and before the answer. */
  readonly invalidate: (subjects: readonly Subject[], seq: number) => void;
  /** Notes outside the database that the store has reached `seq`; resolved once that note is durable. */
  readonly witness: (seq: number) => Promise<void>;
  /** Resolves when no node can still accept what `seq` refuses. */
  readonly acknowledged: (
    seq: number,
  ) => Promise<Pick<Guarantee, 'class' | 'durability' | 'nodesAcknowledged' | 'nodesWaitedOut'>>;
}

/**
 * The one path of every change: state, change-log entry and audit entry in one transaction; then this process forgets
 * what it knew; then, for a tightening, the witness is written and every node has acknowledged; then the answer.
 */
export class ChangePath {
  readonly #options: ChangePathOptions;

  constructor(options: ChangePathOptions) {
    this.#options = options;
  }

  /**
   * Runs `work` in a transaction and commits what it drafted.
   * @throws whatever `work` throws, with nothing written; {StorageBusy} and {StorageUnavailable} of the store.
   */
  async commit<T>(work: (transaction: Transaction) => Promise<Draft<T>>): Promise<Outcome<T>> {
    const { store, clock, invalidate } = this.#options;
    const { draft, seq, at } = await store.transact(async (transaction) => {
      const draft = await work(transaction);
      if (draft.unchanged === true) return { draft, seq: null, at: clock.monotonic() };
      const seq = await transaction.changes.append(draft.subjects, draft.audit.at);
      await transaction.audit.append(seq, draft.audit);
      return { draft, seq, at: clock.monotonic() };
    });
    const reached = seq ?? (await store.changeFeed.newest());
    invalidate(draft.subjects, reached);
    const guarantee = draft.tightening ? await this.#guarantee(reached, at) : null;
    return { value: draft.value, seq: reached, guarantee };
  }

  async #guarantee(epoch: number, since: number): Promise<Guarantee> {
    await this.#options.witness(epoch);
    const reach = await this.#options.acknowledged(epoch);
    return { ...reach, epoch, milliseconds: Math.round(this.#options.clock.monotonic() - since) };
  }
}
