import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployerp } from '../profile/index.ts';
import { becomeAdmin, externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import {
  createToken,
  createUser,
  listAuditEvents,
  listTokens,
  putOwner,
  readToken,
  revokeToken,
  signedInCaller,
  updateUser,
} from './index.ts';

const NEVER = { ip: null, requestId: 'req_1', idempotencyKey: null };

describe('creating a token (wire "Create")', () => {
  let house: TestEngine;
  let admin: string;
  beforeAll(async () => {
    house = await testEngine();
    admin = (await becomeAdmin(house)).token;
    await house.asHost(putOwner, {
      external_id: 'user-42',
      name: 'Ada',
      workspace: { external_id: 'org-7' },
      permissions: ['servers:*', 'instances:read', 'backups:read'],
    });
  });
  afterAll(() => house.close());
  const create = (input: object) =>
    house.asBearer(admin, createToken, {
      name: 'ci',
      owner: { external_id: 'user-42' },
      permissions: ['servers:read'],
      ...input,
    });

  it('I3, row 17: shows the value in this one answer; nothing that is read later holds it', async () => {
    const made = await create({ description: 'nightly', metadata: { team: 'ops' } });
    const value = made.value as string;
    expect(value).toMatch(/^kh_live_[0-9A-Za-z]{32}$/);
    expect(made).toMatchObject({
      name: 'ci',
      description: 'nightly',
      state: 'active',
      grant: { permissions: ['servers:read'] },
      effective_permissions: ['servers:read'],
      owner: { kind: 'external', external_id: 'user-42', name: 'Ada' },
      workspace: { external_id: 'org-7' },
      metadata: { team: 'ops' },
      ip_allowlist: null,
      expires_at: null,
      limits: { tier: 'standard' },
      created_by: { kind: 'token' },
    });
    const { value: _value, ...rest } = made;
    expect(await house.asBearer(admin, readToken, { id: made.id })).toEqual(rest);
    const told = [
      await house.asBearer(admin, listTokens, { limit: 100 }),
      await house.asBearer(admin, listAuditEvents, { limit: 100 }),
    ];
    expect(JSON.stringify(told)).not.toContain(value);
    expect(JSON.stringify(told)).toContain(made.hint);
  });

  it('row 13: the id, the hint, the digest and the other environment of a token open nothing', async () => {
    const made = await create({});
    const value = made.value as string;
    const stored = await house.engine.store.tokens.findById(made.id);
    const attempts = [made.id, made.hint, stored?.digest as string, value.replace('_live_', '_test_'), `${value} `];
    for (const attempt of attempts) expect(await house.verdict(attempt)).toBe('invalid_token');
    const test = await create({ environment: 'test' });
    expect(await house.verdict(test.value as string), 'on a live door').toBe('invalid_token');
    expect(await house.verdict(test.value as string, [], { environments: ['test'] })).toBe('ok');
  });

  it('rows 22 and 23: takes resource:action and resource:*, and nothing that only looks like it', async () => {
    for (const entry of [
      'servers',
      'servers:',
      ':read',
      '*',
      '*:read',
      '*:*',
      'servers:*:x',
      'servers:read:x',
      'Servers:READ',
      'ſervers:read',
      'servers：read',
      'servers:read ',
      ' servers:read',
      'servers:re*',
      'se*:read',
      '',
      `${'a'.repeat(33)}:read`,
    ]) {
      const { code, problems } = await rejectionOf(create({ permissions: ['servers:read', entry] }));
      expect(code, JSON.stringify(entry)).toBe('unknown_permission');
      expect(problems[0]?.path).toBe('permissions.1');
    }
    const { value } = await create({ permissions: ['servers:*'] });
    expect(await house.verdict(value as string, ['servers:delete'])).toBe('ok');
    for (const needed of ['servers2:read', 'server:read', 'servers-old:read']) {
      expect(await house.verdict(value as string, [needed]), needed).toBe('insufficient_permissions');
    }
  });

  it('row 26: a grant is named, once; [] allows nothing and null is no grant', async () => {
    const bare = { name: 'x', owner: { external_id: 'user-42' } };
    const attempt = async (input: object) =>
      (await rejectionOf(house.asBearer(admin, createToken, { ...bare, ...input }))).code;
    expect(await attempt({})).toBe('invalid_input');
    expect(await attempt({ permissions: null })).toBe('invalid_input');
    expect(await attempt({ permissions: 'servers:read' })).toBe('invalid_input');
    expect(await attempt({ permissions: [''] })).toBe('unknown_permission');
    expect(await attempt({ permissions: [null] })).toBe('invalid_input');
    expect(await attempt({ permissions: [], inherit: true })).toBe('invalid_input');
    expect(await attempt({ inherit: false })).toBe('invalid_input');
    expect(await attempt({ level: 'admin' })).toBe('invalid_input');
    const many = Array.from({ length: 201 }, (_, index) => `servers:a${index}`);
    expect(await attempt({ permissions: many })).toBe('invalid_input');

    const nothing = await create({ permissions: [] });
    expect(nothing.effective_permissions).toEqual([]);
    expect(await house.verdict(nothing.value as string), 'it authenticates').toBe('ok');
    expect(await house.verdict(nothing.value as string, ['servers:read'])).toBe('insufficient_permissions');
    const twice = await create({ permissions: ['servers:read', 'servers:read'] });
    expect(twice.grant).toEqual({ permissions: ['servers:read'] });
  });

  it('row 24: in a closed catalogue, a permission that does not exist is refused by name', async () => {
    const strict = await testEngine({ profile: deployerp });
    try {
      await strict.asHost(putOwner, {
        external_id: 'a',
        workspace: { external_id: 'o' },
        permissions: ['servers:read', 'instances:*'],
      });
      const { code, problems } = await rejectionOf(
        strict.asHost(createToken, {
          name: 'x',
          owner: { external_id: 'a' },
          permissions: ['servers:read', 'totally:bogus', 'bogus:*'],
        }),
      );
      expect(code).toBe('unknown_permission');
      expect(problems).toEqual([
        { path: 'permissions.1', message: 'There is no permission totally:bogus.' },
        { path: 'permissions.2', message: 'There is no permission bogus:*.' },
      ]);
    } finally {
      await strict.close();
    }
  });

  it('I4: with inherit does what its owner may do, at each moment, and never manages', async () => {
    const workspace = { external_id: 'org-inherit' };
    await house.asHost(putOwner, { external_id: 'heir', workspace, permissions: ['servers:read'] });
    const { value } = await house.asHost(createToken, { name: 'x', owner: { external_id: 'heir' }, inherit: true });
    expect(await house.verdict(value as string, ['servers:read'])).toBe('ok');
    expect(await house.verdict(value as string, ['servers:write'])).toBe('insufficient_permissions');
    await house.asHost(putOwner, { external_id: 'heir', workspace, permissions: ['servers:write'] });
    expect(await house.verdict(value as string, ['servers:read'])).toBe('insufficient_permissions');
    expect(await house.verdict(value as string, ['servers:write'])).toBe('ok');

    const boss = await house.asHost(createUser, { email: 'boss@provider.example', workspace, roles: ['admin'] });
    const inherits = await house.asHost(createToken, { name: 'x', owner: { id: boss.id }, inherit: true });
    expect(await house.verdict(inherits.value as string, ['whatever:there-is'])).toBe('ok');
    expect(await house.verdict(inherits.value as string, ['keyhouse-tokens:read'])).toBe('insufficient_permissions');
  });

  it('gives an owner’s token nothing that the owner may not do', async () => {
    for (const permissions of [['teams:read'], ['servers:read', 'instances:write'], ['instances:*'], ['billing:*']]) {
      const { code, problems } = await rejectionOf(create({ permissions }));
      expect(code, permissions.join()).toBe('exceeds_creator');
      expect(problems[0]?.path).toBe('permissions');
    }
  });

  it('row 50: takes an expiry from a minute ahead to the year 9999, and echoes it in UTC', async () => {
    const now = house.clock.now();
    const at = (ms: number) => new Date(now + ms).toISOString();
    for (const expires_at of [
      at(-1),
      at(0),
      at(59_999),
      '2020-01-01T00:00:00Z',
      '1',
      '2024-02-30T00:00:00Z',
      '9999-12-31T23:59:59.999-01:00',
    ]) {
      const { code, problems } = await rejectionOf(create({ expires_at }));
      expect(code, expires_at).toBe('invalid_expires_at');
      expect(problems[0]?.path).toBe('expires_at');
    }
    expect(await create({ expires_at: at(60_000) })).toMatchObject({ expires_at: at(60_000) });
    expect(await create({ expires_at: '2030-06-01T02:00:00+02:00' })).toMatchObject({
      expires_at: '2030-06-01T00:00:00.000Z',
    });
    expect(await create({ expires_at: '9999-12-31T23:59:59.999Z' })).toBeDefined();
    expect(await create({ expires_in: '90d' })).toMatchObject({ expires_at: at(90 * 86_400_000) });
    for (const expires_in of ['0d', '-1d', '1mo', '1e3d', '90 d', '99999999999d', '']) {
      expect((await rejectionOf(create({ expires_in }))).code, expires_in).toBe('invalid_input');
    }
    expect(await rejectionOf(create({ expires_in: '5s' }))).toMatchObject({
      code: 'invalid_expires_at',
      problems: [{ path: 'expires_in' }],
    });
    expect((await rejectionOf(create({ expires_in: '1d', expires_at: at(90_000) }))).code).toBe('invalid_input');
  });

  it('row 51: refuses from the very millisecond of its expiry, however warm the cache is', async () => {
    const expires = house.clock.now() + 60_000;
    const { value } = await create({ expires_at: new Date(expires).toISOString(), limits: 'unlimited' });
    house.clock.advance(59_999);
    expect(await house.verdict(value as string)).toBe('ok');
    house.clock.advance(1);
    expect(await house.verdict(value as string)).toBe('token_expired');
  });

  it('row 53: takes limits that are whole numbers from 1 to a thousand million, or "unlimited"', async () => {
    const limited = (limit: unknown) => create({ limits: [{ name: 'hour', limit, seconds: 3600 }] });
    for (const limit of [0, -1, 1.5, '100', Number.POSITIVE_INFINITY, 2 ** 53, null, Number.NaN, 1_000_000_001]) {
      expect((await rejectionOf(limited(limit))).code, String(limit)).toBe('invalid_input');
    }
    expect((await limited(1_000_000_000)).limits).toEqual({
      tier: null,
      windows: [{ name: 'hour', limit: 1_000_000_000, seconds: 3600 }],
    });
    expect((await create({ limits: 'unlimited' })).limits).toEqual({ tier: null, windows: 'unlimited' });
    const burst = [
      { name: 'hour', limit: 10, seconds: 3600 },
      { name: 'minute', limit: 11, seconds: 60 },
    ];
    expect((await rejectionOf(create({ limits: burst }))).code, 'a burst above the limit').toBe('invalid_input');
    expect((await rejectionOf(create({ limits: [] }))).code).toBe('invalid_input');
    expect((await rejectionOf(create({ tier: 'platinum' }))).code).toBe('invalid_input');
    expect((await rejectionOf(create({ tier: '__proto__' }))).code).toBe('invalid_input');
    expect((await create({ tier: 'high-volume' })).limits.tier).toBe('high-volume');
  });

  it('rows 36 and 37: takes addresses and networks as they are, at most 256, and no empty list', async () => {
    const made = await create({ ip_allowlist: ['203.0.113.0/24', '198.51.100.45', '2001:DB8::/32'] });
    expect(made.ip_allowlist).toEqual(['203.0.113.0/24', '198.51.100.45', '2001:db8::/32']);
    expect(await house.verdict(made.value as string, [], { ip: '203.0.113.9' })).toBe('ok');
    expect(await house.verdict(made.value as string, [], { ip: '203.0.114.9' })).toBe('ip_restricted');
    expect(await house.verdict(made.value as string, [], { ip: null })).toBe('ip_restricted');
    for (const list of [[], ['203.0.113.77/24'], ['0.0.0.0/0'], ['010.0.0.1'], ['1.2.3.4', 'x']]) {
      const { code, problems } = await rejectionOf(create({ ip_allowlist: list }));
      expect(code, JSON.stringify(list)).toBe('invalid_ip');
      for (const { message } of problems) expect(message).toMatch(/^This .*\.$/);
    }
    const many = Array.from({ length: 257 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
    expect((await rejectionOf(create({ ip_allowlist: many }))).code).toBe('invalid_ip');
  });

  it('row 55: a name has 1 to 100 characters that can be seen; two tokens may share one', async () => {
    for (const name of ['', ' ', 'a'.repeat(101), 'a\u0000', '\u202Ea', 'a\u200Bb', 'a\nb', undefined, null]) {
      const { problems } = await rejectionOf(create({ name }));
      expect(problems.map((one) => one.path)).toEqual(['name']);
    }
    const [a, b] = [await create({ name: '<script>"; --' }), await create({ name: '<script>"; --' })];
    expect(a.name).toBe(b.name);
    expect(a.id).not.toBe(b.id);
    expect((await create({ name: 'cafe\u0301' })).name).toBe('caf\u00e9');
  });

  it('D7: automatic rotation has a period, the one of the profile where none is named, and a day on which it is due', async () => {
    const { rotation, created_at } = await create({ auto_rotate: true });
    expect(rotation).toMatchObject({ rotation_period: '90d', state: 'scheduled', on_unclaimed: 'keep' });
    expect(Date.parse(rotation.due_at ?? '') - Date.parse(created_at)).toBe(90 * 86_400_000);
    for (const rotation_period of ['30s', '3651d']) {
      const { problems } = await rejectionOf(create({ auto_rotate: true, rotation_period }));
      expect(problems.map(({ path }) => path)).toEqual(['rotation_period']);
    }
    const made = await create({ auto_rotate: false, rotation_period: '90d', grace_period: '0s' });
    expect(made.rotation).toMatchObject({ auto_rotate: false, rotation_period: '90d', grace_period: '0s' });
  });

  it('keeps at most 4 KiB of metadata', async () => {
    expect((await rejectionOf(create({ metadata: { a: 'x'.repeat(4096) } }))).code).toBe('invalid_input');
    expect((await rejectionOf(create({ metadata: [] }))).code).toBe('invalid_input');
    expect((await create({ metadata: { a: 'x'.repeat(4000) } })).metadata).toHaveProperty('a');
  });

  it('row 30: for owners and workspaces out of reach answers as for none', async () => {
    const { value } = await workspaceManager(house, 'mine', ['keyhouse-tokens:write', 'keyhouse-owners:act-as']);
    await house.asHost(putOwner, {
      external_id: 'shared',
      memberships: ['mine', 'org-7'].map((external_id) => ({ workspace: { external_id }, permissions: ['servers:*'] })),
    });
    const attempt = (input: object) =>
      rejectionOf(house.asBearer(value, createToken, { name: 'x', permissions: ['servers:read'], ...input }));
    const none = await attempt({ owner: { external_id: 'nobody' } });
    expect(none.code).toBe('not_found');
    expect((await attempt({ owner: { external_id: 'user-42' } })).code).toBe('not_found');
    const there = { owner: { external_id: 'shared' }, workspace: { external_id: 'org-7' } };
    const nowhere = { owner: { external_id: 'shared' }, workspace: { external_id: 'nowhere' } };
    expect(await attempt(there)).toEqual(await attempt(nowhere));
    const made = await house.asBearer(value, createToken, {
      name: 'x',
      owner: { external_id: 'shared' },
      permissions: ['servers:read'],
    });
    expect(made.workspace.external_id, 'the one workspace of the owner that it reaches').toBe('mine');
  });

  it('peers §5 rows 1 and 4: whose token it is is never the body’s to say, unless the caller may act for others', async () => {
    const { value: plain } = await externalToken(house, {
      externalId: 'plain',
      workspace: 'org-7',
      may: ['servers:read'],
    });
    const other = { owner: { external_id: 'user-42' } };
    const refused = await rejectionOf(
      house.asBearer(plain, createToken, { name: 'x', permissions: ['servers:read'], ...other }),
    );
    expect(refused).toMatchObject({ code: 'denied: insufficient_permissions' });
    const writer = (await house.asBearer(admin, createToken, { name: 'w', permissions: ['keyhouse-tokens:*'] }))
      .value as string;
    const acting = { name: 'x', permissions: ['servers:read'] };
    expect(await rejectionOf(house.asBearer(writer, createToken, { ...acting, ...other }))).toMatchObject({
      code: 'insufficient_permissions',
      extra: { missing: ['keyhouse-owners:act-as'] },
    });
    expect(
      await rejectionOf(house.asBearer(writer, createToken, { ...acting, actor: { external_id: 'someone-else' } })),
      'nor who is behind it',
    ).toMatchObject({ code: 'insufficient_permissions' });
  });

  it('wire: an owner whom the application signed in makes tokens of its own, within what it may do and the default tier', async () => {
    const { owner, token } = await externalToken(house, {
      externalId: 'signed-in',
      workspace: 'org-signed',
      may: ['servers:*'],
    });
    const actor = { kind: 'external', id: 'signed-in' } as const;
    const self = signedInCaller({ ownerId: owner.id, workspaceId: token.workspace.id, actor }, NEVER);
    const make = (input: object) =>
      house.as(self, createToken, { name: 'mine', permissions: ['servers:read'], ...input });
    expect(await make({})).toMatchObject({ owner: { external_id: 'signed-in' }, created_by: actor });
    expect((await rejectionOf(make({ permissions: ['instances:read'] }))).code).toBe('exceeds_creator');
    expect((await rejectionOf(make({ tier: 'unlimited' }))).code).toBe('exceeds_creator');
    expect((await rejectionOf(make({ owner: { external_id: 'user-42' } }))).code).toBe('insufficient_permissions');
    const listed = await house.as(self, listTokens, {});
    expect(new Set(listed.data.map((one) => one.owner.external_id))).toEqual(new Set(['signed-in']));
    const revoked = await house.as(self, revokeToken, { id: token.id });
    expect(revoked.revoked_ids).toEqual([token.id]);
  });

  it('peers §5 row 8: a token whose owner was stopped a moment ago makes nothing', async () => {
    const user = await house.asHost(createUser, {
      email: 'fired@provider.example',
      workspace: { external_id: 'org-7' },
      permissions: ['keyhouse-tokens:write', 'servers:read'],
    });
    const { value } = await house.asHost(createToken, {
      name: 'x',
      owner: { id: user.id },
      permissions: ['keyhouse-tokens:write', 'servers:read'],
    });
    expect(await house.verdict(value as string)).toBe('ok');
    await house.asHost(updateUser, { id: user.id, disabled: true });
    const refused = await rejectionOf(
      house.asBearer(value as string, createToken, { name: 'y', permissions: ['servers:read'] }),
    );
    expect(refused.code).toBe('denied: invalid_token');
  });
});

describe('row 67: a creation whose answer was lost', () => {
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine();
    await house.asHost(putOwner, { external_id: 'a', workspace: { external_id: 'o' }, permissions: ['servers:*'] });
  });
  afterAll(() => house.close());
  const input = { name: 'ci', owner: { external_id: 'a' }, permissions: ['servers:read'] };
  const create = (idempotencyKey: string, more: object = {}) =>
    house.asHost(createToken, { ...input, ...more }, { idempotencyKey });

  it('is told with the same key which token it made, without its value, and what to do', async () => {
    const first = await create('key-1');
    const second = await create('key-1');
    expect(second).toMatchObject({ id: first.id, value: null, already_issued: true });
    expect(second.help).toContain('revoke this token');
    expect(await house.verdict(first.value as string)).toBe('ok');
  });

  it('is refused the key for anything else', async () => {
    await create('key-2');
    expect((await rejectionOf(create('key-2', { name: 'other' }))).code).toBe('idempotency_mismatch');
    expect((await rejectionOf(create('', {}))).code).toBe('invalid_input');
    expect((await rejectionOf(create('with space'))).code).toBe('invalid_input');
  });

  it('makes one token of many calls with one key at the same moment', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, () => create('key-3')));
    expect(new Set(made.map((one) => one.id)).size).toBe(1);
    expect(made.filter((one) => one.value !== null)).toHaveLength(1);
  });

  it('may use the key again after a day', async () => {
    const first = await create('key-4');
    house.clock.advance(24 * 3_600_000 - 1);
    expect((await create('key-4')).id).toBe(first.id);
    house.clock.advance(1);
    expect((await create('key-4')).id).not.toBe(first.id);
  });

  it('has the key to itself: another caller’s is another', async () => {
    const first = await create('key-5');
    const { value: colleague } = await workspaceManager(house, 'o', [
      'keyhouse-tokens:write',
      'keyhouse-owners:act-as',
    ]);
    const second = await house.asBearer(colleague, createToken, input, { idempotencyKey: 'key-5' });
    expect(second.id).not.toBe(first.id);
    expect(second.value).not.toBeNull();
  });
});

describe('row 64: how many and how often', () => {
  it('keeps the tokens of a workspace to the number the profile allows, also when many are made at once', async () => {
    const house = await testEngine({ profile: { ...deployerp, tokensPerWorkspaceMax: 3 } });
    try {
      for (const external_id of ['a', 'b']) {
        await house.asHost(putOwner, { external_id, workspace: { external_id: 'o' }, permissions: ['servers:read'] });
      }
      const make = (external_id: string) =>
        house.asHost(createToken, { name: 'x', owner: { external_id }, permissions: ['servers:read'] });
      const made = await Promise.allSettled(['a', 'b', 'a', 'b', 'a', 'b'].map(make));
      expect(made.filter((one) => one.status === 'fulfilled')).toHaveLength(3);
      expect((await rejectionOf(make('a'))).code).toBe('conflict');
      const { data } = await house.asHost(listTokens, {});
      await house.asHost(revokeToken, { id: data[0]?.id });
      await make('a');
    } finally {
      await house.close();
    }
  });
});
