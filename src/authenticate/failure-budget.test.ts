import { describe, expect, it } from 'vitest';
import { FAILURES_MAX, FAILURES_PER_SECOND, FailureBudget, failureSource } from './failure-budget.ts';

function spend(budget: FailureBudget, source: string, failures: number, atMs = 0): void {
  for (let failed = 0; failed < failures; failed++) budget.charge(source, atMs);
}

describe('the budget of failures', () => {
  it('row 70: is spent by failures alone and comes back with time', () => {
    const budget = new FailureBudget();
    spend(budget, 'a', FAILURES_MAX - 1);
    expect(budget.isSpent('a', 0)).toBe(false);
    spend(budget, 'a', 1);
    expect(budget.isSpent('a', 0)).toBe(true);
    expect(budget.isSpent('b', 0), 'another source').toBe(false);
    const oneMs = 1000 / FAILURES_PER_SECOND;
    expect(budget.isSpent('a', oneMs - 1)).toBe(true);
    expect(budget.isSpent('a', oneMs)).toBe(false);
  });

  it('row 70: is never more than whole and never less than empty', () => {
    const budget = new FailureBudget();
    spend(budget, 'a', 1_000 * FAILURES_MAX);
    expect(budget.isSpent('a', 1000 / FAILURES_PER_SECOND), 'a long flood is forgiven as soon as a short one').toBe(
      false,
    );
    const muchLater = 1e12;
    spend(budget, 'a', FAILURES_MAX, muchLater);
    expect(budget.isSpent('a', muchLater)).toBe(true);
  });

  it('row 74: is remembered for a bounded number of sources, those charged last', () => {
    const budget = new FailureBudget(100);
    for (let source = 0; source < 10_000; source++) spend(budget, `${source}`, FAILURES_MAX);
    expect(budget.sources).toBe(100);
    expect(budget.isSpent('9999', 0)).toBe(true);
    expect(budget.isSpent('0', 0)).toBe(false);
  });
});

describe('whom a failure is charged to', () => {
  it('row 71: an IPv4 address, or the /64 of an IPv6 address', () => {
    expect(failureSource('203.0.113.9', 'lin_1')).toBe('203.0.113.9');
    const one = failureSource('2001:db8:0:1::1', null);
    expect(one).toBe('2001:db8:0:1::/64');
    expect(failureSource('2001:db8:0:1:ffff:ffff:ffff:ffff', null)).toBe(one);
    expect(failureSource('2001:db8:0:2::1', null)).not.toBe(one);
  });

  it('row 71: who asks, where the address is not known; all that have neither together', () => {
    expect(failureSource(null, 'lin_1')).toBe('lin_1');
    expect(failureSource(null, null)).toBe(failureSource(null, null));
  });
});
