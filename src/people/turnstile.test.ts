import { describe, expect, it } from 'vitest';
import { Turnstile } from './turnstile.ts';

describe('a turnstile', () => {
  it('lets so many in at once, the waiting in their order, and turns the rest away', async () => {
    const turnstile = new Turnstile(2, 2);
    const open: (() => void)[] = [];
    const begun: number[] = [];
    const visit = (who: number) =>
      turnstile.pass(async () => {
        begun.push(who);
        await new Promise<void>((resolve) => open.push(resolve));
        return who;
      });
    const visits = [visit(1), visit(2), visit(3), visit(4)];
    expect(await visit(5)).toBeNull();
    expect(begun).toEqual([1, 2]);
    open[0]?.();
    expect(await visits[0]).toEqual({ done: 1 });
    await Promise.resolve();
    expect(begun).toEqual([1, 2, 3]);
    open[1]?.();
    open[2]?.();
    await Promise.all([visits[1], visits[2]]);
    await Promise.resolve();
    open[3]?.();
    expect(await visits[3]).toEqual({ done: 4 });
    expect(begun).toEqual([1, 2, 3, 4]);
  });

  it('gives a place back when the work fails', async () => {
    const turnstile = new Turnstile(1, 0);
    const fail = () => Promise.reject(new Error('no'));
    await expect(turnstile.pass(fail)).rejects.toThrow('no');
    await expect(turnstile.pass(fail)).rejects.toThrow('no');
    expect(await turnstile.pass(async () => 'in')).toEqual({ done: 'in' });
  });
});
