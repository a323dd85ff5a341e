/**
 * Requests that go on while something changes. Prevents proofs of "at once" that ask a quiet system one question: here
 * requests are under way at the moment of the change, and every one that begins after its answer must obey it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { within } from '../services/deadline.ts';

const WORKERS = 4;
const DEADLINE_MS = 20_000;

export interface Load {
  /** Resolves when so many more requests have been answered. */
  answered(count: number): Promise<void>;
  /** From here on requests that begin count as later. */
  mark(): void;
  /** Ends it. How often which status was answered to requests that began before the mark, and after it. */
  stop(): Promise<{ readonly before: ReadonlySet<number>; readonly after: ReadonlySet<number> }>;
}

/** Asks again and again, several at a time. A request that fails altogether counts as status 0. */
export function startLoad(ask: () => Promise<{ readonly status: number }>, workers = WORKERS): Load {
  const seen = { before: new Set<number>(), after: new Set<number>() };
  let phase: 'before' | 'after' = 'before';
  let isOver = false;
  let answers = 0;
  const waiting = new Set<() => void>();
  const work = async (): Promise<void> => {
    while (!isOver) {
      const began = phase;
      const status = await ask().then(
        (answer) => answer.status,
        () => 0,
      );
      seen[began].add(status);
      answers += 1;
      for (const look of waiting) look();
      // What is answered without waiting must not keep everybody else waiting.
      await nextTurn();
    }
  };
  const running = Promise.all(Array.from({ length: workers }, work));
  return {
    answered(count) {
      const wanted = answers + count;
      const reached = new Promise<void>((resolve) => {
        const look = (): void => {
          if (answers < wanted) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
      });
      return within(reached, DEADLINE_MS, `${count} more requests are answered`);
    },
    mark() {
      phase = 'after';
    },
    async stop() {
      isOver = true;
      await within(running, DEADLINE_MS, 'the requests under way are answered');
      return seen;
    },
  };
}

/**
 * Performs a change under load and returns what was answered to requests that began after the change was answered.
 * @throws when nothing was accepted before it: then it would have proved nothing.
 */
export async function statusesAfter(
  ask: () => Promise<{ readonly status: number }>,
  change: () => Promise<unknown>,
): Promise<readonly number[]> {
  const load = startLoad(ask);
  await load.answered(WORKERS);
  await change();
  load.mark();
  // Those under way at the mark, and as many that begin after it.
  await load.answered(WORKERS * 2);
  const { before, after } = await load.stop();
  if (![...before].some((status) => status >= 200 && status < 300)) {
    throw new Error(`nothing was accepted before the change: ${[...before].join(', ')}`);
  }
  return [...after];
}
