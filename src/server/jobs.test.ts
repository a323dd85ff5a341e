import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import type { Job } from '../upkeep/index.ts';
import { startJobs } from './jobs.ts';

let house: TestEngine;
beforeEach(async () => {
  house = await testEngine();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await house.close();
});

const HOUR_MS = 60 * 60_000;

describe('jobs', () => {
  it('run soon after the start and then on their period, one run at a time, and again after one that failed', async () => {
    const told: number[] = [];
    const failed: string[] = [];
    let finish = () => {};
    const job: Job = {
      name: 'slow',
      everyMs: HOUR_MS,
      run: async (_upkeep, now) => {
        told.push(now);
        if (told.length === 1) throw new Error('out of reach');
        await new Promise<void>((done) => {
          finish = done;
        });
      },
    };
    const stop = new AbortController();
    const upkeep = { ...house.opened.upkeep, stopped: stop.signal };
    const jobs = startJobs([job], upkeep, house.clock, (_error, name) => void failed.push(name));
    await vi.advanceTimersByTimeAsync(3_000);
    expect([told.length, failed]).toEqual([1, ['slow']]);
    await vi.advanceTimersByTimeAsync(3 * HOUR_MS);
    expect(told).toEqual([house.clock.now(), house.clock.now()]);

    stop.abort();
    let isClosed = false;
    const closing = jobs.close().then(() => {
      isClosed = true;
    });
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(isClosed).toBe(false);
    finish();
    await closing;
    await vi.advanceTimersByTimeAsync(3 * HOUR_MS);
    expect(told.length).toBe(2);
  });
});
