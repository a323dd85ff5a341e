import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LastUse, UsageCount, UsageLog, UseAspect, UseDetail, UseSpan } from '../ports/index.ts';
import { UsageRecorder, type UsageRecorderOptions } from './usage-recorder.ts';
import type { UseQuestion } from './use-details.ts';

const HOUR = 3_600_000;
const noon = Date.parse('2026-03-04T12:00:00Z');

/** A request that asks for servers:read, from that address. */
const from = (ip: string | null, more: Partial<UseQuestion> = {}): UseQuestion => {
  return { allOf: ['servers:read'], anyOf: [], ip, agent: 'curl', ...more };
};

/** A log in memory that can be made to fail, or to wait, in its next writes. */
class MemoryLog implements UsageLog {
  readonly counts = new Map<string, UsageCount>();
  readonly latest = new Map<string, LastUse>();
  readonly details = new Map<string, UseDetail>();
  failing = false;
  gate: Promise<void> = Promise.resolve();
  writes = 0;

  async add(
    counts: readonly UsageCount[],
    lastUses: readonly LastUse[],
    details: readonly UseDetail[] = [],
  ): Promise<void> {
    this.writes += 1;
    await this.gate;
    if (this.failing) throw new Error('the disk is full');
    for (const row of counts) {
      const key = `${row.tokenId} ${row.hour} ${row.outcome}`;
      this.counts.set(key, { ...row, count: row.count + (this.counts.get(key)?.count ?? 0) });
    }
    for (const row of details) {
      const key = `${row.tokenId} ${row.hour} ${row.aspect} ${row.value} ${row.outcome}`;
      this.details.set(key, { ...row, count: row.count + (this.details.get(key)?.count ?? 0) });
    }
    for (const use of lastUses) {
      if (use.at >= (this.latest.get(use.tokenId)?.at ?? 0)) this.latest.set(use.tokenId, use);
    }
  }

  async read(tokenId: string, from: number, to: number): Promise<readonly UsageCount[]> {
    return [...this.counts.values()].filter((row) => row.tokenId === tokenId && row.hour >= from && row.hour < to);
  }

  async lastUses(tokenIds: readonly string[]): Promise<readonly LastUse[]> {
    return tokenIds.flatMap((id) => this.latest.get(id) ?? []);
  }

  async readDetails(tokenIds: readonly string[], aspect: UseAspect, { from, to }: UseSpan) {
    const rows = [...this.details.values()].filter((row) => tokenIds.includes(row.tokenId) && row.aspect === aspect);
    return rows.filter(({ hour }) => hour >= from && hour < to).map(({ hour, ...row }) => ({ ...row, at: hour }));
  }

  async detailsSince(): Promise<number | null> {
    return null;
  }

  async trimDetails(): Promise<void> {}

  async close(): Promise<void> {}
}

function recorder(options: Partial<UsageRecorderOptions> = {}) {
  const log = new MemoryLog();
  let tick = () => {};
  let stopped = false;
  const usage = new UsageRecorder({
    log,
    every: (_periodMs, work) => {
      tick = work;
      return () => {
        stopped = true;
      };
    },
    ...options,
  });
  return { log, usage, tick: () => tick(), isStopped: () => stopped };
}

