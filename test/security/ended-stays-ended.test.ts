import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createRole,
  createToken,
  putOwner,
  readToken,
  revokeToken,
  rotateToken,
  updateRole,
  updateToken,
} from '../../src/manage/index.ts';
import { StorageUnavailable } from '../../src/ports/index.ts';
import { keyhouse, type Profile } from '../../src/profile/index.ts';
import { externalToken } from '../../src/testing/cast.ts';
import { type TestEngine, testEngine } from '../../src/testing/engine.ts';

const HOUR_MS = 3_600_000;

let house: TestEngine;
beforeEach(async () => {
  house = await testEngine();
});
afterEach(() => house.close());

const make = (token: object = {}) =>
  externalToken(house, {
    externalId: 'a',
    workspace: 'o',
    may: ['servers:read', 'servers:write'],
    token: { tier: 'unlimited', ...token },
  });

describe('row 95: a wall clock that is stepped back', () => {
  it('lets no value work again that a rotation without grace has ended', async () => {
    const { token, value } = await make();
    const { old_key, new_key } = await house.asHost(rotateToken, { id: token.id, grace_period: '0s' });
    expect(old_key.expires_at).toBe(new Date(house.clock.now()).toISOString());
    expect(await house.verdict(value)).toBe('invalid_token');
    house.clock.stepWall(-HOUR_MS);
    expect(await house.verdict(value)).toBe('invalid_token');
    expect(await house.verdict(new_key.value as string)).toBe('ok');
    expect(await house.asHost(readToken, { id: token.id })).toMatchObject({
      state: 'replaced',
      ends_at: old_key.expires_at,
    });
  });

  it('brings back no third value of a line', async () => {
    const { token, value } = await make();
    const second = await house.asHost(rotateToken, { id: token.id, grace_period: '7d' });
    await house.asHost(rotateToken, { id: second.new_key.id, grace_period: '7d' });
    expect(await house.verdict(value)).toBe('invalid_token');
    house.clock.stepWall(-HOUR_MS);
    expect(await house.verdict(value)).toBe('invalid_token');
  });

  it('tells the bearer who repeats a rotation without grace the same end', async () => {
    const { value } = await make();
    const first = await house.asBearer(value, rotateToken, { id: 'current', grace_period: '0s' });
    house.clock.advance(1_000);
    const again = await house.asBearer(value, rotateToken, { id: 'current', grace_period: '0s' });
    expect(again).toMatchObject({ old_key: first.old_key, new_key: first.new_key });
  });

  it('gives an owner of one token no second one', async () => {
    const profile: Profile = { ...keyhouse, name: 'sole', onePerOwner: true, rotation: { gracePeriod: '0s' } };
    const sole = await testEngine({ profile });
    const wish = { externalId: 'a', workspace: 'o', may: ['servers:read'], token: { tier: 'unlimited' } };
    const first = await externalToken(sole, wish);
    const second = await externalToken(sole, wish);
    sole.clock.stepWall(-HOUR_MS);
    expect(await sole.verdict(first.value)).toBe('invalid_token');
    expect(await sole.verdict(second.value)).toBe('ok');
    await sole.close();
  });
});

describe('row 61: revoking', () => {
  it('an unused successor that was replaced ends nothing more than it has ended already', async () => {
    const { token, value } = await make();
    const unused = await house.asHost(rotateToken, { id: token.id });
    const current = await house.asHost(rotateToken, { id: token.id, replace_unused_successor: true });
    const answer = await house.asHost(revokeToken, { id: unused.new_key.id });
    expect(answer.revoked_ids).toEqual([unused.new_key.id]);
    expect(await house.verdict(value)).toBe('ok');
    expect(await house.verdict(current.new_key.value as string)).toBe('ok');
    await house.asHost(revokeToken, { id: current.new_key.id });
    expect(await house.verdict(value), 'the current one ends the line').toBe('invalid_token');
  });
});

describe('row 88: a commit whose outcome is not known', () => {
  /** Commits, and then loses the answer as a broken connection or a dead thread does. */
  async function losingTheAnswer(work: () => Promise<unknown>): Promise<void> {
    const { store } = house.engine;
    const real = store.transact;
    store.transact = async (inside) => {
      await real(inside);
      throw new StorageUnavailable('the answer was lost');
    };
    try {
      await expect(work()).rejects.toBeInstanceOf(StorageUnavailable);
    } finally {
      store.transact = real;
    }
  }

  it('leaves nothing in memory that the store refuses', async () => {
    const { token, value } = await make();
    expect(await house.verdict(value)).toBe('ok');
    await losingTheAnswer(() => house.asHost(revokeToken, { id: token.id }));
    expect(await house.asHost(readToken, { id: token.id })).toMatchObject({ state: 'revoked' });
    expect(await house.verdict(value)).toBe('invalid_token');
  });

  it('of an owner’s membership, and of a role', async () => {
    const role = await house.asHost(createRole, { name: 'deployer', permissions: ['servers:write'] });
    const workspace = { external_id: 'o' };
    await house.asHost(putOwner, { external_id: 'b', workspace, permissions: ['servers:read'], roles: [role.id] });
    const made = await house.asHost(createToken, {
      name: 'b',
      owner: { external_id: 'b' },
      permissions: ['servers:read', 'servers:write'],
      tier: 'unlimited',
    });
    const value = made.value as string;
    expect(await house.verdict(value, ['servers:read', 'servers:write'])).toBe('ok');
    await losingTheAnswer(() => house.asHost(updateRole, { id: role.id, permissions: [] }));
    expect(await house.verdict(value, ['servers:write'])).toBe('insufficient_permissions');
    expect(await house.verdict(value, ['servers:read'])).toBe('ok');
    await losingTheAnswer(() => house.asHost(putOwner, { external_id: 'b', memberships: [] }));
    expect(await house.verdict(value)).toBe('invalid_token');
  });
});

describe('row 64: one bucket for a line', () => {
  const windows = (name: string, limit: number, seconds: number) => ({ limits: [{ name, limit, seconds }] });

  it('limits changed for one of two working values hold for both', async () => {
    const { token, value } = await make({ tier: undefined, ...windows('hour', 10, 3600) });
    const { new_key } = await house.asHost(rotateToken, { id: token.id, grace_period: '1d' });
    expect(await house.verdict(value)).toBe('ok');
    expect(await house.verdict(new_key.value as string)).toBe('ok');
    await house.asHost(updateToken, { id: new_key.id, ...windows('minute', 2, 60) });
    expect(await house.verdict(value), 'the two before count in the new window too').toBe('rate_limited');
    house.clock.advance(61_000);
    expect(await house.verdict(value)).toBe('ok');
    expect(await house.verdict(new_key.value as string)).toBe('ok');
    expect(await house.verdict(value)).toBe('rate_limited');
    expect(await house.verdict(new_key.value as string)).toBe('rate_limited');
  });
});
