import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { coolset } from '../profile/index.ts';
import { rejectionOf } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { createToken, putOwner, readToken, updateToken } from './index.ts';

const LEVELS = ['read', 'write', 'admin'] as const;

describe('levels are given within what the owner may do', () => {
  let house: TestEngine;
  let count = 0;
  let owner: string;

  beforeAll(async () => {
    house = await testEngine({ profile: coolset });
  });
  beforeEach(() => {
    owner = `user-${count++}`;
  });
  afterAll(() => house.close());

  const may = (...permissions: readonly string[]) =>
    house.asHost(putOwner, { external_id: owner, workspace: { external_id: 'org-7' }, permissions });
  const give = (level: string) => house.asHost(createToken, { name: level, owner: { external_id: owner }, level });

  it.each<[string, readonly string[], Readonly<Record<(typeof LEVELS)[number], readonly string[] | null>>]>([
    [
      'everything',
      ['orders:*', 'users:*', 'user-config:*', 'workspaces:read'],
      {
        read: ['user-config:read', 'orders:read', 'users:read', 'workspaces:read'],
        write: [
          'user-config:read',
          'orders:read',
          'users:read',
          'workspaces:read',
          'user-config:write',
          'orders:write',
        ],
        admin: [
          'user-config:read',
          'orders:read',
          'users:read',
          'workspaces:read',
          'user-config:write',
          'orders:write',
          'orders:delete',
          'users:write',
        ],
      },
    ],
    ['a part of reading', ['orders:read'], { read: ['orders:read'], write: null, admin: null }],
    [
      'a part of each',
      ['orders:read', 'orders:write', 'orders:delete'],
      {
        read: ['orders:read'],
        write: ['orders:read', 'orders:write'],
        admin: ['orders:read', 'orders:write', 'orders:delete'],
      },
    ],
    ['what the middle one adds', ['orders:write'], { read: null, write: ['orders:write'], admin: null }],
    ['what the highest adds', ['users:write'], { read: null, write: null, admin: ['users:write'] }],
    ['nothing', [], { read: null, write: null, admin: null }],
  ])('to an owner who may do %s', async (_what, permissions, expected) => {
    await may(...permissions);
    for (const level of LEVELS) {
      const effective = expected[level];
      if (effective === null) {
        const { code, problems } = await rejectionOf(give(level));
        const message = `Its owner may do nothing that the level ${level} adds.`;
        expect([level, code, problems]).toEqual([level, 'exceeds_creator', [{ path: 'permissions', message }]]);
      } else {
        const made = await give(level);
        expect([made.grant, [...made.effective_permissions].sort()]).toEqual([{ level }, [...effective].sort()]);
      }
    }
  });

  it('a token does what both its level and its owner allow, as they are at that moment', async () => {
    await may('orders:read', 'orders:write');
    const { id, value } = await give('write');
    const verdicts = async (): Promise<string[]> =>
      Promise.all(['orders:read', 'orders:write', 'orders:delete'].map((one) => house.verdict(value as string, [one])));
    const no = 'insufficient_permissions';
    expect(await verdicts()).toEqual(['ok', 'ok', no]);
    await may('orders:*');
    expect(await verdicts()).toEqual(['ok', 'ok', no]);
    await may('orders:read');
    expect(await verdicts()).toEqual(['ok', no, no]);
    expect((await house.asHost(readToken, { id })).effective_permissions).toEqual(['orders:read']);
    await may();
    expect(await verdicts()).toEqual([no, no, no]);
  });

  it('a level is raised and lowered within the same bounds', async () => {
    await may('orders:read', 'orders:write');
    const { id, value } = await give('read');
    expect((await rejectionOf(house.asHost(updateToken, { id, level: 'admin' }))).code).toBe('exceeds_creator');
    await house.asHost(updateToken, { id, level: 'write' });
    expect(await house.verdict(value as string, ['orders:write'])).toBe('ok');
    const lowered = await house.asHost(updateToken, { id, level: 'read' });
    expect(lowered.guarantee).toBeDefined();
    expect(await house.verdict(value as string, ['orders:write'])).toBe('insufficient_permissions');
  });

  it('permissions and inheriting are other ways of asking, which there are none of here', async () => {
    await may('orders:*');
    for (const grant of [{ permissions: ['orders:read'] }, { inherit: true }, { level: 'owner' }, {}]) {
      const asked = house.asHost(createToken, { name: 'x', owner: { external_id: owner }, ...grant });
      expect((await rejectionOf(asked)).code).toBe('invalid_input');
    }
  });
});
