import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '../../test/services/deadline.ts';
import { suiteNeeding } from '../../test/services/leftover.ts';
import { requireDatabase } from '../../test/services/postgres.ts';
import { claimToken } from '../people/index.ts';
import { keyhouse, type Profile } from '../profile/index.ts';
import { externalToken, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { takeMails } from '../testing/mailed.ts';
import { rotationsDue } from '../upkeep/index.ts';
import {
  anonymousCaller,
  createToken,
  deleteOwner,
  listAuditEvents,
  listTokens,
  putOwner,
  readToken,
  revokeToken,
  rotateToken,
  updateToken,
} from './index.ts';

/** One installation as it is raced on: every process that serves it, the first to set things up with. */
interface Arena {
  readonly house: TestEngine;
  readonly processes: readonly TestEngine[];
  readonly close: () => Promise<void>;
}

const sole: Profile = { ...keyhouse, name: 'sole', onePerOwner: true, rotation: { gracePeriod: '0s' } };

function races(open: (profile: Profile | null) => Promise<Arena>, rounds: number): void {
  let arena: Arena;
  let house: TestEngine;
  beforeAll(async () => {
    arena = await open(null);
    house = arena.house;
  });
  afterAll(() => arena.close());
  const process = (index: number) => arena.processes[index % arena.processes.length] as TestEngine;
  const times = <T>(count: number, work: (house: TestEngine, index: number) => Promise<T>) =>
    Promise.allSettled(Array.from({ length: count }, (_, index) => patiently(() => work(process(index), index))));
  let count = 0;
  const fresh = () => `racer-${count++}`;
  const valid = async (values: readonly string[]) => {
    const verdicts = await Promise.all(
      values.flatMap((value) => arena.processes.map((one) => one.verdict(value, [], { cost: 0 }))),
    );
    return verdicts.filter((verdict) => verdict === 'ok').length / arena.processes.length;
  };

  it('row 59: a token that mints while it is revoked leaves no child that lives', async () => {
    const may = ['keyhouse-tokens:write', 'servers:read'];
    let minted = 0;
    for (let round = 0; round < rounds; round++) {
      const parent = await workspaceManager(house, 'org-7', may);
      const children: string[] = [];
      const first = Promise.withResolvers<void>();
      const mint = async (one: TestEngine) => {
        const made = await one.asBearer(parent.value, createToken, { name: 'child', permissions: may });
        children.push(made.value as string);
        first.resolve();
        const grandchild = await one.asBearer(made.value as string, createToken, { name: 'g', permissions: may });
        children.push(grandchild.value as string);
      };
      const rotate = async (one: TestEngine) => {
        const { new_key } = await one.asBearer(parent.value, rotateToken, { id: 'current' });
        children.push(new_key.value as string);
      };
      const minting = times(6, (one, index) => (index === 3 ? rotate(one) : mint(one)));
      if (round % 3 > 0) await within(first.promise, 10_000, 'a child is made');
      await process(round).asHost(revokeToken, { id: parent.token.id, scope: 'lineage' });
      const known = [...children];
      expect(await valid([parent.value, ...known])).toBe(0);
      const outcomes = await minting;
      for (const outcome of outcomes) if (outcome.status === 'rejected') expectRefusal(outcome.reason);
      expect(await valid(children)).toBe(0);
      const { data } = await house.asHost(listTokens, { owner_id: parent.account.id, live: 'true' });
      expect(data).toEqual([]);
      minted += children.length;
    }
    expect(minted, 'some of them were faster').toBeGreaterThan(0);
  });

  it('row 60: of 50 parallel rotations by managers one is done and 49 are told of it', async () => {
    const { token, value } = await externalToken(house, { externalId: fresh(), workspace: 'org-7', may: ['a:b'] });
    const outcomes = await times(50, (one) => one.asHost(rotateToken, { id: token.id }));
    const done = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(done).toHaveLength(1);
    for (const one of outcomes) {
      if (one.status === 'rejected') {
        expect(one.reason).toMatchObject({
          code: 'already_rotated',
          extra: { successor_id: done[0]?.new_key.id },
        });
      }
    }
    expect(await valid([value, done[0]?.new_key.value as string])).toBe(2);
  });

  it('row 60: 50 parallel rotations by the bearer are one, with one successor and one value', async () => {
    const { token, value } = await externalToken(house, { externalId: fresh(), workspace: 'org-7', may: ['a:b'] });
    const outcomes = await times(50, (one) => one.asBearer(value, rotateToken, { id: 'current', grace_period: '0s' }));
    const keys = outcomes.map((one) => (one.status === 'fulfilled' ? JSON.stringify(one.value.new_key) : one.reason));
    expect(new Set(keys).size).toBe(1);
    const { data } = await house.asHost(listTokens, { lineage_id: token.lineage_id });
    expect(data).toHaveLength(2);
  });

  it('row 66: of claims by link, by the token itself and by jobs at the same time one makes the successor', async () => {
    for (let round = 0; round < rounds / 4; round++) {
      const rotation = { auto_rotate: true, rotation_period: '1d', notification_email: 'ops@example.com' };
      const wish = { externalId: fresh(), workspace: 'org-7', may: [], token: rotation };
      const { token, value } = await externalToken(house, wish);
      house.clock.advance(86_400_000);
      await times(4, (one) => one.runJob(rotationsDue));
      const mails = await takeMails(house);
      expect(mails).toHaveLength(1);
      const secret = mails[0]?.secret;
      const outcomes = await times(20, (one, index) =>
        index % 3 === 0
          ? one.asBearer(value, rotateToken, { id: 'current' })
          : one.as(anonymousCaller({ ip: null, requestId: 'req_1', idempotencyKey: null }), claimToken, { secret }),
      );
      for (const outcome of outcomes) if (outcome.status === 'rejected') expectRefusal(outcome.reason);
      const made = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.new_key] : []));
      expect(new Set(made.map((key) => `${key.id} ${key.value}`)).size).toBe(1);
      expect((await house.asHost(listTokens, { lineage_id: token.lineage_id })).data).toHaveLength(2);
      await house.engine.store.transact(({ rotations }) => rotations.lookAt(made[0]?.id as string, null));
    }
  });

  it('row 60: rotations, changes and a revocation of one line at once leave it revoked, and never three values', async () => {
    for (let round = 0; round < rounds; round++) {
      const { token, value } = await externalToken(house, { externalId: fresh(), workspace: 'org-7', may: ['a:b'] });
      const values = [value];
      const work = times(9, async (one, index) => {
        if (index % 3 === 0) {
          const { new_key } = await one.asHost(rotateToken, { id: token.id });
          values.push(new_key.value as string);
          const next = await one.asHost(rotateToken, { id: new_key.id });
          values.push(next.new_key.value as string);
        } else if (index % 3 === 1) {
          await one.asHost(updateToken, { id: token.id, disabled: index % 2 === 0 });
        } else {
          expect(await valid(values)).toBeLessThanOrEqual(2);
        }
      });
      await process(round + 1).asHost(revokeToken, { id: token.id, scope: 'lineage' });
      expect(await valid(values)).toBe(0);
      for (const outcome of await work) if (outcome.status === 'rejected') expectRefusal(outcome.reason);
      expect(await valid(values)).toBe(0);
      const { data } = await house.asHost(listTokens, { lineage_id: token.lineage_id });
      expect(new Set(data.map((one) => one.state))).toEqual(new Set(['revoked']));
    }
  });

  it('peers §5 row 5: what was disabled or revoked during many uses stays so', async () => {
    for (const stop of [
      (id: string) => house.asHost(updateToken, { id, disabled: true }),
      (id: string) => house.asHost(revokeToken, { id }),
    ]) {
      const made = await externalToken(house, { externalId: fresh(), workspace: 'org-7', may: ['a:b'] });
      const { new_key } = await house.asHost(rotateToken, { id: made.token.id });
      const value = new_key.value as string;
      let isStopped = false;
      const uses = times(400, async (one, index) => {
        for (let turn = 0; turn < index % 7; turn++) await new Promise((resolve) => setImmediate(resolve));
        const wasStopped = isStopped;
        const verdict = await one.verdict(value, [], { cost: 0 });
        if (wasStopped) expect(verdict).toBe('invalid_token');
      });
      await stop(new_key.id);
      isStopped = true;
      expect(await valid([value])).toBe(0);
      for (const use of await uses) if (use.status === 'rejected') throw use.reason;
      expect(await valid([value])).toBe(0);
      expect((await house.asHost(readToken, { id: new_key.id })).state).toMatch(/disabled|revoked/);
    }
  });

  it('row 29: an owner who is deleted while tokens are made for it has none that lives', async () => {
    for (let round = 0; round < rounds; round++) {
      const external_id = fresh();
      const { value } = await externalToken(house, { externalId: external_id, workspace: 'org-7', may: ['a:b'] });
      const values = [value];
      const making = times(6, async (one) => {
        const made = await one.asHost(createToken, { name: 'x', owner: { external_id }, permissions: ['a:b'] });
        values.push(made.value as string);
      });
      const ended = await process(round).asHost(deleteOwner, { external_id });
      expect(await valid(values)).toBe(0);
      for (const outcome of await making) if (outcome.status === 'rejected') expectRefusal(outcome.reason);
      expect(await valid(values)).toBe(0);
      expect(ended.revoked_ids.length).toBe(values.length);
    }
  });

  it('of changes to one owner at the same moment each is done wholly: the last set of memberships is all there is', async () => {
    const external_id = fresh();
    const put = (one: TestEngine, index: number) =>
      one.asHost(putOwner, {
        external_id,
        memberships: ['a', 'b'].map((workspace) => ({
          workspace: { external_id: `${external_id}-${workspace}` },
          permissions: [`set:n${index}`],
        })),
      });
    const outcomes = await times(20, put);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    const { memberships } = await house.asHost(putOwner, { external_id });
    expect(memberships).toHaveLength(2);
    expect(memberships[0]?.permissions).toEqual(memberships[1]?.permissions);
  });

  it('row 64: creations at the same moment for many owners keep to the number the workspace is allowed', async () => {
    const limited = await open({ ...keyhouse, name: 'limited', tokensPerWorkspaceMax: 3 });
    try {
      const owners = Array.from({ length: 12 }, (_, index) => `owner-${index}`);
      for (const external_id of owners) {
        await limited.house.asHost(putOwner, { external_id, workspace: { external_id: 'o' }, permissions: [] });
      }
      const outcomes = await Promise.allSettled(
        owners.map((external_id, index) =>
          patiently(() =>
            (limited.processes[index % limited.processes.length] as TestEngine).asHost(createToken, {
              name: 'x',
              owner: { external_id },
              permissions: [],
            }),
          ),
        ),
      );
      for (const outcome of outcomes) if (outcome.status === 'rejected') expectRefusal(outcome.reason);
      expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(3);
    } finally {
      await limited.close();
    }
  });

  it('row 63: where an owner has one token, 50 made at once leave one that works, and every replacement is told', async () => {
    const single = await open(sole);
    try {
      for (let round = 0; round < Math.ceil(rounds / 4); round++) {
        const external_id = `sole-${round}`;
        await single.house.asHost(putOwner, { external_id, workspace: { external_id: 'o' }, permissions: ['a:b'] });
        const outcomes = await Promise.allSettled(
          Array.from({ length: 50 }, (_, index) =>
            patiently(() =>
              (single.processes[index % single.processes.length] as TestEngine).asHost(createToken, {
                name: `x${index}`,
                owner: { external_id },
                permissions: ['a:b'],
              }),
            ),
          ),
        );
        const made = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
        for (const outcome of outcomes) if (outcome.status === 'rejected') expectRefusal(outcome.reason);
        expect(made).toHaveLength(50);
        const verdicts = await Promise.all(made.map((one) => single.house.verdict(one.value as string)));
        expect(verdicts.filter((verdict) => verdict === 'ok')).toHaveLength(1);
        const { data } = await single.house.asHost(listAuditEvents, {
          subject_id: made[0]?.lineage_id as string,
          limit: 100,
        });
        const replaced = data.map((event) => event.details.replaced_id).filter((id) => id !== null);
        expect(new Set(replaced).size).toBe(49);
      }
    } finally {
      await single.close();
    }
  });
}

/** As clients do: a store that is too busy for the moment is asked again. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const { name } = error as Error;
      if ((name !== 'StorageBusy' && name !== 'StorageUnavailable') || attempt === 10) throw error;
    }
  }
}

/** In a race a call may lose, and is then told so; anything else is a failure. */
function expectRefusal(error: unknown): void {
  const { code, reason } = error as { code?: string; reason?: string };
  const lost = ['authentication_required', 'conflict', 'already_rotated', 'not_found'];
  if (!lost.includes(code ?? '') && reason !== 'invalid_token') throw error;
}

describe('races on SQLite', () => {
  races(async (profile) => {
    const house = await testEngine({ profile, sendsMail: true });
    return { house, processes: [house], close: () => house.close() };
  }, 20);
});

suiteNeeding('postgresql', 'races on PostgreSQL, over two processes', () => {
  races(async (profile) => {
    const database = await requireDatabase();
    const house = await testEngine({ databaseUrl: database.url, profile, sendsMail: true });
    const other = await testEngine({ databaseUrl: database.url, besides: house, sendsMail: true });
    const close = async () => {
      await other.close();
      await house.close();
      await database.drop();
    };
    return { house, processes: [house, other], close };
  }, 10);
});