describe('UsageRecorder', () => {
  it('adds up uses per token, hour and outcome and writes them with one flush', async () => {
    const { log, usage } = recorder();
    usage.count('tok_a', 'ok', noon, from('203.0.113.1'));
    usage.count('tok_a', 'ok', noon + 5, from('203.0.113.2'));
    usage.count('tok_a', 'rate_limited', noon + 6, from(null));
    usage.count('tok_a', 'ok', noon + HOUR, from('203.0.113.3'));
    usage.count('tok_b', 'ip_restricted', noon + 1, from(null));
    expect(log.writes).toBe(0);
    await usage.flush();
    expect(await log.read('tok_a', 0, Infinity)).toEqual(
      expect.arrayContaining([
        { tokenId: 'tok_a', hour: noon, outcome: 'ok', count: 2 },
        { tokenId: 'tok_a', hour: noon, outcome: 'rate_limited', count: 1 },
        { tokenId: 'tok_a', hour: noon + HOUR, outcome: 'ok', count: 1 },
      ]),
    );
    expect(await log.read('tok_b', 0, Infinity)).toEqual([
      { tokenId: 'tok_b', hour: noon, outcome: 'ip_restricted', count: 1 },
    ]);
    expect([...log.latest.values()]).toEqual([{ tokenId: 'tok_a', at: noon + HOUR, ip: '203.0.113.3' }]);
    expect(usage.pending).toBe(0);
  });

  it('shows what is still in memory, added to what was written', async () => {
    const { usage } = recorder();
    usage.count('tok_a', 'ok', noon, from('203.0.113.1'));
    await usage.flush();
    usage.count('tok_a', 'ok', noon + 1, from('203.0.113.2'));
    usage.count('tok_a', 'token_expired', noon + 2 * HOUR, from(null));
    expect(await usage.usageOf('tok_a', noon, noon + 3 * HOUR)).toEqual([
      { tokenId: 'tok_a', hour: noon, outcome: 'ok', count: 2 },
      { tokenId: 'tok_a', hour: noon + 2 * HOUR, outcome: 'token_expired', count: 1 },
    ]);
    expect(await usage.usageOf('tok_a', noon, noon + 2 * HOUR)).toHaveLength(1);
    expect(await usage.lastUses(['tok_a', 'tok_b'])).toEqual([{ tokenId: 'tok_a', at: noon + 1, ip: '203.0.113.2' }]);
  });

  it('counts every use exactly once for a read that meets a flush', async () => {
    const { log, usage } = recorder();
    let open = () => {};
    log.gate = new Promise((resolve) => {
      open = resolve;
    });
    usage.count('tok_a', 'ok', noon, from(null));
    const flushed = usage.flush();
    const read = usage.usageOf('tok_a', noon, noon + HOUR);
    usage.count('tok_a', 'ok', noon + 1, from(null));
    open();
    await flushed;
    expect((await read)[0]?.count).toBe(2);
  });

  it('row 83: flushes by its timer, and writes the rest when closed', async () => {
    const { log, usage, tick, isStopped } = recorder();
    usage.count('tok_a', 'ok', noon, from(null));
    tick();
    await usage.flush();
    expect(log.counts.size).toBe(1);
    usage.count('tok_b', 'ok', noon, from(null));
    await usage.close();
    expect(log.counts.size).toBe(2);
    expect(isStopped()).toBe(true);
  });

  it('row 83: the last use never moves back, whatever the clock does', async () => {
    const { log, usage } = recorder();
    usage.count('tok_a', 'ok', noon, from('203.0.113.1'));
    usage.count('tok_a', 'ok', noon - 2 * HOUR, from('203.0.113.2'));
    await usage.flush();
    expect(log.latest.get('tok_a')).toEqual({ tokenId: 'tok_a', at: noon, ip: '203.0.113.1' });
    usage.count('tok_a', 'ok', noon - HOUR, from('203.0.113.3'));
    expect(await usage.lastUses(['tok_a'])).toEqual([{ tokenId: 'tok_a', at: noon, ip: '203.0.113.1' }]);
    expect(await usage.usageOf('tok_a', 0, Infinity)).toHaveLength(3);
  });

  it('row 86: keeps what could not be written and writes it once the log is back', async () => {
    const failures: unknown[] = [];
    const { log, usage, tick } = recorder({ onFlushFailed: (error) => failures.push(error) });
    log.failing = true;
    usage.count('tok_a', 'ok', noon, from('203.0.113.1'));
    await expect(usage.flush()).rejects.toThrow('the disk is full');
    usage.count('tok_a', 'ok', noon + 1, from('203.0.113.2'));
    usage.count('tok_b', 'invalid_token', noon, from(null));
    tick();
    await expect(usage.flush()).rejects.toThrow();
    expect(failures).toHaveLength(1);
    log.failing = false;
    await usage.flush();
    expect(log.counts.get(`tok_a ${noon} ok`)?.count).toBe(2);
    expect(log.counts.get(`tok_b ${noon} invalid_token`)?.count).toBe(1);
    expect(log.latest.get('tok_a')?.ip).toBe('203.0.113.2');
    expect(usage.dropped).toBe(0);
  });

  it('row 74: keeps a bounded number of token-hours and counts the uses it drops', async () => {
    const { log, usage } = recorder({ pendingMax: 3 });
    log.failing = true;
    for (const id of ['a', 'b', 'c']) usage.count(`tok_${id}`, 'ok', noon, from(null));
    await expect(usage.flush()).rejects.toThrow();
    usage.count('tok_d', 'ok', noon, from(null));
    usage.count('tok_a', 'ok', noon + HOUR, from(null));
    usage.count('tok_a', 'ok', noon, from(null));
    expect(usage.pending).toBe(3);
    expect(usage.dropped).toBe(2);
    log.failing = false;
    await usage.flush();
    expect(log.counts.get(`tok_a ${noon} ok`)?.count).toBe(2);
  });

  it('writes large batches in slices and repeats only the slices that failed', async () => {
    const { log, usage } = recorder();
    for (let i = 0; i < 9_000; i++) usage.count(`tok_${i}`, 'ok', noon, from(null));
    const add = log.add.bind(log);
    log.add = (counts, lastUses, details) => {
      log.failing = log.writes === 1;
      return add(counts, lastUses, details);
    };
    await expect(usage.flush()).rejects.toThrow();
    expect(usage.pending).toBe(5_000);
    await usage.flush();
    expect(log.counts.size).toBe(9_000);
    expect([...log.counts.values()].every(({ count }) => count === 1)).toBe(true);
  });

  it('tells apart what was asked, from where and by what kind of client, and adds every aspect up to the uses', async () => {
    const { log, usage } = recorder();
    usage.count('tok_a', 'ok', noon, from('203.0.113.1'));
    usage.count('tok_a', 'ok', noon, from('203.0.113.200'));
    usage.count('tok_a', 'ok', noon, from('198.51.100.1', { allOf: [], anyOf: ['b:read', 'a:read'], agent: 'python' }));
    usage.count('tok_a', 'insufficient_permissions', noon, from('2001:db8:1:2:3::4', { allOf: ['a:read', 'a:write'] }));
    usage.note('tok_a', noon, from(null, { allOf: [] }));
    await usage.flush();
    const told = [...log.details.values()].map(
      ({ aspect, value, outcome, count }) => `${aspect} ${value} ${outcome} ${count}`,
    );
    expect(told.sort()).toEqual([
      'agent curl free 1',
      'agent curl insufficient_permissions 1',
      'agent curl ok 2',
      'agent python ok 1',
      'network 198.51.100.0/24 ok 1',
      'network 2001:db8:1:2::/64 insufficient_permissions 1',
      'network 203.0.113.0/24 ok 2',
      'network unknown free 1',
      'permission a:read insufficient_permissions 1',
      'permission a:read|b:read ok 1',
      'permission a:write insufficient_permissions 1',
      'permission none free 1',
      'permission servers:read ok 2',
    ]);
    expect(usage.pendingDetails).toBe(0);
  });

  it('row 74: keeps a bounded number of networks apart, and says of which hours it dropped uses', async () => {
    const { log, usage } = recorder({ pendingMax: 1 });
    for (let i = 0; i < 1_000; i++) usage.count('tok_a', 'ok', noon, from(`10.${i >> 8}.${i & 255}.1`));
    usage.count('tok_b', 'ok', noon, from(null));
    expect(usage.pendingDetails).toBeLessThan(200);
    await usage.flush();
    const networks = [...log.details.values()].filter(({ aspect }) => aspect === 'network');
    expect(networks.reduce((sum, { count }) => sum + count, 0)).toBe(1_000);
    expect(networks.find(({ value }) => value === 'other')?.count).toBeGreaterThan(800);
    expect(await usage.detailsOf(['', 'tok_b'], 'permission', { unit: 'hour', from: 0, to: Infinity })).toEqual([
      { tokenId: '', at: noon, aspect: 'permission', value: 'other', outcome: 'ok', count: 1 },
    ]);
  });

  it('loses and doubles nothing, however counting, failing, reading and flushing interleave', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('count' as const), token: fc.nat(3), hour: fc.nat(3), ok: fc.boolean() }),
      fc.record({ do: fc.constantFrom('flush' as const, 'fail' as const, 'read' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { log, usage } = recorder();
        const expected = new Map<string, number>();
        const inFlight: Promise<unknown>[] = [];
        for (const [index, s] of steps.entries()) {
          if (s.do === 'count') {
            const key = `${s.token} ${s.hour} ${s.ok}`;
            expected.set(key, (expected.get(key) ?? 0) + 1);
            usage.count(
              `tok_${s.token}`,
              s.ok ? 'ok' : 'rate_limited',
              noon + s.hour * HOUR + index,
              from(`10.${index % 3}.0.1`),
            );
          } else if (s.do === 'read') {
            const sum = [...expected].filter(([key]) => key.startsWith('0 ')).reduce((n, [, count]) => n + count, 0);
            const rows = await usage.usageOf('tok_0', noon, noon + 4 * HOUR);
            expect(rows.reduce((n, row) => n + row.count, 0)).toBe(sum);
          } else {
            log.failing = s.do === 'fail';
            inFlight.push(usage.flush().catch(() => {}));
          }
        }
        await Promise.all(inFlight);
        log.failing = false;
        await usage.close();
        for (const [key, count] of expected) {
          const [token, hour, ok] = key.split(' ');
          const row = log.counts.get(
            `tok_${token} ${noon + Number(hour) * HOUR} ${ok === 'true' ? 'ok' : 'rate_limited'}`,
          );
          expect(row?.count).toBe(count);
        }
        const sum = (rows: Iterable<{ count: number }>) => [...rows].reduce((n, row) => n + row.count, 0);
        const asked = [...log.details.values()].filter(({ aspect }) => aspect === 'permission');
        expect(sum(asked)).toBe(sum(log.counts.values()));
      }),
      { numRuns: 200 },
    );
  });
});
