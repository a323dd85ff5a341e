import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deployerp, keyhouse, type Profile } from '../profile/index.ts';
import { becomeAdmin, externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { createToken, putOwner, readToken, revokeToken, rotateToken, updateToken } from './index.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

describe('rotating a token (design §7)', () => {
  let house: TestEngine;
  let value: string;
  let id: string;
  let owner: string;
  let count = 0;
  beforeAll(async () => {
    house = await testEngine();
  });
  beforeEach(async () => {
    owner = `user-${count++}`;
    const made = await externalToken(house, {
      externalId: owner,
      workspace: 'org-7',
      may: ['servers:read', 'servers:write'],
      token: {
        permissions: ['servers:read'],
        description: 'nightly',
        ip_allowlist: ['203.0.113.0/24'],
        limits: [{ name: 'hour', limit: 100, seconds: 3600 }],
        metadata: { team: 'ops' },
        environment: 'live',
        rotation_period: '90d',
        self_rotate: true,
      },
    });
    value = made.value;
    id = made.token.id;
  });
  afterAll(() => house.close());
  const at = { ip: '203.0.113.9' };
  const rotateBySelf = (with_: string = value, input: object = {}) =>
    house.asBearer(with_, rotateToken, { id: 'current', ...input }, at);
  const rotate = (input: object = {}) => house.asHost(rotateToken, { id, ...input });
  const verdict = (of: string) => house.verdict(of, ['servers:read'], at);
  const iso = (ms: number) => new Date(house.clock.now() + ms).toISOString();

  it('D11: with the token itself and no body answers old and new; the old one works until its grace ends', async () => {
    const strict = await testEngine({ profile: deployerp });
    try {
      const made = await externalToken(strict, { externalId: 'a', workspace: 'o', may: ['servers:read'] });
      const rotated = await strict.asBearer(made.value, rotateToken, { id: made.token.id });
      const end = strict.clock.now() + 7 * DAY;
      expect(rotated.old_key).toEqual({ id: made.token.id, expires_at: new Date(end).toISOString() });
      expect(rotated.new_key).toMatchObject({
        id: expect.stringMatching(/^key_/),
        value: expect.stringMatching(/^dep_live_[0-9A-Za-z]{32}$/),
        created_at: new Date(strict.clock.now()).toISOString(),
      });
      expect(await strict.verdict(made.value)).toBe('ok');
      expect(await strict.verdict(rotated.new_key.value as string)).toBe('ok');
      strict.clock.stepWall(7 * DAY - 1);
      expect(await strict.verdict(made.value)).toBe('ok');
      strict.clock.stepWall(1);
      expect(await strict.verdict(made.value)).toBe('invalid_token');
      expect(await strict.verdict(rotated.new_key.value as string)).toBe('ok');
    } finally {
      await strict.close();
    }
  });

  it('peers §5 row 12: the successor equals its predecessor in everything but id, value and time', async () => {
    const before = await house.asHost(readToken, { id });
    house.clock.advance(MINUTE);
    const { new_key } = await rotateBySelf();
    const after = await house.asHost(readToken, { id: new_key.id });
    const same = ({
      id: _id,
      hint: _hint,
      created_at: _created,
      created_by: _by,
      supersedes: _old,
      ...rest
    }: typeof before) => rest;
    expect(same(after)).toEqual(same(before));
    expect(after).toMatchObject({ supersedes: id, created_by: { kind: 'token', id } });
    expect(await house.asHost(readToken, { id })).toMatchObject({
      state: 'superseded',
      superseded_by: new_key.id,
      ends_at: new Date(house.clock.now() + 7 * DAY).toISOString(),
    });
  });

  it('row 62: the grace of the request wins over the token’s and the profile’s, and never outlives the old expiry', async () => {
    await house.asHost(updateToken, { id, grace_period: '2d' });
    expect((await rotate()).old_key.expires_at).toBe(iso(2 * DAY));

    const asked = await house.asHost(createToken, {
      name: 'x',
      owner: { external_id: owner },
      permissions: ['servers:read'],
      expires_in: '1d',
      grace_period: '2d',
    });
    const rotated = await house.asHost(rotateToken, { id: asked.id, grace_period: '3d' });
    expect(rotated.old_key.expires_at, 'min(own expiry, now + grace)').toBe(iso(DAY));
    const successor = await house.asHost(readToken, { id: rotated.new_key.id });
    expect(successor.expires_at, 'an explicit expiry is inherited').toBe(iso(DAY));
    for (const grace_period of ['-1d', '1', '0d', '', '99999999999d', '1e3d']) {
      expect((await rejectionOf(rotate({ grace_period }))).code).toBe('invalid_input');
    }
  });

  it('row 62: without grace the old value is refused in the very next request', async () => {
    expect(await verdict(value)).toBe('ok');
    const { new_key, guarantee } = await rotate({ grace_period: '0s' });
    expect(guarantee).toMatchObject({ class: 'process' });
    expect(await verdict(value)).toBe('invalid_token');
    expect(await verdict(new_key.value as string)).toBe('ok');
  });

  it('row 62: a second rotation inside the grace is 409 with the successor’s id', async () => {
    const { new_key } = await rotate();
    const refused = await rejectionOf(rotate());
    expect(refused).toMatchObject({ code: 'already_rotated', extra: { successor_id: new_key.id } });
  });

  it('never lets more than two values of a line work', async () => {
    const first = await rotate();
    const second = await house.asHost(rotateToken, { id: first.new_key.id });
    const values = [value, first.new_key.value as string, second.new_key.value as string];
    expect(await Promise.all(values.map(verdict))).toEqual(['invalid_token', 'ok', 'ok']);
  });

  it('a profile’s lifetime starts anew with the successor', async () => {
    const profile: Profile = { ...keyhouse, name: 'aging', expiry: { lifetime: '30d', lifetimeMax: null } };
    const aging = await testEngine({ profile });
    try {
      const made = await externalToken(aging, { externalId: 'a', workspace: 'o', may: ['servers:read'] });
      aging.clock.advance(10 * DAY);
      const { old_key, new_key } = await aging.asBearer(made.value, rotateToken, { id: 'current' });
      const successor = await aging.asHost(readToken, { id: new_key.id });
      expect(successor.expires_at).toBe(new Date(aging.clock.now() + 30 * DAY).toISOString());
      expect(old_key.expires_at).toBe(new Date(aging.clock.now() + 7 * DAY).toISOString());
      aging.clock.advance(21 * DAY);
      expect(await aging.verdict(made.value)).not.toBe('ok');
      expect(await aging.verdict(new_key.value as string)).toBe('ok');
    } finally {
      await aging.close();
    }
  });

  describe('by the bearer, whose answer may get lost (rows 60 and 67, peers §2 rows 1 and 2)', () => {
    it('gives the same successor and value again, with or without grace, for ten minutes', async () => {
      const first = await rotateBySelf(value, { grace_period: '0s' });
      expect(await verdict(value), 'the old value has ended').toBe('invalid_token');
      house.clock.advance(10 * MINUTE - 1);
      const again = await rotateBySelf(value, { grace_period: '0s' });
      expect(again.new_key).toEqual(first.new_key);
      expect(again.old_key).toEqual(first.old_key);
      house.clock.advance(1);
      expect(await rejectionOf(rotateBySelf())).toMatchObject({ code: 'already_rotated' });
    });

    it('ends with the successor’s first use', async () => {
      const { new_key } = await rotateBySelf();
      expect((await rotateBySelf()).new_key).toEqual(new_key);
      expect(await verdict(new_key.value as string)).toBe('ok');
      expect(await rejectionOf(rotateBySelf())).toMatchObject({
        code: 'already_rotated',
        extra: { successor_id: new_key.id },
      });
    });

    it('is the only thing an ended value can do', async () => {
      const made = await externalToken(house, {
        externalId: 'manager',
        workspace: 'org-7',
        may: ['servers:read'],
      });
      await house.asBearer(made.value, rotateToken, { id: 'current', grace_period: '0s' });
      for (const attempt of [
        () => house.asBearer(made.value, readToken, { id: 'current' }),
        () => house.asBearer(made.value, revokeToken, { id: 'current' }),
      ]) {
        expect((await rejectionOf(attempt())).code).toBe('denied: invalid_token');
      }
      const again = await house.asBearer(made.value, rotateToken, { id: 'current' });
      expect(again.new_key.value).not.toBeNull();
    });

    it('obeys address, owner and disable like any request', async () => {
      await rotateBySelf(value, { grace_period: '0s' });
      const elsewhere = rejectionOf(house.asBearer(value, rotateToken, { id: 'current' }, { ip: '198.51.100.1' }));
      expect((await elsewhere).code).toBe('denied: ip_restricted');
      await house.asHost(putOwner, { external_id: owner, disabled: true });
      expect((await rejectionOf(rotateBySelf())).code).toBe('denied: invalid_token');
    });

    it('is over once either token is revoked: no sealed copy is left', async () => {
      const { new_key } = await rotateBySelf();
      await house.asHost(revokeToken, { id });
      expect((await rejectionOf(rotateBySelf())).code).toBe('denied: invalid_token');
      await house.asHost(revokeToken, { id: new_key.id });
      const { sealed } = await house.engine.store.transact(async ({ replays }) => ({
        sealed: await replays.findSealed(id, house.clock.now()),
      }));
      expect(sealed).toBeNull();
    });

    it('can ask for another successor while the first was never used', async () => {
      const first = await rotateBySelf();
      const second = await rotateBySelf(value, { replace_unused_successor: true });
      expect(second.new_key.id).not.toBe(first.new_key.id);
      expect(await verdict(first.new_key.value as string)).toBe('invalid_token');
      expect(await verdict(second.new_key.value as string)).toBe('ok');
      expect(second.old_key.expires_at, 'the grace that runs is not prolonged').toBe(first.old_key.expires_at);
      expect(await rejectionOf(rotateBySelf(value, { replace_unused_successor: true }))).toMatchObject({
        code: 'already_rotated',
      });
    });

    it('row 61: can be forbidden for a token', async () => {
      await house.asHost(updateToken, { id, self_rotate: false });
      expect(await rejectionOf(rotateBySelf())).toMatchObject({ code: 'insufficient_permissions' });
      await rotate();
    });

    it('opens the sealed value for nobody but the bearer of the old one', async () => {
      const { new_key } = await rotateBySelf();
      expect(await rejectionOf(rotate())).toMatchObject({ code: 'already_rotated' });
      const stored = await house.engine.store.transact(({ replays }) => replays.findSealed(id, house.clock.now()));
      expect(stored?.sealed).toBeDefined();
      expect(stored?.sealed).not.toContain(new_key.value as string);
    });
  });

  describe('by somebody else', () => {
    it('needs to act for the owner, for whoever has the new value can', async () => {
      const { value: writer } = await workspaceManager(house, 'org-7', ['keyhouse-tokens:write']);
      expect(await rejectionOf(house.asBearer(writer, rotateToken, { id }))).toMatchObject({
        code: 'insufficient_permissions',
        extra: { missing: ['keyhouse-owners:act-as'] },
      });
    });

    it('row 25: gives nobody a management token that holds more than theirs', async () => {
      const admin = await becomeAdmin(house);
      const limited = (
        await house.asBearer(admin.token, createToken, {
          name: 'limited',
          permissions: ['keyhouse-tokens:*', 'keyhouse-owners:*'],
        })
      ).value as string;
      const colleague = await house.asHost(createToken, {
        name: 'auditor',
        owner: { id: admin.user.id },
        permissions: ['keyhouse-audit:*'],
      });
      expect(await rejectionOf(house.asBearer(limited, rotateToken, { id: colleague.id }))).toMatchObject({
        code: 'exceeds_creator',
      });
      await house.asBearer(admin.token, rotateToken, { id: colleague.id });
    });

    it('row 61: the value that was rotated away cannot rotate the one that came after it', async () => {
      const may = ['keyhouse-tokens:write', 'servers:read'];
      const made = await workspaceManager(house, 'org-7', may);
      const { new_key } = await house.asBearer(made.value, rotateToken, { id: 'current' });
      const attempt = house.asBearer(made.value, rotateToken, { id: new_key.id });
      expect(await rejectionOf(attempt), 'it would outlive its grace').toMatchObject({ code: 'exceeds_creator' });
      const plain = await externalToken(house, { externalId: 'plain', workspace: 'org-7', may: ['servers:read'] });
      const { new_key: next } = await house.asBearer(plain.value, rotateToken, { id: 'current' });
      expect(await rejectionOf(house.asBearer(plain.value, rotateToken, { id: next.id }))).toMatchObject({
        code: 'insufficient_permissions',
        extra: { missing: ['keyhouse-tokens:write'] },
      });
    });

    it('row 61: a token cannot rotate the one it was made from, and so outlive its own revocation', async () => {
      const may = ['keyhouse-tokens:write', 'servers:read'];
      const parent = await workspaceManager(house, 'org-7', may);
      const child = await house.asBearer(parent.value, createToken, { name: 'child', permissions: may });
      const grandchild = await house.asBearer(child.value as string, createToken, { name: 'g', permissions: may });
      for (const descendant of [child, grandchild]) {
        const attempt = house.asBearer(descendant.value as string, rotateToken, { id: parent.token.id });
        expect(await rejectionOf(attempt)).toMatchObject({ code: 'insufficient_permissions' });
      }
    });

    it('row 60: of what has ended says 409', async () => {
      await house.asHost(updateToken, { id, disabled: true });
      expect(await rejectionOf(rotate())).toMatchObject({ code: 'conflict' });
      await house.asHost(revokeToken, { id });
      expect(await rejectionOf(rotate())).toMatchObject({ code: 'conflict' });
      const short = await externalToken(house, {
        externalId: 'short',
        workspace: 'org-7',
        may: ['servers:read'],
        token: { expires_in: '5m' },
      });
      house.clock.advance(5 * MINUTE);
      expect(await rejectionOf(house.asHost(rotateToken, { id: short.token.id }))).toMatchObject({ code: 'conflict' });
    });

    it('row 67: with an Idempotency-Key is told again which successor it made, without the value', async () => {
      const key = { idempotencyKey: 'rotation-1' };
      const first = await house.asHost(rotateToken, { id }, key);
      const again = await house.asHost(rotateToken, { id }, key);
      expect(again).toMatchObject({
        old_key: first.old_key,
        new_key: { id: first.new_key.id, value: null },
        already_issued: true,
      });
      expect((await rejectionOf(house.asHost(rotateToken, { id, grace_period: '1d' }, key))).code).toBe(
        'idempotency_mismatch',
      );
    });
  });

  it('row 64: a rotation does not give a used-up limit back', async () => {
    for (let count = 0; count < 100; count++) expect(await verdict(value)).toBe('ok');
    expect(await verdict(value)).toBe('rate_limited');
    const { new_key } = await rotate();
    expect(await verdict(new_key.value as string)).toBe('rate_limited');
    house.clock.advance(62 * MINUTE);
    expect(await verdict(new_key.value as string)).toBe('ok');
  });
});

describe('rotating where an owner has one token', () => {
  const profile: Profile = { ...keyhouse, name: 'sole', onePerOwner: true, rotation: { gracePeriod: '0s' } };
  let house: TestEngine;
  beforeEach(async () => {
    house = await testEngine({ profile });
  });
  afterEach(() => house.close());
  const make = () => externalToken(house, { externalId: 'a', workspace: 'o', may: ['servers:read'] });

  it('row 63: creating replaces the previous one at once and waits until nobody accepts it', async () => {
    const first = await make();
    expect(await house.verdict(first.value)).toBe('ok');
    const second = await make();
    expect(second.token).toMatchObject({ supersedes: first.token.id, guarantee: { class: 'process' } });
    expect(second.token.lineage_id).toBe(first.token.lineage_id);
    expect(await house.verdict(first.value)).toBe('invalid_token');
    expect(await house.verdict(second.value)).toBe('ok');
  });

  it('rotate is replace, whatever grace was asked for', async () => {
    const { token, value } = await make();
    const { new_key } = await house.asHost(rotateToken, { id: token.id, grace_period: '3d' });
    expect(await house.verdict(value)).toBe('invalid_token');
    const next = await make();
    expect(await house.verdict(new_key.value as string), 'the successor is the one token now').toBe('invalid_token');
    expect(await house.verdict(next.value)).toBe('ok');
  });

  it('a successor that replaced an unused one is the one token too', async () => {
    const { token } = await make();
    await house.asHost(rotateToken, { id: token.id });
    const second = await house.asHost(rotateToken, { id: token.id, replace_unused_successor: true });
    expect(await house.verdict(second.new_key.value as string)).toBe('ok');
    await make();
    expect(await house.verdict(second.new_key.value as string)).toBe('invalid_token');
  });
});
