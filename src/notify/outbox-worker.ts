import type { ClaimedWork, Clock, WorkOutcome, WorkQueue } from '../ports/index.ts';

/** What is said about what leaves: never what is in it, nor to whom it goes. */
export interface OutboxLog {
  warning(message: string, about: Readonly<Record<string, unknown>>): void;
  fault(error: unknown, about: Readonly<Record<string, unknown>>): void;
}

/** One kind of thing that leaves, and how it is sent. */
export interface OutboxWorkerParts<Item extends ClaimedWork> {
  readonly queue: WorkQueue<Item>;
  readonly clock: Clock;
  /** No other process takes from this queue. */
  readonly isSole: boolean;
  /** Under way in this process at the same time, together and to one receiver. */
  readonly atOnce: number;
  readonly perReceiver?: number;
  readonly receiverOf: (item: Item) => string;
  /** Sends it. What it throws is a defect: the item is taken up again when its claim has run out. */
  readonly attempt: (item: Item, stop: AbortSignal) => Promise<WorkOutcome>;
  /** Told once the outcome is written. */
  readonly settled: (item: Item, outcome: WorkOutcome) => Promise<void> | void;
  /** Names an item in the log. */
  readonly about: (item: Item) => Readonly<Record<string, unknown>>;
  readonly log: OutboxLog;
}

export interface OutboxWorker {
  /** Stops taking, gives what is under way a moment, and leaves the rest for the next start. */
  close(): Promise<void>;
}

/** Three times what an attempt may take at most: who has not reported by then was killed. */
const CLAIM_MS = 3 * 60_000;
const LOOK_EVERY_MS = 500;
/** What is under way is given so long at a stop. */
const PARTING_MS = 3_000;
const WRITE_ATTEMPTS = 3;

/** Sends what is in a queue until it is closed. */
export function startOutboxWorker<Item extends ClaimedWork>(parts: OutboxWorkerParts<Item>): OutboxWorker {
  const { queue, clock, log, atOnce, perReceiver, receiverOf } = parts;
  const stop = new AbortController();
  const underWay = new Map<Promise<void>, string>();
  let isClosing = false;
  let isLooking = false;
  /** There may be more than was taken: the next look does not wait for its time. */
  let isMore = false;
  let timer: NodeJS.Timeout | undefined;
  let isOutOfReach = false;

  const look = async (): Promise<void> => {
    const now = clock.now();
    const count = atOnce - underWay.size;
    if (count <= 0) return;
    const limit = perReceiver === undefined ? { count } : { count, perReceiver, underWay: tally(underWay.values()) };
    const items = await queue.claim(now, now + CLAIM_MS, limit);
    isMore = items.length > 0;
    for (const item of items) {
      const delivery = deliver(parts, item, stop.signal)
        .catch((error: unknown) => log.fault(error, { event: 'outbox_not_settled', ...parts.about(item) }))
        .finally(() => {
          underWay.delete(delivery);
          if (isMore && !isLooking && !isClosing) turn();
        });
      underWay.set(delivery, receiverOf(item));
    }
  };
  let looking: Promise<void> = Promise.resolve();
  const turn = (): void => {
    clearTimeout(timer);
    isLooking = true;
    looking = look()
      .then(() => {
        isOutOfReach = false;
      })
      .catch((error: unknown) => {
        // Once per outage: the store says the same with every request.
        if (!isOutOfReach) log.fault(error, { event: 'outbox_out_of_reach' });
        isOutOfReach = true;
      })
      .finally(() => {
        isLooking = false;
        if (isClosing) return;
        timer = setTimeout(turn, LOOK_EVERY_MS);
        timer.unref();
      });
  };
  const begun = parts.isSole
    ? queue.release().catch((error: unknown) => log.fault(error, { event: 'outbox_out_of_reach' }))
    : Promise.resolve();
  void begun.then(() => {
    if (!isClosing) turn();
  });

  return {
    async close() {
      isClosing = true;
      clearTimeout(timer);
      await begun;
      await looking;
      const parting = setTimeout(() => stop.abort(), PARTING_MS);
      await Promise.all(underWay.keys());
      clearTimeout(parting);
    },
  };
}

async function deliver<Item extends ClaimedWork>(
  { queue, attempt, settled }: OutboxWorkerParts<Item>,
  item: Item,
  stop: AbortSignal,
): Promise<void> {
  const outcome = await attempt(item, stop);
  for (let time = 1; ; time++) {
    try {
      await queue.settle(item, outcome);
      break;
    } catch (error) {
      // Not written, it is sent once more when the claim has run out.
      if (time === WRITE_ATTEMPTS) throw error;
    }
  }
  await settled(item, outcome);
}

function tally(receivers: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const receiver of receivers) counts.set(receiver, (counts.get(receiver) ?? 0) + 1);
  return counts;
}
