import { describe, expect, it } from 'vitest';
import { StorageUnavailable } from '../ports/index.ts';
import { SlowLane } from './slow-lane.ts';

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the slow lane', () => {
  it('row 70: lets a few in at once and the others in their order', async () => {
    const lane = new SlowLane({ insideMax: 2 });
    const order: number[] = [];
    const leave: (() => void)[] = [];
    const passing = Array.from({ length: 5 }, (_, index) =>
      lane.pass(() => {
        order.push(index);
        return new Promise<void>((resolve) => leave.push(resolve));
      }),
    );
    await nextTurn();
    expect(order).toEqual([0, 1]);
    expect(lane.waiting).toBe(3);
    leave[1]?.();
    await expect.poll(() => order).toEqual([0, 1, 2]);
    for (let left = 0; left < 5; left++) {
      await expect.poll(() => leave[left]).toBeDefined();
      leave[left]?.();
    }
    await Promise.all(passing);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(lane.waiting).toBe(0);
  });

  it('row 70: does a bounded number of lookups in one turn of the event loop, however quick they are', async () => {
    const lane = new SlowLane({ insideMax: 3 });
    let done = 0;
    const passing = Array.from({ length: 9 }, () =>
      lane.pass(() => {
        done += 1;
        return null;
      }),
    );
    expect(done, 'nothing is done in the turn that asks').toBe(0);
    for (let turn = 1; turn <= 3; turn++) {
      await nextTurn();
      expect(done).toBeLessThanOrEqual(3 * turn);
    }
    await Promise.all(passing);
    expect(done).toBe(9);
  });

  it('row 70: turns away who comes when enough are waiting, without doing anything', async () => {
    const lane = new SlowLane({ insideMax: 1, waitingMax: 2 });
    let done = 0;
    const work = () => ++done;
    const passing = [lane.pass(work), lane.pass(work), lane.pass(work)];
    expect(lane.pass(work)).toBeNull();
    await Promise.all(passing);
    expect(done).toBe(3);
  });

  it('row 70: whose turn does not come in time hears that there is no answer', async () => {
    const lane = new SlowLane({ insideMax: 1, turnMs: 1 });
    let leave: () => void = () => {};
    const inside = await new Promise<{ passing: Promise<void> | null }>((entered) => {
      const passing = lane.pass(() => {
        entered({ passing });
        return new Promise<void>((resolve) => {
          leave = resolve;
        });
      });
    });
    await expect(lane.pass(() => 'done')).rejects.toThrow(StorageUnavailable);
    expect(lane.waiting).toBe(0);
    leave();
    await inside.passing;
  });

  it('goes on after a lookup that failed', async () => {
    const lane = new SlowLane({ insideMax: 1 });
    const failing = lane.pass(() => {
      throw new StorageUnavailable('gone');
    });
    const next = lane.pass(() => 'done');
    await expect(failing).rejects.toThrow('gone');
    expect(await next).toBe('done');
  });
});
