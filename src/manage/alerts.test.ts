import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertRecord } from '../ports/index.ts';
import { externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { sampleAlert } from '../testing/sample-records.ts';
import {
  acknowledgeAlert,
  acknowledgeAlerts,
  eraseAuditText,
  listAlerts,
  listAuditEvents,
  readAlert,
} from './index.ts';

let house: TestEngine;
beforeAll(async () => {
  house = await testEngine();
});
afterAll(() => house.close());

async function raise(fields: Partial<AlertRecord> = {}): Promise<AlertRecord> {
  const alert = sampleAlert({ createdAt: house.clock.now(), ...fields });
  await house.engine.store.transact(({ alerts }) => alerts.insert(alert));
  return alert;
}

async function raiseAbout(workspace: string, externalId: string) {
  const { token } = await externalToken(house, { externalId, workspace, may: [] });
  const { id: tokenId, lineage_id: lineageId } = token;
  return raise({ tokenId, lineageId, ownerId: token.owner.id, workspaceId: token.workspace.id });
}

describe('alerts', () => {
  it('row 30: are of whoever reaches their workspace; those about a network of whoever reaches them all', async () => {
    const mine = await raiseAbout('org-7', 'ada');
    const theirs = await raiseAbout('org-8', 'bob');
    const ofNobody = await raise({ kind: 'token_in_url' });
    const { value } = await workspaceManager(house, 'org-7', ['keyhouse-alerts:read', 'keyhouse-alerts:write']);
    const listed = await house.asBearer(value, listAlerts, {});
    expect(listed.data.map(({ id }) => id)).toEqual([mine.id]);
    expect(listed.data[0]).toMatchObject({ token: { name: 'for ada' }, owner: { external_id: 'ada' }, state: 'open' });
    const elsewhere = await house.asBearer(value, listAlerts, { workspace_id: theirs.workspaceId });
    expect(elsewhere.data).toEqual([]);
    for (const { id } of [theirs, ofNobody]) {
      expect((await rejectionOf(house.asBearer(value, readAlert, { id }))).code).toBe('not_found');
      const both = house.asBearer(value, acknowledgeAlerts, { ids: [mine.id, id] });
      expect((await rejectionOf(both)).code).toBe('not_found');
    }
    expect(await house.asHost(readAlert, { id: mine.id })).toMatchObject({ state: 'open' });
    const reader = await workspaceManager(house, 'org-7', ['keyhouse-alerts:read']);
    const refused = await rejectionOf(house.asBearer(reader.value, acknowledgeAlert, { id: mine.id }));
    expect(refused.code).toBe('denied: insufficient_permissions');
    const { data } = await house.asHost(listAlerts, { token_id: mine.tokenId });
    expect(data).toHaveLength(1);
  });

  it('are acknowledged once, with who did it and what they found out, and that is in the audit log', async () => {
    const alert = await raiseAbout('org-9', 'eve');
    const done = await house.asHost(acknowledgeAlert, { id: alert.id, note: 'our new data centre' });
    house.clock.advance(60_000);
    const again = await house.asHost(acknowledgeAlert, { id: alert.id, note: 'no, another one' });
    expect(again).toEqual(done);
    expect(done).toMatchObject({
      state: 'acknowledged',
      note: 'our new data centre',
      acknowledged_by: { kind: 'host' },
    });
    const { data } = await house.asHost(listAuditEvents, { subject_id: alert.id });
    expect(data).toMatchObject([
      { action: 'alert.acknowledged', workspace_id: alert.workspaceId, personal: { note: 'our new data centre' } },
    ]);
  });

  it('lose the networks of a person whose text is erased, and nothing else', async () => {
    const alert = await raiseAbout('org-9', 'zoe');
    await house.asHost(eraseAuditText, { person: { external_id: 'zoe' } });
    expect(await house.asHost(readAlert, { id: alert.id })).toMatchObject({
      networks: [],
      kind: 'new_network',
      count: 1,
    });
  });

  it('are listed page by page and by what they are, a cursor for its filter alone', async () => {
    for (let count = 0; count < 3; count++) await raise({ kind: 'failures_from_address', createdAt: 5_000 + count });
    const filter = { kind: 'failures_from_address', state: 'open', limit: 2 };
    const first = await house.asHost(listAlerts, filter);
    const rest = await house.asHost(listAlerts, { ...filter, cursor: first.next_cursor });
    expect([first.data.length, rest.data.length, rest.next_cursor]).toEqual([2, 1, null]);
    const { code } = await rejectionOf(house.asHost(listAlerts, { limit: 2, cursor: first.next_cursor }));
    expect(code).toBe('invalid_input');
    expect(
      (await house.asHost(listAlerts, { kind: 'failures_from_address', since: '2027-01-01T00:00:00Z' })).data,
    ).toEqual([]);
  });
});
