import { type Eventually, StorageUnavailable } from '../ports/index.ts';

/** Inside at once. Where a read is done in the turn of the event loop that asks for it: reads in one turn. */
const INSIDE_MAX = 4;
const WAITING_MAX = 256;
/** For one's turn: a request must not wait longer to hear that there is no answer. */
const TURN_MS = 1_000;

export interface SlowLaneOptions {
  readonly insideMax: number;
  readonly waitingMax: number;
  readonly turnMs: number;
}

interface Waiting {
  readonly enter: () => void;
  readonly tooLate: NodeJS.Timeout;
}

/**
 * Lookups for sources that have failed too often, a few at a time and behind what everyone else asks, so that however many
 * come they take a small part of the store and of this process.
 */
export class SlowLane {
  readonly #waiting = new Set<Waiting>();
  readonly #options: SlowLaneOptions;
  #inside = 0;

  constructor(options: Partial<SlowLaneOptions> = {}) {
    this.#options = { insideMax: INSIDE_MAX, waitingMax: WAITING_MAX, turnMs: TURN_MS, ...options };
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Does the work in its turn.
   * @returns null, with nothing done, when too many are waiting.
   * @throws {StorageUnavailable} the turn did not come in time.
   */
  pass<T>(work: () => Eventually<T>): Promise<T> | null {
    if (this.#waiting.size >= this.#options.waitingMax) return null;
    const turn = this.#turn();
    this.#letIn();
    return turn.then(async () => {
      try {
        return await work();
      } finally {
        this.#inside -= 1;
        this.#letIn();
      }
    });
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(() => {
        this.#waiting.delete(waiting);
        reject(new StorageUnavailable('Lookups for sources that failed too often take too long.'));
      }, this.#options.turnMs);
      const waiting: Waiting = { enter: resolve, tooLate };
      this.#waiting.add(waiting);
    });
  }

  #letIn(): void {
    for (const waiting of this.#waiting) {
      if (this.#inside >= this.#options.insideMax) return;
      this.#waiting.delete(waiting);
      clearTimeout(waiting.tooLate);
      this.#inside += 1;
      // In a later turn, after what has come in meanwhile.
      setImmediate(waiting.enter);
    }
  }
}
