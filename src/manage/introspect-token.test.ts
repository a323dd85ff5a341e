import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeAdmin, externalToken, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { introspectToken, putOwner, readTokenUsage, revokeToken } from './index.ts';

describe('introspecting a token', () => {
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine();
    await becomeAdmin(house);
  });
  afterAll(() => house.close());

  it('row 30: tells who verifies for one workspace of another’s token what it tells of none, and spends nothing', async () => {
    const { value: local } = await workspaceManager(house, 'org-8', ['keyhouse-tokens:verify']);
    const ask = (token: string, more: object = {}) => house.asBearer(local, introspectToken, { token, ...more });
    const own = await externalToken(house, { externalId: 'here', workspace: 'org-8', may: ['servers:read'] });
    expect(await ask(own.value)).toMatchObject({ active: true, jti: own.token.id });
    const other = await externalToken(house, { externalId: 'there', workspace: 'org-7', may: ['servers:read'] });
    expect(await ask(other.value)).toEqual({ active: false });
    const before = await ask(other.value, { cost: 1 });
    expect(before).toMatchObject({ active: false, code: 'invalid_token' });
    await house.asHost(revokeToken, { id: other.token.id });
    expect(await ask(other.value, { cost: 1 })).toEqual(before);
    const usage = await house.asHost(readTokenUsage, { id: other.token.id });
    expect([usage.allowed, usage.denied]).toEqual([0, {}]);
  });

  it('counts a use only where a cost is named', async () => {
    const { value, token } = await externalToken(house, {
      externalId: 'u1',
      workspace: 'org-7',
      may: ['servers:read'],
    });
    const usage = async () => (await house.asHost(readTokenUsage, { id: token.id })).allowed;
    await house.asHost(introspectToken, { token: value, client_ip: '203.0.113.9', required_scope: 'servers:read' });
    expect(await usage()).toBe(0);
    await house.asHost(introspectToken, { token: value, cost: 2 });
    expect(await usage()).toBe(1);
  });

  it('tells what the owner may do now, and nothing once the owner is disabled', async () => {
    const may = ['servers:read', 'servers:write'];
    const { value } = await externalToken(house, { externalId: 'u2', workspace: 'org-7', may });
    const asked = { token: value };
    const change = (fields: object) =>
      house.asHost(putOwner, { external_id: 'u2', workspace: { external_id: 'org-7' }, ...fields });
    expect(await house.asHost(introspectToken, asked)).toMatchObject({ scope: 'servers:read servers:write' });
    await change({ permissions: ['servers:read'] });
    expect(await house.asHost(introspectToken, asked)).toMatchObject({ scope: 'servers:read' });
    await change({ permissions: [] });
    expect(await house.asHost(introspectToken, asked)).not.toHaveProperty('scope');
    await change({ permissions: may, disabled: true });
    expect(await house.asHost(introspectToken, asked)).toEqual({ active: false });
  });
});
