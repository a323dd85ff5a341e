import { describe, expect, it } from 'vitest';
import { type DenialRecord, StorageUnavailable } from '../ports/index.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { sampleDenial } from '../testing/sample-records.ts';
import { DenialQueue } from './denial-queue.ts';

function openQueue(write: (records: readonly DenialRecord[]) => Promise<void> = async () => {}) {
  const clock = new FakeClock();
  const written: DenialRecord[] = [];
  const queue = new DenialQueue({
    clock,
    every: () => () => {},
    write: async (records) => {
      await write(records);
      written.push(...records);
    },
  });
  const refuse = (fields: Partial<DenialRecord>) => {
    const record = sampleDenial(fields);
    queue.record(record, () => record);
    return record.requestId;
  };
  return { queue, clock, written, refuse };
}

const anonymous = { tokenId: null, lineageId: null, ownerId: null };

describe('denials on their way', () => {
  it('row 74: a flood of 100,000 from one network leaves bounded memory, and everybody else their own', async () => {
    const { queue, refuse, written } = openQueue();
    for (let count = 0; count < 100_000; count++) {
      refuse({ ...anonymous, ip: `2001:db8::${(count % 65_536).toString(16)}`, path: `/${count}` });
    }
    const others = [
      refuse({ ...anonymous, ip: '203.0.113.9' }),
      refuse({ ...anonymous, ip: '2001:db8:0:1::1' }),
      refuse({ lineageId: 'lin_1', ownerId: 'own_1', ip: '2001:db8::1' }),
    ];
    expect(queue.pending).toBe(50 + others.length);
    expect(queue.dropped).toBe(100_000 - 50);
    await queue.flush();
    expect(queue.pending).toBe(0);
    expect(written.map(({ requestId }) => requestId)).toEqual(expect.arrayContaining(others));
  });

  it('row 74: a flood from 100,000 addresses pushes out no token of ours, and one by 100,000 tokens no address', () => {
    const { queue, refuse } = openQueue();
    for (let count = 0; count < 100_000; count++) {
      refuse({ ...anonymous, ip: `10.${count >> 16}.${(count >> 8) & 255}.${count & 255}` });
    }
    expect(queue.pending).toBe(2_000);
    const known = refuse({ lineageId: 'lin_1', ownerId: 'own_1' });
    expect(queue.find(known)).not.toBeNull();
    expect(queue.dropped).toBe(98_000);

    const second = openQueue();
    for (let count = 0; count < 100_000; count++) second.refuse({ lineageId: `lin_${count}`, ownerId: `own_${count}` });
    expect(second.queue.pending).toBe(2_000);
    expect(second.queue.find(second.refuse(anonymous))).not.toBeNull();
  });

  it('gives one owner with many tokens no more than four times the share of one', () => {
    const { queue, refuse } = openQueue();
    for (let count = 0; count < 1_000; count++) refuse({ lineageId: `lin_${count}`, ownerId: 'own_busy' });
    expect(queue.pending).toBe(200);
    expect(queue.find(refuse({ lineageId: 'lin_x', ownerId: 'own_other' }))).not.toBeNull();
  });

  it('makes no record of what has no room', () => {
    const { queue, refuse } = openQueue();
    for (let count = 0; count < 50; count++) refuse({ lineageId: 'lin_1', ownerId: null });
    queue.record({ lineageId: 'lin_1', ownerId: null, ip: null, cause: 'revoked' }, () => {
      throw new Error('made');
    });
    expect(queue.dropped).toBe(1);
  });

  it('gives a flooding token one more every ten seconds', () => {
    const { queue, refuse, clock } = openQueue();
    for (let count = 0; count < 60; count++) refuse({ lineageId: 'lin_1', ownerId: null });
    clock.advance(10_000);
    const next = [refuse({ lineageId: 'lin_1', ownerId: null }), refuse({ lineageId: 'lin_1', ownerId: null })];
    expect(next.map((id) => queue.find(id) !== null)).toEqual([true, false]);
  });

  it('lets go of what can never be written, so that it holds up nothing else', async () => {
    const { queue, refuse, written } = openQueue(async (records) => {
      if (records.some(({ path }) => path === '/poison')) throw new TypeError('not a row');
    });
    refuse({ path: '/poison' });
    await expect(queue.flush()).rejects.toThrow('not a row');
    const next = refuse({});
    await queue.flush();
    expect(written.map(({ requestId }) => requestId)).toEqual([next]);
    expect([queue.pending, queue.dropped]).toEqual([0, 1]);
  });

  it('keeps what could not be written for the next time, still bounded', async () => {
    let isDown = true;
    const { queue, refuse, written } = openQueue(async () => {
      if (isDown) throw new StorageUnavailable('no room on the disk');
    });
    const first = refuse({});
    await expect(queue.flush()).rejects.toThrow('no room');
    expect(queue.find(first)).not.toBeNull();
    const second = refuse({});
    isDown = false;
    await queue.close();
    expect(written.map(({ requestId }) => requestId)).toEqual([first, second]);
    expect(queue.pending).toBe(0);
  });
});
