import {
  ACCESSES_MAX,
  type AccessLog,
  type AccessRecord,
  type Clock,
  type DenialFilter,
  type Page,
  type PageRequest,
  type Random,
} from '../ports/index.ts';
import { denialRecord, type SeenDecision } from './denial-record.ts';
import { everyUnreferenced } from './every-unreferenced.ts';

const FLUSH_MS = 1_000;
/** However many requests are accepted: so many are kept of a second. */
const PER_SECOND_MAX = 50;
const PENDING_MAX = 2_000;

/** Takes note of accepted requests, or lets them go. */
export interface SamplesAccesses {
  /** `see` is called for one request in so many, and never throws for the others. */
  sample(see: () => SeenDecision): void;
}

export interface AccessRecorderOptions {
  readonly log: AccessLog;
  readonly clock: Clock;
  /** Keeps one accepted request in so many; 0 keeps none. */
  readonly keepOneIn: number;
  /** How long they are kept, milliseconds. */
  readonly keptMs: number;
  readonly random: Random;
  readonly every?: (periodMs: number, work: () => void) => () => void;
  /** Told of every failed flush; what was not written is kept for the next. */
  readonly onFlushFailed?: (error: unknown) => void;
}

/** Keeps samples of accepted requests for a while: bounded in each second, in memory, in rows and in time. */
export class AccessRecorder implements SamplesAccesses {
  readonly #options: AccessRecorderOptions;
  readonly #stop: () => void;
  #pending: AccessRecord[] = [];
  /** Accepted requests that are let go before the next one is kept. */
  #untilNext: number;
  #second = 0;
  #ofSecond = 0;
  #dropped = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: AccessRecorderOptions) {
    this.#options = options;
    this.#untilNext = this.#gap();
    const { every = everyUnreferenced, onFlushFailed = () => {} } = options;
    this.#stop = every(FLUSH_MS, () => void this.flush().catch(onFlushFailed));
  }

  /** One accepted request in so many is kept; 0 where none is. */
  get keepOneIn(): number {
    return this.#options.keepOneIn;
  }

  /** Samples that were kept nowhere, since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Samples that wait to be written. */
  get pending(): number {
    return this.#pending.length;
  }

  sample(see: () => SeenDecision): void {
    if (this.#options.keepOneIn === 0) return;
    if (this.#untilNext > 0) {
      this.#untilNext -= 1;
      return;
    }
    this.#untilNext = this.#gap();
    if (this.#isFull()) this.#dropped += 1;
    else this.#pending.push(accessRecord(see()));
  }

  /** Newest first. @throws what the log threw. */
  async list(filter: DenialFilter, page: PageRequest): Promise<Page<AccessRecord>> {
    await this.flush();
    return this.#options.log.list(filter, page);
  }

  /** Deletes what has been kept long enough, and what is too much. @throws what the log threw. */
  trim(now: number): Promise<void> {
    return this.#options.log.trim(now - this.#options.keptMs, ACCESSES_MAX);
  }

  /** Takes the addresses out of what an owner's tokens did. @returns how many. @throws what the log threw. */
  async eraseAddresses(ownerId: string): Promise<number> {
    await this.flush();
    return this.#options.log.eraseAddresses(ownerId);
  }

  /** Writes what was sampled so far. @throws what the log threw. */
  flush(): Promise<void> {
    const written = this.#turn.then(() => this.#write());
    this.#turn = written.catch(() => {});
    return written;
  }

  /** Stops the timer and writes the rest. @throws what the log threw; the rest is lost then. */
  async close(): Promise<void> {
    this.#stop();
    await this.flush();
  }

  async #write(): Promise<void> {
    if (this.#pending.length === 0) return;
    const batch = this.#pending;
    this.#pending = [];
    await this.#options.log.add(batch).catch((error: unknown) => {
      this.#pending = [...batch, ...this.#pending].slice(0, PENDING_MAX);
      throw error;
    });
  }

  /** So many on average that one in `keepOneIn` is kept, and never as many as before: clients call in a rhythm. */
  #gap(): number {
    const { keepOneIn, random } = this.#options;
    return keepOneIn <= 1 ? 0 : Buffer.from(random.bytes(4)).readUInt32BE() % (2 * keepOneIn - 1);
  }

  #isFull(): boolean {
    const second = Math.floor(this.#options.clock.monotonic() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#ofSecond = 0;
    }
    this.#ofSecond += 1;
    return this.#ofSecond > PER_SECOND_MAX || this.#pending.length >= PENDING_MAX;
  }
}

/** Who asked for what; what the token holds is told elsewhere. */
function accessRecord(seen: SeenDecision): AccessRecord {
  const { details, ...record } = denialRecord(seen);
  const { environments, allOf, anyOf, addressFrom, token, rule } = details;
  return {
    ...record,
    agent: seen.question.agent ?? 'other',
    details: {
      environments,
      allOf,
      anyOf,
      addressFrom,
      ...(token !== undefined && { token }),
      ...(rule !== undefined && { rule }),
    },
  };
}
