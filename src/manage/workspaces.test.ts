import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeAdmin, externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { createWorkspace, listWorkspaces, readWorkspace, updateWorkspace } from './index.ts';

describe('workspaces', () => {
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine();
  });
  afterAll(() => house.close());

  it('are created, renamed and found by their own id', async () => {
    const made = await house.asHost(createWorkspace, { name: 'Example Ltd', external_id: 'org-1', metadata: { a: 1 } });
    expect(made).toMatchObject({ name: 'Example Ltd', external_id: 'org-1', home: false, disabled: false });
    const renamed = await house.asHost(updateWorkspace, { id: made.id, name: 'Example plc' });
    expect(renamed).toMatchObject({ name: 'Example plc', metadata: { a: 1 } });
    expect(renamed).not.toHaveProperty('guarantee');
    expect(await house.asHost(readWorkspace, { id: made.id })).toEqual(renamed);
    expect(await rejectionOf(house.asHost(createWorkspace, { name: 'Other', external_id: 'org-1' }))).toMatchObject({
      code: 'conflict',
    });
  });

  it('row 29: disabled, they refuse every token in them on the next request, whoever owns it', async () => {
    const a = await externalToken(house, { externalId: 'a', workspace: 'org-2', may: ['servers:read'] });
    const b = await externalToken(house, { externalId: 'b', workspace: 'org-2', may: ['servers:read'] });
    const elsewhere = await externalToken(house, { externalId: 'c', workspace: 'org-3', may: ['servers:read'] });
    for (const { value } of [a, b, elsewhere]) expect(await house.verdict(value)).toBe('ok');
    const id = a.token.workspace.id;
    const disabled = await house.asHost(updateWorkspace, { id, disabled: true });
    expect(disabled).toMatchObject({ disabled: true, guarantee: { class: 'process' } });
    expect(await house.verdict(a.value)).toBe('invalid_token');
    expect(await house.verdict(b.value)).toBe('invalid_token');
    expect(await house.verdict(elsewhere.value)).toBe('ok');
    expect(await house.asHost(updateWorkspace, { id, disabled: true }), 'a repeat waits again').toHaveProperty(
      'guarantee',
    );
    expect(await house.asHost(updateWorkspace, { id, disabled: false })).not.toHaveProperty('guarantee');
    expect(await house.verdict(a.value)).toBe('ok');
  });

  it('keep the one Keyhouse is managed from', async () => {
    const { workspace, token } = await becomeAdmin(house);
    expect(workspace.home).toBe(true);
    const refused = house.asBearer(token, updateWorkspace, { id: workspace.id, disabled: true });
    expect(await rejectionOf(refused)).toMatchObject({ code: 'conflict' });
  });

  it('row 30: a caller of one workspace sees and changes that one; any other is a 404 like none at all', async () => {
    const other = await house.asHost(createWorkspace, { name: 'Other' });
    const { token, value } = await workspaceManager(house, 'mine', ['keyhouse-workspaces:*']);
    const own = token.workspace.id;
    const { data } = await house.asBearer(value, listWorkspaces, {});
    expect(data.map((one) => one.id)).toEqual([own]);
    for (const ask of [
      (id: string) => house.asBearer(value, readWorkspace, { id }),
      (id: string) => house.asBearer(value, updateWorkspace, { id, name: 'Taken' }),
    ]) {
      expect(await rejectionOf(ask(other.id))).toEqual(await rejectionOf(ask('wsp_0000000000000000000000')));
    }
    expect(await house.asBearer(value, updateWorkspace, { id: own, name: 'Ours' })).toMatchObject({ name: 'Ours' });
    expect(await rejectionOf(house.asBearer(value, createWorkspace, { name: 'Mine too' }))).toMatchObject({
      code: 'insufficient_permissions',
    });
  });
});
