import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import {
  createToken,
  listAuditEvents,
  previewRevocation,
  putOwner,
  readToken,
  revokeToken,
  rotateToken,
  updateToken,
} from './index.ts';

describe('revoking a token (wire "Revoke", design §7)', () => {
  let house: TestEngine;
  let owner: string;
  let id: string;
  let value: string;
  let count = 0;
  beforeAll(async () => {
    house = await testEngine();
  });
  beforeEach(async () => {
    owner = `user-${count++}`;
    const made = await externalToken(house, { externalId: owner, workspace: 'org-7', may: ['servers:read'] });
    id = made.token.id;
    value = made.value;
  });
  afterAll(() => house.close());
  const revoke = (input: object = {}) => house.asHost(revokeToken, { id, ...input });

  it('I7: is refused in the very next request, also where it was accepted a moment before', async () => {
    expect(await house.verdict(value)).toBe('ok');
    const revoked = await revoke({ reason: 'leaked' });
    expect(revoked).toEqual({
      revoked_ids: [id],
      revoked_at: new Date(house.clock.now()).toISOString(),
      guarantee: {
        class: 'process',
        durability: 'single-copy',
        epoch: await house.engine.store.changeFeed.newest(),
        nodes_acknowledged: 0,
        nodes_waited_out: 0,
        milliseconds: 0,
      },
    });
    expect(await house.verdict(value)).toBe('invalid_token');
    expect(await house.asHost(readToken, { id })).toMatchObject({ state: 'revoked' });
    const { data } = await house.asHost(listAuditEvents, { action: 'token.revoked', limit: 1 });
    expect(data[0]).toMatchObject({ personal: { reason: 'leaked' }, details: { token_ids: [id] } });
  });

  it('row 68: repeated, answers the same ids and instant, and has waited again', async () => {
    const first = await revoke();
    house.clock.advance(60_000);
    const newest = await house.engine.store.changeFeed.newest();
    const second = await revoke({ reason: 'again' });
    expect(second.revoked_ids).toEqual(first.revoked_ids);
    expect(second.revoked_at).toBe(first.revoked_at);
    expect(second.guarantee.epoch).toBe(newest);
    expect(await house.engine.store.changeFeed.newest(), 'and wrote nothing').toBe(newest);
  });

  it('row 68: an expired one is revoked, an unknown one is 404, one’s own answers and is then refused', async () => {
    const short = await externalToken(house, {
      externalId: owner,
      workspace: 'org-7',
      may: ['servers:read'],
      token: { expires_in: '5m' },
    });
    house.clock.advance(600_000);
    expect((await house.asHost(revokeToken, { id: short.token.id })).revoked_ids).toEqual([short.token.id]);
    expect(await rejectionOf(house.asHost(revokeToken, { id: 'tok_0000000000000000000000' }))).toMatchObject({
      code: 'not_found',
    });
    const own = await house.asBearer(value, revokeToken, { id: 'current' });
    expect(own.revoked_ids).toEqual([id]);
    expect(await house.verdict(value)).toBe('invalid_token');
  });

  it('row 61: of a superseded token ends that one and names the successor that lives on', async () => {
    const { new_key } = await house.asHost(rotateToken, { id });
    const revoked = await revoke();
    expect(revoked).toMatchObject({ revoked_ids: [id], successor_id: new_key.id });
    expect(await house.verdict(value)).toBe('invalid_token');
    expect(await house.verdict(new_key.value as string)).toBe('ok');
  });

  it('row 61: of the current token ends its line, of scope=lineage the line whichever is named', async () => {
    const { new_key } = await house.asHost(rotateToken, { id });
    const revoked = await house.asHost(revokeToken, { id: new_key.id });
    expect(revoked.revoked_ids.toSorted()).toEqual([id, new_key.id].toSorted());
    expect(await house.verdict(value)).toBe('invalid_token');

    const other = await externalToken(house, { externalId: owner, workspace: 'org-7', may: ['servers:read'] });
    const rotated = await house.asHost(rotateToken, { id: other.token.id });
    await house.asHost(revokeToken, { id: other.token.id, scope: 'lineage' });
    expect(await house.verdict(other.value)).toBe('invalid_token');
    expect(await house.verdict(rotated.new_key.value as string)).toBe('invalid_token');
  });

  it('row 68: of a line that ended in two calls repeats what the second one ended', async () => {
    const { new_key } = await house.asHost(rotateToken, { id });
    expect((await revoke()).revoked_ids).toEqual([id]);
    house.clock.advance(1_000);
    const rest = await revoke({ scope: 'lineage' });
    expect(rest.revoked_ids).toEqual([new_key.id]);
    house.clock.advance(1_000);
    const { guarantee: _guarantee, ...again } = await revoke({ scope: 'lineage' });
    const { guarantee: _first, ...first } = rest;
    expect(again).toEqual(first);
  });

  it('row 59: ends with a token all that it made for itself, at any depth, and repeats the same list', async () => {
    const may = ['keyhouse-tokens:write', 'servers:read'];
    const parent = await workspaceManager(house, 'org-7', may);
    const make = async (with_: string) => {
      const made = await house.asBearer(with_, createToken, { name: 'child', permissions: may });
      return { id: made.id, value: made.value as string };
    };
    const child = await make(parent.value);
    const grandchild = await make(child.value);
    const { new_key } = await house.asHost(rotateToken, { id: grandchild.id });
    const great = await make(new_key.value as string);
    for (const one of [child, grandchild, great]) expect(await house.verdict(one.value)).toBe('ok');
    const first = await house.asHost(revokeToken, { id: parent.token.id });
    const all = [parent.token.id, child.id, grandchild.id, new_key.id, great.id];
    expect(first.revoked_ids.toSorted()).toEqual(all.toSorted());
    for (const one of [parent, child, grandchild, great]) expect(await house.verdict(one.value)).toBe('invalid_token');
    expect(await house.verdict(new_key.value as string)).toBe('invalid_token');
    house.clock.advance(1_000);
    const second = await house.asHost(revokeToken, { id: parent.token.id });
    expect(second.revoked_ids.toSorted()).toEqual(all.toSorted());
  });

  it('says before it what would end and how much that is used, and ends nothing', async () => {
    const { token, value: parent } = await workspaceManager(house, 'org-7', ['keyhouse-tokens:write', 'servers:read']);
    const asked = { name: 'child', permissions: ['servers:read'] };
    const child = await house.asBearer(parent, createToken, asked);
    for (let use = 0; use < 3; use++) await house.verdict(child.value as string);
    const newest = await house.engine.store.changeFeed.newest();
    const preview = await house.asHost(previewRevocation, { id: token.id });
    expect(preview).toMatchObject({ token_count: 2, successor_id: null });
    const uses = preview.tokens.map((one) => [one.id, one.allowed_last_day]);
    expect(uses).toEqual(expect.arrayContaining([[child.id, 3]]));
    expect(await house.engine.store.changeFeed.newest(), 'and wrote nothing').toBe(newest);
    expect(await house.verdict(child.value as string)).toBe('ok');

    const { new_key } = await house.asHost(rotateToken, { id: child.id });
    const ofOld = await house.asHost(previewRevocation, { id: child.id });
    expect([ofOld.token_count, ofOld.successor_id]).toEqual([1, new_key.id]);
    await house.asHost(revokeToken, { id: token.id });
    expect(await house.asHost(previewRevocation, { id: token.id })).toMatchObject({ tokens: [], token_count: 0 });
  });

  it('leaves what was made for another owner to that owner', async () => {
    const may = ['keyhouse-tokens:write', 'keyhouse-owners:act-as'];
    const manager = await workspaceManager(house, 'org-7', may);
    const made = await house.asBearer(manager.value, createToken, {
      name: 'for the customer',
      owner: { external_id: owner },
      permissions: ['servers:read'],
    });
    await house.asHost(revokeToken, { id: manager.token.id });
    expect(await house.verdict(made.value as string)).toBe('ok');
  });

  it('needs keyhouse-tokens:revoke for anything but one’s own, and act-as to name somebody', async () => {
    const stranger = await externalToken(house, { externalId: 'stranger', workspace: 'org-7', may: ['servers:read'] });
    expect(await rejectionOf(house.asBearer(stranger.value, revokeToken, { id }))).toMatchObject({
      code: 'insufficient_permissions',
      extra: { missing: ['keyhouse-tokens:revoke'] },
    });
    const named = { id: 'current', actor: { external_id: 'somebody' } };
    expect(await rejectionOf(house.asBearer(stranger.value, revokeToken, named))).toMatchObject({
      code: 'insufficient_permissions',
    });
    const { value: revoker } = await workspaceManager(house, 'org-7', ['keyhouse-tokens:revoke']);
    expect((await house.asBearer(revoker, revokeToken, { id })).revoked_ids).toEqual([id]);
  });
});

