import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { CostlyAnswers } from './costly-answers.ts';

describe('answers that read much', () => {
  const asked = (tookMs: number) => {
    const clock = new FakeClock();
    const answers = new CostlyAnswers<number>();
    let worked = 0;
    const ask = (key = 'all') =>
      answers.of(key, clock, async () => {
        worked += 1;
        const mine = worked;
        await null;
        clock.advance(tookMs);
        return mine;
      });
    return { clock, ask, answers };
  };

  it('are worked out once for all who ask at once', async () => {
    const { ask } = asked(1);
    expect(await Promise.all([ask(), ask(), ask('other')])).toEqual([1, 1, 2]);
  });

  it('are worked out anew each time where that is quick', async () => {
    const { ask } = asked(10);
    expect([await ask(), await ask()]).toEqual([1, 2]);
  });

  it('row 80: are kept twenty times as long as they took where that is long, and not longer', async () => {
    const { ask, clock } = asked(1_000);
    expect([await ask(), await ask()]).toEqual([1, 1]);
    clock.advance(19_999);
    expect(await ask()).toBe(1);
    clock.advance(1);
    expect(await ask()).toBe(2);
  });

  it('are not kept when they failed', async () => {
    const { answers, clock } = asked(0);
    const fail = () => answers.of('all', clock, () => Promise.reject(new Error('the store is away')));
    await expect(fail()).rejects.toThrow('away');
    expect(await answers.of('all', clock, async () => 7)).toBe(7);
  });
});
