import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RateLimitVerdict, Window } from '../../policy/index.ts';
import type { ReservationLog, StoredCounts } from '../../ports/index.ts';
import { counterConformance } from '../../testing/counter-conformance.ts';
import { type LocalCounters, type LocalCountersOptions, localCounters, systemTimers, type Timers } from './index.ts';

const noon = Date.parse('2026-03-04T12:00:00Z');
const hour: Window = { name: 'hour', limit: 1_000, seconds: 3_600 };
const minute: Window = { name: 'minute', limit: 100, seconds: 60 };
const windows = [hour, minute];
const one: readonly Window[] = [{ name: 'minute', limit: 1, seconds: 60 }];

/** Wall and monotonic time apart, as they are when the machine sleeps or somebody sets the clock. */
class TestClock {
  wall = noon;
  mono = 5_000;
  now = () => this.wall;
  monotonic = () => this.mono;
  pass(ms: number) {
    this.wall += ms;
    this.mono += ms;
  }
}

/** Delays that run when the test says so. */
class TestTimers implements Timers {
  readonly #due: { delayMs: number; work: () => void }[] = [];
  sweep = () => {};
  after(delayMs: number, work: () => void) {
    const entry = { delayMs, work };
    this.#due.push(entry);
    return () => this.#due.splice(this.#due.indexOf(entry), this.#due.includes(entry) ? 1 : 0);
  }
  every(_periodMs: number, work: () => void) {
    this.sweep = work;
    return () => {
      this.sweep = () => {};
    };
  }
  /** Runs what waits for at most `delayMs`. */
  fire(delayMs = Infinity) {
    for (const { work } of this.#due.splice(0).filter((entry) => entry.delayMs <= delayMs)) work();
  }
}

/** A log in memory whose saves can be held up or fail. */
class MemoryLog implements ReservationLog {
  rows = new Map<string, Uint8Array>();
  saves: string[][] = [];
  mode: 'write' | 'refuse' | 'hold' = 'write';
  release = () => {};
  async load(): Promise<readonly StoredCounts[]> {
    return [...this.rows].map(([lineageId, counts]) => ({ lineageId, counts }));
  }
  async save(rows: readonly StoredCounts[]) {
    this.saves.push(rows.map((row) => row.lineageId));
    if (this.mode === 'hold') {
      await new Promise<void>((resolve) => {
        this.release = resolve;
      });
    }
    if (this.mode === 'refuse') throw new Error('the disk is full');
    for (const { lineageId, counts } of rows) this.rows.set(lineageId, counts);
  }
  async remove(lineageIds: readonly string[]) {
    for (const id of lineageIds) this.rows.delete(id);
  }
}

function setUp(options: Partial<LocalCountersOptions> = {}) {
  const clock = new TestClock();
  const timers = new TestTimers();
  const log = new MemoryLog();
  const events: string[] = [];
  const open = () =>
    localCounters({
      clock,
      timers,
      reservations: log,
      onDegraded: () => events.push('degraded'),
      onRecovered: () => events.push('recovered'),
      onDamagedRow: (id) => events.push(`damaged ${id}`),
      ...options,
    });
  return { clock, timers, log, events, open };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
async function turns(count = 5) {
  for (let at = 0; at < count; at++) await turn();
}

async function consumeMany(counters: LocalCounters, lineage: string, asked: readonly Window[], count: number) {
  let admitted = 0;
  for (let at = 0; at < count; at++) if ((await counters.consume(lineage, asked, 1)).admitted) admitted += 1;
  return admitted;
}

const remainingOf = async (counters: LocalCounters, lineage: string, asked: readonly Window[] = windows) =>
  (await counters.consume(lineage, asked, 0)).remaining;

describe('localCounters', () => {
  for (const { title, run } of counterConformance) {
    it(title, async () => {
      const { open } = setUp({ timers: systemTimers });
      const counters = await open();
      await run([counters]);
      await counters.close();
    });
  }

  it('admits what fits into every window and says when the next fits', async () => {
    const { open, clock } = setUp({ reservations: null });
    const counters = await open();
    expect(await consumeMany(counters, 'lin_a', windows, 150)).toBe(100);
    const refused = counters.consume('lin_a', windows, 1) as RateLimitVerdict;
    expect(refused).toMatchObject({ admitted: false, limit: 1_000, remaining: 900 });
    clock.pass(refused.retryAfterMs - 1);
    expect((await counters.consume('lin_a', windows, 1)).admitted).toBe(false);
    clock.pass(1);
    expect((await counters.consume('lin_a', windows, 1)).admitted).toBe(true);
    expect((await counters.consume('lin_b', windows, 1)).remaining).toBe(999);
  });

  it('asks without spending at cost 0', async () => {
    const { open, log } = setUp();
    const counters = await open();
    for (let at = 0; at < 5; at++) await counters.consume('lin_a', one, 0);
    expect(await consumeMany(counters, 'lin_a', one, 2)).toBe(1);
    await turns();
    expect(log.saves).toHaveLength(1);
  });

  it('answers at once while there is a reservation, and waits for one save of many lineages where there is none', async () => {
    const { open, log } = setUp();
    const counters = await open();
    const first = ['lin_a', 'lin_b', 'lin_c'].map((id) => counters.consume(id, windows, 1));
    expect(first.every((verdict) => verdict instanceof Promise)).toBe(true);
    await Promise.all(first);
    expect(log.saves).toEqual([['lin_a', 'lin_b', 'lin_c']]);
    // A tenth of what the minute had left was reserved; the next portion is asked for when half of it is spent.
    for (let at = 0; at < 4; at++) expect(counters.consume('lin_a', windows, 1)).not.toBeInstanceOf(Promise);
    expect(log.saves).toHaveLength(1);
    expect(counters.consume('lin_a', windows, 1)).not.toBeInstanceOf(Promise);
    await turns();
    expect(log.saves).toEqual([['lin_a', 'lin_b', 'lin_c'], ['lin_a']]);
    expect(counters.consume('lin_a', windows, 1)).not.toBeInstanceOf(Promise);
  });

  it('gives no answer before the reservation is written', async () => {
    const { open, log } = setUp();
    log.mode = 'hold';
    const counters = await open();
    let answered = false;
    const verdict = Promise.resolve(counters.consume('lin_a', windows, 1)).then(() => {
      answered = true;
    });
    await turns();
    expect(answered).toBe(false);
    log.release();
    await verdict;
    expect(log.rows.has('lin_a')).toBe(true);
  });

  it('spends no more than both rows cover while nobody knows which one a crash would leave', async () => {
    const { open, log } = setUp();
    const counters = await open();
    await consumeMany(counters, 'lin_a', [minute], 1);
    log.mode = 'hold';
    // Nine are reserved; under the lowered limit the row being written reserves one.
    const lowered = [{ ...minute, limit: 8 }];
    expect(counters.consume('lin_a', lowered, 5)).not.toBeInstanceOf(Promise);
    await turns();
    expect(counters.consume('lin_a', lowered, 1)).not.toBeInstanceOf(Promise);
    expect(counters.consume('lin_a', lowered, 1)).toBeInstanceOf(Promise);
  });

  it('loses at most a tenth of what was left when it is killed, and never gains', async () => {
    const { open, log } = setUp();
    const first = await open();
    expect(await consumeMany(first, 'lin_a', windows, 30)).toBe(30);
    await turns();
    const second = await open();
    const left = (await consumeMany(second, 'lin_a', windows, 200)) as number;
    expect(left).toBeLessThanOrEqual(70);
    expect(left).toBeGreaterThanOrEqual(63);
    expect(log.rows.size).toBe(1);
  });

  it('loses nothing when it is closed, and can then no longer be asked', async () => {
    const { open } = setUp();
    const first = await open();
    await consumeMany(first, 'lin_a', windows, 30);
    await first.close();
    await first.close();
    expect(() => first.consume('lin_a', windows, 1)).toThrow('closed');
    const second = await open();
    expect(await remainingOf(second, 'lin_a')).toBe(970);
    await second.close();
    const third = await open();
    expect(await remainingOf(third, 'lin_a')).toBe(970);
    expect(await consumeMany(third, 'lin_a', windows, 200)).toBe(70);
  });

  it('corrects rows down to what was spent once their reservation has run out', async () => {
    const { open, clock, log, timers } = setUp();
    const first = await open();
    await consumeMany(first, 'lin_a', windows, 1);
    clock.pass(301_000);
    timers.sweep();
    await turns();
    expect(log.saves).toHaveLength(2);
    const second = await open();
    expect(await remainingOf(second, 'lin_a')).toBe(999);
  });

  it('needs a new reservation when the old one has run out, however much of it is left', async () => {
    const { open, clock } = setUp();
    const counters = await open();
    await consumeMany(counters, 'lin_a', windows, 1);
    clock.pass(299_000);
    expect(counters.consume('lin_a', windows, 1)).not.toBeInstanceOf(Promise);
    clock.pass(2_000);
    expect(counters.consume('lin_a', windows, 1)).toBeInstanceOf(Promise);
  });

  it('row 74: frees lineages that count nothing any more, in memory and in the log', async () => {
    const { open, clock, log, timers } = setUp();
    const counters = await open();
    for (let at = 0; at < 50; at++) await consumeMany(counters, `lin_${at}`, windows, 1);
    clock.pass(3_700_000);
    await consumeMany(counters, 'lin_7', windows, 1);
    timers.sweep();
    await turns();
    expect(counters.lineages).toBe(1);
    expect([...log.rows.keys()]).toEqual(['lin_7']);
    expect(await remainingOf(counters, 'lin_8')).toBe(1_000);
  });

  it('row 74: frees rows of an earlier process that nobody asked for again', async () => {
    const { open, clock, log, timers } = setUp();
    await consumeMany(await open(), 'lin_a', windows, 1);
    await turns();
    await open();
    timers.sweep();
    await turns();
    expect(log.rows.size).toBe(1);
    clock.pass(4_000_000);
    timers.sweep();
    timers.sweep();
    await turns();
    expect(log.rows.size).toBe(0);
  });

  it('row 74: refuses more lineages than it may hold, until some have run out', async () => {
    const { open, clock } = setUp({ lineagesMax: 3 });
    const counters = await open();
    for (const id of ['a', 'b', 'c']) await consumeMany(counters, id, windows, 1);
    expect(() => counters.consume('d', windows, 1)).toThrow('more than 3 tokens');
    expect((await counters.consume('a', windows, 1)).admitted).toBe(true);
    clock.pass(3_700_000);
    expect((await counters.consume('d', windows, 1)).admitted).toBe(true);
  });

  it('row 86: goes on counting in memory while nothing can be written, says so, and recovers by itself', async () => {
    const { open, events, log, timers } = setUp();
    const counters = await open();
    await consumeMany(counters, 'lin_a', windows, 1);
    log.mode = 'refuse';
    expect(await consumeMany(counters, 'lin_b', windows, 150)).toBe(100);
    expect(counters.isDegraded).toBe(true);
    expect(counters.consume('lin_c', windows, 1)).not.toBeInstanceOf(Promise);
    timers.fire(1_000);
    await turns();
    expect(events).toEqual(['degraded']);
    log.mode = 'write';
    timers.fire(1_000);
    await turns();
    expect(events).toEqual(['degraded', 'recovered']);
    expect([...log.rows.keys()].sort()).toEqual(['lin_a', 'lin_b', 'lin_c']);
    const next = await open();
    expect(await consumeMany(next, 'lin_b', windows, 10)).toBe(0);
  });

  it('row 86: does not wait for a write that never ends', async () => {
    const { open, events, log, timers } = setUp();
    const counters = await open();
    log.mode = 'hold';
    const waiting = counters.consume('lin_a', windows, 1);
    await turns();
    timers.fire(1_000);
    expect((await waiting).admitted).toBe(true);
    expect(counters.consume('lin_b', windows, 1)).not.toBeInstanceOf(Promise);
    expect(events).toEqual(['degraded']);
    log.mode = 'write';
    log.release();
    await turns();
    expect(events).toEqual(['degraded', 'recovered']);
    expect([...log.rows.keys()]).toEqual(['lin_a', 'lin_b']);
  });

  it('says so when the rest cannot be written at the end', async () => {
    const { open, log } = setUp();
    const counters = await open();
    await consumeMany(counters, 'lin_a', windows, 1);
    log.mode = 'refuse';
    await expect(counters.close()).rejects.toMatchObject({ name: 'StorageUnavailable' });
  });

  it('keeps what was counted when the windows of a lineage change', async () => {
    const { open } = setUp();
    const counters = await open();
    await consumeMany(counters, 'lin_a', windows, 60);
    const tighter = [
      { ...hour, limit: 80 },
      { ...minute, limit: 70 },
    ];
    expect(await consumeMany(counters, 'lin_a', tighter, 50)).toBe(10);
    await turns();
    const next = await open();
    expect(await consumeMany(next, 'lin_a', [{ ...hour, limit: 70 }], 50)).toBe(0);
  });

  it('starts a lineage anew whose row cannot be read, and says which', async () => {
    const { open, events, log, timers } = setUp();
    await consumeMany(await open(), 'lin_a', windows, 1);
    await turns();
    const row = log.rows.get('lin_a') ?? new Uint8Array();
    log.rows.set('lin_b', row.slice(0, row.length - 1));
    log.rows.set('lin_c', Uint8Array.of(9, 9));
    log.rows.set('lin_d', row.slice(0, row.length - 1));
    const counters = await open();
    expect(await remainingOf(counters, 'lin_b')).toBe(1_000);
    expect(await remainingOf(counters, 'lin_a')).toBe(990);
    timers.sweep();
    await turns();
    expect(events).toEqual(['damaged lin_c', 'damaged lin_b', 'damaged lin_d']);
    expect(log.rows.has('lin_d')).toBe(false);
  });

  it.each([-3_600_000, 3_600_000, -315_360_000_000, 315_360_000_000])(
    'row 95: a wall clock that steps by %i ms neither opens a window again nor closes it for long',
    async (stepMs) => {
      const { open, clock } = setUp();
      const counters = await open();
      await consumeMany(counters, 'lin_a', windows, 100);
      clock.wall += stepMs;
      expect(await consumeMany(counters, 'lin_a', windows, 10)).toBe(0);
      clock.pass(61_000);
      expect(await consumeMany(counters, 'lin_a', windows, 10)).toBe(10);
    },
  );

  it.each([
    ['steps back', -3_600_000],
    ['steps back by years', -315_360_000_000],
  ])('row 95: a wall clock that %s between two processes gives nothing back', async (_title, stepMs) => {
    const { open, clock } = setUp();
    const first = await open();
    await consumeMany(first, 'lin_a', [hour], 1_000);
    await first.close();
    clock.wall += stepMs;
    clock.mono = 0;
    const second = await open();
    expect(await consumeMany(second, 'lin_a', [hour], 1)).toBe(0);
    clock.pass(3_661_000);
    expect(await consumeMany(second, 'lin_a', [hour], 1)).toBe(1);
  });

  it('row 95: sleep, which the monotonic clock does not count, gives nothing back after a restart', async () => {
    const { open, clock } = setUp();
    const first = await open();
    clock.wall += 8 * 3_600_000;
    await consumeMany(first, 'lin_a', [hour], 1_000);
    await first.close();
    clock.mono = 0;
    const second = await open();
    expect(await consumeMany(second, 'lin_a', [hour], 1)).toBe(0);
  });

  it('never exceeds a limit in any rolling window, wherever it is killed', async () => {
    const limits = [
      { name: 'long', limit: 20, seconds: 120 },
      { name: 'short', limit: 6, seconds: 10 },
    ];
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant('use' as const), count: fc.integer({ min: 1, max: 8 }) }) },
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 30_000 }) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 60_000, max: 400_000 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constantFrom('kill' as const, 'close' as const, 'sweep' as const, 'settle' as const),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('killDuringSave' as const), written: fc.boolean() }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const { clock, log, timers } = setUp();
        const accepted: number[] = [];
        let killRunning = () => {};
        /** A process with its own way to the log: once it is killed, nothing of it arrives there and nobody hears from it. */
        const start = () => {
          let isAlive = true;
          killRunning = () => {
            isAlive = false;
          };
          const orNever = <T>(work: () => Promise<T>) => (isAlive ? work() : new Promise<T>(() => {}));
          return localCounters({
            clock,
            timers,
            reservations: {
              load: () => log.load(),
              save: (rows) => orNever(() => log.save(rows).then(() => orNever(async () => {}))),
              remove: (ids) => orNever(() => log.remove(ids)),
            },
          });
        };
        let counters = await start();
        const use = () => {
          const at = clock.wall;
          return Promise.resolve(counters.consume('lin_a', limits, 1)).then((verdict) => {
            if (verdict.admitted) accepted.push(at);
          });
        };
        for (const s of steps) {
          if (s.do === 'use') await Promise.all(Array.from({ length: s.count }, use));
          else if (s.do === 'pass') clock.pass(s.ms);
          else if (s.do === 'sweep') timers.sweep();
          else if (s.do === 'settle') await turns(3);
          else {
            if (s.do === 'close') await counters.close();
            if (s.do === 'killDuringSave') {
              // What waits for the save when the process dies was never accepted, whether or not the row was written.
              const save = log.save.bind(log);
              log.save = (rows) => (s.written ? save(rows).then(() => new Promise(() => {})) : new Promise(() => {}));
              void use();
              void use();
              await turns(2);
              log.save = save;
            }
            killRunning();
            clock.mono = 0;
            counters = await start();
          }
        }
        for (const { limit, seconds } of limits) {
          for (const from of accepted) {
            const inWindow = accepted.filter((at) => at >= from && at < from + seconds * 1_000);
            expect(inWindow.length).toBeLessThanOrEqual(limit);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
