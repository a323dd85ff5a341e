import {
  type Clock,
  DENIALS_KEPT_MS,
  DENIALS_MAX,
  type DenialFilter,
  type DenialLog,
  type DenialRecord,
  type FailureSightings,
  type Page,
  type PageRequest,
  type ReasonTally,
} from '../ports/index.ts';
import { type DenialOrigin, DenialQueue, type DenialQueueOptions, type NotesDenials } from './denial-queue.ts';
import { FailureTally } from './failure-tally.ts';

/** After so many rows, and at the latest so long after the last time, the log is cut to its bounds. */
const TRIM_ROWS = 10_000;
const TRIM_MS = 10 * 60_000;

export interface DenialRecorderOptions extends Omit<DenialQueueOptions, 'write'> {
  readonly log: DenialLog;
  /** Where failures are counted, of which more are seen than there is room for. */
  readonly failures: Pick<FailureSightings, 'add'>;
  /** Rows kept; `DENIALS_MAX` unless told. */
  readonly rowsMax?: number;
}

/**
 * Keeps denials for a while, so that a request id can explain itself: bounded in memory, in rows and in time. Reads include
 * what is still in memory of this process, not that of others.
 */
export class DenialRecorder implements NotesDenials {
  readonly #log: DenialLog;
  readonly #clock: Clock;
  readonly #rowsMax: number;
  readonly #queue: DenialQueue;
  readonly #failures: FailureTally;
  #rowsSinceTrim = 0;
  #trimmedAt = -TRIM_MS;

  constructor(options: DenialRecorderOptions) {
    const { log, failures, rowsMax = DENIALS_MAX, ...queue } = options;
    this.#log = log;
    this.#clock = queue.clock;
    this.#rowsMax = rowsMax;
    this.#failures = new FailureTally();
    this.#queue = new DenialQueue({
      ...queue,
      write: (records) => this.#write(records),
      writeRest: () => this.#failures.writeTo(failures),
    });
  }

  /** Denials that were kept nowhere, since the start. */
  get dropped(): number {
    return this.#queue.dropped;
  }

  /** Denials that wait to be written. */
  get pending(): number {
    return this.#queue.pending;
  }

  record(origin: DenialOrigin, make: () => DenialRecord): void {
    this.#failures.count(origin, this.#clock.now());
    this.#queue.record(origin, make);
  }

  async find(requestId: string): Promise<DenialRecord | null> {
    return this.#queue.find(requestId) ?? this.#log.find(requestId);
  }

  /** Newest first. @throws what the log threw. */
  async list(filter: DenialFilter, page: PageRequest): Promise<Page<DenialRecord>> {
    await this.#queue.flush();
    return this.#log.list(filter, page);
  }

  /** Of no known token, by reason, most first; what was dropped in a flood is in no count. @throws what the log threw. */
  async tallyUnknown(filter: Parameters<DenialLog['tallyUnknown']>[0]): Promise<readonly ReasonTally[]> {
    await this.#queue.flush();
    return this.#log.tallyUnknown(filter);
  }

  /** Writes what was recorded so far. @throws what the log threw; what was not written is kept for the next flush. */
  flush(): Promise<void> {
    return this.#queue.flush();
  }

  /** Stops the timer and writes the rest. @throws what the log threw; the rest is lost then. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  async #write(records: readonly DenialRecord[]): Promise<void> {
    await this.#log.add(records);
    this.#rowsSinceTrim += records.length;
    const now = this.#clock.monotonic();
    if (this.#rowsSinceTrim < TRIM_ROWS && now - this.#trimmedAt < TRIM_MS) return;
    this.#rowsSinceTrim = 0;
    this.#trimmedAt = now;
    await this.#log.trim(this.#clock.now() - DENIALS_KEPT_MS, this.#rowsMax);
  }
}
