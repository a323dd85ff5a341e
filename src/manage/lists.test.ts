import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeAdmin, externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type AnyOperation, type TestEngine, testEngine } from '../testing/engine.ts';
import {
  createToken,
  createWorkspace,
  listAuditEvents,
  listOwners,
  listTokens,
  listUsers,
  listWorkspaces,
  putOwner,
  revokeToken,
} from './index.ts';

const DAY_MS = 86_400_000;

describe('row 57: lists and their cursors', () => {
  let house: TestEngine;
  let admin: string;
  beforeAll(async () => {
    house = await testEngine();
    admin = (await becomeAdmin(house)).token;
    for (let index = 0; index < 7; index++) {
      await externalToken(house, { externalId: `user-${index}`, workspace: 'org-1', may: ['servers:read'] });
      house.clock.advance(1_000);
    }
  });
  afterAll(() => house.close());

  interface List {
    readonly name: string;
    readonly list: AnyOperation<{ readonly data: unknown[]; readonly next_cursor: string | null }>;
    readonly filter: object;
    readonly other: object;
  }
  const LISTS: readonly List[] = [
    { name: 'tokens', list: listTokens, filter: { workspace_external_id: 'org-1' }, other: {} },
    { name: 'owners', list: listOwners, filter: { search: 'user-' }, other: {} },
    { name: 'audit', list: listAuditEvents, filter: { action: 'token.created' }, other: {} },
  ];

  for (const { name, list, filter, other } of LISTS) {
    it(`gives all ${name} once, newest first, while others are being added`, async () => {
      const whole = await house.asBearer(admin, list, { ...filter, limit: 100 });
      const seen: string[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < 20 && (page === 0 || cursor !== null); page++) {
        const answer: { data: unknown[]; next_cursor: string | null } = await house.asBearer(admin, list, {
          ...filter,
          limit: 3,
          ...(cursor !== null && { cursor }),
        });
        seen.push(...answer.data.map((row) => JSON.stringify(row)));
        cursor = answer.next_cursor;
        // Whoever comes in meanwhile is newer than what is still to come.
        house.clock.advance(1);
        await externalToken(house, { externalId: `user-late-${name}-${page}`, workspace: 'org-1', may: [] });
      }
      expect(seen).toEqual(whole.data.map((row: unknown) => JSON.stringify(row)));
    });

    it(`refuses for ${name} a cursor that is forged, of another filter, of another caller or of another list`, async () => {
      const first = await house.asBearer(admin, list, { ...filter, limit: 2 });
      const cursor = first.next_cursor as string;
      const [body, mac] = cursor.split('.') as [string, string];
      const forged = Buffer.from(JSON.stringify([Number.MAX_SAFE_INTEGER, 'zzz'])).toString('base64url');
      const colleague = (
        await house.asBearer(admin, createToken, {
          name: 'colleague',
          permissions: ['keyhouse-tokens:read', 'keyhouse-owners:read', 'keyhouse-audit:read', 'keyhouse-users:read'],
        })
      ).value as string;
      const attempts: [string, string, object][] = [
        ['forged', admin, { ...filter, cursor: `${forged}.${mac}` }],
        ['cut short', admin, { ...filter, cursor: body }],
        ['with more', admin, { ...filter, cursor: `${cursor}.${mac}` }],
        ['nonsense', admin, { ...filter, cursor: 'x' }],
        ['another filter', admin, { ...other, cursor }],
        ['another caller', colleague, { ...filter, cursor }],
      ];
      for (const [what, value, input] of attempts) {
        const refused = await rejectionOf(house.asBearer(value, list, input));
        expect(
          refused.problems.map((one) => one.path),
          what,
        ).toEqual(['cursor']);
      }
      expect(await rejectionOf(house.asBearer(admin, listUsers, { cursor }))).toMatchObject({ code: 'invalid_input' });
    });

    it(`gives between 1 and 100 ${name} at a time`, async () => {
      for (const limit of [0, -1, 101, 1.5, 'x', Number.POSITIVE_INFINITY]) {
        const refused = await rejectionOf(house.asBearer(admin, list, { limit }));
        expect(
          refused.problems.map((one) => one.path),
          String(limit),
        ).toEqual(['limit']);
      }
      const one = await house.asBearer(admin, list, { limit: '1' });
      expect(one.data).toHaveLength(1);
    });
  }

  it('row 30: a caller of one workspace reads the audit log of that workspace alone', async () => {
    const { token, value } = await workspaceManager(house, 'org-2', ['keyhouse-audit:read', 'keyhouse-tokens:read']);
    const theirs = await house.asHost(createWorkspace, { name: 'Theirs' });
    const own = token.workspace.id;
    const { data } = await house.asBearer(value, listAuditEvents, { limit: 100 });
    expect(data.length).toBeGreaterThan(0);
    expect(data.every((event) => event.workspace_id === own)).toBe(true);
    expect(await house.asBearer(value, listAuditEvents, { workspace_id: theirs.id })).toEqual({
      data: [],
      next_cursor: null,
    });
    const tokens = await house.asBearer(value, listTokens, { limit: 100 });
    expect(new Set(tokens.data.map((one) => one.workspace.id))).toEqual(new Set([own]));
    expect(await house.asBearer(value, listTokens, { workspace_external_id: 'org-1' })).toEqual({
      data: [],
      next_cursor: null,
    });
  });

  it('finds in the audit log who did what when, with the person named beside the token that spoke for them', async () => {
    house.clock.advance(1_000);
    const from = new Date(house.clock.now()).toISOString();
    await house.asHost(putOwner, { external_id: 'acted', workspace: { external_id: 'org-1' }, permissions: [] });
    const made = await house.asBearer(
      admin,
      createToken,
      {
        name: 'by the console',
        owner: { external_id: 'acted' },
        permissions: [],
        actor: { external_id: 'employee-7', ip: '198.51.100.4' },
      },
      { ip: '192.0.2.9', requestId: 'req_1234' },
    );
    const { data } = await house.asBearer(admin, listAuditEvents, { from, action: 'token.created' });
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({
      actor: { kind: 'token' },
      on_behalf_of: { kind: 'external', id: 'employee-7' },
      subject: { kind: 'lineage', id: made.lineage_id },
      request_id: 'req_1234',
      personal: { ip: '192.0.2.9', actor_ip: '198.51.100.4', name: 'by the console' },
    });
    const later = new Date(house.clock.now() + 1).toISOString();
    expect((await house.asBearer(admin, listAuditEvents, { from: later })).data).toEqual([]);
    expect(await rejectionOf(house.asBearer(admin, listAuditEvents, { from: 'yesterday' }))).toMatchObject({
      problems: [{ path: 'from' }],
    });
  });

  it('finds tokens by state, by how long they were not used and by how soon they end, in the order asked for', async () => {
    const mine = { workspace: 'org-9', may: ['servers:read'] };
    const idle = await externalToken(house, { externalId: 'zoe', ...mine });
    house.clock.advance(1);
    const used = await externalToken(house, { externalId: 'ada', ...mine });
    house.clock.advance(1);
    const ended = await externalToken(house, { externalId: 'bob', ...mine });
    await house.asHost(revokeToken, { id: ended.token.id });
    house.clock.advance(90 * DAY_MS);
    const ending = await externalToken(house, { externalId: 'cem', ...mine, token: { expires_in: '5d' } });
    await house.decide(used.value, { cost: 1 });
    await house.engine.usage.flush();
    const names = async (asked: object) => {
      const { data } = await house.asBearer(admin, listTokens, { workspace_external_id: 'org-9', ...asked });
      return data.map(({ name }) => name.replace('for ', ''));
    };
    expect(await names({ state: 'revoked' })).toEqual(['bob']);
    expect(await names({ state: 'active', sort: 'name' })).toEqual(['ada', 'cem', 'zoe']);
    expect(await names({ live: 'true', unused_for: '91d' })).toEqual([]);
    expect(await names({ live: 'true', unused_for: '90d' })).toEqual(['zoe']);
    expect(await names({ expires_within: '5d' })).toEqual(['cem']);
    expect(await names({ expires_within: '4d' })).toEqual([]);
    expect((await names({ sort: 'last_used' }))[0]).toBe('ada');
    expect((await names({ sort: 'expires' }))[0]).toBe('cem');
    expect(await names({ sort: 'oldest' })).toEqual(['zoe', 'ada', 'bob', 'cem']);
    expect([idle, ending].map(({ token }) => token.state)).toEqual(['active', 'active']);
    const first = await house.asBearer(admin, listTokens, { sort: 'name', limit: 1 });
    const elsewhere = house.asBearer(admin, listTokens, { sort: 'newest', limit: 1, cursor: first.next_cursor });
    expect(await rejectionOf(elsewhere)).toMatchObject({ problems: [{ path: 'cursor' }] });
  });

  it('lists workspaces in pages too', async () => {
    for (let index = 0; index < 3; index++) await house.asHost(createWorkspace, { name: `Page ${index}` });
    const first = await house.asHost(listWorkspaces, { limit: 2 });
    const second = await house.asHost(listWorkspaces, { limit: 2, cursor: first.next_cursor });
    const ids = [...first.data, ...second.data].map((one) => one.id);
    expect(new Set(ids).size).toBe(4);
  });
});
