import { describe, expect, it } from 'vitest';
import { RecentKeys } from './recent-keys.ts';

describe('keys that came lately', () => {
  it('row 74: are never more than they may be, the oldest going first', () => {
    const keys = new RecentKeys(3, Number.POSITIVE_INFINITY);
    for (let at = 0; at < 1_000; at++) keys.add(`${at}`, at);
    expect(keys.size).toBe(3);
    expect(['996', '997', '998', '999'].map((key) => keys.has(key, 1_000))).toEqual([false, true, true, true]);
    keys.add('997', 1_000);
    keys.add('new', 1_000);
    expect(keys.has('997', 1_000), 'added anew').toBe(true);
    expect(keys.has('998', 1_000)).toBe(false);
  });

  it('row 76: last as long as was said, counted from adding, however often they are asked for', () => {
    const keys = new RecentKeys(10, 5_000);
    keys.add('a', 0);
    for (let at = 0; at < 5_000; at++) expect(keys.has('a', at)).toBe(true);
    expect(keys.has('a', 5_000)).toBe(false);
    expect(keys.size).toBe(0);
  });
});
