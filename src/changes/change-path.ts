import {
  type AuditDraft,
  type Clock,
  type ProfileVersion,
  StorageBusy,
  StorageUnavailable,
  type Store,
  type Subject,
  type Transaction,
} from '../ports/index.ts';
import { publishEvent } from './event-of.ts';

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

/** What a change would do, and what there is of its subject before and after it. */
export interface Rehearsal<T, Seen> {
  readonly draft: Draft<T>;
  readonly before: Seen;
  readonly after: Seen;
}

export interface ChangePathOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Forgets cached facts in this process; called after the commit and before the answer. */
  readonly invalidate: (subjects: readonly Subject[], seq: number) => void;
  /** Notes outside the database that the store has reached `seq`; resolved once that note is durable. */
  readonly witness: (seq: number, auditHash: string | null) => Promise<void>;
  /** Resolves when no node can still accept what `seq` refuses. */
  readonly acknowledged: (
    seq: number,
  ) => Promise<Pick<Guarantee, 'class' | 'durability' | 'nodesAcknowledged' | 'nodesWaitedOut'>>;
  /** By which profile work is judged here. null where no other process can apply one. */
  readonly profile: ProfileHere | null;
}

/** The profile in force as this process knows it. */
export interface ProfileHere {
  /** null before there is one. */
  version(): number | null;
  /** Takes over a version that another process has applied. */
  adopt(inForce: ProfileVersion): void;
}

/** Profiles are applied by people: it does not happen twice in one call. */
const PROFILE_TRIES = 3;

/** Older than every reading: forgets what is cached and keeps nothing out. */
const UNKNOWN_SEQ = 0;

/**
 * The one path of every change: state, change-log entry, audit entry and event in one transaction; then this process forgets
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
  commit<T>(work: (transaction: Transaction) => Promise<Draft<T>>): Promise<Outcome<T>> {
    return this.#underNewestProfile(() => this.#commit(work));
  }

  /**
   * Runs `work` as `commit` would, judged by the same profile, and takes it all back: nothing is written, nobody is told.
   * @param look is what the caller wants to see of the state before the work and after it.
   * @throws whatever `work` throws; {StorageBusy} and {StorageUnavailable} of the store.
   */
  rehearse<T, Seen>(
    work: (transaction: Transaction) => Promise<Draft<T>>,
    look: (transaction: Transaction) => Promise<Seen>,
  ): Promise<Rehearsal<T, Seen>> {
    return this.#underNewestProfile(() => this.#rehearse(work, look));
  }

  async #underNewestProfile<Result>(run: () => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries++) {
      try {
        return await run();
      } catch (error) {
        if (tries === PROFILE_TRIES || !(await this.#adoptNewer(error))) throw error;
      }
    }
  }

  async #rehearse<T, Seen>(
    work: (transaction: Transaction) => Promise<Draft<T>>,
    look: (transaction: Transaction) => Promise<Seen>,
  ): Promise<Rehearsal<T, Seen>> {
    let rehearsal: Rehearsal<T, Seen> | null = null;
    try {
      await this.#options.store.transact(async (transaction) => {
        const before = await look(transaction);
        const draft = await work(transaction);
        await this.#checkProfile(transaction, draft.subjects);
        rehearsal = { draft, before, after: await look(transaction) };
        throw new TakenBack();
      });
    } catch (error) {
      if (!(error instanceof TakenBack)) throw error;
    }
    if (rehearsal === null) throw new Error('a rehearsal was committed');
    return rehearsal;
  }

  async #commit<T>(work: (transaction: Transaction) => Promise<Draft<T>>): Promise<Outcome<T>> {
    const { store, clock, invalidate } = this.#options;
    let drafted: readonly Subject[] = [];
    const transaction = store.transact(async (transaction) => {
      const draft = await work(transaction);
      drafted = draft.subjects;
      const entry = draft.unchanged === true ? null : await logChange(transaction, draft);
      if (entry !== null) await this.#checkProfile(transaction, draft.subjects);
      return { draft, entry, at: clock.monotonic() };
    });
    // A commit that failed may have been made all the same: what rests on it is read again.
    transaction.catch(() => invalidate(drafted, UNKNOWN_SEQ));
    const { draft, entry, at } = await transaction;
    const reached = entry ?? { seq: await store.changeFeed.newest(), auditHash: null };
    invalidate(draft.subjects, reached.seq);
    const guarantee = draft.tightening ? await this.#guarantee(reached, at) : null;
    return { value: draft.value, seq: reached.seq, guarantee };
  }

  /**
   * Work that another process' profile would have judged otherwise is not committed. The log holds every later change off
   * from here on, a newer profile among them.
   */
  async #checkProfile(transaction: Transaction, subjects: readonly Subject[]): Promise<void> {
    const { profile } = this.#options;
    const version = profile?.version() ?? null;
    if (version === null || subjects.some(({ kind }) => kind === 'profile')) return;
    const inForce = await transaction.profiles.inForce();
    if (inForce !== null && inForce.version !== version) throw new OutdatedProfile();
  }

  /** Whether what went wrong may go right under a profile that another process has applied: it is in force here then. */
  async #adoptNewer(error: unknown): Promise<boolean> {
    const { profile, store } = this.#options;
    const version = profile?.version() ?? null;
    if (profile === null || version === null || error instanceof StorageBusy || error instanceof StorageUnavailable)
      return false;
    const inForce = await store.profiles.inForce();
    if (inForce === null || inForce.version <= version) return false;
    profile.adopt(inForce);
    return true;
  }

  async #guarantee({ seq, auditHash }: LogEntry, since: number): Promise<Guarantee> {
    await this.#options.witness(seq, auditHash);
    const reach = await this.#options.acknowledged(seq);
    return { ...reach, epoch: seq, milliseconds: Math.round(this.#options.clock.monotonic() - since) };
  }
}

/** Ends the transaction of a rehearsal. */
class TakenBack extends Error {}

/** A newer profile is in force than the work was judged by. */
class OutdatedProfile extends Error {}

/** Where a change stands in the log; the hash is not known for one that another call has made. */
interface LogEntry {
  readonly seq: number;
  readonly auditHash: string | null;
}

async function logChange(transaction: Transaction, { subjects, audit }: Draft<unknown>): Promise<LogEntry> {
  const seq = await transaction.changes.append(subjects, audit.at);
  const auditHash = await transaction.audit.append(seq, audit);
  await publishEvent(transaction, seq, audit);
  return { seq, auditHash };
}
