import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { createToken, listAuditEvents, putOwner, readToken, revokeToken, updateToken } from './index.ts';

describe('changing a token', () => {
  let house: TestEngine;
  let id: string;
  let lineage: string;
  let value: string;
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
      may: ['servers:read', 'servers:write', 'backups:read'],
      token: { permissions: ['servers:read', 'servers:write'] },
    });
    id = made.token.id;
    lineage = made.token.lineage_id;
    value = made.value;
  });
  afterAll(() => house.close());
  const update = (input: object) => house.asHost(updateToken, { id, ...input });
  const at = (ip: string) => ({ ip });

  it('changes what is mentioned and leaves the rest', async () => {
    const before = await house.asHost(readToken, { id });
    const changed = await update({ name: 'renamed', description: 'new', metadata: { a: 1 } });
    expect(changed).toEqual({ ...before, name: 'renamed', description: 'new', metadata: { a: 1 } });
    expect(await update({ description: null })).toMatchObject({ description: null, name: 'renamed' });
  });

  it('row 27: a decision taken a moment ago is no decision for the next request', async () => {
    expect(await house.verdict(value, ['servers:write'], at('198.51.100.1'))).toBe('ok');
    const steps: [object, () => Promise<string>, string][] = [
      [{ permissions: ['servers:read'] }, () => house.verdict(value, ['servers:write']), 'insufficient_permissions'],
      [
        { ip_allowlist: ['203.0.113.0/24'] },
        () => house.verdict(value, ['servers:read'], at('198.51.100.1')),
        'ip_restricted',
      ],
      [
        { limits: [{ name: 'hour', limit: 1, seconds: 3600 }] },
        () => house.verdict(value, [], at('203.0.113.1')),
        'rate_limited',
      ],
      [{ disabled: true }, () => house.verdict(value, [], at('203.0.113.1')), 'invalid_token'],
    ];
    for (const [input, ask, reason] of steps) {
      const changed = await update(input);
      expect(changed.guarantee, JSON.stringify(input)).toBeDefined();
      expect(await ask()).toBe(reason);
    }
  });

  it('an earlier expiry is a narrowing, a later one is not', async () => {
    expect(await update({ expires_in: '2d' })).toHaveProperty('guarantee');
    expect(await update({ expires_in: '3d' })).not.toHaveProperty('guarantee');
    expect(await update({ expires_at: null })).not.toHaveProperty('guarantee');
    expect(await update({ expires_in: '1d' })).toHaveProperty('guarantee');
    house.clock.advance(86_400_000);
    expect(await house.verdict(value)).toBe('token_expired');
    expect(await rejectionOf(update({ expires_at: null })), 'row 30b: an end is an end').toMatchObject({
      code: 'conflict',
    });
  });

  it('a repeated disable keeps its instant and waits again; enabling needs no wait', async () => {
    const first = await update({ disabled: true });
    const newest = await house.engine.store.changeFeed.newest();
    const second = await update({ disabled: true });
    expect(first.state).toBe('disabled');
    expect(second.guarantee?.epoch).toBe(newest);
    expect(await house.engine.store.changeFeed.newest()).toBe(newest);
    expect(await update({ disabled: false })).not.toHaveProperty('guarantee');
    expect(await house.verdict(value)).toBe('ok');
  });

  it('is widened within what its owner may do and no further', async () => {
    expect(await update({ permissions: ['servers:read', 'backups:read'] })).toMatchObject({
      effective_permissions: ['backups:read', 'servers:read'],
    });
    expect((await rejectionOf(update({ permissions: ['teams:read'] }))).code).toBe('exceeds_creator');
    expect((await rejectionOf(update({ permissions: ['keyhouse-tokens:read'] }))).code).toBe('exceeds_creator');
    await house.asHost(putOwner, {
      external_id: owner,
      workspace: { external_id: 'org-7' },
      permissions: ['servers:read'],
    });
    const narrowed = await update({ permissions: ['servers:read'] });
    expect(narrowed.effective_permissions).toEqual(['servers:read']);
  });

  it('row 30b: what has ended cannot be changed, and no field un-revokes', async () => {
    await house.asHost(revokeToken, { id });
    for (const input of [{ disabled: false }, { name: 'x' }, { expires_in: '1d' }]) {
      expect((await rejectionOf(update(input))).code).toBe('conflict');
    }
    for (const field of ['revoked_at', 'state', 'lineage_id', 'owner', 'environment', 'value', 'superseded_by']) {
      const { code, problems } = await rejectionOf(update({ [field]: null }));
      expect(code, field).toBe('invalid_input');
      expect(problems).toContainEqual({ path: field, message: 'There is no such field.' });
    }
  });

  it('row 25: a token changes neither itself nor any it was made from', async () => {
    const may = ['keyhouse-tokens:write', 'servers:read'];
    const parent = await workspaceManager(house, 'org-7', may);
    const child = await house.asBearer(parent.value, createToken, { name: 'child', permissions: may });
    const grandchild = await house.asBearer(child.value as string, createToken, { name: 'g', permissions: may });
    const attempts: [string, string][] = [
      [parent.value, parent.token.id],
      [child.value as string, parent.token.id],
      [grandchild.value as string, parent.token.id],
      [grandchild.value as string, child.id],
    ];
    for (const [with_, target] of attempts) {
      for (const input of [{ limits: 'unlimited' }, { disabled: false }, { name: 'x' }]) {
        const refused = await rejectionOf(house.asBearer(with_, updateToken, { id: target, ...input }));
        expect(refused.code).toBe('insufficient_permissions');
      }
    }
    await house.asBearer(parent.value, updateToken, { id: child.id, permissions: ['servers:read'] });
  });

  it('needs to act for the owner to widen, and only keyhouse-tokens:write to narrow or stop', async () => {
    const { value: writer } = await workspaceManager(house, 'org-7', ['keyhouse-tokens:write']);
    const as = (input: object) => house.asBearer(writer, updateToken, { id, ...input });
    expect(await rejectionOf(as({ permissions: ['servers:read', 'backups:read'] }))).toMatchObject({
      extra: { missing: ['keyhouse-owners:act-as'] },
    });
    await as({ permissions: ['servers:read'] });
    await as({ disabled: true });
    expect(await house.verdict(value)).toBe('invalid_token');
  });

  it('shows in the audit log what was before and after, without what belongs to a person', async () => {
    await update({
      name: 'Ada’s laptop',
      permissions: ['servers:read'],
      metadata: { phone: '555-0100' },
      notification_email: 'ada@example.com',
    });
    const { data } = await house.asHost(listAuditEvents, { subject_id: lineage, action: 'token.updated' });
    expect(data[0]?.details).toMatchObject({
      before: { grant: { permissions: ['servers:read', 'servers:write'] } },
      after: { grant: { permissions: ['servers:read'] } },
    });
    expect(data[0]?.personal).toMatchObject({ name: 'Ada’s laptop', notification_email: 'ada@example.com' });
    expect(JSON.stringify(data[0]?.details)).not.toMatch(/Ada|555-0100|ada@/);
  });
});
