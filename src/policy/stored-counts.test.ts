import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CountsMemory } from './rate-limit.ts';
import { consumeStored, decodeCounts, encodeCounts, restoreCounts } from './stored-counts.ts';
import type { Window } from './window.ts';

const start = Date.UTC(2025, 0, 31, 14, 0, 0);
const hour: Window = { name: 'hour', limit: 1000, seconds: 3600 };
const minute: Window = { name: 'minute', limit: 100, seconds: 60 };
const windows = [hour, minute];

const someCalls = fc.array(fc.record({ waitMs: fc.nat(90_000), cost: fc.nat(60) }), { maxLength: 120 });

describe('stored counts', () => {
  it('are read back as they were, in few bytes', () => {
    fc.assert(
      fc.property(someCalls, (calls) => {
        const memory = new CountsMemory();
        const slot = memory.open(windows);
        let now = start;
        for (const { waitMs, cost } of calls) {
          now += waitMs;
          memory.tryConsume(slot, windows, now, cost);
        }
        const counted = memory.counted(slot);
        const bytes = encodeCounts(counted);
        expect(decodeCounts(bytes)).toEqual(counted);
        expect(bytes.length).toBeLessThan(300);
      }),
      { numRuns: 300 },
    );
  });

  it('are unreadable when their layout is unknown or they end too soon, and damage is never more than other counts', () => {
    const memory = new CountsMemory();
    const slot = memory.open(windows);
    memory.tryConsume(slot, windows, start, 5);
    memory.tryConsume(slot, windows, start + 5_000, 7);
    const bytes = encodeCounts(memory.counted(slot));
    expect(decodeCounts(Uint8Array.from([2, ...bytes.slice(1)]))).toBe(null);
    for (let length = 0; length < bytes.length; length++) expect(decodeCounts(bytes.slice(0, length))).toBe(null);
    expect(decodeCounts(Uint8Array.from([...bytes, 0]))).toBe(null);
    expect(consumeStored(Uint8Array.from([9]), windows, start, 1)).toBe(null);
    expect(restoreCounts(memory, windows, new Uint8Array(), start)).toBe(null);

    const damaged = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 40 })), (damage) => {
        const broken = damage instanceof Uint8Array ? Uint8Array.from([1, ...damage]) : Uint8Array.from(bytes);
        if (!(damage instanceof Uint8Array)) for (const [at, byte] of damage) broken[at] = byte;
        const step = consumeStored(broken, windows, start + 5_000, 1);
        if (step === null) return;
        for (const { remaining, limit } of step.verdict.describe()) {
          expect(remaining >= 0 && remaining <= limit).toBe(true);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('decide, step by step, as memory does', () => {
    fc.assert(
      fc.property(someCalls, (calls) => {
        const memory = new CountsMemory();
        const slot = memory.open(windows);
        let stored: Uint8Array | null = null;
        let now = start;
        for (const { waitMs, cost } of calls) {
          now += waitMs;
          const inMemory = memory.tryConsume(slot, windows, now, cost);
          const step = consumeStored(stored, windows, now, cost);
          expect([step?.verdict.admitted, step?.verdict.retryAfterMs]).toEqual([
            inMemory.admitted,
            inMemory.retryAfterMs,
          ]);
          expect(step?.verdict.describe()).toEqual(inMemory.describe());
          expect(step?.counts === null).toBe(!inMemory.admitted || cost === 0);
          stored = step?.counts ?? stored;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('row 95: never open a window again when the clock of the store steps back', () => {
    const steps = fc.array(fc.record({ waitMs: fc.nat(9_000), cost: fc.nat(60), back: fc.nat(200_000) }), {
      minLength: 20,
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (calls) => {
        const log: { at: number; cost: number }[] = [];
        let stored: Uint8Array | null = null;
        let real = start;
        let setBack = 0;
        for (const { waitMs, cost, back } of calls) {
          real += waitMs;
          if (back % 7 === 0) setBack += back;
          const step = consumeStored(stored, windows, real - setBack, cost);
          stored = step?.counts ?? stored;
          if (step?.verdict.admitted === true) log.push({ at: real, cost });
          for (const { seconds, limit } of windows) {
            const within = log.filter(({ at }) => at > real - seconds * 1000);
            expect(within.reduce((sum, entry) => sum + entry.cost, 0)).toBeLessThanOrEqual(limit);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('row 95: from the future count as accepted now when a process starts', () => {
    const memory = new CountsMemory();
    const slot = memory.open(windows);
    memory.tryConsume(slot, windows, start, 30);
    memory.tryConsume(slot, windows, start + 40_000, 70);
    const bytes = encodeCounts(memory.counted(slot));
    for (const back of [20_000, 86_400_000]) {
      const now = start + 40_000 - back;
      const restored = restoreCounts(memory, windows, bytes, now) as number;
      expect(memory.describe(restored, windows, now)).toMatchObject([{ remaining: 900 }, { remaining: 0 }]);
      const { retryAfterMs } = memory.tryConsume(restored, windows, now, 100);
      expect(retryAfterMs).toBe(61_000);
    }
  });
});

describe('reservations', () => {
  it('count what is reserved until its end, however much of it was spent', () => {
    const memory = new CountsMemory();
    const slot = memory.open(windows);
    memory.tryConsume(slot, windows, start, 10);
    const bytes = encodeCounts(memory.counted(slot), { amount: 50, untilMs: start + 10_000 });
    const restored = restoreCounts(memory, windows, bytes, start + 12_000) as number;
    const at = start + 10_000 + 61_000;
    expect(memory.describe(restored, windows, start + 12_000)).toMatchObject([{ remaining: 940 }, { remaining: 40 }]);
    expect(memory.describe(restored, windows, at - 1)[1]?.remaining).toBe(50);
    expect(memory.describe(restored, windows, at)[1]?.remaining).toBe(100);
  });

  it('lose quota when a process dies and never give any back, whenever and with whatever clock the next one starts', () => {
    const life = fc.record({
      calls: fc.array(fc.record({ waitMs: fc.nat(9_000), cost: fc.nat(30) }), {
        minLength: 1,
        size: 'max',
        maxLength: 40,
      }),
      portion: fc.integer({ min: 1, max: 40 }),
      lastsMs: fc.integer({ min: 0, max: 30_000 }),
      downMs: fc.nat(40_000),
      setBackMs: fc.oneof(fc.constant(0), fc.nat(7_200_000)),
    });
    fc.assert(
      fc.property(fc.array(life, { minLength: 1, maxLength: 4 }), (lives) => {
        const log: { at: number; cost: number }[] = [];
        let stored: Uint8Array | null = null;
        let real = start;
        let setBack = 0;
        for (const { calls, portion, lastsMs, downMs, setBackMs } of lives) {
          real += downMs;
          setBack += setBackMs;
          const memory = new CountsMemory();
          const restored = stored === null ? null : restoreCounts(memory, windows, stored, real - setBack);
          const slot = restored ?? memory.open(windows);
          let spendable = 0;
          let untilMs = 0;
          for (const { waitMs, cost } of calls) {
            real += waitMs;
            const now = real - setBack;
            if (cost > spendable || now > untilMs) {
              spendable = Math.max(cost, portion);
              untilMs = now + lastsMs;
              stored = encodeCounts(memory.counted(slot), { amount: spendable, untilMs });
            }
            if (!memory.tryConsume(slot, windows, now, cost).admitted) continue;
            spendable -= cost;
            log.push({ at: real, cost });
            for (const { seconds, limit } of windows) {
              const within = log.filter(({ at }) => at > real - seconds * 1000);
              expect(within.reduce((sum, entry) => sum + entry.cost, 0)).toBeLessThanOrEqual(limit);
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
