import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anonymousCaller, listTokens, rotateToken } from '../manage/index.ts';
import { claimToken } from '../people/index.ts';
import type { Store, Transaction } from '../ports/index.ts';
import { externalToken } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { takeMails } from '../testing/mailed.ts';
import { rotationsDue } from './index.ts';

const DAY_MS = 24 * 60 * 60_000;

let house: TestEngine;
let count = 0;
beforeAll(async () => {
  house = await testEngine({ sendsMail: true });
});
afterAll(() => house.close());

class Killed extends Error {}

/**
 * Runs `work` on a store that fails at its `step`th call inside a transaction, or right after a commit, as a process does
 * that is killed there: the transaction is lost, or its answer.
 * @returns whether it got that far.
 */
async function killedAt(step: number, work: () => Promise<unknown>): Promise<boolean> {
  const store = house.engine.store as { -readonly [Key in keyof Store]: Store[Key] };
  const { transact } = store;
  let passed = 0;
  const pass = () => {
    if (passed++ === step) throw new Killed();
  };
  store.transact = async <T>(inside: (transaction: Transaction) => Promise<T>): Promise<T> => {
    const done = await transact.call<Store, [typeof inside], Promise<T>>(store, (transaction) =>
      inside(failing(transaction, pass)),
    );
    pass();
    return done;
  };
  try {
    await work();
    return false;
  } catch (error) {
    if (!isKill(error)) throw error;
    return true;
  } finally {
    store.transact = transact;
  }
}

function isKill(error: unknown): boolean {
  return error instanceof AggregateError ? error.errors.every(isKill) : error instanceof Killed;
}

/** The same ports, each call of which may be the last. */
function failing(transaction: Transaction, pass: () => void): Transaction {
  const guarded = (port: object): object =>
    new Proxy(port, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (typeof value === 'object' && value !== null) return guarded(value);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => {
          pass();
          return Reflect.apply(value, target, given);
        };
      },
    });
  return guarded(transaction) as Transaction;
}

const rotating = () =>
  externalToken(house, {
    externalId: `owner-${count++}`,
    workspace: 'org-7',
    may: [],
    token: { auto_rotate: true, rotation_period: '1d', notification_email: 'ops@example.com', grace_period: '2d' },
  });
const lineOf = async (lineage_id: string) => (await house.asHost(listTokens, { lineage_id })).data;
const claim = (secret: string | null | undefined) =>
  house.as(anonymousCaller({ ip: null, requestId: 'req_claim', idempotencyKey: null }), claimToken, { secret });

describe('row 66: a process that is killed', () => {
  it('between any two steps of telling people loses no mail and doubles none', async () => {
    let isKilled = true;
    let step = 0;
    for (; isKilled; step++) {
      const { token } = await rotating();
      house.clock.advance(DAY_MS);
      isKilled = await killedAt(step, () => house.runJob(rotationsDue));
      await house.runJob(rotationsDue);
      const mails = await takeMails(house);
      expect([step, mails.map(({ template }) => template)]).toEqual([step, ['rotation_due']]);
      const claimed = await claim(mails[0]?.secret);
      expect(claimed.old_key.id).toBe(token.id);
      await house.engine.store.transact(({ rotations }) => rotations.lookAt(claimed.new_key.id, null));
    }
    expect(step).toBeGreaterThan(10);
  });

  it.each(['the link', 'the token itself'])(
    'between any two steps of a claim by %s leaves one successor, which the next try is given',
    async (way) => {
      let isKilled = true;
      let step = 0;
      for (; isKilled; step++) {
        const { token, value } = await rotating();
        house.clock.advance(DAY_MS);
        await house.runJob(rotationsDue);
        const [mail] = await takeMails(house);
        const take = () =>
          way === 'the link' ? claim(mail?.secret) : house.asBearer(value, rotateToken, { id: 'current' });
        isKilled = await killedAt(step, take);
        expect(await house.verdict(value, [], { cost: 0 })).toBe('ok');
        const { new_key } = await take();
        expect(await house.verdict(new_key.value as string, [], { cost: 0 })).toBe('ok');
        const states = (await lineOf(token.lineage_id)).map(({ state }) => state).toSorted();
        expect([step, states]).toEqual([step, ['active', 'superseded']]);
        await house.engine.store.transact(({ rotations }) => rotations.lookAt(new_key.id, null));
      }
      expect(step).toBeGreaterThan(10);
    },
  );

  it('at the first use of a successor leaves an old token that ends at the next one, never one that lives on', async () => {
    for (let step = 0, isKilled = true; isKilled; step++) {
      const { value } = await rotating();
      const { new_key } = await house.asBearer(value, rotateToken, { id: 'current', end_old_on_first_use: true });
      const before = house.faults.length;
      await killedAt(step, () => house.decide(new_key.value as string));
      isKilled = house.faults.length > before;
      house.faults.length = before;
      await house.decide(new_key.value as string);
      expect([step, await house.verdict(value)]).toEqual([step, 'invalid_token']);
    }
  });
});
