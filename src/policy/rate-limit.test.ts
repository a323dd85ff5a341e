import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CountedWindow } from './counted-window.ts';
import { CountsSlab } from './counts-slab.ts';
import { CountsMemory, type CountsSlot, type RateLimitVerdict } from './rate-limit.ts';
import type { Window } from './window.ts';

const start = Date.UTC(2025, 0, 31, 14, 0, 0);
const hour: Window = { name: 'hour', limit: 1000, seconds: 3600 };
const minute: Window = { name: 'minute', limit: 100, seconds: 60 };

/** Consumes one by one until refused; says how many were admitted. */
function drain(memory: CountsMemory, slot: CountsSlot, windows: readonly Window[], at: number, most = 5000): number {
  for (let admitted = 0; admitted < most; admitted++) {
    if (!memory.tryConsume(slot, windows, at, 1).admitted) return admitted;
  }
  return most;
}

const elsewhere = new CountsMemory();

/** Asks a copy of the counts what would happen at another moment, without it happening. */
function wouldAdmit(counted: readonly CountedWindow[], windows: readonly Window[], at: number, cost: number): boolean {
  const copy = elsewhere.open(windows, counted, at);
  const { admitted } = elsewhere.tryConsume(copy, windows, at, cost);
  elsewhere.close(copy);
  return admitted;
}

interface Accepted {
  readonly at: number;
  readonly cost: number;
}

function acceptedWithin(log: readonly Accepted[], from: number, to: number): number {
  return log.reduce((sum, { at, cost }) => (at > from && at <= to ? sum + cost : sum), 0);
}

/** Sub-bucket numbers in whole-number arithmetic of any size. */
function oracleBucket(at: number, { seconds }: Window): bigint {
  return (BigInt(at) * 60n) / (BigInt(seconds) * 1000n);
}

const someWindows = fc.uniqueArray(
  fc.record({
    name: fc.constant('w'),
    seconds: fc.constantFrom(1, 2, 3, 7, 11, 60, 61, 3600, 86_400),
    limit: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 }), fc.constant(100_000)),
  }),
  { minLength: 1, maxLength: 4, selector: ({ seconds }) => seconds },
);

