import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { collections, deployerp } from '../profile/index.ts';
import { rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import {
  type Caller,
  createServiceAccount,
  createToken,
  listTokens,
  putOwner,
  readOwner,
  readToken,
  revokeToken,
  rotateToken,
  signedInCaller,
  updateToken,
} from './index.ts';

const WORKSPACE = { external_id: 'org-7' };
const MANAGES = ['keyhouse-tokens:read'];

let house: TestEngine;
let count = 0;
/** External ids of owners nobody has used before. */
let ada: string;
let other: string;

async function freshOwners(permissions: readonly string[]): Promise<void> {
  count += 1;
  [ada, other] = [`ada-${count}`, `other-${count}`];
  for (const externalId of [ada, other]) {
    await house.asHost(putOwner, { external_id: externalId, workspace: WORKSPACE, permissions });
  }
}

const make = async (input: object = {}): Promise<{ id: string; value: string }> => {
  const { id, value } = await house.asHost(createToken, { name: 'made', owner: { external_id: ada }, ...input });
  return { id, value: value as string };
};

async function signedIn(externalId: string): Promise<Caller> {
  const { id, memberships } = await house.asHost(readOwner, { external_id: externalId });
  const of = { ownerId: id, workspaceId: memberships[0]?.workspace.id as string };
  const circumstances = { ip: null, requestId: 'req_1', idempotencyKey: null };
  return signedInCaller({ ...of, actor: { kind: 'external', id: externalId } }, circumstances);
}

describe('where owners make no tokens for themselves', () => {
  beforeAll(async () => {
    house = await testEngine({ profile: collections });
  });
  beforeEach(() => freshOwners(['collections:read', 'collections:install']));
  afterAll(() => house.close());

  const refusal = { code: 'insufficient_permissions', extra: { missing: ['keyhouse-tokens:write'] } };

  it('an owner who has signed in makes none and rotates none, and sees and ends what there is', async () => {
    const { id, value } = await make();
    const caller = await signedIn(ada);
    expect(await rejectionOf(house.as(caller, createToken, { name: 'mine' }))).toMatchObject(refusal);
    expect(await rejectionOf(house.as(caller, rotateToken, { id }))).toMatchObject(refusal);
    expect(await house.verdict(value)).toBe('ok');
    const { data } = await house.as(caller, listTokens, {});
    expect(data.map((token) => token.id)).toEqual([id]);
    await house.as(caller, revokeToken, { id });
    expect(await house.verdict(value)).toBe('invalid_token');
  });

  it('a token that manages no tokens makes none, not for its owner and not for others', async () => {
    const { value } = await make();
    for (const owner of [undefined, { external_id: ada }, { external_id: other }]) {
      const asked = house.asBearer(value, createToken, { name: 'x', owner });
      expect((await rejectionOf(asked)).code).toBe('denied: insufficient_permissions');
    }
    expect(await house.verdict(value)).toBe('ok');
  });

  it('a token rotates itself only if it was made so, or changed so later', async () => {
    const { id, value } = await make();
    const { code, message } = await rejectionOf(house.asBearer(value, rotateToken, { id }));
    expect([code, message]).toEqual(['insufficient_permissions', expect.stringMatching(/self_rotate: false/)]);
    await house.asHost(updateToken, { id, self_rotate: true });
    const { new_key: second } = await house.asBearer(value, rotateToken, { id });
    expect([await house.verdict(value), await house.verdict(second.value as string)]).toEqual(['invalid_token', 'ok']);
    const made = await make({ self_rotate: true });
    const { new_key: third } = await house.asBearer(made.value, rotateToken, { id: made.id });
    expect(await house.verdict(third.value as string)).toBe('ok');
  });

  it('whoever manages tokens and acts for others makes and rotates theirs, and ends the ones before', async () => {
    const { value: manager } = await workspaceManager(house, 'org-7', [
      'keyhouse-tokens:write',
      'keyhouse-owners:act-as',
    ]);
    const { id, value } = await house.asBearer(manager, createToken, { name: 'x', owner: { external_id: ada } });
    const { new_key: next } = await house.asBearer(manager, rotateToken, { id });
    expect([await house.verdict(value as string), await house.verdict(next.value as string)]).toEqual([
      'invalid_token',
      'ok',
    ]);
  });

  it('whoever manages tokens and does not act for others makes none for them', async () => {
    const { value: manager } = await workspaceManager(house, 'org-7', ['keyhouse-tokens:write']);
    const { id } = await make();
    const made = house.asBearer(manager, createToken, { name: 'x', owner: { external_id: ada } });
    const rotated = house.asBearer(manager, rotateToken, { id });
    for (const asked of [made, rotated]) {
      expect((await rejectionOf(asked)).extra).toEqual({ missing: ['keyhouse-owners:act-as'] });
    }
  });
});

describe('where owners make tokens for themselves', () => {
  beforeAll(async () => {
    house = await testEngine({ profile: deployerp });
  });
  beforeEach(() => freshOwners(['servers:read']));
  afterAll(() => house.close());

  it('one who has signed in makes and rotates them, and a token rotates itself', async () => {
    const caller = await signedIn(ada);
    const { id } = await house.as(caller, createToken, { name: 'mine', permissions: ['servers:read'] });
    const { new_key: second } = await house.as(caller, rotateToken, { id });
    const { new_key: third } = await house.asBearer(second.value as string, rotateToken, { id: second.id });
    expect(await house.verdict(third.value as string)).toBe('ok');
  });
});

describe('one token for each owner, and tokens that manage Keyhouse', () => {
  /** A service account that may manage, and use the API as well. */
  let owner: { id: string };

  beforeAll(async () => {
    house = await testEngine({ profile: collections });
  });
  beforeEach(async () => {
    await freshOwners([]);
    const permissions = [...MANAGES, 'keyhouse-audit:read', 'collections:read'];
    const account = { name: `account ${count}`, workspace: WORKSPACE, permissions };
    owner = { id: (await house.asHost(createServiceAccount, account)).id };
  });
  afterAll(() => house.close());

  const verdicts = (...values: readonly string[]) => Promise.all(values.map((value) => house.verdict(value)));

  it('one that manages ends none and is ended by none, and there may be several', async () => {
    const first = await make({ owner });
    const managing = await make({ owner, permissions: MANAGES });
    const further = await make({ owner, permissions: MANAGES });
    expect(await verdicts(first.value, managing.value, further.value)).toEqual(['ok', 'ok', 'ok']);
    const second = await make({ owner });
    expect(await verdicts(first.value, second.value, managing.value, further.value)).toEqual([
      'invalid_token',
      'ok',
      'ok',
      'ok',
    ]);
    expect((await house.asHost(readToken, { id: managing.id })).supersedes).toBe(null);
  });

  it('each is rotated by itself', async () => {
    const plain = await make({ owner });
    const managing = await make({ owner, permissions: MANAGES });
    const { new_key: managingNext } = await house.asHost(rotateToken, { id: managing.id });
    expect(await verdicts(plain.value, managing.value, managingNext.value as string)).toEqual([
      'ok',
      'invalid_token',
      'ok',
    ]);
    const { new_key: plainNext } = await house.asHost(rotateToken, { id: plain.id });
    const after = await make({ owner });
    expect(await verdicts(plainNext.value as string, after.value, managingNext.value as string)).toEqual([
      'invalid_token',
      'ok',
      'ok',
    ]);
  });

  it('permissions are named for managing alone: a mixture is refused, and so is nothing', async () => {
    for (const permissions of [[...MANAGES, 'collections:read'], ['collections:read'], []]) {
      const { code, problems } = await rejectionOf(make({ owner, permissions }));
      expect([code, problems[0]?.path]).toEqual(['invalid_input', 'permissions']);
    }
  });

  it('neither becomes the other: the owner would have two, or none', async () => {
    const plain = await make({ owner });
    const managing = await make({ owner, permissions: MANAGES });
    const changes = [
      { id: plain.id, permissions: MANAGES },
      { id: managing.id, inherit: true },
    ];
    for (const change of changes) {
      const { code, problems } = await rejectionOf(house.asHost(updateToken, change));
      expect([code, problems[0]?.message]).toEqual([
        'invalid_input',
        expect.stringMatching(/do not become each other/),
      ]);
    }
    const permissions = [...MANAGES, 'keyhouse-audit:read'];
    expect((await house.asHost(updateToken, { id: managing.id, permissions })).grant).toEqual({ permissions });
    expect((await house.asHost(updateToken, { id: plain.id, name: 'renamed', inherit: true })).name).toBe('renamed');
    expect(await verdicts(plain.value, managing.value)).toEqual(['ok', 'ok']);
  });

  it('one that was revoked makes room, and of many at once one is left beside the managing one', async () => {
    const managing = await make({ owner, permissions: MANAGES });
    const { id } = await make({ owner });
    await house.asHost(revokeToken, { id });
    const made = await Promise.all(Array.from({ length: 20 }, () => make({ owner })));
    const all = await verdicts(...made.map(({ value }) => value));
    expect(all.filter((verdict) => verdict === 'ok')).toHaveLength(1);
    expect(await house.verdict(managing.value)).toBe('ok');
  });
});