describe('row 30: tokens of another workspace', () => {
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine();
  });
  afterAll(() => house.close());

  it('are answered like tokens that do not exist, whatever is asked of them', async () => {
    const foreign = await externalToken(house, { externalId: 'a', workspace: 'theirs', may: ['servers:read'] });
    const { value } = await workspaceManager(house, 'mine', ['keyhouse-tokens:*', 'keyhouse-owners:act-as']);
    const asks = [
      (id: string) => house.asBearer(value, readToken, { id }),
      (id: string) => house.asBearer(value, updateToken, { id, disabled: true }),
      (id: string) => house.asBearer(value, rotateToken, { id }),
      (id: string) => house.asBearer(value, revokeToken, { id }),
      (id: string) => house.asBearer(value, previewRevocation, { id }),
    ];
    for (const ask of asks) {
      const refused = await rejectionOf(ask(foreign.token.id));
      expect(refused.code).toBe('not_found');
      expect(refused).toEqual(await rejectionOf(ask('tok_0000000000000000000000')));
    }
    expect(await house.verdict(foreign.value)).toBe('ok');
  });

  it('stay out of reach although their owner is a member here too', async () => {
    await house.asHost(putOwner, {
      external_id: 'both',
      memberships: ['mine', 'theirs'].map((external_id) => ({ workspace: { external_id }, permissions: ['a:b'] })),
    });
    const there = await house.asHost(createToken, {
      name: 'x',
      owner: { external_id: 'both' },
      workspace: { external_id: 'theirs' },
      permissions: ['a:b'],
    });
    const { value } = await workspaceManager(house, 'mine', ['keyhouse-tokens:*']);
    expect(await rejectionOf(house.asBearer(value, revokeToken, { id: there.id }))).toMatchObject({
      code: 'not_found',
    });
  });
});
