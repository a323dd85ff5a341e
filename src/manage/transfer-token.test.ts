import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { externalToken, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { listAuditEvents } from './list-audit-events.ts';
import { putOwner } from './put-owner.ts';
import { readToken } from './read-token.ts';
import { rotateToken } from './rotate-token.ts';
import { transferToken } from './transfer-token.ts';

const MANAGING = ['keyhouse-tokens:read', 'keyhouse-tokens:write', 'keyhouse-owners:act-as'];

describe('giving a token to another owner', () => {
  let house: TestEngine;
  const ownerOf = (externalId: string, permissions: string[], workspace = 'org-7') =>
    house.asHost(putOwner, { external_id: externalId, workspace: { external_id: workspace }, permissions });

  beforeAll(async () => {
    house = await testEngine();
  });
  afterAll(async () => {
    await house.close();
  });

  it('leaves it what its grant and the new owner have in common, at once', async () => {
    const { token, value } = await externalToken(house, {
      externalId: 'ada',
      workspace: 'org-7',
      may: ['servers:read', 'servers:write'],
    });
    const bea = await ownerOf('bea', ['servers:read']);
    expect(await house.verdict(value, ['servers:write'])).toBe('ok');
    const moved = await house.asHost(transferToken, {
      id: token.id,
      owner: { external_id: 'bea' },
      reason: 'Ada left',
    });
    expect(moved).toMatchObject({
      owner: { id: bea.id },
      effective_permissions: ['servers:read'],
      lost_permissions: ['servers:write'],
      guarantee: { class: 'process' },
    });
    expect(await house.verdict(value, ['servers:write'])).toBe('insufficient_permissions');
    expect(await house.verdict(value, ['servers:read'])).toBe('ok');
    // Whoever had it before can stop it no more by being stopped.
    await house.asHost(putOwner, { external_id: 'ada', disabled: true });
    expect(await house.verdict(value, ['servers:read'])).toBe('ok');
    expect(await house.asHost(transferToken, { id: token.id, owner: { external_id: 'bea' } })).toMatchObject({
      lost_permissions: [],
      guarantee: { class: 'process' },
    });
    const { data } = await house.asHost(listAuditEvents, { action: 'token.transferred' });
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({
      details: { before: { effective_permissions: ['servers:read', 'servers:write'] }, after: { owner_id: bea.id } },
      personal: { reason: 'Ada left' },
    });
  });

  it('moves the whole line of rotations', async () => {
    const { token } = await externalToken(house, { externalId: 'cleo', workspace: 'org-7', may: ['servers:read'] });
    const { new_key } = await house.asHost(rotateToken, { id: token.id });
    const dora = await ownerOf('dora', ['servers:read']);
    await house.asHost(transferToken, { id: new_key.id, owner: { id: dora.id } });
    for (const id of [token.id, new_key.id]) {
      expect(await house.asHost(readToken, { id })).toMatchObject({ owner: { external_id: 'dora' } });
    }
  });

  it('row 25: gives nobody a token by which more of Keyhouse can be managed than the caller may', async () => {
    const manager = await workspaceManager(house, 'org-8', MANAGING);
    const strong = await workspaceManager(house, 'org-8', ['keyhouse-audit:read', ...MANAGING]);
    const { token } = await externalToken(house, { externalId: 'ebba', workspace: 'org-8', may: ['servers:read'] });
    const strongId = (await house.asBearer(strong.value, readToken, { id: 'current' })).id;
    await expect(
      house.asBearer(manager.value, transferToken, { id: strongId, owner: { external_id: 'ebba' } }),
    ).rejects.toMatchObject({ code: 'exceeds_creator' });
    await expect(
      house.asBearer(manager.value, transferToken, { id: 'current', owner: { external_id: 'ebba' } }),
    ).rejects.toMatchObject({ code: 'insufficient_permissions' });
    // Neither an owner nor a token of another workspace is found.
    const other = await externalToken(house, { externalId: 'fay', workspace: 'org-9', may: ['servers:read'] });
    for (const input of [
      { id: token.id, owner: { external_id: 'fay' } },
      { id: other.token.id, owner: { external_id: 'ebba' } },
    ]) {
      await expect(house.asBearer(manager.value, transferToken, input)).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});