/** Steps in parts of the shortest window, so that everything of interest happens in some window. */
const someSteps = fc.array(
  fc.record({
    forward: fc.oneof(
      { weight: 6, arbitrary: fc.double({ min: 0, max: 0.2, noNaN: true }) },
      { weight: 2, arbitrary: fc.double({ min: 0.9, max: 1.1, noNaN: true }) },
      { weight: 1, arbitrary: fc.double({ min: 0, max: 40, noNaN: true }) },
    ),
    toRetry: fc.boolean(),
    back: fc.oneof(
      { weight: 12, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
      { weight: 1, arbitrary: fc.double({ min: 0, max: 100, noNaN: true }) },
    ),
    cost: fc.oneof(fc.constant(1), fc.nat(5), fc.constantFrom(0, 13, 70_000)),
  }),
  { minLength: 20, maxLength: 120, size: 'max' },
);

describe('rate limits against a log of every request', () => {
  it('never admit more than a limit in any rolling window, refuse at most a sub-bucket too long, and keep their word', () => {
    let operations = 0;
    let refusals = 0;
    let retries = 0;
    fc.assert(
      fc.property(someWindows, someSteps, fc.boolean(), (windows, steps, withSteps) => {
        const memory = new CountsMemory();
        const slot = memory.open(windows);
        const unitMs = Math.min(...windows.map(({ seconds }) => seconds)) * 1000;
        const log: Accepted[] = [];
        // What really passes is never less than what the clock says: it may be set back at any time.
        let real = start;
        let setBack = 0;
        let verdict: RateLimitVerdict | null = null;

        for (const { forward, toRetry, back, cost } of steps) {
          const wait = verdict?.retryAfterMs ?? 0;
          real += toRetry && wait > 0 && wait < Infinity ? wait : Math.round(forward * unitMs);
          if (withSteps) setBack += Math.round(back * unitMs);
          const now = Math.max(0, real - setBack);
          const before = memory.describe(slot, windows, now);
          verdict = memory.tryConsume(slot, windows, now, cost);
          operations++;

          if (verdict.admitted) {
            log.push({ at: real, cost });
            const over = windows.filter(
              ({ seconds, limit }) => acceptedWithin(log, real - seconds * 1000, real) > limit,
            );
            expect([over, verdict.retryAfterMs]).toEqual([[], 0]);
            continue;
          }

          refusals++;
          if (!withSteps || setBack === 0) {
            const isNeeded = windows.some(({ seconds, limit }) => {
              const bucketMs = (seconds * 1000) / 60;
              return acceptedWithin(log, real - seconds * 1000 - bucketMs - 1, real) + cost > limit;
            });
            expect(isNeeded).toBe(true);
            expect(memory.describe(slot, windows, now)).toEqual(before);
          }
          if (verdict.retryAfterMs === Infinity) {
            expect(windows.some(({ limit }) => cost > limit)).toBe(true);
            continue;
          }
          retries++;
          const at = now + verdict.retryAfterMs;
          expect(wouldAdmit(memory.counted(slot), windows, at, cost)).toBe(true);
          expect(wouldAdmit(memory.counted(slot), windows, at - 1, cost)).toBe(false);
        }
      }),
      { numRuns: 400 },
    );
    expect(operations).toBeGreaterThan(10_000);
    expect(refusals).toBeGreaterThan(1_000);
    expect(retries).toBeGreaterThan(1_000);
  });

  it('decide, for every call, as a log of numbered sub-buckets in whole numbers of any size', () => {
    fc.assert(
      fc.property(someWindows, someSteps, (windows, steps) => {
        const memory = new CountsMemory();
        const slot = memory.open(windows);
        const unitMs = Math.min(...windows.map(({ seconds }) => seconds)) * 1000;
        const log: Accepted[] = [];
        let now = start;
        for (const { forward, cost } of steps) {
          now += Math.round(forward * unitMs);
          const countedIn = (window: Window): number => {
            const current = oracleBucket(now, window);
            const counts = log.filter(({ at }) => oracleBucket(at, window) + 60n >= current);
            return counts.reduce((sum, entry) => sum + entry.cost, 0);
          };
          const fits = windows.every((window) => countedIn(window) + cost <= window.limit);
          const verdict = memory.tryConsume(slot, windows, now, cost);
          if (fits) log.push({ at: now, cost });

          const longest = windows.reduce((a, b) => (b.seconds > a.seconds ? b : a));
          const remaining = longest.limit - countedIn(longest);
          expect(verdict).toMatchObject({ admitted: fits, limit: longest.limit, remaining });
          expect(verdict.describe()).toEqual(
            windows.map((window) => {
              const oldest = log.find(
                (entry) => entry.cost > 0 && oracleBucket(entry.at, window) + 60n >= oracleBucket(now, window),
              );
              const resetMs = ((): number => {
                if (oldest === undefined) return 0;
                const leaves = (oracleBucket(oldest.at, window) + 61n) * BigInt(window.seconds) * 1000n;
                return Number((leaves + 59n) / 60n) - now;
              })();
              return { ...window, remaining: window.limit - countedIn(window), resetMs };
            }),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('count many lineages side by side as each would be counted alone', () => {
    const windows = [hour, minute];
    const calls = fc.array(
      fc.record({ who: fc.nat(6), waitMs: fc.nat(20_000), cost: fc.nat(40), reopen: fc.nat(30) }),
      {
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(calls, (steps) => {
        const shared = new CountsMemory();
        const lineages = Array.from({ length: 7 }, () => {
          const alone = new CountsMemory();
          return { slot: shared.open(windows), alone, copy: alone.open(windows) };
        });
        let now = start;
        for (const { who, waitMs, cost, reopen } of steps) {
          now += waitMs;
          const lineage = lineages[who] as (typeof lineages)[number];
          if (reopen === 0) {
            shared.close(lineage.slot);
            lineage.alone = new CountsMemory();
            lineage.copy = lineage.alone.open(windows);
            lineage.slot = shared.open(windows);
          }
          const together = shared.tryConsume(lineage.slot, windows, now, cost);
          const apart = lineage.alone.tryConsume(lineage.copy, windows, now, cost);
          expect([together.admitted, together.retryAfterMs, together.describe()]).toEqual([
            apart.admitted,
            apart.retryAfterMs,
            apart.describe(),
          ]);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a rate limit of 1,000 an hour and 100 a minute', () => {
  const windows = [hour, minute];

  it('refuses the second batch of a client that sends 100 at :59.9 and 100 at :00.1', () => {
    const memory = new CountsMemory();
    const slot = memory.open(windows);
    expect(drain(memory, slot, windows, start + 59_900)).toBe(100);
    expect(drain(memory, slot, windows, start + 60_100)).toBe(0);
    expect(memory.tryConsume(slot, windows, start + 60_100, 1).retryAfterMs).toBe(59_900);
    expect(drain(memory, slot, windows, start + 119_999)).toBe(0);
    expect(drain(memory, slot, windows, start + 120_000)).toBe(100);
  });

  it('lets 100 a minute through for ten minutes, then none until the hour has passed', () => {
    const memory = new CountsMemory();
    const slot = memory.open(windows);
    for (let after = 0; after < 10; after++) expect(drain(memory, slot, windows, start + after * 61_000)).toBe(100);
    const refused = memory.tryConsume(slot, windows, start + 11 * 61_000, 1);
    expect(refused).toMatchObject({
      admitted: false,
      remaining: 0,
      limit: 1000,
      retryAfterMs: 61 * 60_000 - 11 * 61_000,
    });
  });

  it('answers as document 001 does: 999 of 1,000 after the first request', () => {
    const memory = new CountsMemory();
    const verdict = memory.tryConsume(memory.open(windows), windows, start, 1);
    expect(verdict).toMatchObject({ admitted: true, limit: 1000, remaining: 999, retryAfterMs: 0 });
    expect(verdict.describe()).toEqual([
      { ...hour, remaining: 999, resetMs: 61 * 60_000 },
      { ...minute, remaining: 99, resetMs: 61_000 },
    ]);
  });

  it('asks without spending at cost 0, and never admits what costs more than a limit', () => {
    const memory = new CountsMemory();
    const slot = memory.open(windows);
    expect(memory.tryConsume(slot, windows, start, 101)).toMatchObject({ admitted: false, retryAfterMs: Infinity });
    expect(memory.tryConsume(slot, windows, start, 100)).toMatchObject({ admitted: true, remaining: 900 });
    expect(memory.tryConsume(slot, windows, start, 0)).toMatchObject({ admitted: true, remaining: 900 });
    expect(memory.tryConsume(slot, windows, start, 1)).toMatchObject({ admitted: false, remaining: 900 });
  });

  it('charges no window when one of them refuses', () => {
    const memory = new CountsMemory();
    const slot = memory.open(windows);
    drain(memory, slot, windows, start);
    for (let call = 0; call < 50; call++) memory.tryConsume(slot, windows, start + 1000, 1);
    expect(memory.describe(slot, windows, start + 1000).map(({ remaining }) => remaining)).toEqual([900, 0]);
  });

  it('takes fractions of a millisecond as the millisecond they are in', () => {
    const memory = new CountsMemory();
    const slot = memory.open(windows);
    drain(memory, slot, windows, start + 0.7);
    const { retryAfterMs } = memory.tryConsume(slot, windows, start + 0.9, 1);
    expect(memory.tryConsume(slot, windows, start + retryAfterMs - 0.1, 1).admitted).toBe(false);
    expect(memory.tryConsume(slot, windows, start + retryAfterMs, 1).admitted).toBe(true);
  });
});

describe('a clock that steps', () => {
  it('row 95: back by less than a window, lets time stand still', () => {
    const memory = new CountsMemory();
    const slot = memory.open([minute]);
    drain(memory, slot, [minute], start);
    expect(memory.tryConsume(slot, [minute], start - 30_000, 1).retryAfterMs).toBe(91_000);
    expect(drain(memory, slot, [minute], start + 60_999)).toBe(0);
    expect(drain(memory, slot, [minute], start + 61_000)).toBe(100);
  });

  it('row 95: back by years, counts what was accepted as accepted now', () => {
    const memory = new CountsMemory();
    const slot = memory.open([minute]);
    drain(memory, slot, [minute], start);
    const past = start - 10 * 365 * 86_400_000;
    expect(memory.tryConsume(slot, [minute], past, 1)).toMatchObject({ admitted: false, retryAfterMs: 61_000 });
    expect(drain(memory, slot, [minute], past + 61_000)).toBe(100);
  });
});

describe('windows that change under a lineage', () => {
  const at = start + 10_000;

  it('row 64: keep what was counted when a limit is lowered or raised', () => {
    const memory = new CountsMemory();
    let slot = memory.open([hour]);
    drain(memory, slot, [hour], start, 600);
    for (const limit of [500, 70_000, 700, 1_000_000_000, 650]) {
      const changed = [{ ...hour, limit }];
      slot = memory.fit(slot, changed, at);
      expect(memory.describe(slot, changed, at)).toMatchObject([{ remaining: Math.max(0, limit - 600) }]);
      expect(memory.tryConsume(slot, changed, at, 0).admitted).toBe(limit >= 600);
    }
  });

  it('keep counts that are wider than the new limit needs', () => {
    const memory = new CountsMemory();
    const large = [{ ...hour, limit: 1_000_000 }];
    let slot = memory.open(large);
    memory.tryConsume(slot, large, start, 900_000);
    slot = memory.fit(slot, [hour], at);
    expect(memory.tryConsume(slot, [hour], at, 0).admitted).toBe(false);
    slot = memory.fit(slot, large, at);
    expect(memory.tryConsume(slot, large, at, 1).remaining).toBe(99_999);

    const other = [{ ...hour, seconds: 1800 }];
    slot = memory.open(large);
    memory.tryConsume(slot, large, start, 65_536);
    slot = memory.fit(slot, other, at);
    expect(memory.tryConsume(slot, other, at, 1)).toMatchObject({ admitted: false, retryAfterMs: 1_820_000 });
  });

  it('start a window of another length with everything known of its span, as accepted now', () => {
    const memory = new CountsMemory();
    let slot = memory.open([hour, minute]);
    for (let after = 0; after < 5; after++) drain(memory, slot, [hour, minute], start + after * 300_000);
    const now = start + 4 * 300_000 + 1000;
    const changed: Window[] = [
      { name: 'day', limit: 5000, seconds: 86_400 },
      { name: 'ten', limit: 500, seconds: 600 },
      minute,
    ];
    slot = memory.fit(slot, changed, now);
    expect(memory.describe(slot, changed, now)).toMatchObject([
      { remaining: 4500 },
      { remaining: 200 },
      { remaining: 0 },
    ]);
    expect(memory.describe(slot, changed, now)[1]?.resetMs).toBe(
      Math.ceil((now + 1) / 10_000) * 10_000 + 600_000 - now,
    );
  });

  it('never let more through than the new windows allow, whatever was counted before', () => {
    fc.assert(
      fc.property(fc.array(someWindows, { minLength: 2, maxLength: 5 }), someSteps, (settings, steps) => {
        const memory = new CountsMemory();
        let slot = memory.open(settings[0] as Window[]);
        const log: Accepted[] = [];
        let now = start;
        for (const [index, windows] of settings.entries()) {
          slot = memory.fit(slot, windows, now);
          for (const { forward, cost } of steps) {
            now += Math.round(forward * 1000);
            if (!memory.tryConsume(slot, windows, now, cost).admitted) continue;
            log.push({ at: now, cost });
            // A longer window than there was before cannot know what nobody counted.
            for (const { seconds, limit } of windows) {
              const earlier = settings.slice(0, index);
              if (!earlier.every((past) => past.some((window) => window.seconds >= seconds))) continue;
              expect(acceptedWithin(log, now - seconds * 1000, now)).toBeLessThanOrEqual(limit);
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the memory of counts', () => {
  it('takes 280 bytes for a lineage with two windows of up to 65,535', () => {
    expect(new CountsSlab(2, false).float64Stride * 8).toBe(280);
    expect(new CountsSlab(2, true).float64Stride * 8).toBe(528);
  });

  it('is used again: a hundred thousand lineages one after the other fit into the place of one', () => {
    const memory = new CountsMemory();
    const slots = new Set<CountsSlot>();
    for (let lineage = 0; lineage < 100_000; lineage++) {
      const slot = memory.open([hour, minute]);
      expect(memory.tryConsume(slot, [hour, minute], start, 100).remaining).toBe(900);
      slots.add(slot);
      memory.close(slot);
    }
    expect(slots.size).toBe(1);
  });

  it('keeps more lineages apart than one chunk holds', () => {
    const memory = new CountsMemory();
    const slots = Array.from({ length: 40_000 }, () => memory.open([hour, minute]));
    for (const [index, slot] of slots.entries()) memory.tryConsume(slot, [hour, minute], start, index % 90);
    const wrong = slots.filter(
      (slot, index) => memory.describe(slot, [hour, minute], start)[0]?.remaining !== 1000 - (index % 90),
    );
    expect(wrong).toEqual([]);
  });

  it('says when a lineage has nothing counted any more', () => {
    const memory = new CountsMemory();
    const slot = memory.open([hour, minute]);
    expect(memory.isIdle(slot, start)).toBe(true);
    memory.tryConsume(slot, [hour, minute], start, 1);
    expect(memory.isIdle(slot, start + 61 * 60_000 - 1)).toBe(false);
    expect(memory.isIdle(slot, start + 61 * 60_000)).toBe(true);
  });

  it('never shows a verdict the counts of another lineage', () => {
    const memory = new CountsMemory();
    const slot = memory.open([hour]);
    const verdict = memory.tryConsume(slot, [hour], start, 10);
    memory.close(slot);
    const next = memory.open([hour]);
    memory.tryConsume(next, [hour], start, 500);
    expect(next).toBe(slot);
    expect(verdict.describe()).toEqual([{ ...hour, remaining: 1000, resetMs: 0 }]);
  });

  it('refuses what nobody can mean', () => {
    const memory = new CountsMemory();
    const slot = memory.open([hour]);
    for (const cost of [-1, 0.5, Number.NaN])
      expect(() => memory.tryConsume(slot, [hour], start, cost)).toThrow(TypeError);
    for (const at of [-1, Number.NaN, Infinity])
      expect(() => memory.tryConsume(slot, [hour], at, 1)).toThrow(TypeError);
    expect(() => memory.tryConsume(slot, [minute], start, 1)).toThrow(TypeError);
    expect(() => memory.open([])).toThrow(TypeError);
    memory.close(slot);
    expect(() => memory.tryConsume(slot, [hour], start, 1)).toThrow(TypeError);
  });
});
