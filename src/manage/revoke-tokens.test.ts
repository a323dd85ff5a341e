import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person } from '../../test/people/signed-in.ts';
import { externalToken, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { createServiceAccount } from './create-service-account.ts';
import { createToken } from './create-token.ts';
import { listAuditEvents } from './list-audit-events.ts';
import { revokeTokens } from './revoke-tokens.ts';

describe('revoking many tokens', () => {
  let house: TestEngine;
  const tokenOf = (externalId: string, workspace = 'org-7') =>
    externalToken(house, { externalId, workspace, may: ['servers:read'] });

  beforeAll(async () => {
    house = await testEngine();
  });
  afterAll(async () => {
    await house.close();
  });

  it('says what would end, ends it, and answers the same again', async () => {
    const made = [await tokenOf('ada'), await tokenOf('ada'), await tokenOf('bea')];
    const asked = { filter: { owner_external_id: 'ada' }, reason: 'left' };
    const foretold = await house.asHost(revokeTokens, { ...asked, dry_run: true });
    expect(foretold.tokens.map(({ id }) => id).sort()).toEqual([made[0]?.token.id, made[1]?.token.id].sort());
    expect(foretold.revoked_ids).toEqual([]);
    expect(await house.verdict(made[0]?.value as string)).toBe('ok');

    const done = await house.asHost(revokeTokens, asked);
    expect(done).toMatchObject({ next_cursor: null, not_found_ids: [], guarantee: { class: 'process' } });
    expect([...done.revoked_ids].sort()).toEqual(foretold.tokens.map(({ id }) => id).sort());
    expect(await Promise.all(made.map(({ value }) => house.verdict(value)))).toEqual([
      'invalid_token',
      'invalid_token',
      'ok',
    ]);
    expect(await house.asHost(revokeTokens, asked)).toMatchObject({ tokens: [], revoked_ids: [] });
    const again = await house.asHost(revokeTokens, { ids: done.revoked_ids });
    expect([...again.revoked_ids].sort()).toEqual([...done.revoked_ids].sort());

    const { data } = await house.asHost(listAuditEvents, { action: 'token.revoked' });
    expect(data.map(({ details }) => details.bulk_id)).toEqual([done.bulk_id, done.bulk_id]);
  });

  it('goes on where a call left off, as one in the audit log', async () => {
    for (let made = 0; made < 3; made++) await tokenOf('cleo', 'org-8');
    const asked = { filter: { workspace_external_id: 'org-8' } };
    const first = await house.asHost(revokeTokens, asked);
    const more = await house.asHost(revokeTokens, { ...asked, bulk_id: first.bulk_id });
    expect([first.revoked_ids.length, more.revoked_ids.length, more.bulk_id]).toEqual([3, 0, first.bulk_id]);
  });

  it('row 30: finds nothing of other workspaces, and leaves the token alone that asks', async () => {
    const other = await tokenOf('dora', 'org-9');
    const own = await tokenOf('ebba', 'org-10');
    const manager = await workspaceManager(house, 'org-10', ['keyhouse-tokens:read', 'keyhouse-tokens:revoke']);
    const byIds = await house.asBearer(manager.value, revokeTokens, { ids: [other.token.id, own.token.id] });
    expect(byIds).toMatchObject({ revoked_ids: [own.token.id], not_found_ids: [other.token.id] });
    const byFilter = await house.asBearer(manager.value, revokeTokens, { filter: { environment: 'live' } });
    expect(byFilter.revoked_ids).toEqual([]);
    expect(await house.verdict(manager.value)).toBe('ok');
    expect(await house.verdict(other.value)).toBe('ok');
  });

  it('row 25: ends of somebody signed in who sees everything only what is their own', async () => {
    const reader = await person(house, 'rea', { permissions: ['keyhouse-tokens:read', 'servers:read'] });
    const workspace = { id: reader.workspaceId };
    const account = await house.asHost(createServiceAccount, { name: 'job', workspace, permissions: ['servers:read'] });
    const made = { name: 'nightly', permissions: ['servers:read'], workspace };
    const other = await house.asHost(createToken, { ...made, owner: { id: account.id } });
    const own = await house.asHost(createToken, { ...made, owner: { id: reader.id } });
    const caller = await reader.caller();
    for (const filter of [{ environment: 'live' }, { workspace_id: reader.workspaceId }, { owner_id: account.id }]) {
      const foretold = await house.as(caller, revokeTokens, { filter, dry_run: true });
      expect(foretold.tokens.map(({ id }) => id)).not.toContain(other.id);
    }
    const done = await house.as(caller, revokeTokens, { filter: { environment: 'live' } });
    expect(done.revoked_ids).toEqual([own.id]);
    expect(await house.verdict(other.value as string)).toBe('ok');
  });

  it('refuses to end everything because nothing was said', async () => {
    await expect(house.asHost(revokeTokens, { filter: {} })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(house.asHost(revokeTokens, {})).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
