import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInvitation, listUserSessions } from '../people/index.ts';
import { readCsv } from '../policy/index.ts';
import { verifyStoreTrail } from '../server/verify-audit.ts';
import { externalToken } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import {
  createUser,
  createWorkspace,
  deleteOwner,
  eraseAuditText,
  exportAuditEvents,
  listAuditEvents,
  putOwner,
  revokeToken,
  updateToken,
} from './index.ts';

const WS = { workspace: { external_id: 'org-7' }, permissions: ['servers:read'] };

let house: TestEngine;
beforeAll(async () => {
  house = await testEngine();
});
afterAll(() => house.close());

const newest = async () => {
  const [event] = (await house.engine.store.audit.list({}, { limit: 1, after: null })).rows;
  if (event === undefined) throw new Error('nothing was written');
  return event;
};

async function exported(asked: Record<string, unknown>) {
  let text = '';
  let pieces = 0;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof exportAuditEvents.run>> = await house.asHost(exportAuditEvents, {
      ...asked,
      ...(cursor !== null && { cursor }),
    });
    text += page.text;
    pieces += 1;
    cursor = page.next_cursor;
  } while (cursor !== null);
  return { text, pieces };
}

describe('exporting the audit log', () => {
  it('row 80: is written down once, and comes in pieces at the pace of who asks', async () => {
    await house.asHost(putOwner, { external_id: 'p-1', name: 'Pia', ...WS });
    const before = await house.engine.store.changeFeed.newest();
    const { text, pieces } = await exported({ format: 'jsonl', limit: 1 });
    expect(pieces).toBeGreaterThan(1);
    expect(await house.engine.store.changeFeed.newest()).toBe(before + 1);
    expect(await newest()).toMatchObject({ action: 'audit.exported', details: { format: 'jsonl', personal: true } });
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
  });

  it('row 20, row 21b: keeps one event to one line, and no cell a formula', async () => {
    const names = ['=cmd', '+1', '-1', '@x', 'a,"b"', "o'", 'plain'];
    for (const [at, name] of names.entries()) await house.asHost(createUser, { name, email: `n${at}@example.com` });
    const { text } = await exported({ format: 'csv', action: 'user.created' });
    const [header = [], ...records] = readCsv(text) ?? [];
    const column = header.indexOf('name');
    expect(records.map((record) => record[column])).toEqual(names);
    for (const cell of ['"\'=cmd"', '"\'+1"', '"\'-1"', '"\'@x"']) expect(text).toContain(cell);
    const lines = await exported({ format: 'jsonl', action: 'user.created' });
    expect(lines.text.trimEnd().split('\n')).toHaveLength(names.length);
  });

  it('leaves personal fields out where they are not wanted', async () => {
    const { text } = await exported({ format: 'jsonl', personal: false });
    expect(text).not.toContain('Pia');
    expect(text).not.toContain('n0@example.com');
  });

  it('refuses a cursor that was made for another export', async () => {
    const { next_cursor: cursor } = await house.asHost(exportAuditEvents, { format: 'jsonl', limit: 1 });
    await expect(house.asHost(exportAuditEvents, { format: 'csv', limit: 1, cursor })).rejects.toThrow();
  });
});

describe('looking at where somebody is signed in', () => {
  it('is written down, once an hour for each who looks', async () => {
    const { id } = await house.asHost(createUser, { email: 'seen@example.com' });
    await house.asHost(listUserSessions, { id });
    expect(await newest()).toMatchObject({ action: 'user_sessions.read', subject: { kind: 'owner', id } });
    const { seq } = await newest();
    await house.asHost(listUserSessions, { id });
    expect((await newest()).seq).toBe(seq);
    house.clock.advance(3_600_000);
    await house.asHost(listUserSessions, { id });
    expect((await newest()).seq).toBe(seq + 1);
  });
});

describe('erasing what the audit log says of a person', () => {
  const from = (ip: string) => ({ ip });
  const personal = async (externalId: string) => {
    const owner = await house.engine.store.owners.find({ externalId });
    const { data } = await house.asHost(listAuditEvents, { subject_id: owner?.id ?? '', limit: 100 });
    return data.map((event) => event.personal);
  };

  it('takes names, addresses and free text of that person, and nobody else’s, and the chain still verifies', async () => {
    const { token } = await externalToken(house, { externalId: 'e-1', workspace: 'org-7', may: ['servers:read'] });
    await house.asHost(putOwner, { external_id: 'e-1', name: 'Eve', email: 'eve@example.com' }, from('203.0.113.1'));
    await house.asHost(updateToken, { id: token.id, name: 'laptop of Eve' }, from('203.0.113.1'));
    await house.asHost(createInvitation, { email: 'eve@example.com', workspace_id: token.workspace.id });
    const actor = { external_id: 'e-1', ip: '198.51.100.9' };
    await house.asHost(revokeToken, { id: token.id, actor, reason: 'Eve left' }, from('203.0.113.2'));
    await house.asHost(putOwner, { external_id: 'e-2', name: 'Abe', ...WS });

    const erased = await house.asHost(eraseAuditText, { person: { external_id: 'e-1' }, reason: 'asked to' });
    expect(erased).toMatchObject({ record_erased: false });
    expect(erased.fields).toBeGreaterThanOrEqual(6);
    expect(await newest()).toMatchObject({
      action: 'audit.erased',
      details: { events: erased.events, fields: erased.fields },
      personal: { reason: 'asked to' },
    });
    const { text } = await exported({ format: 'jsonl' });
    for (const gone of ['Eve', 'eve@example.com', '198.51.100.9']) expect(text).not.toContain(gone);
    // Where the change came from is about who made it.
    expect(await personal('e-1')).toContainEqual({ ip: '203.0.113.1' });
    expect(JSON.stringify(await personal('e-2'))).toContain('Abe');
    const { handle } = house.opened.store;
    const report = await verifyStoreTrail(handle, { keys: [], checkpoints: [], witness: null });
    expect(report).toMatchObject({ sound: true, erased_fields: erased.fields });
  });

  it('does nothing the second time, and says which fields are gone', async () => {
    const { seq } = await newest();
    expect(await house.asHost(eraseAuditText, { person: { external_id: 'e-1' } })).toMatchObject({
      events: 0,
      fields: 0,
    });
    expect((await newest()).seq).toBe(seq);
    const { data } = await house.asHost(listAuditEvents, { action: 'token.updated', limit: 100 });
    expect(Object.keys(data[0]?.commitments ?? {})).toContain('name');
    expect(data[0]?.personal).not.toHaveProperty('name');
  });

  it('empties the record of an owner who was deleted', async () => {
    const { id } = await house.asHost(putOwner, {
      external_id: 'e-3',
      name: 'Gil',
      email: 'gil@example.com',
      ...WS,
    });
    await house.asHost(deleteOwner, { external_id: 'e-3' });
    expect(await house.asHost(eraseAuditText, { person: { id } })).toMatchObject({ record_erased: true });
    expect(await house.engine.store.owners.find({ id })).toMatchObject({ name: null, email: null });
  });

  it('finds by address somebody who never became a user, and nobody where there is nobody', async () => {
    const { id } = await house.asHost(createWorkspace, { name: 'Elsewhere' });
    await house.asHost(createInvitation, { email: 'ivy@example.com', workspace_id: id });
    expect(await house.asHost(eraseAuditText, { person: { email: 'ivy@example.com' } })).toMatchObject({
      owner_id: null,
      fields: 1,
    });
    await expect(house.asHost(eraseAuditText, { person: { external_id: 'nobody' } })).rejects.toThrow('not');
  });
});
